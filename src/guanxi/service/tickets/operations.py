"""The verbs of tickets. Times are facts, the due times are promises, and every promise has a running clock."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from guanxi.customers.holds.operations import hold_of, lift_from
from guanxi.events.service import (
    ComplaintConfirmed,
    ComplaintMade,
    ReceiptSent,
    TicketAssigned,
    TicketAttached,
    TicketClosed,
    TicketMoved,
    TicketOpened,
    TicketReopened,
    TicketReplied,
    TicketSolved,
)
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Invalid
from guanxi.service.sla.queries import due
from guanxi.service.tickets import rules
from guanxi.service.tickets.clocks import set_clocks
from guanxi.service.tickets.models import Ticket

Kind = Literal["enquiry", "request", "complaint"]
Priority = Literal["low", "normal", "high", "urgent"]
Channel = Literal["email", "phone", "visit", "letter"]


@operation("service.ticket.open")
def open_ticket(
    actor: Actor,
    *,
    subject: str,
    description: str = "",
    kind: Kind = "enquiry",
    customer: UUID | None = None,
    channel: Channel | None = None,
    priority: Priority = "normal",
    owner: UUID | None = None,
    team: UUID | None = None,
    received_at: datetime | None = None,
    **added: Any,
) -> Ticket:
    """Write down a matter of a customer; its clocks run from the moment it arrived."""
    begins = received_at or now()
    rules.require_past(begins, earliest=None, now=now())
    answered = begins if channel in rules.SPOKEN else None
    complaint = kind == "complaint"
    promised = due(complaint=complaint, reply_from=begins, solve_from=begins)
    values = {
        "number": _next_number(), "subject": subject.strip(), "description": description.strip(), "kind": kind,
        "customer_id": customer, "channel": channel or "", "priority": priority, "received_at": begins,
        "first_human_reply_at": answered,
        "status": rules.first_status(kind, answered=answered is not None),
        "complained_at": begins if complaint else None, "complaint_replied_at": answered if complaint else None,
        "reply_due_at": promised.reply, "solve_due_at": promised.solve,
        **{name: id for name, id in {"owner_id": owner, "team_id": team}.items() if id},
    }  # fmt: skip
    next_due_at = rules.next_due(Ticket(**values))
    ticket = create(actor, Ticket, using="service.ticket.open", next_due_at=next_due_at, **values, **added)
    _promise_in_scope(actor, ticket)
    emit(actor, _opened(ticket))
    if complaint:
        emit(actor, _complaint_made(ticket))
        _place_hold(actor, ticket)
    set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.make_complaint")
def make_complaint(actor: Actor, ticket_id: UUID, *, at: datetime | None = None) -> Ticket:
    """Treat the matter as a complaint. Unanswered so far, its clock runs from the arrival; else from the complaint."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.make_complaint") as ticket:
        rules.require_not_complaint(ticket)
        begins = at or (now() if ticket.first_human_reply_at else ticket.received_at)
        rules.require_past(begins, earliest=ticket.received_at, now=now())
        ticket.kind, ticket.status = Ticket.Kind.COMPLAINT, rules.as_complaint(ticket.status)
        ticket.complained_at, ticket.complaint_replied_at = begins, None
        ticket.solved_at = ticket.closed_at = None
        _promise(ticket)
        ticket.emit(_complaint_made(ticket))
        _place_hold(actor, ticket)
        set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.assign")
def assign(actor: Actor, ticket_id: UUID, *, owner: UUID | None = None, team: UUID | None = None) -> Ticket:
    """Give the matter to somebody, or to a team."""
    if owner is None and team is None:
        raise Invalid("ticket.assign_to_whom")
    with change(Ticket, ticket_id, by=actor, using="service.ticket.assign") as ticket:
        ticket.owner_id, ticket.team_id = owner, team or ticket.team_id
        ticket.emit(
            TicketAssigned(ticket_id=ticket.pk, customer_id=ticket.customer_id, owner_id=owner, team_id=ticket.team_id)
        )
    return ticket


@operation("service.ticket.attach")
def attach(actor: Actor, ticket_id: UUID, *, customer: UUID) -> Ticket:
    """Say whose matter it is."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.attach") as ticket:
        if ticket.customer_id == customer:
            return ticket
        _lift_hold(actor, ticket)
        ticket.customer_id = customer
        ticket.emit(TicketAttached(ticket_id=ticket.pk, customer_id=customer))
        if ticket.kind == Ticket.Kind.COMPLAINT and ticket.status not in rules.DONE:
            _place_hold(actor, ticket)
        set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.note_receipt")
def note_receipt(actor: Actor, ticket_id: UUID, *, at: datetime | None = None) -> Ticket:
    """Note that the customer was told of the arrival; that is not an answer."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.note_receipt") as ticket:
        moment = at or now()
        rules.require_past(moment, earliest=ticket.received_at, now=now())
        if ticket.receipt_at is None:
            ticket.receipt_at = moment
            ticket.emit(ReceiptSent(ticket_id=ticket.pk, customer_id=ticket.customer_id))
    return ticket


@operation("service.ticket.note_reply")
def note_reply(actor: Actor, ticket_id: UUID, *, at: datetime | None = None) -> Ticket:
    """Note that a person answered the customer; the first answer stops the clock."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.note_reply") as ticket:
        moment = at or now()
        rules.require_past(moment, earliest=ticket.complained_at or ticket.received_at, now=now())
        _answered(ticket, moment)
        set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.move")
def move(actor: Actor, ticket_id: UUID, *, to: Literal["open", "waiting", "replied", "investigating"]) -> Ticket:
    """Take the matter a step on in its process."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.move") as ticket:
        rules.require_open(ticket)
        rules.require_move(ticket, to)
        if to == "replied":
            _answered(ticket, now())
        ticket.status = to
        ticket.emit(TicketMoved(ticket_id=ticket.pk, customer_id=ticket.customer_id, status=to))
        set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.solve")
