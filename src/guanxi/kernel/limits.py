"""How often something may happen: declared where it is used, counted in PostgreSQL so that processes count alike."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Literal

from django.db import connection

from guanxi.kernel.jobs import job
from guanxi.kernel.models import Limit
from guanxi.kernel.time import now
from guanxi.lib.errors import TooMany

By = Literal["actor", "address", "account", "recipient", "mailbox"]
# A bucket that empties evenly: one statement adds to it, unless it is full. What is refused adds nothing: whoever waits
# for as long as they are told gets in, however often others knock meanwhile. A clock that is set back fills nothing.
_LEFT = "greatest(0, l.level - greatest(0, extract(epoch FROM %(now)s - l.at)) * %(rate)s)"
_NEW = "INSERT INTO kernel_limit AS l (key, level, at) VALUES (%(key)s, %(n)s, %(now)s)"
_MORE = f"SET level = {_LEFT} + %(n)s, at = %(now)s WHERE {_LEFT} + %(n)s <= %(most)s"
_TAKE = f"{_NEW} ON CONFLICT (key) DO UPDATE {_MORE} RETURNING level"
_FULL = f"SELECT {_LEFT} FROM kernel_limit l WHERE key = %(key)s"  # noqa: S608  a text of ours
LONGEST = timedelta(days=1)
PART = 20
"""The share of a limit that a process counts by itself before it tells the others: one in twenty."""
MOST_KEPT = 10_000
"""Of how many a process remembers what it counted; who was not counted for longest is forgotten."""
LOCKS = 64


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """So many at once, free again evenly over a period; by whom it is counted, and as what it is refused."""

    name: str
    most: int
    per: timedelta
    by: By
    about: str
    code: str

    @property
    def lot(self) -> int:
        """How many are counted together where a statement for each would cost too much."""
        return max(1, self.most // PART)

    def take(self, whom: object, n: int = 1) -> None:
        """Count so many more at once; refuse when they are too many, and say when to try again."""
        rate = self.most / self.per.total_seconds()
        given: dict[str, Any] = {"key": self.key(whom), "n": n, "now": now(), "rate": rate, "most": self.most}
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, given)
            if cursor.fetchone() is None:
                cursor.execute(_FULL, given)
                found = cursor.fetchone()
                level = float(found[0]) if found else self.most
                raise self.refusal((level + n - self.most) / rate)

    def forget(self, whom: object) -> None:
        """Begin counting anew."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM kernel_limit WHERE key = %s", [self.key(whom)])

    def refusal(self, seconds: float) -> TooMany:
        """What is said to whoever was too fast."""
        return TooMany(self.code, seconds=max(1, math.ceil(seconds)))

    def key(self, whom: object) -> str:
        """Under which it is counted."""
        return f"{self.name}:{whom}"[:200]


@dataclass(frozen=True, kw_only=True)
class _Kept:
    n: int = 0
    full_until: datetime | None = None


class Tally:
    """What one process counted and has not told yet: a statement for each lot, none for what is known to be too many.

    Together the processes let through at most a lot less one each beyond the limit; nobody is refused too early.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._keeping = Lock()
        self._counting = [Lock() for _ in range(LOCKS)]

    def count(self, limit: RateLimit, whom: object) -> None:
        """Count one more; refuse when they are too many."""
        key = limit.key(whom)
        with self._counting[hash(key) % LOCKS]:  # while a lot is told, the next one is not begun
            kept = self._kept.get(key, _Kept())
            if kept.full_until and timedelta(0) < (left := kept.full_until - now()) <= limit.per:
                raise limit.refusal(left.total_seconds())
            if kept.n + 1 < limit.lot:
                self._keep(key, _Kept(n=kept.n + 1))
                return
            try:
                limit.take(whom, limit.lot)
            except TooMany as full:  # the ones before it were let through: they are told when there is room
                self._keep(key, _Kept(n=kept.n, full_until=now() + timedelta(seconds=full.values["seconds"])))
                raise
            self._keep(key, None)

    def _keep(self, key: str, kept: _Kept | None) -> None:
        with self._keeping:
            self._kept.pop(key, None)
            if kept:
                self._kept[key] = kept
            if len(self._kept) > MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))


_here = Tally()
_limits: dict[str, RateLimit] = {}


def limit(name: str, *, most: int, per: timedelta, by: By, about: str, code: str = "limit.too_many") -> RateLimit:
    """Declare a limit where it is used."""
    if name in _limits:
        raise LookupError(f"limit {name} is declared twice")
    _limits[name] = RateLimit(name=name, most=most, per=per, by=by, about=about, code=code)
    return _limits[name]


def limits() -> dict[str, RateLimit]:
    """The catalogue: every limit by name."""
    return dict(_limits)


def count(limit: RateLimit, whom: object) -> None:
    """Count one more in this process, where there are too many to ask the database for each."""
    _here.count(limit, whom)


@job("kernel.forget_limits", every="41 4 * * *")
def forget_limits() -> None:
    """Forget buckets that have long been empty: there is one for every address that was ever tried."""
    Limit.objects.filter(at__lt=now() - LONGEST).delete()
