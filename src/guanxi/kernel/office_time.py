"""Lengths of time in the hours that the office is open, in SQL: a row costs a search in an array, not a statement."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from guanxi.lib.calendar import Opening

Hours = Callable[[datetime], Opening]
"""When the office is open, from a moment on; as each day was, whatever was chosen since."""
Arrays = tuple[list[float], list[float], list[float]]
"""Of each open stretch in microseconds: when it opens, when it closes, and what has been worked when it closes."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No time is told in office hours before the first year of which holidays are known."""
OPEN_STRETCHES = "(SELECT %s::float8[] AS opens, %s::float8[] AS closes, %s::float8[] AS worked) AS office"
AT = "round(date_part('epoch', case_at) * 1e6)"
_WORKED = "COALESCE(worked[width_bucket({at}, opens)] - greatest(closes[width_bucket({at}, opens)] - {at}, 0), 0)"
_REACHED = "closes[{n}] - worked[{n}] + {amount}"


def arrays(hours: Hours, start: datetime, end: datetime) -> Arrays:
    """The open stretches from one moment to another, as the expressions here read them."""
    opens: list[float] = []
    closes: list[float] = []
    worked: list[float] = []
    start = max(start, EARLIEST)
    for begins, ends in hours(start).between(start, end):
        opens.append(_microseconds(begins))
        closes.append(_microseconds(ends))
        worked.append((worked[-1] if worked else 0.0) + closes[-1] - opens[-1])
    return opens, closes, worked


def worked_in(seconds: str) -> str:
    """How many seconds were worked in so many seconds from `case_at` on; nothing of what is not over."""
    until = _WORKED.format(at=f"({AT} + round({seconds} * 1e6))")
    return f"CASE WHEN {seconds} IS NOT NULL THEN ({until} - {_WORKED.format(at=AT)}) / 1e6 END"


def until_worked(seconds: str) -> str:
    """After how many seconds from `case_at` on so many have been worked; endless where that is still to come.

    Half a microsecond more, so that the last digit of a float makes nobody late.
    """
    amount = f"({_WORKED.format(at=AT)} + round({seconds} * 1e6))"
    reached = _REACHED.format(n=f"width_bucket({amount} - 1, worked) + 1", amount=amount)
    return f"COALESCE(({reached} - {AT} + 0.5) / 1e6, 'infinity')"


def _microseconds(moment: datetime) -> float:
    return float((moment - EPOCH) // timedelta.resolution)
