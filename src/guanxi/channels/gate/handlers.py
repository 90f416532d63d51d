"""What the gate does when the time of a message has come, and what it learns from what became of it."""

from guanxi.channels.gate import queries
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.reports import hear_complaint
from guanxi.channels.gate.rules import UNKNOWN_ADDRESS
from guanxi.customers.contact_points.operations import mark_dead
from guanxi.events.channels import DeliveryDue, DeliveryFailed, DeliveryReported
from guanxi.kernel.events import on
from guanxi.kernel.jobs import jobs

ROUND = 50
"""How many messages of a round leave one after the other."""


@on(DeliveryDue, set=True)
def queue_what_is_due(due: list[DeliveryDue]) -> None:
    """What is meant for one leaves by a job of its own, so that none holds up another; what goes to many in rounds."""
    alone, rounds = queries.in_rounds([event.delivery_id for event in due], most=ROUND)
    for delivery in alone:
        # One attempt at a time for each message, also when a worker was thought dead and was not.
        jobs()["channels.gate.send"].defer(lock=f"delivery:{delivery}", delivery=str(delivery))
    jobs()["channels.gate.send_round"].defer_many([{"deliveries": [str(one) for one in some]} for some in rounds])


@on(DeliveryReported)
def note_result_at_contact_point(event: DeliveryReported) -> None:
    """A way that bounces for good is dead; whoever calls a message spam wants no more of its kind."""
    if event.report == "bounced" and event.permanent and event.contact_point_id is not None:
        mark_dead(event.system, event.contact_point_id, why=event.code)
    elif event.report == "complained":
        hear_complaint(event.system, event.delivery_id)


@on(DeliveryFailed)
def note_dead_address(event: DeliveryFailed) -> None:
    """An address the provider does not know is dead at once; no bounce will follow."""
    if event.status == "failed" and event.reason in UNKNOWN_ADDRESS:
        contact_point = Delivery.objects.filter(pk=event.delivery_id).values_list("contact_point", flat=True).first()
        if contact_point is not None:
            mark_dead(event.system, contact_point, why=event.reason)
