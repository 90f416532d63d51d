"""How what customers bought is kept as their orders come to."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from guanxi.commerce.purchases.models import Purchases
from guanxi.commerce.purchases.queries import differing, write_down
from guanxi.kernel.live import touch

CHUNK = 5_000


def add_up(customers: Collection[UUID | None]) -> None:
    """Write what the orders of these customers come to, in the transaction that wrote the orders; no guest is one."""
    known = sorted({id for id in customers if id})
    if not known:
        return
    with transaction.atomic():
        # Held first: of two orders at once the later one is then added up with the earlier one in sight.
        list(Purchases.objects.filter(pk__among=known).order_by("pk").select_for_update(no_key=True).values_list("pk"))
        write_down(known)
    touch(["customers.customer", *(f"customers.customer:{id}" for id in known[:100])])


def add_up_all() -> int:
    """Write what differs, of everybody; returns of how many."""
    found = differing()
    for start in range(0, len(found), CHUNK):
        add_up(found[start : start + CHUNK])
    return len(found)
