"""Putting a message of ours into a conversation and handing it to the gate; noting what was answered by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from guanxi.channels.conversations import attachments, copies, queries, rules
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.conversations.queries import Way
from guanxi.channels.conversations.rules import TEXT_ALONE, Beside
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.rules import FULL_AGAIN_AFTER, FULL_GIVEN_UP_AFTER, MAILBOX_FULL, Purpose
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.events.channels import MatterTakenUp
from guanxi.kernel.access import get
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.models import new_id
from guanxi.kernel.time import now
from guanxi.kernel.writes import change_each, change_many, create


def begin_with(
    actor: Actor,
    using: str,
    *,
    customer: UUID,
    way: Way,
    channel: str,
    subject: str,
    text: str,
    purpose: Purpose,
    matter: UUID | None = None,
    key: str = "",
    hold_seconds: int = 0,
    message_id: UUID | None = None,
    machine: bool = False,
    beside: Beside = TEXT_ALONE,
) -> Conversation:
    """A new conversation with one message of ours on its way; the same key of the same person is taken once."""
    rules.require_beginning(purpose)
    key = _alone(actor, key) if key else ""
    known = queries.conversation_of_key(key) if key else None
    if known is not None:
        return get(actor, Conversation, known.pk)  # whoever asks for what is there already has to see it
    if actor.kind in ("user", "token"):
        gate.require(actor, customer=customer, purpose=purpose, channel=channel, matter=matter, at=beside.send_at)
    conversation = create(
        actor, Conversation, using=using, customer_id=customer, contact_point_id=way.id, channel=channel,
        subject=subject[:500], with_name=way.name, last_words=rules.words(text), last_message_at=now(), messages=1,
        tell=partial(_taken_up, matter) if matter else None,
    )  # fmt: skip
    send(
        actor, using, conversation, text=text, subject=subject, purpose=purpose, matter=matter, recipient=way.value,
        key=key, hold_seconds=hold_seconds, message_id=message_id, machine=machine, beside=beside,
    )  # fmt: skip
    return conversation


def _alone(actor: Actor, key: str) -> str:
    """The key as this writer's own, once nobody else is writing under it."""
    own = str(uuid5(actor.id, key)) if actor.id and actor.kind in ("user", "token") else key
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"delivery:{own}"])
    return own


def _taken_up(matter: UUID, conversation: Conversation) -> MatterTakenUp:
    return MatterTakenUp(
        conversation_id=conversation.pk, customer_id=conversation.customer_id, matter_id=matter,
        channel=conversation.channel,
    )  # fmt: skip


def send(
    actor: Actor,
    using: str,
    conversation: Conversation,
    *,
    text: str,
    subject: str,
    purpose: Purpose,
    recipient: str,
    matter: UUID | None = None,
    answers: tuple[str, ...] = (),
    key: str = "",
    hold_seconds: int = 0,
    message_id: UUID | None = None,
    machine: bool = False,
    beside: Beside = TEXT_ALONE,
) -> Message:
    """Put a message of ours into a conversation, with what goes along with it, and hand it to the gate."""
    release_at = rules.release(now(), hold_seconds=hold_seconds, send_at=beside.send_at)
    author = actor.id if actor.kind in ("user", "token") and not machine else None
    message = create(
        actor, Message, using=using, id=message_id or new_id(), conversation_id=conversation.pk,
        customer_id=conversation.customer_id, channel=conversation.channel, account_id=conversation.account_id,
        direction=Message.Direction.OUT, purpose=purpose, state=Message.State.WAITING, subject=subject[:500],
        text=rules.signed(text, beside.under), new_text=text, recipients=[recipient], author_id=author,
        answers=list(answers), author_kind=Message.Author.MACHINE if machine else Message.Author.PERSON,
        files=len(beside.files), copies=list(rules.require_copies(beside.copies, beside=recipient)),
    )  # fmt: skip
    attachments.keep(message, beside.files)
    handed, key = outgoing(conversation, message, machine=machine), key or f"message:{message.pk}"
    delivery = gate.submit(
        actor, using=using, id=message.pk, key=key, channel=conversation.channel, purpose=purpose, outgoing=handed,
        recipient=recipient, customer=conversation.customer_id, contact_point=conversation.contact_point_id,
        account=conversation.account_id, matter=matter, own_way=bool(answers), release_at=release_at,
    )  # fmt: skip
    along: dict[str, Any] = {"outgoing": handed, "key": key, "matter": matter, "release_at": release_at}
    copies.hand_over(actor, using, conversation, message, **along)
    if actor.origin is Origin.SIMULATION:
        pretend([delivery.pk])
    return message


