"""What happens to the matters of customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("service.ticket_opened")
@dataclass(frozen=True, kw_only=True)
class TicketOpened(Event):
    """A matter of a customer came in."""

    ticket_id: UUID
    customer_id: UUID | None
    number: str
    kind: str
    channel: str


@event("service.complaint_made")
@dataclass(frozen=True, kw_only=True)
class ComplaintMade(Event):
    """A customer complained; the clock of the complaint runs."""

    tells: ClassVar[Mapping[str, str]] = {"due_at": "service.ticket.reply_due_at"}

    ticket_id: UUID
    customer_id: UUID | None
    number: str
    due_at: datetime


@event("service.ticket_assigned")
@dataclass(frozen=True, kw_only=True)
class TicketAssigned(Event):
    """Somebody got the matter."""

    ticket_id: UUID
    customer_id: UUID | None
    owner_id: UUID | None
    team_id: UUID | None


@event("service.ticket_attached")
@dataclass(frozen=True, kw_only=True)
class TicketAttached(Event):
    """It became known whose matter it is."""

    ticket_id: UUID
    customer_id: UUID


@event("service.receipt_sent")
@dataclass(frozen=True, kw_only=True)
class ReceiptSent(Event):
    """The customer was told that the matter arrived; no person has answered yet."""

    ticket_id: UUID
    customer_id: UUID | None


@event("service.ticket_replied")
@dataclass(frozen=True, kw_only=True)
class TicketReplied(Event):
    """A person gave the first answer."""

    tells: ClassVar[Mapping[str, str]] = {
        "complaint": "service.ticket.kind",
        "in_time": "service.ticket.first_human_reply_at",
    }

    ticket_id: UUID
    customer_id: UUID | None
    complaint: bool
    in_time: bool


@event("service.ticket_moved")
@dataclass(frozen=True, kw_only=True)
class TicketMoved(Event):
    """The matter went a step on in its process."""

    ticket_id: UUID
    customer_id: UUID | None
    status: str


@event("service.ticket_solved")
@dataclass(frozen=True, kw_only=True)
class TicketSolved(Event):
    """The matter was solved."""

    tells: ClassVar[Mapping[str, str]] = {"in_time": "service.ticket.solved_at"}

    ticket_id: UUID
    customer_id: UUID | None
    kind: str
    in_time: bool


@event("service.ticket_reopened")
@dataclass(frozen=True, kw_only=True)
class TicketReopened(Event):
    """The matter was not solved after all."""

    tells: ClassVar[Mapping[str, str]] = {"times": "service.ticket.reopened"}

    ticket_id: UUID
    customer_id: UUID | None
    times: int


@event("service.ticket_closed")
@dataclass(frozen=True, kw_only=True)
class TicketClosed(Event):
    """The matter is over."""

    ticket_id: UUID
    customer_id: UUID | None


@event("service.complaint_confirmed")
@dataclass(frozen=True, kw_only=True)
class ComplaintConfirmed(Event):
    """The customer said that the complaint is settled."""

    ticket_id: UUID
    customer_id: UUID | None


@event("service.ticket_reply_overdue")
@dataclass(frozen=True, kw_only=True)
class TicketReplyOverdue(Event):
    """The promised time for the first answer is over and no person has answered."""

    tells: ClassVar[Mapping[str, str]] = {"due_at": "service.ticket.reply_due_at"}

    ticket_id: UUID
    customer_id: UUID | None
    due_at: datetime


@event("service.complaint_reply_overdue")
@dataclass(frozen=True, kw_only=True)
class ComplaintReplyOverdue(Event):
    """The promised time for the first answer to a complaint is over and no person has answered."""

    tells: ClassVar[Mapping[str, str]] = {"due_at": "service.ticket.reply_due_at"}

    ticket_id: UUID
    customer_id: UUID | None
    due_at: datetime


@event("service.ticket_solve_overdue")
@dataclass(frozen=True, kw_only=True)
class TicketSolveOverdue(Event):
    """The promised time for a solution is over and the matter is not solved."""

    tells: ClassVar[Mapping[str, str]] = {"due_at": "service.ticket.solve_due_at"}

    ticket_id: UUID
    customer_id: UUID | None
    due_at: datetime
