"""What shall happen, step by step, to those whom something begins for."""
