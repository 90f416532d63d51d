"""One way of one subject through a journey."""
