"""A message from outside: taken once, put where it belongs, told to those who wait for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.channels.conversations import attachments, queries, rules, sending, ways
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.wire import personal
from guanxi.channels.wire.messages import Incoming
from guanxi.events.channels import MessageReceived, MessageSent
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import emit
from guanxi.kernel.models import new_id
from guanxi.kernel.writes import change, create

USING = "channels.conversation.receive"
Status = Conversation.Status


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A message with what the adapter knows of the way it came."""

    channel: str
    account: UUID
    team: UUID | None
    message: Incoming
    arrived_at: datetime
    answered: tuple[UUID, ...] = ()
    """Ids of messages of ours that it answers, nearest first."""
    conversation: UUID | None = None
    """Of a token that was made by us and not forged."""
    outbound: bool = False
    """Written by somebody of ours in the mailbox itself, outside this program."""


def receive(actor: Actor, arrival: Arrival) -> Message | None:
    """Take a message; None when it was taken before. Nothing is answered here: those who hear of it decide."""
    actor.require(USING)
    incoming = arrival.message
    digest = rules.digest(incoming.sender.value, incoming.subject, incoming.text)
    provider = incoming.provider_id[:500] or f"<{digest}@without-id>"
    if queries.taken(arrival.account, provider, digest):
        return None
    found, arrival = _placed(replace(arrival, message=_unsigned(incoming)))
    conversation, opened = _conversation(actor, arrival, found)
    incoming = arrival.message
    message = _message(actor, arrival, conversation, provider=provider, digest=digest)
    attachments.keep(message, incoming.attachments)
    if arrival.outbound:
        by_person = incoming.automatic is None
        sending.note_answers(actor, USING, [sending.Answer(conversation.pk, arrival.arrived_at, by_person=by_person)])
    return _told(actor, arrival, message, opened=opened)


def _unsigned(incoming: Incoming) -> Incoming:
    """A message as it is kept: an answer quotes the letter it answers, with the links of whoever got that."""
    return replace(
        incoming, subject=personal.unsigned(incoming.subject), text=personal.unsigned(incoming.text),
        new_text=personal.unsigned(incoming.new_text), html=personal.unsigned(incoming.html),
    )  # fmt: skip


def _placed(arrival: Arrival) -> tuple[UUID | None, Arrival]:
    """The conversation a message continues, and the message as it is taken there.

    Who knows the id of a letter does not take part by it: from an address that is not known in the conversation a new
    one begins, and an answer is never wanted at such an address. Machines report wherever they belong.
    """
    incoming = arrival.message
    found = queries.continued(
        answered=arrival.answered, providers=incoming.answers, account=arrival.account, token=arrival.conversation
    )
    if arrival.outbound or incoming.automatic is not None:
        return next(iter(found), None), arrival
    for one in found:
        known = queries.addresses_in(one)
        if incoming.sender.value not in known:
            continue
        if incoming.reply_to is None or incoming.reply_to.value in known:
            return one, arrival
        return one, _noting(arrival, "reply_to_another_address", reply_to=None)
    return None, _noting(arrival, "from_another_address") if found else arrival


def _noting(arrival: Arrival, note: str, **changes: Any) -> Arrival:
    incoming = arrival.message
    return replace(arrival, message=replace(incoming, notes=(*incoming.notes, note), **changes))


def _conversation(actor: Actor, arrival: Arrival, found: UUID | None) -> tuple[Conversation, bool]:
    """The conversation a message continues, else a new one with whoever wrote."""
    incoming = arrival.message
    if found is not None:
        with change(Conversation, found, by=actor, using=USING) as conversation:
            _continue(conversation, arrival)
        return conversation, False
    other = incoming.recipients[0] if arrival.outbound and incoming.recipients else incoming.sender
    way = ways.way_of(actor, arrival.channel, other.value, other.name)
    waits = incoming.automatic is None and not arrival.outbound
    conversation = create(
        actor, Conversation, using=USING, customer_id=way.customer, contact_point_id=way.id, channel=arrival.channel,
        account_id=arrival.account, team_id=arrival.team, subject=incoming.subject,
        with_name=(other.name or other.value)[:320], last_words=rules.words(incoming.new_text),
        last_message_at=arrival.arrived_at, messages=1, received_at=arrival.arrived_at if waits else None,
        waiting_since=arrival.arrived_at if waits else None,
        status=Status.OPEN if waits else Status.CLOSED, closed_at=None if waits else arrival.arrived_at,
    )  # fmt: skip
    return conversation, True


def _continue(conversation: Conversation, arrival: Arrival) -> None:
    """A person's message opens what was closed or put aside; a machine's does not."""
    incoming = arrival.message
    if not (arrival.outbound and incoming.automatic):  # a receipt of ours says nothing that a list should show
        conversation.last_words = rules.words(incoming.new_text)
    conversation.last_message_at = max(conversation.last_message_at, arrival.arrived_at)
    conversation.messages += 1
    conversation.account_id = conversation.account_id or arrival.account
    if incoming.automatic is None and not arrival.outbound:
        conversation.received_at = conversation.received_at or arrival.arrived_at
        conversation.waiting_since = conversation.waiting_since or arrival.arrived_at
        conversation.status, conversation.closed_at, conversation.snoozed_until = Status.OPEN, None, None


def _message(actor: Actor, arrival: Arrival, conversation: Conversation, *, provider: str, digest: str) -> Message:
    incoming, outbound = arrival.message, arrival.outbound
    machine = incoming.automatic is not None
    return create(
        actor, Message, using=USING, id=new_id(), conversation_id=conversation.pk, customer_id=conversation.customer_id,
        channel=arrival.channel, account_id=arrival.account, provider=provider, digest=digest,
        direction=Message.Direction.OUT if outbound else Message.Direction.IN,
        state=Message.State.SENT if outbound else Message.State.RECEIVED,
        author_kind=Message.Author.MACHINE if machine else Message.Author.PERSON,
        automatic=incoming.automatic.value if incoming.automatic else "", purpose="reply",
        sender=incoming.sender.value[:320], sender_name=incoming.sender.name[:200],
        reply_to=incoming.reply_to.value[:320] if incoming.reply_to else "",
        recipients=[address.value for address in incoming.recipients][:50],
        copies=[address.value for address in incoming.copies][:50], subject=incoming.subject,
        text=incoming.text, new_text=incoming.new_text, html=incoming.html, at=arrival.arrived_at,
        written_at=incoming.written_at, answers=list(incoming.answers), notes=list(incoming.notes),
        needs_answer=not outbound and not machine, files=len(incoming.attachments),
    )  # fmt: skip


def _told(actor: Actor, arrival: Arrival, message: Message, *, opened: bool) -> Message:
    incoming = arrival.message
    if arrival.outbound:
        by_machine = incoming.automatic is not None
        sent = MessageSent(**message.told, purpose=message.purpose, automatic=by_machine, certain=True)
        emit(actor, sent, at=arrival.arrived_at)
        return message
    happened = MessageReceived(
        **message.told, contact_point_id=message.conversation.contact_point_id, account_id=arrival.account,
        subject=incoming.subject, automatic=message.automatic, opened=opened,
        may_be_acknowledged=incoming.may_be_acknowledged and incoming.automatic is None,
    )  # fmt: skip
    emit(actor, happened, at=arrival.arrived_at)
    return message
