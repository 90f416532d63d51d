"""Matters to be solved for customers, against the clock."""
