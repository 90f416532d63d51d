"""What conversations do to tickets: messages open and wake them, answers stop their clocks."""

from datetime import datetime
from typing import cast
from uuid import UUID

from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.conversations.rules import SPOKEN
from guanxi.events.channels import ContactLogged, ConversationAttached, MatterTakenUp, MessageReceived, MessageSent
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import WORKING, on
from guanxi.service.intake import operations, queries, rules
from guanxi.service.intake.models import TicketRule
from guanxi.service.tickets import operations as tickets
from guanxi.service.tickets.models import Ticket
from guanxi.service.tickets.operations import Kind, Priority
from guanxi.service.tickets.rules import DONE, ENDED


@on(MessageReceived, origins=WORKING)
def open_or_wake_ticket(event: MessageReceived) -> None:
    """A person wrote: go on with the ticket of the conversation, or open one where a rule says so."""
    if event.automatic:
        return
    talk = Conversation.objects.select_for_update().get(pk=event.conversation_id)
    message = Message.objects.get(pk=event.message_id)
    rule = queries.deciding(talk, f"{message.subject}\n{message.new_text}")
    running = next((one for one in queries.tickets_of(talk.pk) if one.status not in ENDED), None)
    if running is not None:
        _wake(event.system, running, rule, message.at)
    elif rule is not None and rule.makes != TicketRule.Makes.NOTHING:
        operations.open_for(
            event.system,
            conversation=talk.pk,
            kind=cast(Kind, rule.makes),
            subject=rules.subject(message.subject, message.new_text),
            priority=cast(Priority, rule.priority),
            team=rule.team_id,
            received_at=message.at,
        )


@on(MessageSent, origins=WORKING, set=True)
def note_answer_on_tickets(happened: list[MessageSent]) -> None:
    """We wrote: by machine in answer it is a receipt, by a person it is the answer that stops the clock."""
    for event in happened:
        if event.automatic and event.purpose != "reply":
            continue
        at = Message.objects.values_list("at", flat=True).get(pk=event.message_id)
        for ticket in _waiting(event.conversation_id, at):
            note = tickets.note_receipt if event.automatic else tickets.note_reply
            note(event.system, ticket.pk, at=at)


@on(ContactLogged, origins=WORKING)
def note_spoken_answer_on_tickets(event: ContactLogged) -> None:
    """Somebody of ours and the customer spoke about it."""
    if event.result not in SPOKEN:
        return
    at = Message.objects.values_list("at", flat=True).get(pk=event.message_id)
    for ticket in _waiting(event.conversation_id, at):
        tickets.note_reply(event.system, ticket.pk, at=at)


@on(MatterTakenUp, origins=WORKING)
def link_conversation_to_ticket(event: MatterTakenUp) -> None:
    """What somebody who sees a ticket takes up about it with its customer belongs to it."""
    Conversation.objects.select_for_update().get(pk=event.conversation_id)  # its answer is noted here or there
    ticket = queries.ticket_taken_up(event.matter_id, event.customer_id, by=event.meta.actor_id)
    if ticket is not None and ticket not in queries.tickets_of(event.conversation_id):
        operations.link(event.system, ticket.pk, conversation=event.conversation_id)


@on(ConversationAttached, origins=WORKING)
def attach_tickets_of_conversation(event: ConversationAttached) -> None:
    """The customer of a conversation became known, and so whose matter it is."""
    for ticket in queries.tickets_of(event.conversation_id):
        if ticket.customer_id is None:
            tickets.attach(event.system, ticket.pk, customer=event.customer_id)


def _wake(actor: Actor, ticket: Ticket, rule: TicketRule | None, at: datetime) -> None:
    """What was solved goes on, what waited is open; a message that complains makes it a complaint."""
    if ticket.status in DONE:
        ticket = tickets.reopen(actor, ticket.pk)
    elif ticket.status == Ticket.Status.WAITING:
        ticket = tickets.move(actor, ticket.pk, to="open")
    complains = rule is not None and rule.makes == TicketRule.Makes.COMPLAINT
    if complains and ticket.kind != Ticket.Kind.COMPLAINT:
        tickets.make_complaint(actor, ticket.pk, at=at if ticket.first_human_reply_at else None)


def _waiting(conversation: UUID, at: datetime) -> list[Ticket]:
    """The tickets of a conversation that are in work and had begun by then."""
    begun = (one for one in queries.tickets_of(conversation) if at >= (one.complained_at or one.received_at))
    return [one for one in begun if one.status not in DONE]
