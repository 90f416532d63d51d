"""What the gate knows of customers when it is asked, and the figures about it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import HOUR, MONTH, PURPOSES, SPOKEN, STOPPED, Facts, Hold, Limits, Purpose
from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.queries import Standing, standing, standing_of_ways
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.queries import VERIFIED_FOR
from guanxi.customers.contact_points.rules import Kind
from guanxi.customers.customers.models import Customer
from guanxi.customers.holds.models import Hold as HoldRow
from guanxi.customers.holds.queries import in_force
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure
from guanxi.kernel.settings import setting, standard, together
from guanxi.lib.errors import NotFound
from guanxi.workspace.company.operations import LANGUAGE
from guanxi.workspace.holidays.queries import Calendars, calendars

PER_WEEK = standard("channels.gate.contacts_per_week", unit="contacts", default=3)
PER_MONTH = standard("channels.gate.contacts_per_month", unit="contacts", default=8)
QUIET_FROM = setting("channels.gate.quiet_from", default="21:00")
QUIET_UNTIL = setting("channels.gate.quiet_until", default="08:00")
LEGAL_FROM = setting("channels.gate.collection_from", default="09:00")
LEGAL_UNTIL = setting("channels.gate.collection_until", default="18:00")
HOLD_STOPS_COLLECTION = setting("channels.gate.hold_stops_collection", default=True)
AFTER_WITHDRAWAL = standard("channels.contacts.after_withdrawal", unit="minutes", default=0)
VERIFIED_WAY_REQUIRED = setting("channels.gate.verified_way_required", default=False)
QUIET_ON_HOLIDAYS = setting("channels.gate.holidays_quiet", default=True)
CALLS_REST_ON_HOLIDAYS = setting("channels.gate.holidays_without_calls", default=True)

WAYS: dict[str, Kind] = {
    "email": "email", "phone": "phone", "sms": "phone", "wechat": "wechat", "whatsapp": "whatsapp", "line": "line",
}  # fmt: skip
"""The kind of contact point a channel needs; a channel that is not here needs none."""
CHUNK = 5000


def limits() -> Limits:
    """How much and when, as the company chose."""
    week, month, quiet_from, quiet_until, legal_from, legal_until, hold_stops, verified, fresh, quiet, calls = together(
        [
            PER_WEEK,
            PER_MONTH,
            QUIET_FROM,
            QUIET_UNTIL,
            LEGAL_FROM,
            LEGAL_UNTIL,
            HOLD_STOPS_COLLECTION,
            VERIFIED_WAY_REQUIRED,
            VERIFIED_FOR,
            QUIET_ON_HOLIDAYS,
            CALLS_REST_ON_HOLIDAYS,
        ]
    )
    return Limits(
        per_week=int(week),
        per_month=int(month),
        quiet_from=time.fromisoformat(quiet_from),
        quiet_until=time.fromisoformat(quiet_until),
        legal_from=time.fromisoformat(legal_from),
        legal_until=time.fromisoformat(legal_until),
        hold_stops_collection=bool(hold_stops),
        verified_way_required=bool(verified),
        verified_for=timedelta(days=float(fresh)),
        quiet_on_holidays=bool(quiet),
        calls_rest_on_holidays=bool(calls),
    )


def facts(
    actor: Actor,
    customers: Sequence[UUID],
    *,
    purpose: Purpose,
    channel: str,
    at: datetime,
    ways: Mapping[UUID, UUID] | None = None,
    beside: Collection[UUID] = (),
) -> dict[UUID, Facts]:
    """What is known of each customer, in a few statements for every 5,000; one the actor cannot see is not there.

    `ways` names the one that would be used, `beside` the messages that ask: they do not stand in their own way.
    """
    found: dict[UUID, Facts] = {}
    home = calendars()
    for chunk in _chunks(customers):
        found |= _facts(actor, chunk, purpose, channel, at, ways or {}, home, beside)
    if len(customers) == 1 and not found:
        raise NotFound("record.not_found", record="customers.customer", id=str(customers[0]))
    return found


def facts_of_stranger(
    contact_point: UUID | None, *, purpose: Purpose, channel: str, at: datetime, beside: UUID
) -> Facts:
    """What is known of somebody who is no customer: their way, what was said of it, the codes it got."""
    home = calendars()
    bare = Facts(zone=home.zone, workdays=home.home, spoken=channel in SPOKEN)
    point = ContactPoint.objects.defer("search").filter(pk=contact_point).first() if contact_point else None
    if point is None:  # the message names the address itself
        return replace(bare, way=beside)
    said = standing_of_ways([point.pk], purpose, channel)[point.pk]
    sent = proofs([point.pk], at, [beside]).get(point.pk, ()) if purpose is Purpose.PROOF else ()
    return known(replace(bare, proofs=tuple(sent)), point, said)


def _chunks(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    unique = list(dict.fromkeys(ids))
    return (unique[start : start + CHUNK] for start in range(0, len(unique), CHUNK))


def _facts(
    actor: Actor,
    ids: list[UUID],
    purpose: Purpose,
    channel: str,
    at: datetime,
    named: Mapping[UUID, UUID],
    home: Calendars,
    beside: Collection[UUID],
) -> dict[UUID, Facts]:
    people = visible_to(actor, Customer).filter(pk__among=ids).only("pk", "zone", "country", "archived_at", "address")
    ways = _ways(ids, channel, named)
    consents = _consents(ids, ways, channel, purpose)
    holds, recent = _holds(ids, purpose, at), contacts(ids, at, beside)
    codes = proofs([point.pk for point in ways.values()], at, beside) if purpose is Purpose.PROOF else {}
    found = {}
    for person in people:
        point = ways.get(person.pk)
        needs_way = channel in WAYS or (channel == "letter" and not person.address.strip())
        bare = Facts(
            zone=person.zone or home.zone,
            workdays=home.of(person.country, person.zone),
            spoken=channel in SPOKEN,
            archived=person.archived_at is not None,
            way=None if needs_way else person.pk,
            way_verified_at=None if needs_way else at,
            holds=tuple(holds.get(person.pk, ())),
            contacts=tuple(recent.get(person.pk, ())),
            proofs=tuple(codes.get(point.pk, ())) if point else (),
        )
        found[person.pk] = known(bare, point, consents[person.pk])
    return found


def known(facts: Facts, point: ContactPoint | None, said: Standing) -> Facts:
    """The same with what is known of the way that would be used, and of what was said about it."""
    told = replace(facts, consent=said.state, consent_at=said.at, consent_id=said.consent)
    if point is None:
        return told
    return replace(
        told,
        way=point.pk,
        way_dead=point.dead_at is not None,
        way_dead_at=point.dead_at,
        way_verified_at=point.verified_at,
    )


def _ways(ids: list[UUID], channel: str, named: Mapping[UUID, UUID]) -> dict[UUID, ContactPoint]:
    """The way to each: the one asked for, else the living main one, else the oldest living one, else a dead one."""
    if channel not in WAYS:
        return {}
    points = ContactPoint.objects.filter(customer__among=ids, kind=WAYS[channel]).exclude(verdict="impossible")
    found: dict[UUID, ContactPoint] = {}
    for point in best_first(points.defer("search")):
        if point.customer_id is not None and named.get(point.customer_id, point.pk) == point.pk:
            found.setdefault(point.customer_id, point)
    return found


def best_first(points: Iterable[ContactPoint]) -> list[ContactPoint]:
    """Ways in the order in which they are tried."""
    return sorted(points, key=lambda one: (one.dead_at is not None, not one.main, one.pk))


def _consents(ids: list[UUID], ways: dict[UUID, ContactPoint], channel: str, purpose: Purpose) -> dict[UUID, Standing]:
    """What each allows on this channel: of the way that would be used, else of themselves."""
    by_way = standing_of_ways((point.pk for point in ways.values()), purpose, channel) if ways else {}
    found = standing((one for one in ids if one not in ways), purpose, channel)
    return found | {owner: by_way[point.pk] for owner, point in ways.items()}


def consent_of(customer: UUID, contact_point: UUID | None, channel: str, purpose: Purpose) -> Standing:
    """What a customer allows, and by which consent."""
    if contact_point is not None:
        return standing_of_ways([contact_point], purpose, channel)[contact_point]
    return standing([customer], purpose, channel)[customer]


def place_of(delivery: Delivery) -> str:
    """Where a no was said that came by a message: at that message."""
    return f"delivery:{delivery.pk}"


def stopped_before(delivery: Delivery) -> bool:
    """Whether this very message has been answered with a no; whoever agreed since then is not bound by it again."""
    said = Consent.objects.filter(customer=delivery.customer_id, state="withdrawn", place=place_of(delivery))
    return said.exists()


def stands_withdrawn(delivery: Delivery) -> bool:
    """Whether the receiver of a message wants no more of its kind now; a way that is another's by now says nothing."""
    way = delivery.contact_point_id
    if way and not ContactPoint.objects.filter(pk=way, customer=delivery.customer_id).exists():
        way = None
    said = consent_of(cast(UUID, delivery.customer_id), way, delivery.channel, Purpose(delivery.purpose))
    return said.state == "withdrawn"


