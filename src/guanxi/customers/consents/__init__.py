"""What customers allowed and took back, as evidence."""
