"""Letters to many with one template, written in a few statements for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guanxi.channels.conversations import queries, rules, sending
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.rules import PURPOSES, Purpose
from guanxi.channels.templates import queries as letters
from guanxi.channels.templates.models import Template
from guanxi.channels.templates.rules import Letter
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import get, visible_to
from guanxi.kernel.actor import Actor, Origin
from guanxi.kernel.models import new_id
from guanxi.kernel.settings import at_once
from guanxi.kernel.time import now
from guanxi.kernel.writes import create_many
from guanxi.lib.errors import Problem

USING = "channels.conversation.send_letter"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One letter: to whom, and the key under which it is sent once."""

    customer: UUID
    key: str


def send_letters(actor: Actor, *, template: UUID, wanted: Sequence[Wanted]) -> dict[str, Message]:
    """Write to many, as `send_letter` does to one; by their keys those that are on their way.

    Who cannot be written to, or was before, is not among them: written to alone, the reason is told.
    """
    actor.require(USING)
    letter_of, keys = get(actor, Template, template), {one.key for one in wanted}
    sent = set(Delivery.objects.filter(key__among=keys).values_list("key", flat=True))
    fresh = [one for one in wanted if one.key not in sent]
    seen = visible_to(actor, Customer).filter(pk__among={one.customer for one in fresh})
    people = {person.pk: person for person in seen}
    written = _written(actor, letter_of, people, fresh)
    ways = queries.ways_to([people[one.customer] for one, _, _ in written], letter_of.channel)
    return _handed_over(actor, letter_of, [(*one, ways[one[0].customer]) for one in written])


def _written(
    actor: Actor, template: Template, people: dict[UUID, Customer], wanted: Sequence[Wanted]
) -> list[tuple[Wanted, UUID, Letter]]:
    """The letters as they read, each with the id it will have; a blank for which nothing is known leaves one out."""
    stoppable, found = PURPOSES[Purpose(template.purpose)].consent != "free", []
    with at_once():
        house = letters.of_house(actor)
        for one in wanted:
            if one.customer not in people:
                continue
            person, id = people[one.customer], new_id()
            try:
                letter = letters.written(actor, template, person, stoppable=stoppable, house=house)
            except Problem:
                continue
            found.append((one, id, letter))
    return found


def _handed_over(
    actor: Actor, template: Template, written: Sequence[tuple[Wanted, UUID, Letter, queries.Way]]
) -> dict[str, Message]:
    moment, machine = now(), actor.kind in ("journey", "system")
    talks = create_many(actor, Conversation, [
        {
            "customer_id": one.customer, "contact_point_id": way.id, "channel": template.channel,
            "subject": letter.subject[:500], "with_name": way.name, "last_words": rules.words(letter.text),
            "last_message_at": moment, "messages": 1,
        }
        for one, _, letter, way in written
    ], using=USING, checked=True)  # fmt: skip
    messages = create_many(actor, Message, [
        {
            "id": id, "conversation_id": talk.pk, "customer_id": one.customer, "channel": template.channel,
            "direction": Message.Direction.OUT, "purpose": template.purpose, "state": Message.State.WAITING,
            "subject": letter.subject[:500], "text": letter.text, "new_text": letter.text, "recipients": [way.value],
            "author_kind": Message.Author.MACHINE if machine else Message.Author.PERSON,
            "author_id": None if machine else actor.id,
        }
        for (one, id, letter, way), talk in zip(written, talks, strict=True)
    ], using=USING, checked=True)  # fmt: skip
    given: list[dict[str, Any]] = [
        {
            "id": id, "key": one.key, "channel": template.channel, "purpose": template.purpose,
            "outgoing": sending.outgoing(talk, message, machine=machine), "recipient": way.value,
            "customer_id": one.customer, "contact_point_id": way.id,
        }
        for (one, id, _, way), talk, message in zip(written, talks, messages, strict=True)
    ]  # fmt: skip
    deliveries = gate.submit_many(actor, using=USING, messages=given)
    if actor.origin is Origin.SIMULATION:
        sending.pretend([one.pk for one in deliveries])
    return {one.key: message for (one, _, _, _), message in zip(written, messages, strict=True)}
