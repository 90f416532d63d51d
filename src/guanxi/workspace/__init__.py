"""Nouns that every company has: users, teams, roles, tokens, to-dos, imports."""
