"""The only clock. SQL gets the time as a parameter, tests and the simulator hold it still or move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


class Frozen:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def move(self, to: datetime) -> None:
        """Set the clock to a point in time."""
        self.at = to.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Let the clock run on."""
        self.at += by


_frozen: ContextVar[Frozen | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment in UTC."""
    held = _frozen.get()
    return held.at if held else datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day it is now in a zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def frozen(at: datetime) -> Iterator[Frozen]:
    """Hold the clock still within the block, in this thread of execution only."""
    clock = Frozen(at)
    token = _frozen.set(clock)
    try:
        yield clock
    finally:
        _frozen.reset(token)
