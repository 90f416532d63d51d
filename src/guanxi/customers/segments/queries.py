"""Who is in a segment, who would be, and what a pass has to change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Membership, Segment
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.records import type_of
from guanxi.workspace.company.operations import ZONE

OUT = "-"  # no class is called so


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


def moves(segment: Segment, *, among: Iterable[UUID] | None = None) -> list[Move]:
    """What differs between who is in a segment and who should be, of all customers or of some; one statement."""
    held = Membership.objects.filter(segment=segment, customer=OuterRef("pk")).values("class_name")
    some = None if among is None else list(among)
    rows = Customer.objects.all() if some is None else Customer.objects.filter(pk__among=some)
    differing = (
        rows.annotate(held=Coalesce(Subquery(held[:1]), Value(OUT)), fresh=_fresh(segment, some))
        .exclude(held=F("fresh"))
        .order_by("pk")
        .values_list("pk", "held", "fresh")
    )
    return [Move(customer=id, held=held, fresh=fresh) for id, held, fresh in differing]


def _fresh(segment: Segment, among: list[UUID] | None) -> Case:
    """The class a customer should be in: the first whose condition holds; nobody who is archived is in any."""
    record, zone = type_of(Customer), ZONE.get()
    if segment.kind == Segment.Kind.PARTITION:
        parts = [(one["condition"], one["class"]) for one in segment.classes]
        rest = segment.otherwise
    else:
        parts, rest = [(segment.condition, "")], OUT
    arms = [
        When(compiled(SYSTEM, condition, record, zone=zone, among=among), then=Value(name)) for condition, name in parts
    ]
    archived = When(Q(archived_at__isnull=False), then=Value(OUT))
    return Case(archived, *arms, default=Value(rest), output_field=CharField())
