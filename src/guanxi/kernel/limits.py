"""How often something may happen, counted in PostgreSQL so that every process counts the same."""

import math
from datetime import timedelta

from django.db import connection

from guanxi.kernel.time import now
from guanxi.lib.errors import TooMany

# A bucket that refills evenly: one statement takes from it and says how full it was. It never overflows: who goes on
# knocking keeps it full, and does not shut the door for days.
_TAKE = """
INSERT INTO kernel_limit AS l (key, level, at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    level = least(greatest(0, l.level - extract(epoch FROM %(now)s - l.at) * %(rate)s) + 1, %(full)s), at = %(now)s
RETURNING level
"""


def take(key: str, *, most: int, per: timedelta, code: str = "limit.too_many") -> None:
    """Count one more; refuse when it is more than `most` in `per`, and say when it may be tried again."""
    rate = most / per.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key[:200], "now": now(), "rate": rate, "full": most + 1})
        level = float(cursor.fetchone()[0])
    if level > most:
        raise TooMany(code, seconds=math.ceil((level - most) / rate))


def forget(key: str) -> None:
    """Begin counting anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_limit WHERE key = %s", [key[:200]])
