"""The moves of a message on its way out: from wish to reserved, left or ended. Its row is held by whoever calls,
who also stops the clocks of those that ended, all at once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from guanxi.channels.gate import rules
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import Answer, Facts, Purpose, Refused
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.events.channels import DeliveryDue, DeliveryFailed, DeliverySent
from guanxi.kernel import clocks
from guanxi.kernel.actor import Origin
from guanxi.kernel.time import now

Status = Delivery.Status
FINAL = (Status.SENT, Status.UNCERTAIN, Status.REFUSED, Status.FAILED, Status.CALLED_BACK)
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 480, 720))
"""How long to wait before each further attempt; after the last one the message has failed."""
LOST_AFTER = timedelta(minutes=15)
"""When an attempt of which nothing more was heard is looked at again."""
LATEST_RELEASE = timedelta(days=30)


def wake(deliveries: Collection[Delivery], at: datetime) -> None:
    """Let messages fall due at a time."""
    for origin in {one.origin for one in deliveries}:
        started = {clock(one.pk): DeliveryDue(delivery_id=one.pk) for one in deliveries if one.origin == origin}
        clocks.start_all(started, at, origin=Origin(origin))


def clock(delivery: UUID) -> str:
    """The name of a message's clock."""
    return f"delivery:{delivery}"


def goes(delivery: Delivery, answer: Answer, known: Facts) -> bool:
    """Whether it goes out now: a yes makes it one more attempt, a no ends it or lets it wait for its time."""
    if not (_repeats(delivery, answer) if delivery.status == Status.SENDING else _admitted(delivery, answer)):
        return False
    if delivery.customer_id is not None:
        delivery.consent_id = known.consent_id
    delivery.status = Status.RESERVED
    delivery.attempts += 1
    return True


def _admitted(delivery: Delivery, answer: Answer) -> bool:
    if isinstance(answer, Refused):
        _refused(delivery, answer)
        return False
    return True


def _repeats(delivery: Delivery, answer: Answer) -> bool:
    """It was leaving when we died: what would annoy twice is left alone, the rest is repeated under the same id."""
    repeated = rules.PURPOSES[Purpose(delivery.purpose)].repeated_when_uncertain
    unwanted = isinstance(answer, Refused) and not _waits(delivery, answer)
    if not repeated or unwanted or delivery.attempts > len(RETRIES):
        uncertain(delivery, "interrupted")
        return False
    return _admitted(delivery, answer)


def _waits(delivery: Delivery, answer: Refused) -> bool:
    """Whether a message waits for its time: within a month of the wish."""
    later = answer.next_allowed_at
    return later is not None and later <= delivery.created_at + LATEST_RELEASE


def _refused(delivery: Delivery, answer: Refused) -> None:
    """A passing reason waits for its time; a lasting one ends the message, and it takes no place in the budget."""
    if answer.next_allowed_at is not None and _waits(delivery, answer):
        delivery.reason, delivery.release_at = answer.reason.value, answer.next_allowed_at
        wake([delivery], delivery.release_at)
        return
    withdraw(delivery)
    end(delivery, Status.REFUSED, answer.reason.value)


def settled(delivery: Delivery, receipt: Receipt) -> None:
    """What follows from the provider's answer; told twice, it follows once."""
    if delivery.status == Status.SENT:
        return
    delivery.provider, delivery.detail = receipt.provider_id, receipt.detail
    if receipt.outcome is Outcome.SENT:
        sent(delivery, Status.SENT, certain=True, at=receipt.at)
    elif receipt.outcome is Outcome.REFUSED:
        withdraw(delivery)
        end(delivery, Status.FAILED, receipt.code or "refused")
    elif receipt.outcome is Outcome.DELAYED:
        again(delivery, receipt.code or "delayed")
    elif rules.PURPOSES[Purpose(delivery.purpose)].repeated_when_uncertain:
        again(delivery, receipt.code or "uncertain", certain=False)
    else:
        uncertain(delivery, receipt.code or "uncertain")


def sent(delivery: Delivery, status: Status, *, certain: bool, at: datetime) -> None:
    """It left, or may have."""
    delivery.status, delivery.sent_at = status, at
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


def uncertain(delivery: Delivery, reason: str) -> None:
    """Nobody knows whether it left, and it is not repeated."""
    delivery.reason = reason
    sent(delivery, Status.UNCERTAIN, certain=False, at=now())


def again(delivery: Delivery, reason: str, *, certain: bool = True) -> None:
    """Another attempt later; after the last one it has failed, or nobody knows."""
    delivery.reason = reason
    if delivery.attempts > len(RETRIES):
        if certain:
            withdraw(delivery)
            end(delivery, Status.FAILED, reason)
        else:
            uncertain(delivery, reason)
        return
    delivery.status = Status.RESERVED
    delivery.release_at = now() + RETRIES[max(delivery.attempts, 1) - 1]
    wake([delivery], delivery.release_at)


def withdraw(delivery: Delivery) -> None:
    """A message that never arrived does not count against the customer's patience."""
    Approach.objects.filter(source_id=delivery.pk).delete()


def end(delivery: Delivery, status: Status, reason: str) -> None:
    """It will not leave, and why."""
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
