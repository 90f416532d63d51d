"""What lies in a time: the operators that ask when something was, seen from the moment of the question."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions import rules


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Who asks a condition and when: a point in time and the zone whose days count."""

    actor: Actor
    at: datetime
    zone: str
    past: bool
    among: tuple[UUID, ...] | None = None
    """The only rows that are asked about: what is related to others is not even read."""
    kept: bool = False
    """Whether the condition is kept, to be asked of all rows, whoever its author is."""

    @property
    def day(self) -> date:
        """The calendar day of the moment."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()


def in_time(path: str, kind: str, op: str, value: Any, moment: Moment) -> Q:
    """When a day or a moment lies, seen from another."""
    zone = ZoneInfo(moment.zone)
    if op in ("this", "previous", "anniversary_this"):
        period = rules.period(op, value, at=moment.at, zone=moment.zone)
        start, end = period.start.astimezone(zone), period.end.astimezone(zone)
        if op == "anniversary_this":
            return _anniversary(path, start.date(), (end.date() - start.date()).days)
        if kind == "date":
            return Q(**{f"{path}__gte": start.date(), f"{path}__lt": end.date()})
        return Q(**{f"{path}__gte": start, f"{path}__lt": end})
    if op == "anniversary_within":
        until = rules.forth(datetime.combine(moment.day, time()), value).date()
        return _anniversary(path, moment.day, (until - moment.day).days)
    edge: Any = rules.forth(moment.at, value) if op == "next" else rules.back(moment.at, value)
    centre: Any = moment.at
    if kind == "date":
        edge, centre = edge.astimezone(zone).date(), moment.day
    if op == "last":
        return Q(**{f"{path}__gt": edge, f"{path}__lte": centre})
    if op == "next":
        return Q(**{f"{path}__gte": centre, f"{path}__lte": edge})
    return Q(**{f"{path}__lte": edge})


def _anniversary(path: str, first: date, length: int) -> Q:
    """Days whose month and day come round from a day on; 29 February counts on the 28th of other years."""
    days = [first + timedelta(days=i) for i in range(min(length, 366))]
    wanted = {(d.month, d.day) for d in days}
    if any((d.month, d.day) == (2, 28) and (d + timedelta(days=1)).day == 1 for d in days):
        wanted.add((2, 29))
    by_month: dict[int, list[int]] = {}
    for month, day in wanted:
        by_month.setdefault(month, []).append(day)
    whole = Q(pk__in=())
    for month, of_month in by_month.items():
        whole |= Q(**{f"{path}__month": month, f"{path}__day__in": sorted(of_month)})
    return whole
