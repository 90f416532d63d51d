"""Whom we contact, what for, by which way, how often, and what became of each."""
