"""What was ordered, cancelled, returned or adjusted, line by line."""
