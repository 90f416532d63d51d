"""Asking the gate, handing it a message, and what it does with it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from guanxi.channels.gate import moves, queries, rules
from guanxi.channels.gate.models import Approach, Budget, Delivery
from guanxi.channels.gate.moves import FINAL, Status
from guanxi.channels.gate.rules import Advice, Allowed, Answer, Facts, Purpose, Refused, Wish
from guanxi.channels.wire.messages import Receipt
from guanxi.customers.consents.operations import withdraw_consent
from guanxi.events.channels import Unsubscribed
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, change_each, create, create_many
from guanxi.lib.errors import Conflict, Invalid, NotFound

How = Literal["link", "reply"]
# Said for each letter by itself: put together anew each time they would cost as much again.
_LEAVES = (
    "UPDATE channels_delivery SET status = %s, receipt = NULL, version = %s"
    " WHERE id = %s AND version = %s AND status = %s"
)
_ANSWERED = "UPDATE channels_delivery SET receipt = %s::jsonb WHERE id = %s AND status = %s"


@operation("channels.delivery.ask")
def ask(
    actor: Actor,
    *,
    customer: UUID,
    purpose: Purpose,
    channel: str,
    at: datetime | None = None,
    urgent: bool = False,
    matter: UUID | None = None,
) -> dict[str, Any]:
    """Ask whether a customer may be contacted, for which reason not, and from when on."""
    advice = advise(actor, [customer], Wish(purpose=purpose, at=at or now(), urgent=urgent, matter=matter), channel)
    answer = advice.allowed.get(customer) or advice.refused[customer]
    return {
        "allowed": isinstance(answer, Allowed),
        "reason": answer.reason.value if isinstance(answer, Refused) else None,
        "next_allowed_at": answer.next_allowed_at if isinstance(answer, Refused) else None,
        "cautions": [caution.value for caution in answer.cautions] if isinstance(answer, Allowed) else [],
    }


def require(
    actor: Actor,
    *,
    customer: UUID,
    purpose: Purpose,
    channel: str,
    matter: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """Refuse at once what will never be allowed; what only has to wait is let through and leaves in its time."""
    advice = advise(actor, [customer], Wish(purpose=purpose, at=at or now(), matter=matter), channel)
    answer = advice.refused.get(customer)
    if answer is not None and answer.next_allowed_at is None:
        raise Conflict("delivery.refused", reason=f"channels.reason.{answer.reason.value}")


def advise(actor: Actor, customers: Iterable[UUID], wish: Wish, channel: str) -> Advice:
    """The gate's advice for many customers in a few statements; those the actor cannot see are not asked about."""
    known = queries.facts(actor, list(customers), purpose=wish.purpose, channel=channel, at=wish.at)
    limits = queries.limits()
    allowed: dict[UUID, Allowed] = {}
    refused: dict[UUID, Refused] = {}
    for customer, facts in known.items():
        answer = rules.decide(wish, facts, limits)
        if isinstance(answer, Allowed):
            allowed[customer] = answer
        else:
            refused[customer] = answer
    return Advice(allowed=allowed, refused=refused)


def submit(
    actor: Actor,
    *,
    using: str,
    id: UUID,
    key: str,
    channel: str,
    purpose: Purpose,
    outgoing: Mapping[str, Any],
    recipient: str,
    customer: UUID | None,
    contact_point: UUID | None = None,
    account: UUID | None = None,
    matter: UUID | None = None,
    urgent: bool = False,
    own_way: bool = False,
    release_at: datetime | None = None,
    copy_of: UUID | None = None,
) -> Delivery:
    """Hand a message to the gate; the same key is taken once. It leaves at `release_at`, if the gate then agrees.

    `id` is the message's own, so that what travels can be known again by it.
    """
    _require_live(actor)
    present = Delivery.objects.filter(key=key).first()
    if present is not None:
        return present
    release = max(release_at or now(), now())
    if release > now() + moves.LATEST_RELEASE:
        raise Invalid("delivery.too_late", most=moves.LATEST_RELEASE.days)
    delivery = create(
        actor, Delivery, using=using, id=id, key=key, channel=channel, purpose=purpose, outgoing=dict(outgoing),
        recipient=recipient, customer_id=customer, contact_point_id=contact_point, account_id=account,
        matter_id=matter, urgent=urgent, own_way=own_way, release_at=release,
        copy_of=copy_of,
    )  # fmt: skip
    moves.wake([delivery], release)
    return delivery


def submit_many(actor: Actor, *, using: str, messages: Sequence[Mapping[str, Any]]) -> list[Delivery]:
    """Hand messages to many to the gate, given by column; they leave now, each if the gate then agrees."""
    _require_live(actor)
    moment = now()
    rows = ({**one, "release_at": moment} for one in messages)
    deliveries = create_many(actor, Delivery, rows, using=using, checked=True)
    moves.wake(deliveries, moment)
    return deliveries


