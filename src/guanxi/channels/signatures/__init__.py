"""Signatures: what people put under what they write."""
