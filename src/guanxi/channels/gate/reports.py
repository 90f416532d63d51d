"""What providers tell later of messages that left: they came back, they wait, somebody called them spam."""

from uuid import UUID

from django.db import transaction

from guanxi.channels.gate import queries, rules
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.operations import stop_purpose
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.wire.messages import DeliveryState, State
from guanxi.customers.holds.operations import hold_of
from guanxi.events.channels import DeliveryReported
from guanxi.kernel.actor import Actor
from guanxi.kernel.time import now
from guanxi.kernel.writes import change


def report(actor: Actor, message: UUID, state: DeliveryState) -> Delivery | None:
    """Write down what a provider tells later; a report about nothing we sent to that recipient is ignored."""
    found = queries.reported(message, state.recipient)
    if found is None:
        return None
    with change(Delivery, found, by=actor, using="channels.delivery.send") as delivery:
        if delivery.report in (State.BOUNCED, State.COMPLAINED) and state.state not in (
            State.BOUNCED,
            State.COMPLAINED,
        ):
            return delivery
        delivery.report, delivery.reported_at = state.state.value, now()
        delivery.detail = state.detail or delivery.detail
        delivery.emit(
            DeliveryReported(
                delivery_id=delivery.pk,
                customer_id=delivery.customer_id,
                contact_point_id=delivery.contact_point_id,
                channel=delivery.channel,
                purpose=delivery.purpose,
                report=state.state.value,
                permanent=state.permanent,
                code=state.code,
            )
        )
    return delivery


@transaction.atomic
def hear_complaint(actor: Actor, delivery_id: UUID) -> None:
    """A message was called spam: no more of its kind, and nothing of our own accord until a person lifts the hold."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None or delivery.customer_id is None:
        return
    if Purpose(delivery.purpose) in rules.STOPPED:
        stop_purpose(actor, delivery_id, how="reply")
    hold_of(
        actor, customer=delivery.customer_id, reason="called_spam", purposes=list(rules.OF_OUR_OWN_ACCORD),
        source=f"called_spam:{delivery.customer_id}",
    )  # fmt: skip