def _holds(ids: list[UUID], purpose: Purpose, at: datetime) -> dict[UUID, list[Hold]]:
    """The holds that stop a purpose, by customer."""
    found = in_force(ids, purpose, at=at)
    return {owner: [held(hold) for hold in holds] for owner, holds in found.items()}


def held(hold: HoldRow) -> Hold:
    """A hold as the table of purposes reads it."""
    return Hold(until=hold.until, matter=hold.matter, since=hold.starts_at, id=hold.pk, reason=hold.reason)


def contacts(ids: list[UUID], at: datetime, beside: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """When each was approached in the last 30 days, oldest first; codes do not count."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    recent = Approach.objects.filter(customer__among=ids, at__gt=at - MONTH, at__lte=at).exclude(purpose=Purpose.PROOF)
    recent = recent.exclude(source_id__among=beside) if beside else recent
    for customer, when in recent.order_by("at").values_list("customer_id", "at"):
        found[customer].append(when)
    return found


def proofs(points: list[UUID], at: datetime, beside: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """When codes left for these ways; one on its way counts from when it was due, not from when it was asked for."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    sent = Delivery.objects.filter(
        contact_point__among=points, purpose=Purpose.PROOF, status__in=("sent", "sending", "reserved", "uncertain")
    ).annotate(left_at=Least(Coalesce("sent_at", "release_at"), Value(at)))
    sent = sent.exclude(pk__among=beside) if beside else sent
    for point, when in (
        sent.filter(left_at__gt=at - HOUR).order_by("left_at").values_list("contact_point_id", "left_at")
    ):
        found[point].append(when)
    return found


