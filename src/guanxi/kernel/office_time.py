"""Lengths of time in the hours or days that the office is open, in SQL: a row costs a search in an array."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from guanxi.lib.calendar import Opening

Hours = Callable[[datetime], Opening]
"""When the office is open, from a moment on; as each day was, whatever was chosen since."""
Arrays = tuple[list[float], list[float], list[float], list[float], list[float]]
"""In microseconds: of each open stretch when it opens, when it closes, and what has been worked when it closes; of each
day that is worked when it begins, and when its last stretch ends."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
A_DAY_LATER = timedelta(days=2)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No time is told in office hours before the first year of which holidays are known."""
OPEN_STRETCHES = (
    "(SELECT %s::float8[] AS opens, %s::float8[] AS closes, %s::float8[] AS worked, "
    "%s::float8[] AS days, %s::float8[] AS ends) AS office"
)
AT = "round(date_part('epoch', case_at) * 1e6)"
_WORKED = "COALESCE(worked[width_bucket({at}, opens)] - greatest(closes[width_bucket({at}, opens)] - {at}, 0), 0)"
_REACHED = "closes[{n}] - worked[{n}] + {amount}"


def arrays(hours: Hours, start: datetime, end: datetime) -> Arrays:
    """The open stretches from one moment to another, as the expressions here read them."""
    opens: list[float] = []
    closes: list[float] = []
    worked: list[float] = []
    days: dict[float, float] = {}
    start = max(start, EARLIEST)
    for day, begins, ends in hours(start).dated(start, end + A_DAY_LATER):
        days[_microseconds(day)] = _microseconds(ends)  # also today's, which ends after the last moment
        if begins < end:
            opens.append(_microseconds(begins))
            closes.append(_microseconds(min(ends, end)))
            worked.append((worked[-1] if worked else 0.0) + closes[-1] - opens[-1])
    return opens, closes, worked, list(days), list(days.values())


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


def workdays_in(seconds: str) -> str:
    """The working days, as seconds of so many days, that began within so many seconds after the day of `case_at`."""
    until = f"width_bucket({AT} + round({seconds} * 1e6), days)"
    return f"CASE WHEN {seconds} IS NOT NULL THEN ({until} - width_bucket({AT}, days)) * 86400.0::float8 END"


def until_workdays(seconds: str) -> str:
    """After how many seconds from `case_at` on so many working days, given as seconds of these, are over."""
    ended = f"ends[width_bucket({AT}, days) + round({seconds} / 86400)::int]"
    return f"COALESCE(({ended} - {AT} + 0.5) / 1e6, 'infinity')"


def _microseconds(moment: datetime) -> float:
    return float((moment - EPOCH) // timedelta.resolution)
