"""The running clocks of a ticket: what was promised and has not been kept yet becomes an event when it is too late."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from guanxi.events.service import ComplaintReplyOverdue, TicketReplyOverdue, TicketSolveOverdue
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.events import WORKING, Event
from guanxi.service.tickets import rules
from guanxi.service.tickets.models import Ticket


def set_clocks(actor: Actor, ticket: Ticket) -> None:
    """Let exactly those clocks run whose promise is still to be kept, and note which comes first."""
    ticket.next_due_at = rules.next_due(ticket)
    overdue = ComplaintReplyOverdue if ticket.kind == Ticket.Kind.COMPLAINT else TicketReplyOverdue
    _run(
        actor,
        f"service.ticket:{ticket.pk}:reply",
        ticket.reply_due_at if rules.awaits_reply(ticket) else None,
        overdue(ticket_id=ticket.pk, customer_id=ticket.customer_id, due_at=ticket.reply_due_at),
    )
    _run(
        actor,
        f"service.ticket:{ticket.pk}:solve",
        ticket.solve_due_at if ticket.status not in rules.DONE else None,
        TicketSolveOverdue(ticket_id=ticket.pk, customer_id=ticket.customer_id, due_at=ticket.solve_due_at),
    )


@clocks.of_noun("service.ticket")
def run_anew(ids: Collection[UUID]) -> None:
    """After an undo exactly those promises run that are still to be kept."""
    for ticket in Ticket.objects.filter(pk__among=ids):
        set_clocks(SYSTEM.as_origin(Origin(ticket.origin)), ticket)


def _run(actor: Actor, key: str, due_at: datetime | None, event: Event) -> None:
    """Imported history rings no clock: what was late there is in the figures, not in the day's alarms."""
    if due_at is None:
        clocks.stop(key)
    elif actor.origin in WORKING and clocks.due_at(key) != due_at:
        clocks.start(key, due_at, event, origin=actor.origin)
