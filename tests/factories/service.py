"""Tickets, the rules that make them, conversations about them."""

from itertools import count
from typing import Any

from guanxi.kernel.actor import SYSTEM
from guanxi.service.intake.models import TicketConversation, TicketRule
from guanxi.service.intake.operations import link, put_rule
from guanxi.service.tickets.models import Ticket
from guanxi.service.tickets.operations import open_ticket
from tests.factories import channels as talks

_numbers = count(1)


def ticket(**values: Any) -> Ticket:
    """An enquiry of nobody we know yet."""
    return open_ticket(SYSTEM, **{"subject": f"Matter {next(_numbers)}", **values})


def complaint(**values: Any) -> Ticket:
    """A complaint that nobody has answered."""
    return ticket(kind="complaint", **values)


def ticket_rule(**values: Any) -> TicketRule:
    """A rule that makes enquiries of everything."""
    key = f"rule-{next(_numbers)}"
    return put_rule(SYSTEM, **{"key": key, "name": key, "makes": "enquiry", **values})


def ticket_conversation(**values: Any) -> TicketConversation:
    """A conversation about a ticket."""
    about = values.get("ticket") or ticket().pk
    talk = values.get("conversation") or talks.conversation().pk
    link(SYSTEM, about, conversation=talk)
    return TicketConversation.objects.get(ticket=about, conversation=talk)
