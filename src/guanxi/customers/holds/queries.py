"""Which holds are in force, of many customers at once."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from guanxi.customers.holds.models import Hold
from guanxi.kernel.time import now


def in_force(customers: Iterable[UUID], purpose: str = "", *, at: datetime | None = None) -> dict[UUID, list[Hold]]:
    """The holds that stop a purpose (any, where none is named) now or at a time, by customer; one statement."""
    moment = at or now()
    holds = Hold.objects.filter(
        Q(until=None) | Q(until__gt=moment),
        Q(lifted_at=None) | Q(lifted_at__gt=moment),
        customer__among=customers,
        starts_at__lte=moment,
    )
    if purpose:
        holds = holds.filter(Q(purposes=[]) | Q(purposes__contains=[purpose]))
    found: dict[UUID, list[Hold]] = {}
    for hold in holds.order_by("starts_at", "id"):
        found.setdefault(hold.customer_id, []).append(hold)
    return found
