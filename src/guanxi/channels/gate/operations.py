"""Asking the gate, handing it a message, and what it does with it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from django.db import transaction

from guanxi.channels.gate import queries, rules
from guanxi.channels.gate.models import Approach, Budget, Delivery
from guanxi.channels.gate.rules import Advice, Allowed, Answer, Facts, Purpose, Refused, Wish
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.customers.consents.operations import withdraw_consent
from guanxi.events.channels import DeliveryDue, DeliveryFailed, DeliverySent, Unsubscribed
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Invalid, NotFound

Status = Delivery.Status
FINAL = (Status.SENT, Status.UNCERTAIN, Status.REFUSED, Status.FAILED, Status.CALLED_BACK)
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 480, 720))
"""How long to wait before each further attempt; after the last one the message has failed."""
LOST_AFTER = timedelta(minutes=15)
"""When an attempt of which nothing more was heard is looked at again."""
How = Literal["link", "reply"]
LATEST_RELEASE = timedelta(days=30)


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
    if actor.origin not in (Origin.LIVE, Origin.SIMULATION):
        raise Conflict("delivery.not_live", origin=actor.origin)
    present = Delivery.objects.filter(key=key).first()
    if present is not None:
        return present
    release = max(release_at or now(), now())
    if release > now() + LATEST_RELEASE:
        raise Invalid("delivery.too_late", most=LATEST_RELEASE.days)
    delivery = create(
        actor, Delivery, using=using, id=id, key=key, channel=channel, purpose=purpose, outgoing=dict(outgoing),
        recipient=recipient, customer_id=customer, contact_point_id=contact_point, account_id=account,
        matter_id=matter, urgent=urgent, own_way=own_way, release_at=release,
        copy_of=copy_of,
    )  # fmt: skip
    _wake(delivery, release)
    return delivery


def _wake(delivery: Delivery, at: datetime) -> None:
    clocks.start(_clock(delivery.pk), at, DeliveryDue(delivery_id=delivery.pk), origin=Origin(delivery.origin))


def _clock(delivery: UUID) -> str:
    return f"delivery:{delivery}"


@operation("channels.delivery.call_back")
def call_back(actor: Actor, delivery_id: UUID) -> Delivery:
    """Call a message back before it has left."""
    with change(Delivery, delivery_id, by=actor, using="channels.delivery.call_back") as delivery:
        if delivery.status != Status.WAITING:
            raise Conflict("delivery.has_left", status=f"channels.delivery.status.{delivery.status}")
        clocks.stop(_clock(delivery.pk))
        _end(delivery, Status.CALLED_BACK, "called_back")
    for copy in _waiting_copies(delivery_id):
        with change(Delivery, copy, by=SYSTEM, using="channels.delivery.call_back") as one:
            _end(one, Status.CALLED_BACK, "called_back")
    return delivery


def _waiting_copies(delivery: UUID) -> list[UUID]:
    """The copies of a message that wait: they follow it, whoever of their receivers the actor may see."""
    return list(Delivery.objects.filter(copy_of=delivery, status=Status.WAITING).values_list("pk", flat=True))


@operation("channels.delivery.reschedule")
def reschedule(actor: Actor, delivery_id: UUID, *, send_at: datetime) -> Delivery:
    """Let a message that has not left yet leave at another time; the contact rules are asked again then."""
    if not now() < send_at <= now() + LATEST_RELEASE:
        raise Invalid("message.wrong_time", days=LATEST_RELEASE.days)
    with change(Delivery, delivery_id, by=actor, using="channels.delivery.reschedule") as delivery:
        if delivery.status != Status.WAITING:
            raise Conflict("delivery.has_left", status=f"channels.delivery.status.{delivery.status}")
        delivery.release_at, delivery.reason = send_at, ""
        _wake(delivery, send_at)
    for copy in _waiting_copies(delivery_id):
        with change(Delivery, copy, by=SYSTEM, using="channels.delivery.reschedule") as one:
            one.release_at, one.reason = send_at, ""
            _wake(one, send_at)
    return delivery


def try_again(actor: Actor, delivery_id: UUID, *, outgoing: Mapping[str, Any], at: datetime, why: str) -> Delivery:
    """Let a message that came back for a passing reason leave once more; the gate decides anew."""
    with change(Delivery, delivery_id, by=actor, using="channels.delivery.send") as delivery:
        delivery.status, delivery.outgoing, delivery.release_at = Status.WAITING, dict(outgoing), at
        delivery.reason, delivery.report, delivery.reported_at = why, "", None
        _wake(delivery, at)
    return delivery


@clocks.of_noun("channels.delivery")
def wake_anew(ids: Collection[UUID]) -> None:
    """After an undo a message that was called back or put off leaves when it was to, and no other does."""
    for delivery in Delivery.objects.filter(pk__among=ids):
        clocks.stop(_clock(delivery.pk))
        if delivery.status == Status.WAITING:
            _wake(delivery, delivery.release_at)


def reserve(delivery_id: UUID, *, by: Actor = SYSTEM) -> Delivery | None:
    """Decide at the moment of sending, with the customer's budget locked; None when there is nothing to send now."""
    with change(Delivery, delivery_id, by=by, using="channels.delivery.send") as delivery:
        if delivery.status in FINAL:
            return None
        if delivery.status == Status.SENDING:
            return _after_a_crash(delivery)
        if not _admitted(delivery):
            return None
        delivery.status = Status.RESERVED
        delivery.attempts += 1
        _wake(delivery, now() + LOST_AFTER)
    return delivery


