"""When the machine's own clock is set: far ahead, it is not believed at once; either way nothing piles up."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from procrastinate.periodic import PeriodicRegistry, PeriodicTask

from guanxi.kernel.time import now

LEAP = timedelta(minutes=2)
"""How far ahead of what really passed a clock must be before it is doubted."""
DOUBTED_SECONDS = 300.0
"""How long a time server has to put a clock right before deadlines fall due by what it says."""
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady() -> float:
    """Seconds that really passed, a machine's sleep among them, whatever its clock is set to."""
    return time.clock_gettime(_STEADY)


class Doubt:
    """Whether the clock may be believed: what it says now against what it said and the time that passed since."""

    def __init__(self, wall: Callable[[], datetime] = now, passed: Callable[[], float] = steady) -> None:
        self._wall, self._passed = wall, passed
        self._at, self._since = wall(), passed()
        self._until = 0.0

    def seconds(self) -> float:
        """How long deadlines have to wait still; nothing as a rule."""
        wall, passed = self._wall(), self._passed()
        expected = self._at + timedelta(seconds=passed - self._since)
        if self._until and wall - expected <= LEAP:
            self._until = 0.0  # it was put right
        elif not self._until and wall - expected > LEAP:
            self._until = passed + DOUBTED_SECONDS
        if self._until > passed:
            return self._until - passed
        self._until, self._at, self._since = 0.0, wall, passed
        return 0.0


class _Ticks:
    """The moments of one piece of work: of those that a leap of the clock passed over, the last alone."""

    def __init__(self, cron: Any) -> None:
        self._cron = cron

    def set_current(self, start_time: float) -> None:
        """Go on after a moment, or after a leap from just before the last one there was."""
        present = now().timestamp()
        self._cron.set_current(start_time=present)
        last = self._cron.get_prev(ret_type=float)
        leapt = start_time > present or start_time < last
        self._cron.set_current(start_time=last - 1 if leapt else start_time)

    def get_next(self, **asked: Any) -> Any:
        """The next moment."""
        return self._cron.get_next(**asked)

    def get_prev(self, **asked: Any) -> Any:
        """The moment before."""
        return self._cron.get_prev(**asked)


class _Work(PeriodicTask):  # type: ignore[type-arg]
    @cached_property
    def croniter(self) -> Any:
        return _Ticks(super().croniter)


def leaping(registry: PeriodicRegistry) -> PeriodicRegistry:
    """The same work by the clock, done once after a sleep or a leap and not once for every moment that was missed."""
    found = PeriodicRegistry()  # type: ignore[no-untyped-call]
    for key, one in registry.periodic_tasks.items():
        found.periodic_tasks[key] = _Work(one.task, one.cron, one.periodic_id, one.configure_kwargs)
    return found
