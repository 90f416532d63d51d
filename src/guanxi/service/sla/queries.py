"""The promises of service, as they hold at a time and for a ticket. A published clause changes them, nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.kernel.models import Row
from guanxi.kernel.settings import standard
from guanxi.service.sla import rules

COMPLAINT_REPLY = standard("service.complaint.first_reply", unit="hours", default=24)
TICKET_REPLY = standard("service.ticket.first_reply", unit="hours", default=24)
SOLVED = standard("service.ticket.solved", unit="hours", default=24)
SOLVED_ON_AVERAGE = standard("service.ticket.solved_on_average", unit="hours", default=2)


@dataclass(frozen=True, kw_only=True)
class Due:
    """When somebody is to have answered and when the matter is to be solved."""

    reply: datetime
    solve: datetime


def due(*, complaint: bool, reply_from: datetime, solve_from: datetime, row: Row | None = None) -> Due:
    """The due times under the promises that held when each clock began; with a row, those scoped to it count."""
    reply = COMPLAINT_REPLY if complaint else TICKET_REPLY

    def hours(promise: Any, at: datetime) -> float:
        return float(promise.get_for(row, at) if row else promise.get(at))

    return Due(
        reply=rules.due(reply_from, hours(reply, reply_from)), solve=rules.due(solve_from, hours(SOLVED, solve_from))
    )