def _require_live(actor: Actor) -> None:
    if actor.origin not in (Origin.LIVE, Origin.SIMULATION):
        raise Conflict("delivery.not_live", origin=actor.origin)


@operation("channels.delivery.call_back")
def call_back(actor: Actor, delivery_id: UUID) -> Delivery:
    """Call a message back before it has left."""
    with change(Delivery, delivery_id, by=actor, using="channels.delivery.call_back") as delivery:
        if delivery.status != Status.WAITING:
            raise Conflict("delivery.has_left", status=f"channels.delivery.status.{delivery.status}")
        moves.end(delivery, Status.CALLED_BACK, "called_back")
        clocks.stop(moves.clock(delivery.pk))
    for copy in _waiting_copies(delivery_id):
        with change(Delivery, copy, by=SYSTEM, using="channels.delivery.call_back") as one:
            moves.end(one, Status.CALLED_BACK, "called_back")
            clocks.stop(moves.clock(copy))
    return delivery


def _waiting_copies(delivery: UUID) -> list[UUID]:
    """The copies of a message that wait: they follow it, whoever of their receivers the actor may see."""
    return list(Delivery.objects.filter(copy_of=delivery, status=Status.WAITING).values_list("pk", flat=True))


@operation("channels.delivery.reschedule")
def reschedule(actor: Actor, delivery_id: UUID, *, send_at: datetime) -> Delivery:
    """Let a message that has not left yet leave at another time; the contact rules are asked again then."""
    if not now() < send_at <= now() + moves.LATEST_RELEASE:
        raise Invalid("message.wrong_time", days=moves.LATEST_RELEASE.days)
    with change(Delivery, delivery_id, by=actor, using="channels.delivery.reschedule") as delivery:
        if delivery.status != Status.WAITING:
            raise Conflict("delivery.has_left", status=f"channels.delivery.status.{delivery.status}")
        delivery.release_at, delivery.reason = send_at, ""
        moves.wake([delivery], send_at)
    for copy in _waiting_copies(delivery_id):
        with change(Delivery, copy, by=SYSTEM, using="channels.delivery.reschedule") as one:
            one.release_at, one.reason = send_at, ""
            moves.wake([one], send_at)
    return delivery


def try_again(actor: Actor, delivery_id: UUID, *, outgoing: Mapping[str, Any], at: datetime, why: str) -> Delivery:
    """Let a message that came back for a passing reason leave once more; the gate decides anew."""
    with change(Delivery, delivery_id, by=actor, using="channels.delivery.send") as delivery:
        delivery.status, delivery.outgoing, delivery.release_at = Status.WAITING, dict(outgoing), at
        delivery.reason, delivery.report, delivery.reported_at = why, "", None
        moves.wake([delivery], at)
    return delivery


@clocks.of_noun("channels.delivery")
def wake_anew(ids: Collection[UUID]) -> None:
    """After an undo a message that was called back or put off leaves when it was to, and no other does."""
    for delivery in Delivery.objects.filter(pk__among=ids):
        clocks.stop(moves.clock(delivery.pk))
        if delivery.status == Status.WAITING:
            moves.wake([delivery], delivery.release_at)


def reserve(delivery_id: UUID, *, by: Actor = SYSTEM) -> Delivery | None:
    """Decide at the moment of sending, with the customer's budget locked; None when there is nothing to send now."""
    with change(Delivery, delivery_id, by=by, using="channels.delivery.send") as delivery:
        going = _reserved([delivery])
    return going[0] if going else None


def reserve_round(ids: Collection[UUID], *, by: Actor = SYSTEM) -> list[Delivery]:
    """Decide together about messages alike in purpose and channel, each to another customer; those that go now."""
    with change_each(Delivery, ids, by=by, using="channels.delivery.send") as (deliveries, _):
        return _reserved(deliveries)


def _reserved(deliveries: Collection[Delivery]) -> list[Delivery]:
    """Those of these, held and alike, that go out now: their places in the budgets taken, their clocks set."""
    # Answered, and we died before it was settled: what was put off waits for its time.
    kept = {one.pk: one.receipt for one in deliveries if one.status == Status.SENDING and one.receipt}
    for one in deliveries:
        if one.pk in kept:
            moves.settled(one, Receipt.of(kept[one.pk]))
    open_ones = [one for one in deliveries if one.pk not in kept and one.status not in FINAL]
    decided = _decided(open_ones) if open_ones else {}
    going = [one for one in open_ones if moves.goes(one, *decided[one.pk])]
    taken = [
        Approach(source_id=one.pk, customer_id=one.customer_id, at=now(), channel=one.channel, purpose=one.purpose)
        for one in going
        if one.customer_id is not None
    ]
    if taken:
        Approach.objects.bulk_create(
            taken, update_conflicts=True, unique_fields=["source_id"],
            update_fields=["customer", "at", "channel", "purpose"],
        )  # fmt: skip
    moves.wake(going, now() + moves.LOST_AFTER)
    _let_rest(deliveries)
    return going


