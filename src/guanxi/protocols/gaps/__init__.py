"""Gaps: what the company does with customers of which no clause in force speaks."""