def solve(actor: Actor, ticket_id: UUID, *, solution: str = "") -> Ticket:
    """Say that the matter is solved, and how; a complaint needs an answer by a person before."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.solve") as ticket:
        rules.require_move(ticket, "solved")
        ticket.status, ticket.solved_at = Ticket.Status.SOLVED, now()
        ticket.solution = solution.strip() or ticket.solution
        ticket.emit(
            TicketSolved(
                ticket_id=ticket.pk,
                customer_id=ticket.customer_id,
                kind=ticket.kind,
                in_time=ticket.solved_at <= ticket.solve_due_at,
            )
        )
        _lift_hold(actor, ticket)
        set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.reopen")
def reopen(actor: Actor, ticket_id: UUID) -> Ticket:
    """Go on with a matter that was not solved after all; its clock has been running since it arrived."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.reopen") as ticket:
        rules.require_done(ticket)
        ticket.status = rules.reopened_status(ticket.kind)
        ticket.solved_at = ticket.closed_at = None
        ticket.reopened += 1
        ticket.emit(TicketReopened(ticket_id=ticket.pk, customer_id=ticket.customer_id, times=ticket.reopened))
        if ticket.kind == Ticket.Kind.COMPLAINT:
            _place_hold(actor, ticket)
        set_clocks(actor, ticket)
    return ticket


@operation("service.ticket.close")
def close(actor: Actor, ticket_id: UUID) -> Ticket:
    """End a solved matter."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.close") as ticket:
        rules.require_move(ticket, "closed")
        ticket.status, ticket.closed_at = Ticket.Status.CLOSED, now()
        ticket.emit(TicketClosed(ticket_id=ticket.pk, customer_id=ticket.customer_id))
    return ticket


@operation("service.ticket.confirm")
def confirm(actor: Actor, ticket_id: UUID) -> Ticket:
    """Note that the customer says the complaint is settled."""
    with change(Ticket, ticket_id, by=actor, using="service.ticket.confirm") as ticket:
        rules.require_move(ticket, "confirmed")
        ticket.status, ticket.closed_at = Ticket.Status.CONFIRMED, now()
        ticket.emit(ComplaintConfirmed(ticket_id=ticket.pk, customer_id=ticket.customer_id))
    return ticket


def _promise(ticket: Ticket) -> None:
    """Set the due times under the promises that hold for this very ticket."""
    complaint = ticket.kind == Ticket.Kind.COMPLAINT
    reply_from = ticket.complained_at or ticket.received_at
    promised = due(complaint=complaint, reply_from=reply_from, solve_from=ticket.received_at, row=ticket)
    ticket.reply_due_at, ticket.solve_due_at = promised.reply, promised.solve


def _promise_in_scope(actor: Actor, ticket: Ticket) -> None:
    """A new ticket has the general due times; a promise that is scoped to it can only be known once it is there."""
    general = (ticket.reply_due_at, ticket.solve_due_at)
    _promise(ticket)
    if (ticket.reply_due_at, ticket.solve_due_at) != general:
        with change(Ticket, ticket.pk, by=_house(actor), using="service.ticket.open") as scoped:
            _promise(scoped)
            ticket.next_due_at = scoped.next_due_at = rules.next_due(scoped)
        ticket.version = scoped.version


def _answered(ticket: Ticket, at: datetime) -> None:
    """A person answered: note what had no answer yet and let the process go on."""
    if rules.awaits_reply(ticket):
        ticket.emit(
            TicketReplied(
                ticket_id=ticket.pk,
                customer_id=ticket.customer_id,
                complaint=ticket.kind == Ticket.Kind.COMPLAINT,
                in_time=at <= ticket.reply_due_at,
            )
        )
    ticket.first_human_reply_at = ticket.first_human_reply_at or at
    if ticket.kind == Ticket.Kind.COMPLAINT:
        ticket.complaint_replied_at = ticket.complaint_replied_at or at
    ticket.status = rules.ANSWERED.get(ticket.status, ticket.status)


def _opened(ticket: Ticket) -> TicketOpened:
    return TicketOpened(
        ticket_id=ticket.pk, customer_id=ticket.customer_id, number=ticket.number, kind=ticket.kind,
        channel=ticket.channel,
    )  # fmt: skip


def _complaint_made(ticket: Ticket) -> ComplaintMade:
    return ComplaintMade(
        ticket_id=ticket.pk, customer_id=ticket.customer_id, number=ticket.number, due_at=ticket.reply_due_at
    )


def _place_hold(actor: Actor, ticket: Ticket) -> None:
    """No marketing to a customer with an open complaint; the house says so, whoever took the complaint."""
    if ticket.customer_id:
        hold_of(
            _house(actor),
            customer=ticket.customer_id,
            reason="complaint",
            source=_source(ticket),
            matter=ticket.pk,
        )


def _lift_hold(actor: Actor, ticket: Ticket) -> None:
    if ticket.kind == Ticket.Kind.COMPLAINT:
        lift_from(_house(actor), _source(ticket))


def _source(ticket: Ticket) -> str:
    return f"service.ticket:{ticket.pk}"


def _house(actor: Actor) -> Actor:
    house = SYSTEM.as_origin(actor.origin)
    return house.under(actor.change_set) if actor.change_set else house


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('service_ticket_number')")
        (number,) = cursor.fetchone()
    return f"T{number}"
