"""The verbs between conversations and tickets."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from guanxi.channels.conversations.models import Conversation
from guanxi.kernel import access
from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.operations import operation
from guanxi.kernel.records import type_of
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict
from guanxi.service.intake import queries, rules
from guanxi.service.intake.models import TicketConversation, TicketRule
from guanxi.service.tickets import operations as tickets
from guanxi.service.tickets.models import Ticket
from guanxi.service.tickets.operations import Channel, Kind, Priority
from guanxi.service.tickets.rules import DONE

Makes = Literal["enquiry", "request", "complaint", "nothing"]


@operation("service.ticket.open_for")
def open_for(
    actor: Actor,
    *,
    conversation: UUID,
    kind: Kind = "enquiry",
    subject: str = "",
    priority: Priority = "normal",
    team: UUID | None = None,
    received_at: datetime | None = None,
) -> Ticket:
    """Make a ticket of a conversation; what has been answered in it already counts."""
    talk = access.get(actor, Conversation, conversation)
    begins = received_at or talk.waiting_since or talk.received_at or now()
    ticket = tickets.open_ticket(
        actor,
        subject=rules.subject(subject, talk.subject, talk.last_words, talk.with_name, talk.channel),
        kind=kind,
        customer=talk.customer_id,
        channel=cast(Channel, talk.channel),
        priority=priority,
        owner=talk.owner_id,
        team=team or talk.team_id,
        received_at=begins,
    )
    create(actor, TicketConversation, using="service.ticket.open_for", ticket=ticket, conversation=talk)
    return _count_answers(actor, ticket, talk.pk)


@operation("service.ticket.link")
def link(actor: Actor, ticket_id: UUID, *, conversation: UUID) -> Ticket:
    """Say that a conversation is about this ticket, too; what has been answered in it already counts."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.link") as ticket:
        if TicketConversation.objects.filter(ticket=ticket, conversation=conversation).exists():
            raise Conflict("ticket.linked_already")
        create(actor, TicketConversation, using="service.ticket.link", ticket=ticket, conversation_id=conversation)
    return ticket if ticket.status in DONE else _count_answers(actor, ticket, conversation)


def _count_answers(actor: Actor, ticket: Ticket, conversation: UUID) -> Ticket:
    """Note at a ticket what was answered in a conversation since it began."""
    answers = queries.answers_since(conversation, ticket.complained_at or ticket.received_at)
    if answers.receipt:
        ticket = tickets.note_receipt(actor, ticket.pk, at=answers.receipt)
    if answers.person:
        ticket = tickets.note_reply(actor, ticket.pk, at=answers.person)
    return ticket


@operation("service.ticket_rule.put")
def put_rule(
    actor: Actor,
    *,
    key: str,
    name: str,
    makes: Makes,
    position: int = 100,
    active: bool = True,
    mailbox: UUID | None = None,
    condition: dict[str, Any] | None = None,
    words: list[str] | None = None,
    priority: Priority = "normal",
    team: UUID | None = None,
) -> TicketRule:
    """Write a rule under its key, new or as it shall be from now on."""
    compiled(actor, condition, type_of(Conversation), kept=True)
    using = "service.ticket_rule.put"
    values = {
        "name": name.strip(), "makes": makes, "position": position, "active": active, "mailbox_id": mailbox,
        "condition": condition or None, "words": [word.strip() for word in words or [] if word.strip()],
        "priority": priority, "team_id": team,
    }  # fmt: skip
    known = TicketRule.objects.filter(key=key).first()
    if known is None:
        return create(actor, TicketRule, using=using, key=key, **values)
    with change(TicketRule, known.pk, by=actor, using=using) as rule:
        for column, value in values.items():
            setattr(rule, column, value)
    return rule
