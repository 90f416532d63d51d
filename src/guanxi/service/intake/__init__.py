"""Which conversations become tickets, and what is said in them afterwards."""
