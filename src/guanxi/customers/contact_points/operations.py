"""The verbs of ways to reach somebody."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, cast
from uuid import UUID

from django.db import transaction

from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.queries import found, write_main_ways
from guanxi.customers.contact_points.rules import Kind, Written, written
from guanxi.events.customers import (
    ContactPointAdded,
    ContactPointAttached,
    ContactPointDied,
    ContactPointVerified,
)
from guanxi.kernel.access import get, require_not_lent, require_reach_to_add
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.models import Row
from guanxi.kernel.operations import operation
from guanxi.kernel.records import type_of
from guanxi.kernel.removals import remove
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, change_many, create, create_many
from guanxi.lib.errors import Conflict
from guanxi.workspace.company.operations import COUNTRY

ADD = "customers.contact_point.add"


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to reach somebody as it is typed."""

    kind: Kind
    value: str
    purpose: str = ""
    main: bool = False
    shared: bool = False
    country: str = ""
    """Whose way of writing numbers it is; the company's own where none is named."""


@operation(ADD)
def add_contact_point(
    actor: Actor,
    *,
    kind: Kind,
    value: str,
    customer: UUID | None = None,
    purpose: str = "",
    main: bool = False,
    shared: bool = False,
    country: str = "",
) -> ContactPoint:
    """Note a way to reach a customer, in its one written form; one that nobody had yet becomes theirs."""
    form = written(kind, value, country=country or COUNTRY.get())
    known = ContactPoint.objects.filter(kind=form.kind, value=form.value, shared=False, customer=None).first()
    if known and customer and form.kind != "address":
        return _claim(actor, known, customer)
    point = create(
        actor,
        ContactPoint,
        using=ADD,
        tell=_added,
        customer_id=customer,
        purpose=purpose,
        main=main,
        shared=shared,
        **_columns(form),
    )
    write_main_ways([customer])
    return point


def add_many(
    actor: Actor, ways: Iterable[tuple[UUID, Way]], *, country: str = "", told: Container[UUID] = ()
) -> list[ContactPoint]:
    """Note ways of many customers at once, for imports: no events; what stands already stays, what others have is
    shared. The rows of those who are `told` say themselves which are their best."""
    home = country or COUNTRY.get()
    forms = [(customer, way, written(way.kind, way.value, country=way.country or home)) for customer, way in ways]
    holders: dict[tuple[str, str], dict[UUID | None, UUID | None]] = {}
    there = ContactPoint.objects.filter(value__among={form.value for _, _, form in forms})
    for kind, value, holder, point in there.values_list("kind", "value", "customer", "pk"):
        holders.setdefault((kind, value), {})[holder] = point
    fresh: list[dict[str, Any]] = []
    claimed: dict[UUID, dict[str, Any]] = {}
    for customer, way, form in forms:
        held = holders.setdefault((form.kind, form.value), {})
        if customer in held:
            continue
        waiting = held.pop(None, None) if form.kind != "address" else None
        if waiting:
            claimed[waiting] = {"customer_id": customer}
        else:
            shared = way.shared or bool(held)
            columns = {"purpose": way.purpose, "main": way.main, "shared": shared, **_columns(form)}
            fresh.append({"customer_id": customer, **columns})
        held[customer] = waiting
    made = create_many(actor, ContactPoint, fresh, using=ADD, checked=True) if fresh else []
    attached = change_many(actor, ContactPoint, claimed, using=ADD) if claimed else []
    write_main_ways(customer for customer, _, _ in forms if customer not in told)
    return made + attached


def find_or_create(actor: Actor, *, kind: Kind, value: str, country: str = "") -> ContactPoint:
    """The way a message came by, for intake: the known one, else a new one that belongs to nobody yet. Idempotent."""
    known = found(kind, value, country=country)
    if known:
        return known
    form = written(kind, value, country=country or COUNTRY.get())
    try:
        with transaction.atomic():
            return create(actor, ContactPoint, using=ADD, tell=_added, **_columns(form))
    except Conflict:
        # Somebody else wrote to us from there at the same moment.
        return ContactPoint.objects.get(kind=form.kind, value=form.value, shared=False)


