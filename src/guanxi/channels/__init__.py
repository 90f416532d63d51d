"""Channels: every way the company and its customers talk, through one gate and into one inbox."""