def _decided(deliveries: Sequence[Delivery]) -> dict[UUID, tuple[Answer, Facts]]:
    """The binding answers and what they rest on, the customers' budgets locked; asked at every attempt."""
    moment, limits = now(), queries.limits()
    known = _known(deliveries, moment)
    wishes = {
        one.pk: Wish(
            purpose=Purpose(one.purpose), at=moment, urgent=one.urgent, matter=one.matter_id, own_way=one.own_way
        )
        for one in deliveries
    }
    return {id: (rules.decide(wish, known[id], limits), known[id]) for id, wish in wishes.items()}


def _known(deliveries: Sequence[Delivery], moment: datetime) -> dict[UUID, Facts]:
    first, customers = deliveries[0], [one.customer_id for one in deliveries if one.customer_id is not None]
    purpose = Purpose(first.purpose)
    if not customers:
        return {
            one.pk: queries.facts_of_stranger(
                one.contact_point_id, purpose=purpose, channel=one.channel, at=moment, beside=one.pk
            )
            for one in deliveries
        }
    _lock_budgets(customers)
    found = queries.facts(
        SYSTEM, customers, purpose=purpose, channel=first.channel, at=moment,
        ways={one.customer_id: one.contact_point_id for one in deliveries if one.customer_id and one.contact_point_id},
        beside=[one.pk for one in deliveries],
    )  # fmt: skip
    return {one.pk: found[one.customer_id] for one in deliveries if one.customer_id is not None}


def _lock_budgets(customers: Sequence[UUID]) -> None:
    """Two workers decide about one customer one after the other; all lock in the same order."""
    ordered = sorted(customers)
    Budget.objects.bulk_create([Budget(customer_id=one) for one in ordered], ignore_conflicts=True)
    list(Budget.objects.filter(customer__among=ordered).order_by("customer").select_for_update())


class TakenMeanwhile(Exception):
    """Another worker deals with the message: it is theirs to send and to settle."""


def leaving(delivery_id: UUID, *, version: int) -> None:
    """Keep, before anything else happens, that from now on the message may be out; only as it was reserved."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [Status.SENDING, version + 1, delivery_id, version, Status.RESERVED])
        if not cursor.rowcount:
            raise TakenMeanwhile(str(delivery_id))


def doubt_those_due() -> int:
    """In a restored house: what should have left by now may have, as where a worker died; returns how many."""
    due = Delivery.objects.filter(status__in=(Status.WAITING, Status.RESERVED), release_at__lte=now())
    return due.update(status=Status.SENDING, receipt=None, version=F("version") + 1)


def note(delivery_id: UUID, receipt: Receipt) -> None:
    """Keep at once what the provider answered; what follows from it is settled for many together."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [json.dumps(receipt.kept()), delivery_id, Status.SENDING])


def settle(receipts: Mapping[UUID, Receipt], *, by: Actor = SYSTEM) -> None:
    """Write down what the provider answered, and what follows from it."""
    with change_each(Delivery, receipts, by=by, using="channels.delivery.send") as (deliveries, _):
        for delivery in deliveries:
            moves.settled(delivery, receipts[delivery.pk])
        _let_rest(deliveries)


def _let_rest(deliveries: Collection[Delivery]) -> None:
    """What has ended, of messages that are held, falls due no more; its text lives on in its conversation."""
    ended = [one.pk for one in deliveries if one.status in FINAL]
    clocks.stop_all(moves.clock(id) for id in ended)
    # What waited here leaves no trace in history.
    Delivery.objects.filter(pk__among=ended).update(outgoing={}, receipt=None)


def count_contact(actor: Actor, *, customer: UUID, channel: str, purpose: Purpose, at: datetime, source: UUID) -> None:
    """Count a call, visit or letter of ours against the customer's patience."""
    if actor.origin in (Origin.LIVE, Origin.SIMULATION):
        Approach.objects.get_or_create(
            source_id=source, defaults={"customer_id": customer, "at": at, "channel": channel, "purpose": purpose}
        )


@transaction.atomic
def stop_purpose(actor: Actor, delivery_id: UUID, *, how: How) -> Delivery:
    """Write down that the receiver of a message wants no more of its kind on this channel; said twice, it is one no."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    stopped = rules.STOPPED.get(Purpose(delivery.purpose)) if delivery is not None else None
    if delivery is None or delivery.customer_id is None or stopped is None:
        raise NotFound("unsubscribe.unknown_link")
    _lock_budgets([delivery.customer_id])  # two clicks at once are one no, and what is being decided waits for it
    if queries.stands_withdrawn(delivery):
        return delivery
    if queries.stopped_before(delivery):
        if how == "link":
            raise Conflict("unsubscribe.used_link")
        return delivery
    withdraw_consent(
        actor, how=how, customer=delivery.customer_id, purpose=cast(Any, stopped), channel=cast(Any, delivery.channel),
        place=queries.place_of(delivery),
    )  # fmt: skip
    emit(actor, Unsubscribed(delivery_id=delivery.pk, customer_id=delivery.customer_id, purpose=delivery.purpose))
    return delivery
