"""What happens between the company and its customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("channels.delivery_due")
@dataclass(frozen=True, kw_only=True)
class DeliveryDue(Event):
    """The time has come to send a message; until then it could be called back."""

    delivery_id: UUID


@event("channels.delivery_sent")
@dataclass(frozen=True, kw_only=True)
class DeliverySent(Event):
    """A message left and was taken by the provider, or may have been."""

    delivery_id: UUID
    customer_id: UUID | None
    channel: str
    purpose: str
    provider: str
    sent_at: datetime
    certain: bool


@event("channels.delivery_failed")
@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Event):
    """A message will not be sent: the gate or the provider refused it, or somebody called it back."""

    delivery_id: UUID
    customer_id: UUID | None
    channel: str
    purpose: str
    reason: str
    status: str


@event("channels.delivery_reported")
@dataclass(frozen=True, kw_only=True)
class DeliveryReported(Event):
    """The provider told what became of a message: delivered, delayed, bounced, read, or called spam."""

    tells: ClassVar[Mapping[str, str]] = {"permanent": "channels.delivery.report", "code": "channels.delivery.report"}

    delivery_id: UUID
    customer_id: UUID | None
    contact_point_id: UUID | None
    channel: str
    purpose: str
    report: str
    permanent: bool
    code: str


@event("channels.message_received")
@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    """A message from outside reached us."""

    message_id: UUID
    conversation_id: UUID
    customer_id: UUID | None
    contact_point_id: UUID | None
    account_id: UUID | None
    channel: str
    subject: str
    automatic: str
    may_be_acknowledged: bool
    opened: bool


@event("channels.message_sent")
@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A message of ours left."""

    message_id: UUID
    conversation_id: UUID
    customer_id: UUID | None
    channel: str
    purpose: str
    automatic: bool
    certain: bool


@event("channels.message_not_sent")
@dataclass(frozen=True, kw_only=True)
class MessageNotSent(Event):
    """A message of ours did not leave, and why."""

    message_id: UUID
    conversation_id: UUID
    customer_id: UUID | None
    channel: str
    purpose: str
    reason: str


@event("channels.message_bounced")
@dataclass(frozen=True, kw_only=True)
class MessageBounced(Event):
    """A message of ours came back."""

    tells: ClassVar[Mapping[str, str]] = {"permanent": "channels.message.reason", "code": "channels.message.reason"}

    message_id: UUID
    conversation_id: UUID
    customer_id: UUID | None
    channel: str
    permanent: bool
    code: str


@event("channels.contact_logged")
@dataclass(frozen=True, kw_only=True)
class ContactLogged(Event):
    """A call, a visit or a letter was written down with its result, and how what was said begins."""

    tells: ClassVar[Mapping[str, str]] = {"words": "channels.message.text"}

    message_id: UUID
    conversation_id: UUID
    customer_id: UUID | None
    channel: str
    direction: str
    result: str
    words: str = ""


@event("channels.rating_given")
@dataclass(frozen=True, kw_only=True)
class RatingGiven(Event):
    """A customer said how content they are, from 1 to 5: to somebody of ours, or by the link in a letter."""

    rating_id: UUID
    conversation_id: UUID
    customer_id: UUID
    channel: str
    score: int


@event("channels.matter_taken_up")
@dataclass(frozen=True, kw_only=True)
class MatterTakenUp(Event):
    """Somebody of ours wrote, called, came or noted a letter about a matter, such as a ticket or an order."""

    conversation_id: UUID
    customer_id: UUID | None
    matter_id: UUID
    channel: str


@event("channels.conversation_closed")
@dataclass(frozen=True, kw_only=True)
class ConversationClosed(Event):
    """Nothing is left to say in a conversation for now."""

    conversation_id: UUID
    customer_id: UUID | None


@event("channels.conversation_attached")
@dataclass(frozen=True, kw_only=True)
class ConversationAttached(Event):
    """It became known who the conversation is with."""

    conversation_id: UUID
    customer_id: UUID


@event("channels.snooze_ended")
@dataclass(frozen=True, kw_only=True)
class SnoozeEnded(Event):
    """A conversation that was put aside wants to be looked at again."""

    conversation_id: UUID


@event("channels.unsubscribed")
@dataclass(frozen=True, kw_only=True)
class Unsubscribed(Event):
    """A customer used the link in a message and wants no more of this kind."""

    delivery_id: UUID
    customer_id: UUID
    purpose: str


@event("channels.mailbox_connected")
@dataclass(frozen=True, kw_only=True)
class MailboxConnected(Event):
    """From now on a mailbox is read."""

    mailbox_id: UUID


@event("channels.mailbox_failed")
@dataclass(frozen=True, kw_only=True)
class MailboxFailed(Event):
    """A mailbox cannot be read or sent from any more."""

    mailbox_id: UUID
    problem: str


@event("channels.mailbox_recovered")
@dataclass(frozen=True, kw_only=True)
class MailboxRecovered(Event):
    """A mailbox works again."""

    mailbox_id: UUID


@event("channels.backfill_wanted")
@dataclass(frozen=True, kw_only=True)
class BackfillWanted(Event):
    """Somebody wants to see how the past was answered."""

    mailbox_id: UUID
    since: datetime