@operation("customers.contact_point.attach")
def attach_contact_point(actor: Actor, contact_point_id: UUID, *, customer: UUID) -> ContactPoint:
    """Say whose way this is."""
    with change(ContactPoint, contact_point_id, by=actor, using="customers.contact_point.attach") as point:
        if point.customer_id not in (None, customer):
            raise Conflict("contact_point.belongs_to_another", value=point.value)
        if point.customer_id is None:
            point.customer_id = customer
            point.emit(ContactPointAttached(contact_point_id=point.pk, customer_id=customer, value=point.value))
    write_main_ways([customer])
    return point


@operation("customers.contact_point.correct")
def correct_contact_point(
    actor: Actor,
    contact_point_id: UUID,
    *,
    value: str | None = None,
    main: bool | None = None,
    shared: bool | None = None,
) -> ContactPoint:
    """Correct how a way is written, or say that it is the main one or shared; a new value has to be verified anew."""
    with change(ContactPoint, contact_point_id, by=actor, using="customers.contact_point.correct") as point:
        if value is not None:
            form = written(_kind(point), value, country=COUNTRY.get())
            if form.value != point.value:
                point.verified_at, point.verified_how, point.dead_at, point.dead_why = None, "", None, ""
            point.value, point.raw, point.verdict = form.value, form.raw, form.verdict
        if main is not None:
            point.main = main
        if shared is not None:
            point.shared = shared
    write_main_ways([point.customer_id])
    return point


@operation("customers.contact_point.verify")
def verify_contact_point(
    actor: Actor, contact_point_id: UUID, *, how: Literal["code", "link", "call", "answer", "person"]
) -> ContactPoint:
    """Note that somebody was really reached this way."""
    with change(ContactPoint, contact_point_id, by=actor, using="customers.contact_point.verify") as point:
        if point.verdict == ContactPoint.Verdict.IMPOSSIBLE:
            raise Conflict("contact_point.impossible", value=point.value)
        point.verified_at, point.verified_how = now(), how
        point.dead_at, point.dead_why = None, ""
        point.emit(
            ContactPointVerified(contact_point_id=point.pk, customer_id=point.customer_id, value=point.value, how=how)
        )
    write_main_ways([point.customer_id])
    return point


@operation("customers.contact_point.mark_dead")
def mark_dead(actor: Actor, contact_point_id: UUID, *, why: str) -> ContactPoint:
    """Note that nothing arrives this way any more."""
    with change(ContactPoint, contact_point_id, by=actor, using="customers.contact_point.mark_dead") as point:
        if point.dead_at is None:
            point.dead_at, point.dead_why = now(), why[:200]
            point.emit(
                ContactPointDied(
                    contact_point_id=point.pk, customer_id=point.customer_id, value=point.value, why=why[:200]
                )
            )
    write_main_ways([point.customer_id])
    return point


@operation("customers.contact_point.remove", asks=True)
def remove_contact_point(actor: Actor, contact_point_id: UUID) -> None:
    """Delete a way that nothing refers to."""
    point = get(actor, ContactPoint, contact_point_id)
    remove(actor, ContactPoint, contact_point_id, using="customers.contact_point.remove")
    write_main_ways([point.customer_id])


def _claim(actor: Actor, point: ContactPoint, customer: UUID) -> ContactPoint:
    """Attach a way that belongs to nobody, which not everybody may see, to a customer whom the actor may."""
    whose = ContactPoint._meta.get_field("customer").related_model
    get(actor, cast(type[Row], whose), customer)
    require_not_lent(actor, type_of(ContactPoint), [customer])
    require_reach_to_add(actor, ADD, type_of(ContactPoint), [customer])
    return attach_contact_point(
        replace(SYSTEM, origin=actor.origin, change_set=actor.change_set), point.pk, customer=customer
    )


def _added(point: ContactPoint) -> ContactPointAdded:
    return ContactPointAdded(
        contact_point_id=point.pk, customer_id=point.customer_id, kind=point.kind, value=point.value
    )


def _columns(form: Written) -> dict[str, str]:
    return {"kind": form.kind, "value": form.value, "raw": form.raw, "verdict": form.verdict}


def _kind(point: ContactPoint) -> Kind:
    return cast(Kind, point.kind)
