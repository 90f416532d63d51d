"""Due times of promises in clock hours."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def due(begins: datetime, hours: float) -> datetime:
    """When a promise of so many clock hours falls due."""
    return begins + timedelta(hours=hours)


def first(due_times: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the due times that still run."""
    return min((one for one in due_times if one is not None), default=None)
