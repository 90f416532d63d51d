"""Who is in a segment, who would be, and what a pass has to change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.rules import OUT
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.records import type_of
from guanxi.workspace.company.operations import ZONE

AT_ONCE = 5000
"""How many moves are held at a time."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a pass finds to change for one customer: the class held and the class that should be held."""

    customer: UUID
    held: str
    fresh: str


def selected(actor: Actor, condition: Condition | None, *, as_of: datetime | None = None) -> QuerySet[Customer]:
    """The customers an actor may see that fulfil a condition."""
    seen = visible_to(actor, Customer).filter(archived_at=None)
    return seen.filter(compiled(actor, condition, type_of(Customer), as_of=as_of, zone=ZONE.get()))


def count(actor: Actor, condition: Condition | None, *, as_of: datetime | None = None) -> int:
    """How many customers fulfil a condition."""
    return selected(actor, condition, as_of=as_of).count()


def count_by_class(actor: Actor, classes: Sequence[Mapping[str, Any]], otherwise: str) -> dict[str, int]:
    """How many of the customers an actor may see each class of a partition would have; one statement."""
    seen = visible_to(actor, Customer).filter(archived_at=None)
    counted = (
        seen.annotate(fresh=_first_of(actor, classes, otherwise)).order_by().values("fresh").annotate(n=Count("pk"))
    )
    found = dict(counted.values_list("fresh", "n"))
    return {name: found.get(name, 0) for name in (*(str(one["class"]) for one in classes), otherwise)}


def moves(segment: Segment, *, among: Iterable[UUID] | None = None) -> Iterator[Move]:
    """What differs between who is in a segment and who should be, of all customers or of some; one statement.

    Of all they come some at a time: after a large file everybody moves. What they are sorted by has no index, so that
    all are found before the first is written; else each look for a membership would go through the new ones.
    """
    held = Membership.objects.filter(segment=segment, customer=OuterRef("pk")).values("class_name")
    some = None if among is None else list(among)
    rows = Customer.objects.all() if some is None else Customer.objects.filter(pk__among=some)
    differing = (
        rows.annotate(held=Coalesce(Subquery(held[:1]), Value(OUT)), fresh=_fresh(segment, some))
        .exclude(held=F("fresh"))
        .order_by(Cast("pk", TextField()))
        .values_list("pk", "held", "fresh")
    )
    found = differing.iterator(chunk_size=AT_ONCE) if some is None else differing
    return (Move(customer=id, held=held, fresh=fresh) for id, held, fresh in found)


def _fresh(segment: Segment, among: list[UUID] | None) -> Case:
    """The class a customer should be in; nobody who is archived is in any."""
    archived = When(Q(archived_at__isnull=False), then=Value(OUT))
    if segment.kind == Segment.Kind.PARTITION:
        held: Any = _first_of(SYSTEM, segment.classes, segment.otherwise, among)
    else:
        held = _first_of(SYSTEM, [{"class": "", "condition": segment.condition}], OUT, among)
    return Case(archived, default=held, output_field=CharField())


def _first_of(
    actor: Actor, classes: Sequence[Mapping[str, Any]], otherwise: str, among: list[UUID] | None = None
) -> Case:
    """The first class whose condition holds."""
    record, zone = type_of(Customer), ZONE.get()
    arms = [
        When(compiled(actor, one["condition"], record, zone=zone, among=among), then=Value(one["class"]))
        for one in classes
    ]
    return Case(*arms, default=Value(otherwise), output_field=CharField())
