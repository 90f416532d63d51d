"""What travels through a channel: messages out, messages in, and what a provider says became of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from guanxi.kernel.time import now


class Outcome(StrEnum):
    """What is known after one attempt to send."""

    SENT = "sent"
    REFUSED = "refused"
    """The provider will never take this message for this recipient."""
    DELAYED = "delayed"
    """Not now; the same message may be tried again."""
    UNCERTAIN = "uncertain"
    """The message left us, the answer did not come back: it may or may not have arrived."""


class State(StrEnum):
    """What a provider reports later about a message that was sent."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    READ = "read"


class Automatic(StrEnum):
    """Why a message was not written by a person."""

    OWN = "own"
    """One of our own messages came back."""
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    REPLY = "auto_reply"
    LIST = "list"
    BULK = "bulk"
    NOTICE = "notice"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A person's way on one channel: the value that routes, and the name shown beside it."""

    value: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that travels with a message; one with a content id is shown inside the text."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to one recipient, ready to leave."""

    id: str
    """Ours, the same at every attempt; the provider's id is made from it."""
    account: str
    """The mailbox, number or page it leaves from."""
    purpose: str
    recipient: Address
    sender: Address
    text: str
    html: str = ""
    subject: str = ""
    attachments: tuple[Attachment, ...] = ()
    files: bool = False
    """Whether attachments are kept with the message that are still to be put beside the text."""
    reply_to: str = ""
    copies: tuple[Address, ...] = ()
    """Who gets a copy, as everybody sees it; each of them is a message of its own."""
    shown_to: Address | None = None
    """To whom a copy says that the message goes."""
    conversation: str = ""
    """Ours; an adapter may put a mark of it where answers bring it back."""
    answers: tuple[str, ...] = ()
    """Provider ids of the conversation so far, oldest first; the last is the one answered."""
    automatic: bool = False
    """Written by a rule, such as a receipt; other machines shall not answer it."""
    unsubscribe_url: str = ""
    unsubscribe_address: str = ""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message that reached us, decoded, bounded and made safe to store and show."""

    provider_id: str
    sender: Address
    recipients: tuple[Address, ...]
    subject: str
    text: str
    """All of it, as plain text."""
    new_text: str
    """What the writer added; the quoted history is `quoted_text`."""
    quoted_text: str
    html: str
    """Sanitised; loads nothing from anywhere."""
    attachments: tuple[Attachment, ...]
    written_at: datetime | None
    """What the sender's clock says; may be wrong or forged."""
    answers: tuple[str, ...] = ()
    """Provider ids this message refers to, nearest first."""
    token: str = ""
    """Our conversation token, where the address or the subject carried one."""
    automatic: Automatic | None = None
    may_be_acknowledged: bool = True
    notes: tuple[str, ...] = ()
    """What was repaired, cut or left out, as codes."""
    reply_to: Address | None = None
    copies: tuple[Address, ...] = ()
    """Those of the recipients who got a copy."""


@dataclass(frozen=True, kw_only=True)
class DeliveryState:
    """What became of a message we sent."""

    state: State
    message_id: str
    """The provider id of the message it is about; empty when the report does not say."""
    recipient: str
    permanent: bool = False
    code: str = ""
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The provider's answer to one attempt."""

    outcome: Outcome
    provider_id: str
    code: str = ""
    detail: str = ""
    at: datetime = field(default_factory=now)

    def kept(self) -> dict[str, str]:
        """As JSON can hold it."""
        return {**vars(self), "at": self.at.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The same, as it was kept."""
        return cls(**{**kept, "outcome": Outcome(kept["outcome"]), "at": datetime.fromisoformat(kept["at"])})


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What the gate hands the adapter beside the message."""

    about_to_leave: Callable[[], None] = field(default=lambda: None)
    """Called at the last moment at which nothing has left yet."""
