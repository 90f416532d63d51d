"""Tickets."""

from itertools import count
from typing import Any

from guanxi.kernel.actor import SYSTEM
from guanxi.service.tickets.models import Ticket
from guanxi.service.tickets.operations import open_ticket

_numbers = count(1)


def ticket(**values: Any) -> Ticket:
    """An enquiry of nobody we know yet."""
    return open_ticket(SYSTEM, **{"subject": f"Matter {next(_numbers)}", **values})


def complaint(**values: Any) -> Ticket:
    """A complaint that nobody has answered."""
    return ticket(kind="complaint", **values)
