"""Customers, ways to reach them, what they allowed, segments."""

from itertools import count
from typing import Any
from uuid import UUID

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.operations import give_consent, withdraw_consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import add_contact_point
from guanxi.customers.contacts.models import Contact
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.operations import create_customer
from guanxi.customers.holds.models import Hold
from guanxi.customers.holds.operations import place_hold
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.writes import create

WORDING = "Yes, send me your news by e-mail."
_numbers = count(1)


def customer(name: str = "", **values: Any) -> Customer:
    """A person the company knows."""
    return create_customer(SYSTEM, name=name or f"Customer {next(_numbers)}", **values)


def organisation(name: str = "", **values: Any) -> Customer:
    """A firm the company knows."""
    return customer(name or f"Firm {next(_numbers)} Ltd", kind="organisation", **values)


def contact(person: Customer | None = None, organisation_: Customer | None = None, **values: Any) -> Contact:
    """Somebody at a firm."""
    firm = organisation_ or organisation()
    given = {"role": "Buyer", **values}
    return create(SYSTEM, Contact, person=person or customer(), organisation=firm, **given)


def contact_point(customer_: Customer | None = None, **values: Any) -> ContactPoint:
    """An e-mail address of somebody."""
    given = {"kind": "email", "value": f"somebody{next(_numbers)}@customers.test", **values}
    whose = given.pop("customer", None) or (customer_ or customer()).pk
    return add_contact_point(SYSTEM, customer=whose, **given)


def consent(customer_: Customer | None = None, **values: Any) -> Consent:
    """A yes to news by e-mail."""
    whose: UUID = (customer_ or customer()).pk
    if values.pop("state", "given") == "withdrawn":
        return withdraw_consent(SYSTEM, customer=whose, **{"how": "told", "purpose": "marketing", **values})
    given = {"purpose": "marketing", "channel": "email", "wording": WORDING, "how": "ticked", "place": "shop", **values}
    return give_consent(SYSTEM, customer=whose, **given)


def hold(customer_: Customer | None = None, **values: Any) -> Hold:
    """Silence because of a complaint."""
    return place_hold(SYSTEM, customer=(customer_ or customer()).pk, **{"reason": "complaint", **values})


def segment(condition: dict[str, Any] | None = None, **values: Any) -> Segment:
    """Customers by a condition."""
    given = {"name": f"Segment {next(_numbers)}", **values}
    if given.get("kind", "dynamic") == "dynamic":
        given["condition"] = condition or {"field": "city", "op": "is", "value": "Leeds"}
    return put_segment(SYSTEM, **given)


def membership(customer_: Customer | None = None, segment_: Segment | None = None) -> Membership:
    """That somebody is in a segment."""
    whose = customer_ or customer(city="Leeds")
    held = segment_ or segment({"field": "id", "op": "is", "value": str(whose.pk)})
    return Membership.objects.get(segment=held, customer=whose)
