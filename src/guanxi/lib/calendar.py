"""Business hours: when a company is open, and how working time is counted over nights, holidays and clock changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Protocol
from zoneinfo import ZoneInfo

from guanxi.lib.errors import Invalid

Hours = Sequence[tuple[time, time]]
"""Open stretches of a local day, in order; an end of 00:00 is midnight. Lunch is the gap between two stretches."""
FARTHEST = timedelta(days=3_700)


class Opening(Protocol):
    """When somebody works, whatever says so."""

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give the open stretches from one moment to another in UTC, cut at both."""

    def dated(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Give the same stretches, before each the moment when its local day begins."""


@dataclass(frozen=True)
class Calendar:
    """When a company works: hours by weekday (Monday is 0), days off, and days with hours of their own.

    A holiday closes a day; an override (a working Saturday, Christmas Eve until noon) beats both.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Hours]
    holidays: frozenset[date] = frozenset()
    overrides: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for hours in (*self.weekly.values(), *self.overrides.values()):
            _require_order(hours)

    def hours(self, day: date) -> Hours:
        """Give the open stretches of a local day."""
        if day in self.overrides:
            return self.overrides[day]
        return () if day in self.holidays else self.weekly.get(day.weekday(), ())

    def stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Give the open stretches of a local day in UTC; those a clock change swallows are left out."""
        for start, end in self.hours(day):
            after = day + timedelta(days=1) if end == time() else day
            opens, closes = _moment(day, start, self.zone), _moment(after, end, self.zone)
            if opens < closes:
                yield opens, closes

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give the open stretches from one moment to another in UTC, cut at both."""
        return ((opens, closes) for _, opens, closes in self.dated(start, end))

    def dated(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Give the same stretches, before each the moment when its local day begins."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in self.stretches(day):
                begins, ends = max(opens, start.astimezone(UTC)), min(closes, end.astimezone(UTC))
                if begins < ends:
                    yield _moment(day, time(), self.zone), begins, ends
            day += timedelta(days=1)


@dataclass(frozen=True)
class Eras:
    """Calendars that follow one another: each holds from its moment until the next, the first one since ever."""

    calendars: Sequence[tuple[datetime, Calendar]]

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give the open stretches from one moment to another in UTC, cut at both and where a calendar ends."""
        return ((opens, closes) for _, opens, closes in self.dated(start, end))

    def dated(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Give the same stretches, before each the moment when its local day begins."""
        begins = start
        for place, (_, calendar) in enumerate(self.calendars, 1):
            ends = min(end, self.calendars[place][0]) if place < len(self.calendars) else end
            if begins < ends:
                yield from calendar.dated(begins, ends)
                begins = ends


def always(zone: ZoneInfo) -> Calendar:
    """Give the calendar of a company that never closes."""
    return Calendar(zone=zone, weekly={day: ((time(), time()),) for day in range(7)})


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _require_order(hours: Hours) -> None:
    edges = [edge for start, end in hours for edge in (_minutes(start), _minutes(end) or 24 * 60)]
    if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)) or edges != sorted(edges):
        raise Invalid("calendar.hours_out_of_order")


def _minutes(at: time) -> float:
    return at.hour * 60 + at.minute + at.second / 60


def is_open(at: datetime, calendar: Opening) -> bool:
    """Tell whether the company works at a moment."""
    return any(calendar.between(at, at + timedelta.resolution))


def next_open(at: datetime, calendar: Opening) -> datetime:
    """Give the first moment from `at` on when the company works, in UTC."""
    opens = next((opens for opens, _ in calendar.between(at, at + FARTHEST)), None)
    if opens is None:
        raise Invalid("calendar.never_open")
    return opens


def add_working(start: datetime, duration: timedelta, calendar: Opening) -> datetime:
    """Give the moment when that much working time has passed, in UTC; the end of a day rather than the next morning."""
    if duration < timedelta():
        raise Invalid("calendar.negative_duration")
    left = duration
    if not left:
        return start.astimezone(UTC)
    for opens, closes in calendar.between(start, start + FARTHEST):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise Invalid("calendar.never_open")


def working_between(start: datetime, end: datetime, calendar: Opening) -> timedelta:
    """Give the working time between two moments; negative when `end` comes first."""
    if end < start:
        return -working_between(end, start, calendar)
    return sum((closes - opens for opens, closes in calendar.between(start, end)), timedelta())


def days_worked(start: datetime, end: datetime, calendar: Opening) -> Iterator[tuple[datetime, datetime]]:
    """Give when each day begins on which somebody works between two moments, and when its last stretch ends, in UTC."""
    for begins, stretches in groupby(calendar.dated(start, end), key=lambda one: one[0]):
        *_, (_, _, closes) = stretches
        yield begins, closes


def add_workdays(start: datetime, days: int, calendar: Opening) -> datetime:
    """Give the moment, in UTC, when the office closes on the so manieth working day after the day of `start`.

    The day itself is not counted, and the last one counts until the close of business: as the Chinese Civil Code has it
    (articles 201 and 203), and Regulation (EEC, Euratom) 1182/71 (article 3) for days of the European Union.
    """
    if days < 1:
        raise Invalid("calendar.negative_duration")
    after = (closes for begins, closes in days_worked(start, start + FARTHEST, calendar) if begins > start)
    found = next(islice(after, days - 1, None), None)
    if found is None:
        raise Invalid("calendar.never_open")
    return found


def workdays_between(start: datetime, end: datetime, calendar: Opening) -> int:
    """Give how many working days begin after the day of `start` and not after `end`: none on the same day, one on the
    next; negative when `end` comes first."""
    if end < start:
        return -workdays_between(end, start, calendar)
    later = end + timedelta(days=2)  # a day has begun before its first stretch
    return sum(start < begins <= end for begins, _ in days_worked(start, later, calendar))


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours when nobody is written to; 21:00 to 08:00 goes over midnight."""

    start: time
    end: time


def next_allowed(at: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Give the first moment from `at` on, in UTC, outside the quiet hours of a zone."""
    if quiet.start == quiet.end:
        return at.astimezone(UTC)
    local = at.astimezone(zone)
    clock = local.time().replace(fold=0)
    over_midnight = quiet.start > quiet.end
    inside = clock >= quiet.start or clock < quiet.end if over_midnight else quiet.start <= clock < quiet.end
    if not inside:
        return at.astimezone(UTC)
    tomorrow = over_midnight and clock >= quiet.start
    day = local.date() + timedelta(days=1 if tomorrow else 0)
    # Where the clock goes back, the end of the quiet may come twice: the later one has passed both.
    ends = datetime.combine(day, quiet.end, zone)
    return max(ends.astimezone(UTC), ends.replace(fold=1).astimezone(UTC), at.astimezone(UTC))
