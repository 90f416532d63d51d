"""Days off: the public holidays that count here, and the days the company has off or works of its own will."""
