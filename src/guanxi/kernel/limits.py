"""How often something may happen, counted in PostgreSQL so that every process counts the same."""

import math
from datetime import timedelta
from typing import Any

from django.db import connection

from guanxi.kernel.jobs import job
from guanxi.kernel.models import Limit
from guanxi.kernel.time import now
from guanxi.lib.errors import TooMany

# A bucket that empties evenly: one statement adds to it, unless it is full. What is refused adds nothing: whoever waits
# for as long as they are told gets in, however often others knock meanwhile. A clock that is set back fills nothing.
_LEFT = "greatest(0, l.level - greatest(0, extract(epoch FROM %(now)s - l.at)) * %(rate)s)"
_NEW = "INSERT INTO kernel_limit AS l (key, level, at) VALUES (%(key)s, 1, %(now)s)"
_MORE = f"SET level = {_LEFT} + 1, at = %(now)s WHERE {_LEFT} + 1 <= %(most)s"
_TAKE = f"{_NEW} ON CONFLICT (key) DO UPDATE {_MORE} RETURNING level"
_FULL = f"SELECT {_LEFT} FROM kernel_limit l WHERE key = %(key)s"  # noqa: S608  a text of ours
LONGEST = timedelta(days=1)


def take(key: str, *, most: int, per: timedelta, code: str = "limit.too_many") -> None:
    """Count one more; refuse when it is more than `most` in `per`, and say when it may be tried again."""
    rate = most / per.total_seconds()
    given: dict[str, Any] = {"key": key[:200], "now": now(), "rate": rate, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        if cursor.fetchone() is None:
            cursor.execute(_FULL, given)
            found = cursor.fetchone()
            level = float(found[0]) if found else most
            raise TooMany(code, seconds=math.ceil((level + 1 - most) / rate))


@job("kernel.forget_limits", every="41 4 * * *")
def forget_limits() -> None:
    """Forget buckets that have long been empty: there is one for every address that was ever tried."""
    Limit.objects.filter(at__lt=now() - LONGEST).delete()


def forget(key: str) -> None:
    """Begin counting anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_limit WHERE key = %s", [key[:200]])
