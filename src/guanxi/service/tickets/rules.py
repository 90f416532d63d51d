"""The two processes of a ticket, which moves they allow, and which promises still run."""

from datetime import datetime
from typing import Protocol

from guanxi.lib.errors import Conflict, Invalid
from guanxi.service.sla.rules import first

TICKET = {
    "new": {"open", "waiting", "solved"},
    "open": {"waiting", "solved"},
    "waiting": {"open", "solved"},
    "solved": {"open", "closed"},
    "closed": {"open"},
}
COMPLAINT = {
    "received": {"replied"},
    "replied": {"investigating", "solved"},
    "investigating": {"solved"},
    "solved": {"investigating", "confirmed"},
    "confirmed": {"investigating"},
}
DONE = frozenset({"solved", "closed", "confirmed"})
ENDED = frozenset({"closed", "confirmed"})
ANSWERED = {"new": "open", "received": "replied"}
"""What the first answer of a person makes of a status."""
STATUS = "service.ticket.status."
"""Before a status: what it is called."""
SPOKEN = frozenset({"phone", "visit"})
"""Channels on which whoever takes the matter answers it in the same moment."""
LONGEST_DESCRIPTION = 20_000


class TicketLike(Protocol):
    """What is asked of a ticket here."""

    kind: str
    status: str
    received_at: datetime
    first_human_reply_at: datetime | None
    complaint_replied_at: datetime | None
    reply_due_at: datetime
    solve_due_at: datetime


def moves(kind: str) -> dict[str, set[str]]:
    """The process of a kind of ticket: which status may follow which."""
    return COMPLAINT if kind == "complaint" else TICKET


def first_status(kind: str, *, answered: bool) -> str:
    """The status a ticket begins with; one taken by phone has been answered already."""
    if kind == "complaint":
        return "replied" if answered else "received"
    return "open" if answered else "new"


def require_move(ticket: TicketLike, to: str) -> None:
    """Refuse a status that does not follow in the process of this ticket."""
    if to not in moves(ticket.kind)[ticket.status]:
        raise Conflict("ticket.wrong_status", frm=STATUS + ticket.status, to=STATUS + to)


def require_open(ticket: TicketLike) -> None:
    """Refuse a step in a matter that is done; it is reopened first."""
    if ticket.status in DONE:
        raise Conflict("ticket.is_done", status=STATUS + ticket.status)


def require_done(ticket: TicketLike) -> None:
    """Refuse to reopen what is not done."""
    if ticket.status not in DONE:
        raise Conflict("ticket.is_not_done", status=STATUS + ticket.status)


def require_not_complaint(ticket: TicketLike) -> None:
    """Refuse to make a complaint of what is one."""
    if ticket.kind == "complaint":
        raise Conflict("ticket.is_a_complaint")


def require_past(at: datetime, *, earliest: datetime | None, now: datetime) -> None:
    """Refuse a time that has not come, or one before the matter began."""
    if at > now or (earliest is not None and at < earliest):
        raise Invalid("ticket.wrong_time", at=at)


def reopened_status(kind: str) -> str:
    """Where a ticket goes on when it was not solved after all."""
    return "investigating" if kind == "complaint" else "open"


def as_complaint(status: str) -> str:
    """The status a ticket has once it is a complaint: solved or not, the complaint is new."""
    return "received" if status in TICKET else status


def awaits_reply(ticket: TicketLike) -> bool:
    """Whether the customer waits for the first answer of a person."""
    replied = ticket.complaint_replied_at if ticket.kind == "complaint" else ticket.first_human_reply_at
    return replied is None and ticket.status not in DONE


def next_due(ticket: TicketLike) -> datetime | None:
    """The earliest promise of a ticket that still runs."""
    reply = ticket.reply_due_at if awaits_reply(ticket) else None
    solve = ticket.solve_due_at if ticket.status not in DONE else None
    return first((reply, solve))