def outgoing(conversation: Conversation, message: Message, *, machine: bool) -> dict[str, Any]:
    """The message as the gate hands it to the wire when its time has come."""
    return {
        "text": message.text, "subject": message.subject, "answers": list(message.answers),
        "automatic": machine and bool(message.answers), "recipient_name": conversation.with_name,
        "conversation": str(conversation.pk), "files": message.files,
        **({"copies": list(message.copies)} if message.copies else {}),
    }  # fmt: skip


def leaves_again(actor: Actor, message: Message, *, code: str) -> bool:
    """Whether a letter that found a full mailbox is sent once more tomorrow; after some days it has come back."""
    again = now() + FULL_AGAIN_AFTER
    if code not in MAILBOX_FULL or again > message.created_at + FULL_GIVEN_UP_AFTER:
        return False
    machine = message.author_kind == Message.Author.MACHINE
    handed = outgoing(message.conversation, message, machine=machine)
    gate.try_again(actor, message.pk, outgoing=handed, at=again, why=code)
    return True


def pretend(deliveries: Sequence[UUID]) -> None:
    """In a sample company the gate decides as always, but nothing leaves the house."""
    by = SYSTEM.as_origin(Origin.SIMULATION)
    going = gate.reserve_round(deliveries, by=by)
    gate.settle(
        {one.pk: Receipt(outcome=Outcome.SENT, provider_id=f"<{one.pk.hex}@simulation>") for one in going}, by=by
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """That we wrote in a conversation at a time, by a person or by machine."""

    conversation_id: UUID
    at: datetime
    by_person: bool


def note_answers(actor: Actor, using: str, answers: Sequence[Answer]) -> None:
    """Write down at the waiting messages of conversations that we acknowledged or answered them."""
    of_talk: dict[UUID, list[Answer]] = {}
    for one in sorted(answers, key=lambda one: one.at):
        of_talk.setdefault(one.conversation_id, []).append(one)
    waiting = Message.objects.filter(conversation_id__among=of_talk, needs_answer=True, answered_at=None)
    changes: dict[UUID, dict[str, Any]] = {}
    for message in waiting:
        known = rules.Waiting(message.at, message.acknowledged_at)
        for one in of_talk[message.conversation_id]:
            known = rules.answered_by(known, at=one.at, by_person=one.by_person)
        changes[message.pk] = {"acknowledged_at": known.acknowledged_at, "answered_at": known.answered_at}
    if changes:
        change_many(actor, Message, changes, using=using)
    # A first word answers nobody, and whatever comes in there meanwhile answers it: most letters to many are that.
    asked = Conversation.objects.filter(pk__among=of_talk).exclude(messages=1, received_at=None)
    talks = set(asked.values_list("pk", flat=True))
    with change_each(Conversation, talks, by=actor, using=using) as (conversations, kept):
        for problem in kept.values():
            raise problem
        for conversation in conversations:
            for one in of_talk[conversation.pk]:
                _answered(actor, conversation, one)


def _answered(actor: Actor, conversation: Conversation, answer: Answer) -> None:
    at = answer.at
    if conversation.received_at is not None and at >= conversation.received_at:
        conversation.acknowledged_at = conversation.acknowledged_at or at
        if answer.by_person:
            conversation.first_human_reply_at = conversation.first_human_reply_at or at
    if answer.by_person and conversation.waiting_since is not None and at >= conversation.waiting_since:
        conversation.waiting_since = None
        if actor.origin is Origin.BACKFILL:  # what was settled before is not work any more
            conversation.status, conversation.closed_at = Conversation.Status.CLOSED, at


def show(conversation: Conversation, text: str) -> None:
    """Let the list show what was said last."""
    conversation.last_words, conversation.last_message_at = rules.words(text), now()
    conversation.messages += 1
