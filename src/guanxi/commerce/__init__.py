"""What customers bought and owe: products and orders."""