def _after_a_crash(delivery: Delivery) -> Delivery | None:
    """It was leaving when we died: what would annoy twice is left alone, the rest is repeated under the same id."""
    answer, _ = _decided(delivery)
    repeated = rules.PURPOSES[Purpose(delivery.purpose)].repeated_when_uncertain
    unwanted = isinstance(answer, Refused) and not _waits(delivery, answer)
    if not repeated or unwanted or delivery.attempts > len(RETRIES):
        _uncertain(delivery, "interrupted")
        return None
    if isinstance(answer, Refused):
        _refused(delivery, answer)
        return None
    delivery.status = Status.RESERVED
    delivery.attempts += 1
    _wake(delivery, now() + LOST_AFTER)
    return delivery


def _decided(delivery: Delivery) -> tuple[Answer, Facts]:
    """The binding answer and what it rests on, the customer's budget locked; asked at every attempt."""
    purpose, moment = Purpose(delivery.purpose), now()
    wish = Wish(purpose=purpose, at=moment, urgent=delivery.urgent, matter=delivery.matter_id, own_way=delivery.own_way)
    if delivery.customer_id is None:
        facts = queries.facts_of_stranger(
            delivery.contact_point_id, purpose=purpose, channel=delivery.channel, at=moment, beside=delivery.pk
        )
        return rules.decide(wish, facts, queries.limits()), facts
    _lock_budget(delivery.customer_id)
    known = queries.facts(
        SYSTEM, [delivery.customer_id], purpose=purpose, channel=delivery.channel, at=moment,
        way=delivery.contact_point_id, beside=delivery.pk,
    )[delivery.customer_id]  # fmt: skip
    return rules.decide(wish, known, queries.limits()), known


def _admitted(delivery: Delivery) -> bool:
    """A yes takes its place in the budget, a no ends the message or waits for its time."""
    answer, known = _decided(delivery)
    if isinstance(answer, Refused):
        _refused(delivery, answer)
        return False
    if delivery.customer_id is not None:
        delivery.consent_id = known.consent_id
        taken = Approach(
            source_id=delivery.pk, customer_id=delivery.customer_id, at=now(), channel=delivery.channel,
            purpose=delivery.purpose,
        )  # fmt: skip
        Approach.objects.bulk_create(
            [taken], update_conflicts=True, unique_fields=["source_id"],
            update_fields=["customer", "at", "channel", "purpose"],
        )  # fmt: skip
    return True


def _lock_budget(customer: UUID) -> None:
    """Two workers decide about one customer one after the other."""
    Budget.objects.bulk_create([Budget(customer_id=customer)], ignore_conflicts=True)
    Budget.objects.select_for_update().get(customer_id=customer)


