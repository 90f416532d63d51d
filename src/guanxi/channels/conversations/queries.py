"""Questions about conversations: whom we talk with, what continues what, how long they waited."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, Q

from guanxi.channels.conversations import rules
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.queries import WAYS
from guanxi.channels.wire.channel import kinds
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import get, require_readable
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure
from guanxi.kernel.records import type_of
from guanxi.kernel.settings import standard
from guanxi.lib.errors import Conflict, Invalid
from guanxi.workspace.office_hours.queries import office_hours

MOST_REFERENCES = 20
MOST_CONTINUED = 5
_PLUS = re.compile(r"\+c-[a-z2-7]{34}@")
ACKNOWLEDGED = standard("channels.mail.acknowledged", unit="hours", default=24, office_hours=True)
FIRST_REPLY = standard("channels.first_human_reply", unit="hours", default=24, office_hours=True)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to somebody: the contact point, where there is one, and whose it is."""

    id: UUID | None
    value: str
    name: str
    customer: UUID | None


def way_to(actor: Actor, customer: UUID, channel: str) -> Way:
    """The way to a customer on a channel; whether it may be used is asked at the gate."""
    person = get(actor, Customer, customer)
    return ways_to([person], channel)[customer]


def ways_to(people: Sequence[Customer], channel: str) -> dict[UUID, Way]:
    """The way to each of these customers, who are seen, on a channel."""
    kind = WAYS.get(channel)
    points: dict[UUID, list[ContactPoint]] = {person.pk: [] for person in people}
    if kind:
        for point in ContactPoint.objects.filter(customer__among=points, kind=kind).exclude(verdict="impossible"):
            points[cast(UUID, point.customer_id)].append(point)
    return {person.pk: _best(person, points[person.pk]) for person in people}


def _best(person: Customer, points: Sequence[ContactPoint]) -> Way:
    living = sorted(points, key=lambda point: (point.dead_at is not None, not point.main, point.pk))
    if not living:
        return Way(id=None, value="", name=person.name, customer=person.pk)
    return Way(id=living[0].pk, value=living[0].value, name=person.name, customer=person.pk)


def conversation_of_key(key: str) -> Conversation | None:
    """The conversation that was begun under a key before."""
    found = Delivery.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        return None
    return Conversation.objects.filter(pk__in=Message.objects.filter(pk=found).values("conversation")).first()


def message_with_files(actor: Actor, id: UUID) -> Message:
    """A message whose files may be read: whoever does not read how many it has reads none of them."""
    message = get(actor, Message, id)
    require_readable(actor, type_of(Message), "files")
    return message


def require_sendable(channel: str) -> None:
    """Refuse to answer in a conversation whose channel carries no messages."""
    if channel not in kinds():
        raise Conflict("conversation.cannot_send", channel=channel)


def require_same_customer(conversation: Conversation, customer: UUID) -> None:
    """Refuse to log a contact with one customer in the conversation of another."""
    if conversation.customer_id != customer:
        raise Invalid("conversation.other_customer")


def answer_address(conversation: Conversation) -> str:
    """Where an answer goes: to whoever wrote last, else to whom we wrote."""
    rows = Message.objects.filter(conversation=conversation).exclude(state=Message.State.LOGGED).order_by("-at", "-pk")
    incoming = rows.filter(direction=Message.Direction.IN, automatic="").first()
    if incoming is not None:
        return str(incoming.reply_to or incoming.sender)
    ours = rows.filter(direction=Message.Direction.OUT).first()
    return str(ours.recipients[0]) if ours is not None and ours.recipients else ""


def answered_ids(conversation: Conversation) -> tuple[str, ...]:
    """The provider's ids of a conversation so far, oldest first; last the message of theirs that is answered.

    A mailbox tells times in whole seconds, so that an answer may seem older than the letter it answers.
    """
    rows = Message.objects.filter(conversation=conversation).exclude(provider="").order_by("-at", "-pk")
    found = list(rows.values_list("provider", "direction")[:MOST_REFERENCES])
    theirs = next((provider for provider, direction in found if direction == Message.Direction.IN), None)
    said = [provider for provider, _ in reversed(found) if provider != theirs]
    return tuple(said if theirs is None else [*said, theirs])


def taken(account: UUID, provider: str, digest: str) -> bool:
    """Whether this message was taken before."""
    return Message.objects.filter(account_id=account, provider=provider, digest=digest).exists()


def is_ours(message: UUID) -> bool:
    """Whether a message was written by us, here."""
    return Message.objects.filter(pk=message, direction=Message.Direction.OUT).exists()


