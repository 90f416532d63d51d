"""Tickets: matters to be solved, and complaints with a clock of their own."""
