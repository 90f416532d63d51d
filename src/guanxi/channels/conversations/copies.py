"""Who gets a copy of a message of ours: each copy is a delivery of its own, so that each passes the gate by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.channels.conversations import queries, ways
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.rules import Purpose
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import new_id


def hand_over(
    actor: Actor,
    using: str,
    conversation: Conversation,
    message: Message,
    *,
    outgoing: Mapping[str, Any],
    key: str,
    matter: UUID | None,
    release_at: datetime,
) -> None:
    """Hand the copies of a message to the gate: an answer only to those who take part in the conversation.

    Whoever does not is written to of our own accord: nobody is reached as a copy who could not be as a recipient.
    """
    if not message.copies:
        return
    part = queries.addresses_in(conversation.pk, beside=message.pk)
    shown = {"message": str(message.pk), "to": message.recipients[0], "to_name": conversation.with_name}
    for value in message.copies:
        takes_part = value in part
        way = ways.way_of(actor, conversation.channel, value, "")
        answers = message.purpose == Purpose.REPLY
        gate.submit(
            actor, using=using, id=new_id(), key=f"{key}:copy:{value}"[:200], channel=conversation.channel,
            purpose=Purpose.SERVICE if answers and not takes_part else Purpose(message.purpose),
            outgoing={**outgoing, **shown, "recipient_name": ""}, recipient=value, customer=way.customer,
            contact_point=way.id, account=conversation.account_id, matter=matter, own_way=answers and takes_part,
            release_at=release_at, copy_of=message.pk,
        )  # fmt: skip