def continued(
    *, answered: tuple[UUID, ...], providers: tuple[str, ...], account: UUID, token: UUID | None
) -> list[UUID]:
    """The conversations a message may continue: of what it answers of ours, of what it refers to, of its token."""
    ours = dict(Message.objects.filter(pk__in=answered[:50]).values_list("pk", "conversation_id"))
    theirs = Message.objects.filter(provider__in=providers[:50], account_id=account)
    known = dict(theirs.values_list("provider", "conversation_id"))
    found = [ours[one] for one in answered if one in ours] + [known[one] for one in providers if one in known]
    if token and not found:
        found = list(Conversation.objects.filter(pk=token).values_list("pk", flat=True))
    return list(dict.fromkeys(found))[:MOST_CONTINUED]


def others_in(conversation: UUID, *, ours: set[str]) -> list[str]:
    """Whom "reply to all" reaches beside whoever is answered: all of the last letter of a person, our own left out."""
    talk = Conversation.objects.get(pk=conversation)
    last = Message.objects.filter(conversation=talk, direction=Message.Direction.IN, automatic="")
    said = last.order_by("-at", "-pk").first()
    if said is None:
        return []
    everybody = (_PLUS.sub("@", one.lower()) for one in (said.sender, *said.recipients, *said.copies))
    left_out = {*ours, answer_address(talk).lower(), ""}
    return [one for one in dict.fromkeys(everybody) if one not in left_out][: rules.MOST_COPIES]


def addresses_in(conversation: UUID, *, beside: UUID | None = None) -> set[str]:
    """The addresses that take part in a conversation: its customer's, those we wrote to, and those who wrote in it with
    whom they copied in. What a machine sent makes nobody known."""
    talk = Conversation.objects.get(pk=conversation)
    whose = Q(pk=talk.contact_point_id) | Q(customer=talk.customer_id, customer__isnull=False)
    known = set(ContactPoint.objects.filter(whose, kind=WAYS.get(talk.channel)).values_list("value", flat=True))
    by_people = Q(direction=Message.Direction.OUT) | Q(automatic="")
    said = Message.objects.filter(by_people, conversation=conversation)
    for one, sender, reply_to, recipients, copies in said.values_list(
        "pk", "sender", "reply_to", "recipients", "copies"
    ):
        known |= {sender, reply_to, *recipients, *copies} if one != beside else set()
    return {address.lower() for address in known if address}


def answers_ours(message: UUID, address: str) -> bool:
    """Whether a message from an address refers to one that we sent to that very address."""
    one = Message.objects.get(pk=message)
    ours = Message.objects.filter(provider__in=one.answers, direction=Message.Direction.OUT)
    return one.sender.lower() == address.lower() and ours.filter(recipients__contains=[address]).exists()


def earlier_from_same_sender(message: UUID) -> list[datetime]:
    """When the sender of a message wrote under the same subject in the hours before, this one included."""
    one = Message.objects.get(pk=message)
    rows = Message.objects.filter(
        sender=one.sender, subject=one.subject, direction=Message.Direction.IN, at__gt=one.at - timedelta(hours=6)
    )
    return list(rows.values_list("at", flat=True))


def receipts_in(conversation: UUID) -> list[datetime]:
    """When we answered by machine in a conversation; a letter that began it is no answer."""
    rows = Message.objects.filter(
        conversation=conversation, direction=Message.Direction.OUT, author_kind=Message.Author.MACHINE, purpose="reply"
    )
    return list(rows.values_list("at", flat=True))


def _between(start: str, end: str) -> Any:
    return ExpressionWrapper(F(end) - F(start), output_field=DurationField())


_DIMENSIONS = {"channel": "channel", "team": "conversation__team", "agent": "conversation__owner"}


@measure(
    "channels.mail.acknowledged",
    unit="seconds",
    dimensions=("channel", "team", "agent"),
    standard="channels.mail.acknowledged",
)
def mail_acknowledged() -> Subjects:
    """Time from the arrival of a mail that needs an answer to its acknowledgement, by a receipt or by a person."""
    return Subjects(
        rows=Message.objects.filter(channel="email", needs_answer=True),
        at="at",
        value=_between("at", "acknowledged_at"),
        open_when=Q(acknowledged_at=None),
        hours=office_hours,
        dimensions=_DIMENSIONS,
    )


@measure(
    "channels.first_human_reply",
    unit="seconds",
    dimensions=("channel", "team", "agent"),
    standard="channels.first_human_reply",
)
def first_human_reply() -> Subjects:
    """Time from the arrival of a message that needs an answer to the first answer by a person."""
    return Subjects(
        rows=Message.objects.filter(needs_answer=True),
        at="at",
        value=_between("at", "answered_at"),
        open_when=Q(answered_at=None),
        hours=office_hours,
        dimensions=_DIMENSIONS,
    )


@measure("channels.contacts.logged", unit="count", dimensions=("channel", "result", "agent"))
def contacts_logged() -> Subjects:
    """Calls, visits and letters that were written down, by their result."""
    return Subjects(
        rows=Message.objects.filter(state=Message.State.LOGGED),
        at="at",
        dimensions={"channel": "channel", "result": "result", "agent": "author"},
    )
