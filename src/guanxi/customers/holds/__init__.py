"""Times in which a customer is left in peace, written down by whoever knows why."""
