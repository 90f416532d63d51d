"""The written protocol of the company, its clauses, and whether they are kept."""
