"""What figures over everybody say of each customer, written down as derived fields."""
