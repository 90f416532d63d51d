"""Whose address it is that somebody wrote from, and how it becomes known."""

from guanxi.channels.conversations.models import Conversation
from guanxi.channels.conversations.queries import Way
from guanxi.channels.gate.queries import WAYS
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import attach_contact_point, find_or_create
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.lib.errors import Conflict, Invalid


def way_of(actor: Actor, channel: str, value: str, name: str) -> Way:
    """The contact point of an address; unknown ones are noted without a customer, so that spam never becomes one.

    An address is its holder's, whoever else is said to share it; one that all its holders share belongs to none of
    them until a person says so.
    """
    points = list(ContactPoint.objects.filter(kind=WAYS[channel], value=value.lower()).order_by("shared", "created_at"))
    if points:
        one = points[0]
        holders = points if one.shared or one.customer_id is None else points[:1]
        owners = {point.customer_id for point in holders if point.customer_id is not None}
        return Way(id=one.pk, value=one.value, name=name, customer=owners.pop() if len(owners) == 1 else None)
    try:
        noted = find_or_create(SYSTEM.as_origin(actor.origin), kind=WAYS[channel], value=value)
    except Invalid:
        return Way(id=None, value=value, name=name, customer=None)
    return Way(id=noted.pk, value=noted.value, name=name, customer=None)


def attach_way(actor: Actor, conversation: Conversation, customer: Customer) -> None:
    """Let the address of a conversation be this customer's; one that is somebody else's is refused."""
    point = conversation.contact_point
    if point is None or point.customer_id == customer.pk:
        return
    if point.customer_id is None:
        attach_contact_point(actor, point.pk, customer=customer.pk)
    elif not point.shared:
        raise Conflict("conversation.way_of_another", value=point.value)
