"""Guanxi: a self-hosted customer relationship system that keeps its own protocol."""

__version__ = "0.1.0"
