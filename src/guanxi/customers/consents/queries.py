"""What holds: for a purpose, on a channel, of many customers or ways at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import F, Q, QuerySet

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.rules import State, Statement, deciding
from guanxi.customers.contact_points.models import ContactPoint

COLUMNS = ("id", "state", "at", "channel", "purpose")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether a customer allows something, since when, and by which statement."""

    state: State
    at: datetime | None = None
    consent: UUID | None = None


NONE = Standing(state="none")


def standing(
    customers: Iterable[UUID], purpose: str, channel: str, *, as_of: datetime | None = None
) -> dict[UUID, Standing]:
    """What holds for each customer, by all they said of themselves or of any of their ways; one statement."""
    wanted = list(dict.fromkeys(customers))
    if not wanted:
        return {}
    whose = Q(customer__among=wanted) | Q(customer=None, contact_point__customer__among=wanted)
    rows = _heard(purpose, channel, as_of).filter(whose).values_list("customer", "contact_point__customer", *COLUMNS)
    said: dict[UUID, list[Statement]] = {}
    for own, of_way, *values in rows:
        said.setdefault(own or of_way, []).append(_statement(values))
    return {id: _standing(said.get(id, ()), purpose, channel) for id in wanted}


def standing_of_ways(
    contact_points: Iterable[UUID], purpose: str, channel: str, *, as_of: datetime | None = None
) -> dict[UUID, Standing]:
    """What holds for each way: what was said of it, and what its customer said without naming a way."""
    wanted = list(dict.fromkeys(contact_points))
    if not wanted:
        return {}
    by_holder = Q(customer=None) | Q(customer=F("contact_point__customer"))
    of_way = _heard(purpose, channel, as_of).filter(by_holder, contact_point__among=wanted)
    said: dict[UUID, list[Statement]] = {}
    for way, *values in of_way.values_list("contact_point", *COLUMNS):
        said.setdefault(way, []).append(_statement(values))
    owners = dict(_owners(wanted).values_list("pk", "customer"))
    # Whether one names a way is seen here: most name none, and an index of those would be read from end to end.
    of_customer = _heard(purpose, channel, as_of).filter(customer__among=set(owners.values()))
    general: dict[UUID, list[Statement]] = {}
    for customer, way, *values in of_customer.values_list("customer", "contact_point", *COLUMNS):
        if way is None:
            general.setdefault(customer, []).append(_statement(values))
    for way, customer in owners.items():
        said.setdefault(way, []).extend(general.get(customer, ()))
    return {id: _standing(said.get(id, ()), purpose, channel) for id in wanted}


@dataclass(frozen=True, kw_only=True)
class Word:
    """A statement beside the way it is about, and how it came to us."""

    statement: Statement
    contact_point: UUID | None
    how: str


def last_words(customer: UUID) -> list[Word]:
    """The last that a customer said of each purpose, channel and way, whatever they said before; one statement."""
    said = Consent.objects.filter(Q(customer=customer) | Q(customer=None, contact_point__customer=customer))
    last = said.order_by("contact_point", "purpose", "channel", "-at", "-state", "-id")
    rows = last.distinct("contact_point", "purpose", "channel").values_list("contact_point", "how", *COLUMNS)
    return [Word(statement=_statement(values), contact_point=way, how=how) for way, how, *values in rows]


def _heard(purpose: str, channel: str, as_of: datetime | None) -> QuerySet[Consent]:
    rows = Consent.objects.filter(purpose__in=("", purpose), channel__in=("", channel))
    return rows.filter(at__lte=as_of) if as_of else rows


def _owners(contact_points: list[UUID]) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(pk__among=contact_points, customer__isnull=False)


def _statement(values: list[Any]) -> Statement:
    id, state, at, channel, purpose = values
    return Statement(id=id, state=state, at=at, channel=channel, purpose=purpose)


def _standing(said: Iterable[Statement], purpose: str, channel: str) -> Standing:
    found = deciding(said, purpose=purpose, channel=channel)
    return NONE if found is None else Standing(state=cast(State, found.state), at=found.at, consent=found.id)
