"""Which of several promises is the next to fall due."""

from collections.abc import Iterable
from datetime import datetime


def first(due_times: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the due times that still run."""
    return min((one for one in due_times if one is not None), default=None)
