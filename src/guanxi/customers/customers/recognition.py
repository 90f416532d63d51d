"""Whom the rows of files mean: customers by their key, else by their address or number."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.rules import Kind, written
from guanxi.customers.customers.models import Customer

WAYS: tuple[Kind, ...] = ("email", "phone")
RECOGNISED = {"key", *WAYS}


def handles_of(values: Mapping[str, Any], *, country: str) -> list[str]:
    """What somebody is recognised by, the surest first: the key alone, else the address and the number."""
    if values.get("key"):
        return [f"key:{values['key']}"]
    return [f"{kind}:{written(kind, values[kind], country=country).value}" for kind in WAYS if values.get(kind)]


def known(handles: Collection[str]) -> dict[str, UUID]:
    """The customers whom some handles mean, of those that mean one."""
    keys = [handle[4:] for handle in handles if handle.startswith("key:")]
    values = [handle.partition(":")[2] for handle in handles if not handle.startswith("key:")]
    found = {f"key:{key}": id for key, id in Customer.objects.filter(key__among=keys).values_list("key", "pk")}
    if values:
        points = ContactPoint.objects.filter(value__among=values, shared=False, customer__isnull=False)
        for kind, value, customer in points.values_list("kind", "value", "customer"):
            found[f"{kind}:{value}"] = customer
    return found
