"""The whole page of a protocol: its versions, and the clauses of one with live figures over a time."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.kernel import access, settings
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.models import ChangeSet
from guanxi.kernel.records import type_of
from guanxi.kernel.time import today
from guanxi.lib.errors import Invalid, NotFound
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.queries import Live, live
from guanxi.protocols.clauses.rules import in_order, numbers
from guanxi.protocols.protocols import rules
from guanxi.protocols.protocols.models import Protocol, Version
from guanxi.workspace.company.operations import ZONE

Span = Literal["month", "quarter", "year"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days of the company's calendar, from (included) to (excluded)."""

    start: date
    end: date
    zone: str

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The period as points in time."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(self.start, time(), zone), datetime.combine(self.end, time(), zone)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A protocol as it is read: one version with the live figures of its clauses."""

    protocol: Protocol
    version: Version | None
    versions: list[Version]
    period: Period
    clauses: list[Live]
    numbers: dict[str, str]

    @property
    def states(self) -> dict[str, int]:
        """How many clauses are kept, missed, not measured and so on."""
        return dict(Counter(one.state for one in self.clauses))


def is_example(version: Version | None) -> bool:
    """Whether a version in force is what ships: the house wrote it, nobody here put one of their own in its place."""
    if version is None or version.created_in is None or version.status != Version.Status.PUBLISHED:
        return False
    return ChangeSet.objects.filter(pk=version.created_in, actor_kind=SYSTEM.kind).exists()


def period(span: Span = "month", start: date | None = None, end: date | None = None) -> Period:
    """The running month, quarter or year of the company, or the days that are given."""
    zone = ZONE.get()
    day = today(zone)
    if start is None:
        month = day.month - 1 - (day.month - 1) % MONTHS[span]
        start = date(day.year, month + 1, 1)
    end = end or day + timedelta(days=1)
    if end <= start:
        raise Invalid("protocol.period_is_empty", start=start, end=end)
    return Period(start=start, end=end, zone=zone)


def page(actor: Actor, protocol_id: UUID, *, when: Period, number: int | None = None) -> Page:
    """Everything the page of a protocol shows: the version in force, or the one that is asked for."""
    protocol = access.get(actor, Protocol, protocol_id)
    versions = list(access.visible_to(actor, Version).filter(protocol=protocol).order_by("-number"))
    shown = _shown(versions, number)
    clauses = in_order(Clause.objects.filter(in_version=shown)) if shown else []
    start, end = when.moments
    with settings.at_once():
        alive = live(actor, clauses, start=start, end=end, zone=when.zone)
    return Page(
        protocol=protocol,
        version=shown,
        versions=versions,
        period=when,
        clauses=alive,
        numbers=numbers(clauses),
    )


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What one version says, without any figure."""

    protocol: Protocol
    version: Version
    clauses: list[Clause]


def worded(actor: Actor, protocol_id: UUID, *, number: int | None = None) -> Wording:
    """What the version in force says, or the one that is asked for."""
    _require_read_whole(actor)
    protocol = access.get(actor, Protocol, protocol_id)
    version = _shown(list(access.visible_to(actor, Version).filter(protocol=protocol).order_by("-number")), number)
    if version is None:
        raise NotFound("protocol.has_no_version", name=protocol.name)
    clauses = Clause.objects.filter(in_version=version).select_related("team")
    return Wording(protocol=protocol, version=version, clauses=in_order(clauses))


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions side by side: what differs, and the clauses of each by their keys."""

    differences: list[rules.Difference]
    old: dict[str, Clause]
    new: dict[str, Clause]


def compared(actor: Actor, protocol_id: UUID, *, old: int, new: int) -> Comparison:
    """What differs between two versions of a protocol."""
    _require_read_whole(actor)
    protocol = access.get(actor, Protocol, protocol_id)
    before, after = (
        in_order(Clause.objects.filter(in_version=_numbered(actor, protocol, number))) for number in (old, new)
    )
    return Comparison(
        differences=rules.difference(before, after),
        old={clause.key: clause for clause in before},
        new={clause.key: clause for clause in after},
    )


def _require_read_whole(actor: Actor) -> None:
    """What a version says is told whole, or not at all to whoever does not read a part of it."""
    for record in map(type_of, (Protocol, Version, Clause)):
        access.require_readable(actor, record, *access.grantable(record))


def in_force() -> Protocol | None:
    """The protocol that was published first and is still in force: the company's own."""
    published = Version.objects.filter(status=Version.Status.PUBLISHED, protocol__archived_at=None)
    first = published.select_related("protocol").order_by("protocol__created_at").first()
    return first.protocol if first else None


def _shown(versions: list[Version], number: int | None) -> Version | None:
    if number is not None:
        found = next((one for one in versions if one.number == number), None)
        if found is None:
            raise NotFound("protocol.no_such_version", number=number)
        return found
    published = (one for one in versions if one.status == Version.Status.PUBLISHED)
    return next(published, versions[0] if versions else None)


def _numbered(actor: Actor, protocol: Protocol, number: int) -> Version:
    found = access.visible_to(actor, Version).filter(protocol=protocol, number=number).first()
    if found is None:
        raise NotFound("protocol.no_such_version", number=number)
    return found