def in_rounds(due: Collection[UUID], *, most: int) -> tuple[list[UUID], list[list[UUID]]]:
    """Messages that leave alone, and those that go to many, alike and each to another customer, in rounds."""
    alone: list[UUID] = []
    alike: dict[tuple[Any, ...], dict[UUID, UUID]] = defaultdict(dict)
    for one in (
        Delivery.objects.filter(pk__among=due).order_by("pk").only("purpose", "channel", "account_id", "customer")
    ):
        together = alike[one.purpose, one.channel, one.account_id]
        repeated = PURPOSES[Purpose(one.purpose)].repeated_when_uncertain
        if one.customer_id is None or repeated or one.customer_id in together:
            alone.append(one.pk)
        else:
            together[one.customer_id] = one.pk
    rounds = [list(some.values()) for some in alike.values() if some]
    return alone, [some[start : start + most] for some in rounds for start in range(0, len(some), most)]


def reported(message: UUID, recipient: str) -> UUID | None:
    """The message of ours a report is about; its recipient has to be the one that is named."""
    found = Delivery.objects.filter(Q(pk=message) | Q(copy_of=message)).values_list("pk", "recipient")
    return next(
        (pk for pk, whom in found if whom.lower() == recipient.lower() or (not recipient and pk == message)), None
    )


