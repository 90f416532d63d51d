"""The promises of service, as they hold at a time and for a ticket. A published clause changes them, nothing else."""

from dataclasses import dataclass
from datetime import datetime

from guanxi.kernel.models import CLOCK, Row
from guanxi.kernel.settings import standard
from guanxi.workspace.office_hours.queries import falls_due, office_hours

COMPLAINT_REPLY = standard("service.complaint.first_reply", unit="hours", default=24, office_hours=True)
TICKET_REPLY = standard("service.ticket.first_reply", unit="hours", default=24, office_hours=True)
SOLVED = standard("service.ticket.solved", unit="hours", default=24, office_hours=True)
SOLVED_ON_AVERAGE = standard("service.ticket.solved_on_average", unit="hours", default=2, office_hours=True)


@dataclass(frozen=True, kw_only=True)
class Due:
    """When somebody is to have answered and when the matter is to be solved."""

    reply: datetime
    solve: datetime


def due(*, complaint: bool, reply_from: datetime, solve_from: datetime, row: Row | None = None) -> Due:
    """The due times under the promises that held when each clock began; with a row, those scoped to it count."""
    reply = COMPLAINT_REPLY if complaint else TICKET_REPLY

    replied, solved = reply.held(row, reply_from), SOLVED.held(row, solve_from)
    by_clock = replied.counted_in == solved.counted_in == CLOCK
    office = None if by_clock else office_hours(min(reply_from, solve_from))
    return Due(
        reply=falls_due(reply_from, replied, reply.unit, office),
        solve=falls_due(solve_from, solved, SOLVED.unit, office),
    )
