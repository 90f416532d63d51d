"""Two processes, their moves, and which promise still runs."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.lib.errors import Conflict, Invalid
from guanxi.service.sla.rules import first
from guanxi.service.tickets import rules

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class One:
    """A ticket that no table knows."""

    kind: str = "enquiry"
    status: str = "new"
    received_at: datetime = NINE
    first_human_reply_at: datetime | None = None
    complaint_replied_at: datetime | None = None
    reply_due_at: datetime = NINE + 4 * HOUR
    solve_due_at: datetime = NINE + 24 * HOUR


ALLOWED = {
    "enquiry": {
        ("new", "open"), ("new", "waiting"), ("new", "solved"), ("open", "waiting"), ("open", "solved"),
        ("waiting", "open"), ("waiting", "solved"), ("solved", "open"), ("solved", "closed"), ("closed", "open"),
    },
    "complaint": {
        ("received", "replied"), ("replied", "investigating"), ("replied", "solved"), ("investigating", "solved"),
        ("solved", "investigating"), ("solved", "confirmed"), ("confirmed", "investigating"),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", ["enquiry", "request", "complaint"])
def test_every_pair_of_statuses_is_allowed_or_refused(kind):
    allowed = ALLOWED.get(kind, ALLOWED["enquiry"])
    for status in rules.moves(kind):
        for to in rules.moves(kind):
            ticket = One(kind=kind, status=status)
            if (status, to) in allowed:
                rules.require_move(ticket, to)
            else:
                with pytest.raises(Conflict, match="ticket.wrong_status"):
                    rules.require_move(ticket, to)


@pytest.mark.parametrize(
    ("kind", "answered", "status"),
    [
        ("enquiry", False, "new"),
        ("enquiry", True, "open"),
        ("request", False, "new"),
        ("complaint", False, "received"),
        ("complaint", True, "replied"),
    ],
)
def test_where_a_ticket_begins(kind, answered, status):
    assert rules.first_status(kind, answered=answered) == status


@pytest.mark.parametrize(
    ("changes", "awaits", "hours"),
    [
        ({}, True, 4),
        ({"first_human_reply_at": NINE}, False, 24),
        ({"reply_due_at": NINE + 30 * HOUR}, True, 24),
        ({"status": "waiting"}, True, 4),
        ({"status": "solved"}, False, None),
        ({"status": "closed", "first_human_reply_at": NINE}, False, None),
        ({"kind": "complaint", "status": "received"}, True, 4),
        ({"kind": "complaint", "status": "received", "first_human_reply_at": NINE}, True, 4),
        ({"kind": "complaint", "status": "replied", "complaint_replied_at": NINE}, False, 24),
        ({"kind": "complaint", "status": "investigating", "complaint_replied_at": NINE}, False, 24),
        ({"kind": "complaint", "status": "solved", "complaint_replied_at": NINE}, False, None),
        ({"kind": "complaint", "status": "confirmed", "complaint_replied_at": NINE}, False, None),
    ],
)
def test_which_promise_comes_first(changes, awaits, hours):
    ticket = replace(One(), **changes)
    assert rules.awaits_reply(ticket) is awaits
    assert rules.next_due(ticket) == (None if hours is None else NINE + hours * HOUR)


@pytest.mark.parametrize("status", sorted(rules.DONE))
def test_what_is_done_takes_no_step_but_can_be_reopened(status):
    with pytest.raises(Conflict, match="ticket.is_done"):
        rules.require_open(One(status=status))
    rules.require_done(One(status=status))


@pytest.mark.parametrize("status", sorted((rules.TICKET.keys() | rules.COMPLAINT.keys()) - rules.DONE))
def test_what_is_not_done_is_not_reopened(status):
    rules.require_open(One(status=status))
    with pytest.raises(Conflict, match="ticket.is_not_done"):
        rules.require_done(One(status=status))


@pytest.mark.parametrize("status", sorted(rules.TICKET))
def test_any_ticket_begins_anew_as_a_complaint(status):
    assert rules.as_complaint(status) == "received"


@pytest.mark.parametrize(
    ("at", "earliest", "fits"),
    [(NINE, NINE, True), (NINE, None, True), (NINE + HOUR, NINE, False), (NINE - HOUR, NINE, False)],
)
def test_a_time_lies_between_the_beginning_and_now(at, earliest, fits):
    if fits:
        rules.require_past(at, earliest=earliest, now=NINE)
    else:
        with pytest.raises(Invalid, match="ticket.wrong_time"):
            rules.require_past(at, earliest=earliest, now=NINE)


def test_the_first_of_what_runs():
    assert first((None, NINE + HOUR, NINE)) == NINE
    assert first((None, None)) is None
