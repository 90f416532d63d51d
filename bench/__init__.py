"""Figures, each beside the floor and the bare SQL of the same run: ratios count, absolute times are the machine's."""
