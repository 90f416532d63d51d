"""Tests of what figures over everybody say of each."""
