"""Signed-in browsers and access for scripts."""
