"""What people do in conversations: write, answer, log, hand over, put aside, close."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guanxi.channels.conversations import queries, rules, sending, ways
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.conversations.rules import Beside
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.rules import PURPOSES, Purpose
from guanxi.channels.ratings.operations import note_rating
from guanxi.channels.ratings.rules import require_spoken
from guanxi.channels.templates import queries as letters
from guanxi.channels.templates.models import Template
from guanxi.customers.customers.models import Customer
from guanxi.events.channels import ContactLogged, ConversationAttached, ConversationClosed, MatterTakenUp, SnoozeEnded
from guanxi.kernel import clocks
from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import emit
from guanxi.kernel.inputs import Seconds
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, change_many, create
from guanxi.lib.errors import Invalid

Status = Conversation.Status
Direction = Literal["in", "out"]


@operation("channels.conversation.write")
def write(
    actor: Actor,
    *,
    customer: UUID,
    text: str,
    subject: str = "",
    channel: Literal["email"] = "email",
    purpose: Purpose = Purpose.SERVICE,
    matter: UUID | None = None,
    key: str = "",
    hold_seconds: int = 0,
    send_at: datetime | None = None,
    copies: list[str] | None = None,
) -> Conversation:
    """Write to a customer; it leaves after the seconds held back or at a time, if the gate then agrees."""
    return write_to(
        actor, customer, text=text, subject=subject, channel=channel, purpose=purpose, matter=matter, key=key,
        hold_seconds=hold_seconds, beside=Beside(send_at=send_at, copies=tuple(copies or ())),
    )  # fmt: skip


def write_to(actor: Actor, customer: UUID, *, text: str, channel: str = "email", **given: Any) -> Conversation:
    """Begin a conversation with a letter, by the right to write, for whoever brings more than it asks for."""
    using, said = "channels.conversation.write", rules.require_text(text)
    actor.require(using)
    way = queries.way_to(actor, customer, channel)
    return sending.begin_with(actor, using, customer=customer, way=way, channel=channel, text=said, **given)


@operation("channels.conversation.send_letter")
def send_letter(
    actor: Actor,
    *,
    customer: UUID,
    template: UUID,
    matter: UUID | None = None,
    key: str = "",
    hold_seconds: int = 0,
    values: dict[str, dict[str, str]] | None = None,
) -> Conversation:
    """Write to a customer with a template; a blank for which nothing is known refuses the letter."""
    letter_of, person = get(actor, Template, template), get(actor, Customer, customer)
    purpose = Purpose(letter_of.purpose)
    stoppable = PURPOSES[purpose].consent != "free"
    letter = letters.written(actor, letter_of, person, stoppable=stoppable, given=dict(values or {}))
    return sending.begin_with(
        actor, "channels.conversation.send_letter", customer=customer, way=queries.way_to(actor, customer, "email"),
        channel=letter_of.channel, subject=letter.subject, text=letter.text, purpose=purpose, matter=matter, key=key,
        hold_seconds=hold_seconds, machine=actor.kind in ("journey", "system"),
    )  # fmt: skip


@operation("channels.conversation.reply")
def reply(
    actor: Actor,
    conversation_id: UUID,
    *,
    text: str,
    hold_seconds: int = 0,
    send_at: datetime | None = None,
    copies: list[str] | None = None,
) -> Conversation:
    """Answer in a conversation; it leaves after the seconds held back or at a time."""
    beside = Beside(send_at=send_at, copies=tuple(copies or ()))
    return answer_in(actor, conversation_id, text=text, hold_seconds=hold_seconds, beside=beside)


def answer_in(actor: Actor, conversation_id: UUID, *, text: str, **given: Any) -> Conversation:
    """Answer in a conversation, by the right to reply, for whoever brings more than it asks for."""
    said = rules.require_text(text)
    with change(Conversation, conversation_id, by=actor, using="channels.conversation.reply") as conversation:
        queries.require_sendable(conversation.channel)
        if conversation.status != Status.OPEN:
            _open(conversation)
        if conversation.owner_id is None and actor.kind in ("user", "token"):
            conversation.owner_id = actor.id
        sending.show(conversation, said)
    sending.send(
        actor, "channels.conversation.reply", conversation, text=said, purpose=Purpose.REPLY,
        subject=rules.answer_subject(conversation.subject), recipient=queries.answer_address(conversation),
        answers=queries.answered_ids(conversation), **given,
    )  # fmt: skip
    return conversation


@operation("channels.conversation.log_call")
def log_call(
    actor: Actor,
    *,
    customer: UUID,
    result: str,
    text: str,
    direction: Direction = "out",
    at: datetime | None = None,
    duration_seconds: Seconds | None = None,
    rating: int | None = None,
    purpose: Purpose = Purpose.SERVICE,
    conversation: UUID | None = None,
    matter: UUID | None = None,
) -> Conversation:
    """Write down a call: what was said, with which result, and how content the customer said they were."""
    return _log(
        actor, "channels.conversation.log_call", "phone", customer=customer, result=result, text=text,
        direction=direction, at=at, duration_seconds=duration_seconds, purpose=purpose, conversation=conversation,
        matter=matter, rating=rating,
    )  # fmt: skip


@operation("channels.conversation.log_visit")
def log_visit(
    actor: Actor,
    *,
    customer: UUID,
    result: str,
    text: str,
    direction: Direction = "out",
    at: datetime | None = None,
    duration_seconds: Seconds | None = None,
    rating: int | None = None,
    purpose: Purpose = Purpose.SERVICE,
    conversation: UUID | None = None,
    matter: UUID | None = None,
) -> Conversation:
    """Write down a visit: what was said, with which result, and how content the customer said they were."""
    return _log(
        actor, "channels.conversation.log_visit", "visit", customer=customer, result=result, text=text,
        direction=direction, at=at, duration_seconds=duration_seconds, purpose=purpose, conversation=conversation,
        matter=matter, rating=rating,
    )  # fmt: skip


@operation("channels.conversation.log_letter")
def log_letter(
    actor: Actor,
    *,
    customer: UUID,
    result: str,
    text: str,
    direction: Direction = "out",
    at: datetime | None = None,
    purpose: Purpose = Purpose.SERVICE,
    conversation: UUID | None = None,
    matter: UUID | None = None,
) -> Conversation:
    """Write down a letter that went or came."""
    return _log(
        actor, "channels.conversation.log_letter", "letter", customer=customer, result=result, text=text,
        direction=direction, at=at, duration_seconds=None, purpose=purpose, conversation=conversation,
        matter=matter,
    )  # fmt: skip


def _log(
    actor: Actor,
    using: str,
    channel: str,
    *,
    customer: UUID,
    result: str,
    text: str,
    direction: Direction,
    at: datetime | None,
    duration_seconds: int | None,
    purpose: Purpose,
    conversation: UUID | None,
    matter: UUID | None,
    rating: int | None = None,
) -> Conversation:
    """A contact by voice, on foot or on paper, as full a conversation as a mail."""
    outcome, said, moment = rules.require_result(channel, result), rules.require_text(text), at or now()
    rules.require_past(moment, now())
    answered = outcome in rules.SPOKEN
    require_spoken(answered or rating is None)
    if conversation is None:
        theirs = direction == "in"
        talk = _closed_talk(actor, using, channel, customer, result=outcome, said=said, at=moment, theirs=theirs)
    else:
        talk = _talk_went_on(actor, using, conversation, customer, result=outcome, said=said)
    message = create(
        actor, Message, using=using, conversation_id=talk.pk, customer_id=customer, channel=channel, purpose=purpose,
        direction=direction, state=Message.State.LOGGED, result=outcome, at=moment, text=said, new_text=said,
        duration_seconds=duration_seconds, author_id=actor.id if actor.kind in ("user", "token") else None,
        acknowledged_at=moment if direction == "in" and answered else None,
    )  # fmt: skip
    if direction == "out":
        gate.count_contact(actor, customer=customer, channel=channel, purpose=purpose, at=moment, source=message.pk)
    if answered and conversation is not None:
        sending.note_answers(actor, using, [sending.Answer(talk.pk, moment, by_person=True)])
    if rating is not None:
        note_rating(actor, using, message, rating)
    _tell_logged(actor, message, matter)
    return talk


def _talk_went_on(
    actor: Actor, using: str, conversation: UUID, customer: UUID, *, result: str, said: str
) -> Conversation:
    """The conversation in which a call, visit or letter went on."""
    with change(Conversation, conversation, by=actor, using=using) as talk:
        queries.require_same_customer(talk, customer)
        talk.result = result
        sending.show(talk, said)
    return talk


def _closed_talk(
    actor: Actor, using: str, channel: str, customer: UUID, *, result: str, said: str, at: datetime, theirs: bool
) -> Conversation:
    """A call, visit or letter is over when it is written down."""
    way = queries.way_to(actor, customer, channel)
    return create(
        actor, Conversation, using=using, customer_id=customer, contact_point_id=way.id, channel=channel,
        with_name=way.name, subject=rules.words(said)[:80], result=result, status=Status.CLOSED, closed_at=at,
        received_at=at if theirs else None, last_words=rules.words(said), last_message_at=at, messages=1,
    )  # fmt: skip


def _tell_logged(actor: Actor, message: Message, matter: UUID | None) -> None:
    about: dict[str, Any] = {
        "conversation_id": message.conversation_id, "customer_id": message.customer_id, "channel": message.channel,
    }  # fmt: skip
    logged = ContactLogged(
        message_id=message.pk, direction=message.direction, result=message.result,
        words=rules.beginning(message.text), **about,
    )  # fmt: skip
    emit(actor, logged, *([MatterTakenUp(matter_id=matter, **about)] if matter else []), at=message.at)


@operation("channels.conversation.assign")
def assign(actor: Actor, conversation_id: UUID, *, owner: UUID | None = None, team: UUID | None = None) -> Conversation:
    """Hand a conversation to somebody, to a team, or back to everybody."""
    with change(Conversation, conversation_id, by=actor, using="channels.conversation.assign") as conversation:
        conversation.owner_id = owner
        conversation.team_id = team or conversation.team_id
    return conversation


@operation("channels.conversation.close")
def close(actor: Actor, conversation_id: UUID, *, no_answer_needed: bool = False) -> Conversation:
    """Close a conversation; what still waits for an answer has to be answered, or said to need none."""
    using = "channels.conversation.close"
    with change(Conversation, conversation_id, by=actor, using=using) as conversation:
        rules.require_move(conversation.status, Status.CLOSED)
        if conversation.waiting_since is not None and not no_answer_needed:
            raise Invalid("conversation.still_waiting", since=conversation.waiting_since)
        clocks.stop(_clock(conversation_id))
        conversation.status, conversation.closed_at, conversation.snoozed_until = Status.CLOSED, now(), None
        conversation.waiting_since = None
        conversation.emit(ConversationClosed(conversation_id=conversation_id, customer_id=conversation.customer_id))
    waiting = Message.objects.filter(conversation_id=conversation_id, needs_answer=True, answered_at=None)
    ids = list(waiting.values_list("pk", flat=True))
    if ids:
        change_many(actor, Message, {pk: {"needs_answer": False} for pk in ids}, using=using)
    return conversation


@operation("channels.conversation.reopen")
def reopen(actor: Actor, conversation_id: UUID) -> Conversation:
    """Open a closed or snoozed conversation again."""
    with change(Conversation, conversation_id, by=actor, using="channels.conversation.reopen") as conversation:
        rules.require_move(conversation.status, Status.OPEN)
        _open(conversation)
    return conversation


def _open(conversation: Conversation) -> None:
    clocks.stop(_clock(conversation.pk))
    conversation.status, conversation.closed_at, conversation.snoozed_until = Status.OPEN, None, None


@operation("channels.conversation.snooze")
def snooze(actor: Actor, conversation_id: UUID, *, until: datetime) -> Conversation:
    """Put a conversation aside until a time; it comes back by itself, or when they write."""
    rules.require_snooze(until, now())
    with change(Conversation, conversation_id, by=actor, using="channels.conversation.snooze") as conversation:
        rules.require_move(conversation.status, Status.SNOOZED)
        conversation.status, conversation.snoozed_until, conversation.closed_at = Status.SNOOZED, until, None
    clocks.start(_clock(conversation_id), until, SnoozeEnded(conversation_id=conversation_id))
    return conversation


@clocks.of_noun("channels.conversation")
def wake_anew(ids: Collection[UUID]) -> None:
    """After an undo a conversation that is put aside comes back when it was to, and no other does."""
    for conversation in Conversation.objects.filter(pk__among=ids):
        clocks.stop(_clock(conversation.pk))
        if conversation.status == Status.SNOOZED and conversation.snoozed_until:
            ended = SnoozeEnded(conversation_id=conversation.pk)
            clocks.start(_clock(conversation.pk), conversation.snoozed_until, ended)


def _clock(conversation: UUID) -> str:
    return f"snooze:{conversation}"


@operation("channels.conversation.attach_customer")
def attach_customer(actor: Actor, conversation_id: UUID, *, customer: UUID) -> Conversation:
    """Say who a conversation is with; their address becomes a contact point of this customer."""
    using = "channels.conversation.attach_customer"
    person = get(actor, Customer, customer)
    with change(Conversation, conversation_id, by=actor, using=using) as conversation:
        conversation.customer_id = person.pk
        ways.attach_way(actor, conversation, person)
        conversation.emit(ConversationAttached(conversation_id=conversation_id, customer_id=person.pk))
    ids = Message.objects.filter(conversation_id=conversation_id).values_list("pk", flat=True)
    change_many(actor, Message, {pk: {"customer_id": person.pk} for pk in ids}, using=using)
    return conversation
