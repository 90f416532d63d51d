"""The verbs of segments, and the pass that keeps them up to date."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments import rules
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.queries import AT_ONCE, Move, moves
from guanxi.customers.segments.rules import OUT
from guanxi.events.customers import SegmentEntered, SegmentLeft, SegmentMove
from guanxi.kernel.access import get, visible_to
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.events import record
from guanxi.kernel.live import touch
from guanxi.kernel.operations import operation
from guanxi.kernel.records import type_of
from guanxi.kernel.time import now
from guanxi.kernel.uses import uses_of
from guanxi.kernel.words import say
from guanxi.kernel.writes import change, create, insert_many
from guanxi.lib.errors import Conflict, NotFound

PUT, REFRESH = "customers.segment.put", "customers.segment.refresh"
ADD, REMOVE = "customers.segment.add_members", "customers.segment.remove_members"
Kind = Literal["dynamic", "static", "partition"]


@operation(PUT)
def put_segment(
    actor: Actor,
    *,
    name: str,
    kind: Kind = "dynamic",
    key: str = "",
    description: str = "",
    condition: dict[str, Any] | None = None,
    classes: list[dict[str, Any]] | None = None,
    otherwise: str = "",
) -> Segment:
    """Say who belongs together; a segment of the same key is said anew."""
    values = {"name": name.strip(), "description": description}
    values |= _definition(actor, kind, key, condition, classes or [], otherwise)
    known = Segment.objects.filter(key=key).first() if key else None
    if known:
        return _redefine(actor, known.pk, values)
    segment = create(actor, Segment, using=PUT, key=key or _free_key(name), kind=kind, **values)
    refresh(actor, segment, cause=PUT, origin=Origin.BACKFILL)
    return segment


@operation("customers.segment.define")
def define_segment(
    actor: Actor,
    segment_id: UUID,
    *,
    condition: dict[str, Any] | None = None,
    classes: list[dict[str, Any]] | None = None,
    otherwise: str = "",
) -> Segment:
    """Change who belongs to a segment; those who come in or go out by that are not written to."""
    kind, key = Segment.objects.filter(pk=segment_id).values_list("kind", "key").first() or ("", "")
    return _redefine(actor, segment_id, _definition(actor, kind, key, condition, classes or [], otherwise))


@operation("customers.segment.archive")
def archive_segment(actor: Actor, segment_id: UUID) -> Segment:
    """Keep a segment no longer up to date and show it no longer; what is used stays."""
    with change(Segment, segment_id, by=actor, using="customers.segment.archive") as segment:
        require_unused(actor, segment)
        segment.archived_at = now()
    return segment


@operation("customers.segment.restore")
def restore_segment(actor: Actor, segment_id: UUID) -> Segment:
    """Show a segment again, with those who belong to it by now."""
    with change(Segment, segment_id, by=actor, using="customers.segment.restore") as segment:
        segment.archived_at = None
    refresh(actor, segment, cause=REFRESH, origin=Origin.BACKFILL)
    return segment


@operation(REFRESH)
def refresh_segment(actor: Actor, segment_id: UUID) -> Segment:
    """Look anew at who belongs to a segment."""
    segment = get(actor, Segment, segment_id)
    refresh(actor, segment, cause=REFRESH, origin=actor.origin)
    return segment


@operation(ADD)
def add_members(actor: Actor, segment_id: UUID, *, customers: list[UUID]) -> Segment:
    """Put customers into a segment that is kept by hand."""
    segment, held = _kept_by_hand(actor, segment_id)
    coming = [Move(customer=id, held=OUT, fresh="") for id in _seen(actor, customers) if id not in held]
    _apply(actor, segment, coming, ADD)
    return segment


@operation(REMOVE)
def remove_members(actor: Actor, segment_id: UUID, *, customers: list[UUID]) -> Segment:
    """Take customers out of a segment that is kept by hand."""
    segment, held = _kept_by_hand(actor, segment_id)
    going = [Move(customer=id, held="", fresh=OUT) for id in _seen(actor, customers) if id in held]
    _apply(actor, segment, going, REMOVE)
    return segment


def refresh(actor: Actor, segment: Segment, *, cause: str, origin: Origin, among: Sequence[UUID] | None = None) -> int:
    """Bring a segment up to date, for everybody or for some; returns how many moved. One pass at a time."""
    if segment.kind == Segment.Kind.STATIC:
        return 0
    if among is not None and not any(moves(segment, among=among)):
        return 0  # the usual case holds up nobody; whoever changes something meanwhile asks for it themselves
    with transaction.atomic():
        locked = Segment.objects.select_for_update(no_key=True).get(pk=segment.pk)
        moved = _apply(actor.as_origin(origin), locked, moves(locked, among=among), cause, full=among is None)
    segment.size, segment.refreshed_at = locked.size, locked.refreshed_at
    return moved


def recount() -> None:
    """Write the sizes anew where members went along with what was taken back."""
    members = Membership.objects.filter(segment=OuterRef("pk")).order_by().values("segment")
    counted = Coalesce(Subquery(members.annotate(n=Count("pk")).values("n")), 0)
    Segment.objects.exclude(size=counted).update(size=counted)


def require_unused(actor: Actor, segment: Segment) -> None:
    """Refuse to archive what something else is made from, by the names of what that is."""
    if segment.kind == Segment.Kind.PARTITION and _is_field(segment.key):
        raise Conflict("segment.is_a_field", name=segment.name)
    used = uses_of(actor, type_of(Segment), segment.pk)
    if used:
        called = [
            say("segment.use", actor.language, noun=say(f"{one.record.name}.one", actor.language), label=one.label)
            for one in used.seen
        ]
        uses = say("ui.value.comma", actor.language).join(called)
        raise Conflict("segment.in_use", name=segment.name, uses=uses or None, hidden=used.hidden or None)


def refresh_all(*, cause: str, origin: Origin, among: Sequence[UUID] | None = None) -> None:
    """Bring all living segments up to date, always in the same order."""
    for segment in Segment.objects.filter(archived_at=None).exclude(kind=Segment.Kind.STATIC).order_by("pk"):
        refresh(SYSTEM, segment, cause=cause, origin=origin, among=among)


def _definition(
    actor: Actor, kind: str, key: str, condition: dict[str, Any] | None, classes: list[dict[str, Any]], otherwise: str
) -> dict[str, Any]:
    rules.require_definition(kind, condition, classes, otherwise)
    if kind == Segment.Kind.PARTITION and _is_field(key):
        rules.require_classes_of_field(
            [*(str(one["class"]) for one in classes), otherwise], type_of(Customer).own[key].choices
        )
    for asked in filter(None, (condition, *(one["condition"] for one in classes))):
        compiled(actor, asked, type_of(Customer), kept=True)
    return {"condition": condition, "classes": classes, "otherwise": otherwise}


def _is_field(key: str) -> bool:
    """Whether a partition is written into columns of the customer: lists and conditions read it at once."""
    return type_of(Customer).has(f"{key}_since")


def _redefine(actor: Actor, id: UUID, values: dict[str, Any]) -> Segment:
    with change(Segment, id, by=actor, using=PUT) as segment:
        before = (segment.condition, segment.classes, segment.otherwise)
        for name, value in values.items():
            setattr(segment, name, value)
    if before != (segment.condition, segment.classes, segment.otherwise):
        refresh(actor, segment, cause=PUT, origin=Origin.BACKFILL)
    return segment


def _free_key(name: str) -> str:
    wanted = rules.key_for(name)
    taken = set(Segment.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _kept_by_hand(actor: Actor, id: UUID) -> tuple[Segment, set[UUID]]:
    """A segment that is kept by hand, locked, and who is in it."""
    segment = Segment.objects.select_for_update(no_key=True).get(pk=get(actor, Segment, id).pk)
    if segment.kind != Segment.Kind.STATIC:
        raise Conflict("segment.not_kept_by_hand", name=segment.name)
    return segment, set(Membership.objects.filter(segment=segment).values_list("customer", flat=True))


def _seen(actor: Actor, ids: Iterable[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(ids))
    seen = set(visible_to(actor, Customer).filter(pk__in=wanted).values_list("pk", flat=True))
    for missing in [id for id in wanted if id not in seen]:
        raise NotFound("record.not_found", record="customers.customer", id=str(missing))
    return wanted


def _apply(actor: Actor, segment: Segment, found: Iterable[Move], cause: str, *, full: bool = False) -> int:
    """Write who came, went and moved, tell it, and keep the size; memberships are derived and have no history."""
    moment, moved, grown = now(), 0, 0
    for some in _chunks(found):
        actor = begin(actor, REFRESH)
        _write(actor, segment, some, cause, moment)
        record(actor, [(event, moment) for move in some for event in _told(segment, move, cause)])
        moved += len(some)
        grown += sum(m.held == OUT for m in some) - sum(m.fresh == OUT for m in some)
    if moved:
        touch(["customers.segment", f"customers.segment:{segment.pk}", "customers.membership", "customers.customer"])
    if moved or full:
        segment.size = Membership.objects.filter(segment=segment).count() if full else segment.size + grown
        segment.refreshed_at = moment if full else segment.refreshed_at
        Segment.objects.filter(pk=segment.pk).update(size=segment.size, refreshed_at=segment.refreshed_at)
    return moved


def _write(actor: Actor, segment: Segment, some: Sequence[Move], cause: str, moment: datetime) -> None:
    known = {"segment_id": segment.pk, "since": moment, "cause": cause}
    came = [m for m in some if m.held == OUT]
    rows = [{"customer_id": m.customer, "class_name": m.fresh, **known} for m in came]
    system = replace(SYSTEM, origin=actor.origin, change_set=actor.change_set)
    insert_many(system, Membership, rows)
    own = Membership.objects.filter(segment=segment)
    gone = own.filter(customer__in=[m.customer for m in some if m.fresh == OUT])
    gone._raw_delete(using=gone.db)
    for name in {m.fresh for m in some} - {OUT}:
        moved = [m.customer for m in some if m.fresh == name and m.held != OUT]
        own.filter(customer__in=moved).update(class_name=name, since=moment, cause=cause)
    if segment.kind == Segment.Kind.PARTITION and _is_field(segment.key):
        _write_on_customers(segment.key, {m.customer: m.fresh for m in some if m.fresh != OUT}, cause, moment)


def _write_on_customers(key: str, classes: Mapping[UUID, str], cause: str, moment: datetime) -> None:
    """Write classes where customers do not say them already, as those do who were brought in.

    They are held in the order of their ids first, as whoever changes many at once holds them.
    """
    concerned = Customer.objects.filter(pk__among=classes)
    said = concerned.values_list("pk", key, f"{key}_cause")
    differing = {id for id, name, why in said if (name, why) != (classes[id], cause)}
    held = Customer.objects.filter(pk__among=differing).order_by("pk").select_for_update(no_key=True)
    by_class: dict[str, list[UUID]] = {}
    for id in held.values_list("pk", flat=True) if differing else ():
        by_class.setdefault(classes[id], []).append(id)
    for name, ids in by_class.items():
        there = {key: name, f"{key}_since": moment, f"{key}_cause": cause}
        Customer.objects.filter(pk__among=ids).update(**there)


def _told(segment: Segment, move: Move, cause: str) -> Iterator[SegmentMove]:
    told: tuple[tuple[type[SegmentMove], str], ...] = ((SegmentLeft, move.held), (SegmentEntered, move.fresh))
    for happened, name in told:
        if name != OUT:
            yield happened(
                segment_id=segment.pk, customer_id=move.customer, segment=segment.name, class_name=name, cause=cause
            )


def _chunks(found: Iterable[Move]) -> Iterator[Sequence[Move]]:
    coming = iter(found)
    return iter(lambda: list(islice(coming, AT_ONCE)), [])
