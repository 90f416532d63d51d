"""Due times of promises, in hours of the clock or of the office."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from guanxi.lib.calendar import Opening, add_working


def due(begins: datetime, hours: float, office: Opening | None = None) -> datetime:
    """When a promise of so many hours falls due: of the clock, or of those that an office is open."""
    length = timedelta(hours=hours)
    return add_working(begins, length, office) if office else begins + length


def first(due_times: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the due times that still run."""
    return min((one for one in due_times if one is not None), default=None)
