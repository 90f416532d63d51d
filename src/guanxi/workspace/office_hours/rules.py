"""Which weeks there can be, and the calendar that comes of one with the days that are worked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Protocol
from zoneinfo import ZoneInfo

from guanxi.lib.calendar import Calendar, Hours
from guanxi.lib.errors import Invalid
from guanxi.lib.holidays import DAY, Workdays

DAYS = 7
MIDNIGHT = 24 * 60
MOST_STRETCHES = 6
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
NINE_TO_SIX = [{"opens": "09:00", "closes": "18:00"}]
USUAL = [*([NINE_TO_SIX] * 5), [], []]
"""The week of a company that has not said its own: Monday to Friday."""


class StretchLike(Protocol):
    """What is asked of a stretch of a day here: two times such as 09:00, where 00:00 closes at midnight."""

    opens: str
    closes: str


def require_week(week: Sequence[Sequence[StretchLike]]) -> None:
    """Refuse a week that is none, that is never open, or whose stretches overlap or go over midnight."""
    if len(week) != DAYS:
        raise Invalid("office_hours.not_a_week", days=len(week))
    if not any(week):
        raise Invalid("office_hours.never_open")
    for day, stretches in enumerate(week, 1):
        if len(stretches) > MOST_STRETCHES:
            raise Invalid("office_hours.too_many_stretches", most=MOST_STRETCHES)
        edges = [edge for one in stretches for edge in (_minute(one.opens), _minute(one.closes) or MIDNIGHT)]
        empty = any(opens == closes for opens, closes in zip(edges[::2], edges[1::2], strict=True))
        if empty or edges != sorted(edges):
            raise Invalid("office_hours.out_of_order", day=f"workspace.office_hours.day.{day}")


def _minute(text: str) -> int:
    if not TIME.fullmatch(text):
        raise Invalid("setting.not_a_time", text=text[:20])
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def hours_of(week: Sequence[Sequence[Mapping[str, str]]]) -> dict[int, Hours]:
    """A week as it is kept, as hours by weekday."""
    return {
        day: tuple((time.fromisoformat(one["opens"]), time.fromisoformat(one["closes"])) for one in stretches)
        for day, stretches in enumerate(week)
    }


def calendar_of(zone: str, weekly: Mapping[int, Hours], workdays: Workdays, years: range) -> Calendar:
    """The calendar of a company over some years; of others it knows the week alone.

    A holiday is closed. A day of the weekend that is worked has the hours of an ordinary day, which is the first
    open one of the week, unless the week has hours for it.
    """
    ordinary = next((weekly[day] for day in range(DAYS) if weekly.get(day)), ())
    days = list(_days(years))
    beside = (day for day in days if not weekly.get(day.weekday()) and _worked(workdays, day))
    return Calendar(
        zone=ZoneInfo(zone),
        weekly=weekly,
        holidays=frozenset(day for day in days if workdays.off(day)),
        overrides=dict.fromkeys(beside, ordinary),
    )


def _worked(workdays: Workdays, day: date) -> bool:
    """Whether somebody said of this very day that it is worked: the company, or its country of a weekend."""
    return workdays.own[day].works if day in workdays.own else workdays.worked_instead(day)


def _days(years: range) -> Iterator[date]:
    day = date(years.start, 1, 1)
    while day.year < years.stop:
        yield day
        day += DAY
