"""Protocols and their versions: drafted, published, superseded, reviewed."""
