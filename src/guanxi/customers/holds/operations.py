"""The verbs of holds."""

from datetime import datetime
from uuid import UUID

from guanxi.customers.holds.models import Hold
from guanxi.events.customers import HoldLifted, HoldPlaced
from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Invalid

PLACE, LIFT = "customers.hold.place", "customers.hold.lift"


@operation(PLACE)
def place_hold(
    actor: Actor,
    *,
    customer: UUID,
    reason: str,
    purposes: list[str] | None = None,
    until: datetime | None = None,
    source: str = "",
    matter: UUID | None = None,
) -> Hold:
    """Leave a customer in peace, for some purposes or all that a hold can stop; once for each source and reason."""
    return hold_of(
        actor, source=actor.own(source), customer=customer, reason=reason, purposes=purposes, until=until, matter=matter
    )


def hold_of(
    actor: Actor,
    *,
    source: str,
    customer: UUID,
    reason: str,
    purposes: list[str] | None = None,
    until: datetime | None = None,
    matter: UUID | None = None,
) -> Hold:
    """The same for the floors above, under a source that nobody takes first."""
    known = Hold.objects.filter(customer=customer, source=source, reason=reason, lifted_at=None).exclude(source="")
    if standing := known.first():
        return get(actor, Hold, standing.pk)  # whoever asks for what is there already has to see it
    if until and until <= now():
        raise Invalid("hold.already_over", until=until)
    hold = create(
        actor, Hold, using=PLACE, customer_id=customer, reason=reason, purposes=purposes or [], starts_at=now(),
        until=until, source=source, matter=matter,
    )  # fmt: skip
    emit(actor, HoldPlaced(hold_id=hold.pk, customer_id=customer, reason=reason, until=until))
    return hold


@operation(LIFT)
def lift_hold(actor: Actor, hold_id: UUID) -> Hold:
    """Say that the reason to leave the customer in peace is gone."""
    with change(Hold, hold_id, by=actor, using=LIFT) as hold:
        if hold.lifted_at:
            raise Conflict("hold.already_lifted")
        hold.lifted_at = now()
        hold.emit(HoldLifted(hold_id=hold.pk, customer_id=hold.customer_id, reason=hold.reason))
    return hold


def lift_from(actor: Actor, source: str) -> list[Hold]:
    """Lift what a source has placed, for the floors above; nothing to lift is nothing wrong."""
    standing = Hold.objects.filter(source=source, lifted_at=None).values_list("pk", flat=True)
    return [lift_hold(actor, id) for id in standing]
