"""Days, weeks, months, quarters and years of a time zone, as figures are grouped by."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from guanxi.lib.errors import Invalid

Grain = Literal["day", "week", "month", "quarter", "year"]
MOST_PERIODS = 5_000


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of local days: from `start` up to, not including, `end` (both UTC), under a key such as 2011-12."""

    start: datetime
    end: datetime
    key: str
    grain: Grain

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of a local day in UTC; where the clock skips midnight, the moment it goes on."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def first_day(day: date, grain: Grain) -> date:
    """Give the first day of the period a day is in; weeks begin on Monday (ISO 8601)."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if grain == "year" else day


def _next(first: date, grain: Grain) -> date:
    if grain in ("day", "week"):
        return first + timedelta(days=1 if grain == "day" else 7)
    months = first.month - 1 + {"month": 1, "quarter": 3, "year": 12}[grain]
    return first.replace(year=first.year + months // 12, month=months % 12 + 1)


def key(first: date, grain: Grain) -> str:
    """Give the name of a period by its first day: 2011-12-09, 2011-W49, 2011-12, 2011-Q4, 2011."""
    if grain == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    if grain == "quarter":
        return f"{first.year:04}-Q{(first.month + 2) // 3}"
    return first.isoformat()[: {"day": 10, "month": 7, "year": 4}[grain]]


def _period(first: date, grain: Grain, zone: ZoneInfo) -> Period:
    return Period(midnight(first, zone), midnight(_next(first, grain), zone), key(first, grain), grain)


def containing(at: datetime, grain: Grain, zone: ZoneInfo) -> Period:
    """Give the period of a zone that a moment falls into."""
    return _period(first_day(at.astimezone(zone).date(), grain), grain, zone)


def periods(grain: Grain, first: date, last: date, zone: ZoneInfo) -> list[Period]:
    """Give the periods from the one of `first` to the one of `last`, without gap or overlap."""
    found: list[Period] = []
    day, end = first_day(first, grain), first_day(last, grain)
    while day <= end:
        if len(found) == MOST_PERIODS:
            raise Invalid("period.too_many", most=MOST_PERIODS)
        found.append(_period(day, grain, zone))
        day = _next(day, grain)
    return found
