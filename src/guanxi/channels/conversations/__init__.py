"""Conversations: what was said with one customer on one channel."""
