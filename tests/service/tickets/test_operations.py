"""What is done with tickets, what is refused, and which clocks run meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.customers.holds.models import Hold
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.models import Deadline, EventEntry
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.service.tickets import operations
from guanxi.service.tickets.models import Ticket
from guanxi.service.tickets.queries import about_to_break, open_matters
from tests.client import Api
from tests.factories import customers as people
from tests.factories import service as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held


def told(name: str) -> int:
    """How often an event happened."""
    return EventEntry.objects.filter(name=name).count()


def holds(customer) -> int:
    """How many holds are in force for a customer."""
    return Hold.objects.filter(customer=customer, lifted_at=None).count()


def test_an_enquiry_has_a_number_and_two_promises():
    ticket = make.ticket(subject="  Where is my parcel? ")
    assert ticket.subject == "Where is my parcel?"
    assert ticket.number.startswith("T")
    assert (ticket.status, ticket.reply_due_at, ticket.solve_due_at) == ("new", NINE + 24 * HOUR, NINE + 24 * HOUR)
    assert ticket.next_due_at == NINE + 24 * HOUR
    assert (told("service.ticket_opened"), told("service.complaint_made")) == (1, 0)
    assert clocks.due_at(f"service.ticket:{ticket.pk}:reply") == NINE + 24 * HOUR
    assert Ticket.objects.get().version == 1


def test_what_the_customer_said_is_kept_and_found():
    api = Api(workspace.user("agent"))
    said = {"subject": "Lamp", "description": "  The shade came broken.\nSince Monday. ", "channel": "letter"}
    made = api.post("tickets", said, status=201)
    assert (made["description"], made["channel"]) == ("The shade came broken.\nSince Monday.", "letter")
    assert [row["id"] for row in api.get("tickets", q="shade")["rows"]] == [made["id"]]
    changed = api.patch(f"tickets/{made['id']}", {"description": "Since Tuesday."})
    assert changed["description"] == "Since Tuesday."


@pytest.mark.parametrize(
    ("given", "field"), [({"channel": "fax"}, "channel"), ({"description": "x" * 20_001}, "description")]
)
def test_a_channel_nobody_knows_and_a_text_without_end_are_refused(given, field):
    api = Api(workspace.user("agent"))
    with nothing_changes():
        assert field in api.post("tickets", {"subject": "Lamp", **given}, status=422)["fields"]


def test_numbers_are_never_given_twice():
    assert len({make.ticket().number for _ in range(5)}) == 5


def test_a_call_is_answered_as_it_comes():
    ticket = make.ticket(channel="phone")
    assert (ticket.status, ticket.first_human_reply_at) == ("open", NINE)
    assert clocks.due_at(f"service.ticket:{ticket.pk}:reply") is None


def test_the_whole_way_of_an_enquiry(clock):
    agent, ticket = workspace.actor("agent"), make.ticket()
    clock.advance(HOUR)
    assert operations.note_receipt(agent, ticket.pk).receipt_at == NINE + HOUR
    assert Ticket.objects.get().first_human_reply_at is None
    clock.advance(HOUR)
    replied = operations.note_reply(agent, ticket.pk)
    assert (replied.status, replied.first_human_reply_at) == ("open", NINE + 2 * HOUR)
    assert clocks.due_at(f"service.ticket:{ticket.pk}:reply") is None
    assert operations.move(agent, ticket.pk, to="waiting").status == "waiting"
    clock.advance(HOUR)
    solved = operations.solve(agent, ticket.pk, solution="Parcel found.")
    assert (solved.status, solved.solved_at, solved.next_due_at) == ("solved", NINE + 3 * HOUR, None)
    assert not Deadline.objects.filter(key__startswith="service.ticket").exists()
    assert operations.close(agent, ticket.pk).closed_at == NINE + 3 * HOUR
    again = operations.reopen(agent, ticket.pk)
    assert (again.status, again.solved_at, again.closed_at, again.reopened) == ("open", None, None, 1)
    assert clocks.due_at(f"service.ticket:{ticket.pk}:solve") == NINE + 24 * HOUR


def test_the_whole_way_of_a_complaint_with_its_hold(clock):
    agent, customer = workspace.actor("agent"), people.customer()
    ticket = operations.open_ticket(agent, subject="Broken again", kind="complaint", customer=customer.pk)
    assert (ticket.status, ticket.complained_at, holds(customer)) == ("received", NINE, 1)
    hold = Hold.objects.get()
    assert (hold.reason, hold.matter, hold.source) == ("complaint", ticket.pk, f"service.ticket:{ticket.pk}")
    clock.advance(HOUR)
    operations.note_receipt(agent, ticket.pk)
    assert Ticket.objects.get().status == "received"
    assert operations.note_reply(agent, ticket.pk).status == "replied"
    operations.move(agent, ticket.pk, to="investigating")
    assert holds(customer) == 1
    operations.solve(agent, ticket.pk)
    assert holds(customer) == 0
    operations.reopen(agent, ticket.pk)
    assert (Ticket.objects.get().status, holds(customer)) == ("investigating", 1)
    operations.solve(agent, ticket.pk)
    assert (operations.confirm(agent, ticket.pk).status, holds(customer)) == ("confirmed", 0)
    assert told("service.complaint_confirmed") == 1


def test_a_complaint_needs_an_answer_before_it_is_solved():
    ticket = make.complaint()
    with nothing_changes(), pytest.raises(Conflict, match="ticket.wrong_status"):
        operations.solve(SYSTEM, ticket.pk)


def test_an_unanswered_ticket_complains_from_its_arrival_an_answered_one_from_now(clock):
    silent, answered = make.ticket(customer=people.customer().pk), make.ticket()
    operations.note_reply(SYSTEM, answered.pk)
    clock.advance(3 * HOUR)
    made = operations.make_complaint(SYSTEM, silent.pk)
    assert (made.complained_at, made.reply_due_at, made.status) == (NINE, NINE + 24 * HOUR, "received")
    made = operations.make_complaint(SYSTEM, answered.pk)
    assert (made.complained_at, made.reply_due_at) == (NINE + 3 * HOUR, NINE + 27 * HOUR)
    assert (made.first_human_reply_at, made.complaint_replied_at) == (NINE, None)
    assert clocks.due_at(f"service.ticket:{answered.pk}:reply") == NINE + 27 * HOUR
    with nothing_changes(), pytest.raises(Conflict, match="ticket.is_a_complaint"):
        operations.make_complaint(SYSTEM, silent.pk)


def test_a_solved_ticket_that_becomes_a_complaint_is_not_solved_any_more():
    ticket = make.ticket()
    operations.solve(SYSTEM, ticket.pk)
    made = operations.make_complaint(SYSTEM, ticket.pk)
    assert (made.status, made.solved_at) == ("received", None)


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("enquiry", {"service.ticket_reply_overdue": 1, "service.ticket_solve_overdue": 1}),
        ("complaint", {"service.complaint_reply_overdue": 1, "service.ticket_solve_overdue": 1}),
    ],
)
def test_a_broken_promise_is_an_event_at_its_due_time_and_once(clock, kind, events):
    make.ticket(kind=kind)
    clock.move(NINE + 24 * HOUR - timedelta(seconds=1))
    drain()
    assert {name: told(name) for name in events} == dict.fromkeys(events, 0)
    clock.advance(timedelta(seconds=1))
    drain()
    drain()
    assert {name: told(name) for name in events} == events
    assert EventEntry.objects.get(name="service.ticket_solve_overdue").occurred_at == NINE + 24 * HOUR


def test_a_kept_promise_breaks_nothing(clock):
    ticket = make.complaint()
    operations.note_reply(SYSTEM, ticket.pk)
    operations.solve(SYSTEM, ticket.pk)
    clock.advance(72 * HOUR)
    drain()
    assert told("service.complaint_reply_overdue") == told("service.ticket_solve_overdue") == 0


def test_history_rings_no_clocks():
    operations.open_ticket(SYSTEM.as_origin(Origin.IMPORT), subject="Long ago", received_at=NINE - 900 * HOUR)
    assert not Deadline.objects.filter(key__startswith="service.ticket").exists()


def test_a_late_mail_is_overdue_at_once():
    make.ticket(received_at=NINE - 30 * HOUR)
    drain()
    assert told("service.ticket_reply_overdue") == 1


def test_twelve_hours_instead_of_twenty_four_hold_for_the_next_complaint_only(clock):
    first = make.complaint()
    clock.advance(HOUR)
    choose(SYSTEM, "service.complaint.first_reply", 12, source="clause:test")
    second = make.complaint()
    assert first.reply_due_at - first.complained_at == 24 * HOUR
    assert second.reply_due_at - second.complained_at == 12 * HOUR
    assert second.solve_due_at - second.received_at == 24 * HOUR


def test_a_promise_for_some_tickets_holds_for_those(clock):
    scope = {"field": "priority", "op": "is", "value": "urgent"}
    choose(SYSTEM, "service.ticket.first_reply", 2, scope=scope, source="clause:test")
    urgent, normal = make.ticket(priority="urgent"), make.ticket()
    assert (urgent.reply_due_at, urgent.next_due_at) == (NINE + 2 * HOUR, NINE + 2 * HOUR)
    assert normal.reply_due_at == NINE + 24 * HOUR
    assert Ticket.objects.get(pk=urgent.pk).next_due_at == NINE + 2 * HOUR


def test_a_customer_found_later_is_left_in_peace_from_then():
    ticket, customer, other = make.complaint(), people.customer(), people.customer()
    assert Hold.objects.count() == 0
    operations.attach(SYSTEM, ticket.pk, customer=customer.pk)
    assert holds(customer) == 1
    operations.attach(SYSTEM, ticket.pk, customer=other.pk)
    assert (holds(customer), holds(other)) == (0, 1)


def test_two_complaints_hold_until_the_last_is_solved():
    customer = people.customer()
    tickets = [make.complaint(customer=customer.pk) for _ in range(2)]
    for ticket, left in zip(tickets, (1, 0), strict=True):
        operations.note_reply(SYSTEM, ticket.pk)
        operations.solve(SYSTEM, ticket.pk)
        assert holds(customer) == left


@pytest.mark.parametrize(
    "verb", ["solve", "close", "confirm", "reopen", "make_complaint", "note_reply", "note_receipt"]
)
def test_without_the_grant_nothing_changes(verb):
    ticket, stranger = make.ticket(), workspace.actor("marketer")
    with nothing_changes(), pytest.raises(Forbidden):
        getattr(operations, verb)(stranger, ticket.pk)


def test_a_step_in_a_done_matter_is_refused():
    ticket = make.ticket()
    operations.solve(SYSTEM, ticket.pk)
    with nothing_changes(), pytest.raises(Conflict, match="ticket.is_done"):
        operations.move(SYSTEM, ticket.pk, to="open")


def test_a_time_in_the_future_is_refused():
    ticket = make.ticket()
    for act in (operations.note_reply, operations.note_receipt, operations.make_complaint):
        with nothing_changes(), pytest.raises(Invalid, match="ticket.wrong_time"):
            act(SYSTEM, ticket.pk, at=NINE + HOUR)
    with nothing_changes(), pytest.raises(Invalid, match="ticket.wrong_time"):
        make.ticket(received_at=NINE + HOUR)


def test_somebody_gets_it():
    user, team = workspace.user("agent"), workspace.team()
    ticket = operations.assign(SYSTEM, make.ticket().pk, owner=user.pk, team=team.pk)
    assert (ticket.owner_id, ticket.team_id, told("service.ticket_assigned")) == (user.pk, team.pk, 1)
    with nothing_changes(), pytest.raises(Invalid, match="ticket.assign_to_whom"):
        operations.assign(SYSTEM, ticket.pk)


def test_what_is_about_to_break_comes_first_and_only_what_one_may_see(clock):
    agent = workspace.actor("agent")
    late, soon, later = (make.ticket(received_at=NINE - hours * HOUR) for hours in (30, 23, 2))
    assert [t.pk for t in about_to_break(agent, within=2 * HOUR)] == [late.pk, soon.pk]
    assert [t.pk for t in open_matters(agent)] == [late.pk, soon.pk, later.pk]
    assert list(about_to_break(workspace.actor("marketer"), within=2 * HOUR)) == []


def test_over_http_by_generated_routes():
    api = Api(workspace.user("agent"))
    customer = people.customer("Li Wei")
    made = api.post("tickets", {"subject": "Refund", "kind": "complaint", "customer": str(customer.pk)}, status=201)
    assert made["customer"]["label"] == "Li Wei"
    assert "service.ticket.note_reply" in made["can"]
    api.post(f"tickets/{made['id']}/note_reply", {})
    assert api.post(f"tickets/{made['id']}/confirm", {}, status=409)["code"] == "ticket.wrong_status"
    assert [t["number"] for t in api.get("tickets", q=made["number"])["rows"]] == [made["number"]]
    assert [t["id"] for t in api.get(f"customers/{customer.pk}/tickets")["rows"]] == [made["id"]]
    soon = {"field": "next_due_at", "op": "next", "value": {"days": 2}}
    assert [t["id"] for t in api.get("tickets", where=soon, sort="next_due_at")["rows"]] == [made["id"]]


def test_what_happened_and_what_is_refused_is_said_in_the_reader_s_words_and_time():
    api = Api(workspace.user("agent", language="zh-Hant", zone="Asia/Taipei"))
    ticket = make.complaint()
    said = api.post(f"tickets/{ticket.pk}/close", {}, status=409)
    assert said["message"] == "狀態為「已受理」的案件不能改成「已結案」。"
    operations.note_reply(SYSTEM, ticket.pk)
    operations.move(SYSTEM, ticket.pk, to="investigating")
    told_here = [row["sentence"] for row in api.get(f"tickets/{ticket.pk}/timeline")["rows"]]
    assert f"{ticket.number} 是客訴，須在 2026年3月3日 17:00 前回覆" in told_here
    assert "進入下一步：調查中" in told_here
