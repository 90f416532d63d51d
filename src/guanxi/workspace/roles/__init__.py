"""What people of a kind may do, and how far."""
