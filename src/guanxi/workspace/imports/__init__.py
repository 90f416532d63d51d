"""Records that come in from files: looked at first, written in batches, reported row by row, undone as one."""
