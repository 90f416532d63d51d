"""The verbs of people and organisations."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal
from uuid import UUID

from guanxi.customers.contact_points.operations import Way, add_contact_point
from guanxi.customers.customers.models import Customer
from guanxi.events.customers import CustomerCreated
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import create
from guanxi.lib.countries import code_of

CREATE = "customers.customer.create"


@operation(CREATE)
def create_customer(
    actor: Actor,
    *,
    name: str,
    kind: Literal["person", "organisation"] = "person",
    contact_points: list[Way] | None = None,
    country: str = "",
    city: str = "",
    language: Literal["en", "zh-Hans", "zh-Hant", ""] = "",
    title: str = "",
    gender: Literal["female", "male", ""] = "",
    birthday: date | None = None,
    birth_year_known: bool = True,
    region: str = "",
    postcode: str = "",
    address: str = "",
    zone: str = "",
    preferred_channel: Literal["email", "phone", "sms", "wechat", "whatsapp", "letter", "visit", ""] = "",
    key: str = "",
    note: str = "",
    owner: UUID | None = None,
    team: UUID | None = None,
    **added: Any,
) -> Customer:
    """Note somebody new, with the ways to reach them."""
    values = {
        "name": name.strip(), "kind": kind, "key": key.strip(), "title": title, "gender": gender, "birthday": birthday,
        "birth_year_known": birth_year_known, "language": language, "zone": zone,
        "country": code_of(country) or country, "region": region, "city": city, "postcode": postcode,
        "address": address, "preferred_channel": preferred_channel, "note": note,
    }  # fmt: skip
    whose = {"owner_id": owner, "team_id": team}
    customer = create(
        actor, Customer, using=CREATE, tell=_created, **values, **{k: v for k, v in whose.items() if v}, **added
    )
    _note_ways(actor, customer, contact_points or [])
    return customer


def _created(customer: Customer) -> CustomerCreated:
    return CustomerCreated(customer_id=customer.pk, called=customer.name)


def _note_ways(actor: Actor, customer: Customer, ways: list[Way]) -> None:
    for way in ways:
        add_contact_point(actor, customer=customer.pk, **{**asdict(way), "country": way.country or customer.country})
    if ways:
        customer.refresh_from_db(fields=["email", "phone"])