def _waits(delivery: Delivery, answer: Refused) -> bool:
    """Whether a message waits for its time: within a month of the wish."""
    later = answer.next_allowed_at
    return later is not None and later <= delivery.created_at + LATEST_RELEASE


def _refused(delivery: Delivery, answer: Refused) -> None:
    """A passing reason waits for its time; a lasting one ends the message, and it takes no place in the budget."""
    if answer.next_allowed_at is not None and _waits(delivery, answer):
        delivery.reason, delivery.release_at = answer.reason.value, answer.next_allowed_at
        _wake(delivery, delivery.release_at)
        return
    _withdraw(delivery)
    _end(delivery, Status.REFUSED, answer.reason.value)


def leaving(delivery_id: UUID) -> None:
    """Note, and make sure it is kept, that from this moment on the message may be out."""
    with transaction.atomic(), change(Delivery, delivery_id, by=SYSTEM, using="channels.delivery.send") as delivery:
        delivery.status = Status.SENDING


def settle(delivery_id: UUID, receipt: Receipt, *, by: Actor = SYSTEM) -> Delivery:
    """Write down what the provider answered."""
    with change(Delivery, delivery_id, by=by, using="channels.delivery.send") as delivery:
        delivery.provider, delivery.detail = receipt.provider_id, receipt.detail
        if receipt.outcome is Outcome.SENT:
            _sent(delivery, Status.SENT, certain=True)
        elif receipt.outcome is Outcome.REFUSED:
            _withdraw(delivery)
            _end(delivery, Status.FAILED, receipt.code or "refused")
        elif receipt.outcome is Outcome.DELAYED:
            _again(delivery, receipt.code or "delayed")
        elif rules.PURPOSES[Purpose(delivery.purpose)].repeated_when_uncertain:
            _again(delivery, receipt.code or "uncertain", certain=False)
        else:
            _uncertain(delivery, receipt.code or "uncertain")
    if delivery.status in FINAL:
        # The text lives on in its conversation; what waited here leaves no trace in history.
        Delivery.objects.filter(pk=delivery.pk).update(outgoing={})
    return delivery


def _sent(delivery: Delivery, status: Status, *, certain: bool) -> None:
    clocks.stop(_clock(delivery.pk))
    delivery.status, delivery.sent_at = status, now()
    if certain:
        delivery.reason = ""
    delivery.emit(
        DeliverySent(
            delivery_id=delivery.pk,
            customer_id=delivery.customer_id,
            channel=delivery.channel,
            purpose=delivery.purpose,
            provider=delivery.provider,
            sent_at=delivery.sent_at,
            certain=certain,
        )
    )


def _uncertain(delivery: Delivery, reason: str) -> None:
    delivery.reason = reason
    _sent(delivery, Status.UNCERTAIN, certain=False)


def _again(delivery: Delivery, reason: str, *, certain: bool = True) -> None:
    """Another attempt later; after the last one it has failed, or nobody knows."""
    delivery.reason = reason
    if delivery.attempts > len(RETRIES):
        if certain:
            _withdraw(delivery)
            _end(delivery, Status.FAILED, reason)
        else:
            _uncertain(delivery, reason)
        return
    delivery.status = Status.RESERVED
    delivery.release_at = now() + RETRIES[max(delivery.attempts, 1) - 1]
    _wake(delivery, delivery.release_at)


def _withdraw(delivery: Delivery) -> None:
    """A message that never arrived does not count against the customer's patience."""
    Approach.objects.filter(source_id=delivery.pk).delete()


def _end(delivery: Delivery, status: Status, reason: str) -> None:
    clocks.stop(_clock(delivery.pk))
    delivery.status, delivery.reason = status, reason
    delivery.emit(
        DeliveryFailed(
            delivery_id=delivery.pk,
            customer_id=delivery.customer_id,
            channel=delivery.channel,
            purpose=delivery.purpose,
            reason=reason,
            status=status,
        )
    )


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
    _lock_budget(delivery.customer_id)  # two clicks at once are one no, and what is being decided waits for it
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
