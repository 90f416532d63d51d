"""What can be bought."""