@measure("channels.contacts.allowed_share", unit="share", dimensions=("channel", "purpose", "reason"))
def contacts_allowed_share() -> Subjects:
    """Share of the messages wished for that the gate let pass; those still waiting for their time are open."""
    passed = Q(status__in=("sent", "uncertain", "failed"))
    return Subjects(
        rows=Delivery.objects.exclude(status="called_back"),
        at="created_at",
        value=_one_if(passed),
        open_when=Q(status__in=("waiting", "reserved", "sending")),
        dimensions={"channel": "channel", "purpose": "purpose", "reason": "reason"},
    )


@measure("channels.marketing.with_consent", unit="share", dimensions=("channel",))
def marketing_with_consent() -> Subjects:
    """Share of the marketing messages sent that rest on a consent given before."""
    return Subjects(
        rows=Delivery.objects.filter(purpose=Purpose.MARKETING, status__in=("sent", "uncertain")),
        at="sent_at",
        value=_one_if(Q(consent__isnull=False)),
        dimensions={"channel": "channel"},
    )


@measure("channels.mail.delivered_share", unit="share", dimensions=("channel", "purpose"))
def mail_delivered_share() -> Subjects:
    """Share of the messages sent that did not come back."""
    return Subjects(
        rows=Delivery.objects.filter(status__in=("sent", "uncertain")),
        at="sent_at",
        value=_one_if(~Q(report="bounced")),
        dimensions={"channel": "channel", "purpose": "purpose"},
    )


@measure(
    "channels.contacts.after_withdrawal",
    unit="seconds",
    standard="channels.contacts.after_withdrawal",
    dimensions=("purpose", "channel", "how"),
)
def contacts_after_withdrawal() -> Subjects:
    """Time from a withdrawal to the last contact it forbade, nothing where there was none; a new yes ends the count."""
    rows = Consent.objects.filter(state="withdrawn", customer__isnull=False)
    last = _forbidden().order_by("-left_at").values("left_at")[:1]
    return Subjects(
        rows=rows.annotate(last_contact_at=Coalesce(Subquery(last), F("at"))),
        at="at",
        value=F("last_contact_at") - F("at"),
        dimensions={"purpose": "purpose", "channel": "channel", "how": "how"},
    )


def _forbidden() -> QuerySet[Any]:
    """The contacts that came although a withdrawal spoke of their purpose, channel and way, before any new yes."""
    message = Delivery.objects.filter(pk=OuterRef("source_id"))
    elsewhere = message.filter(~Q(contact_point=OuterRef(OuterRef("contact_point"))))
    agreed = Consent.objects.filter(
        Q(channel="") | Q(channel=OuterRef("channel")), state="given", customer=OuterRef("customer"),
        purpose=OuterRef("purpose"), at__gt=OuterRef(OuterRef("at")), at__lte=OuterRef("left_at"),
    )  # fmt: skip
    contacts = Approach.objects.filter(customer=OuterRef("customer"), purpose__in=STOPPED).annotate(
        left_at=Coalesce(Subquery(message.values("sent_at")[:1]), F("at")),
        no_to=ExpressionWrapper(OuterRef("purpose"), CharField()),
        no_by=ExpressionWrapper(OuterRef("channel"), CharField()),
        no_way=ExpressionWrapper(OuterRef("contact_point"), UUIDField()),
    )
    return contacts.filter(
        Q(no_to="") | Q(no_to=F("purpose")),
        Q(no_by="") | Q(no_by=F("channel")),
        Q(no_way=None) | ~Exists(elsewhere),
        ~Exists(message.filter(sent_at=None)),
        ~Exists(agreed),
        left_at__gt=OuterRef("at"),
    )


def _one_if(condition: Q) -> Case:
    number = DecimalField(max_digits=2, decimal_places=0)
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=number)


def language_to(customer: Customer | None) -> str:
    """The language a customer is spoken to in: their own, else the company's."""
    return str(customer.language if customer and customer.language else LANGUAGE.get())
