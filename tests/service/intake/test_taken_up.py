"""What is begun about a ticket belongs to it, and its answer stops the clock; what is about something else does not."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations import operations as talks
from guanxi.events.channels import MessageReceived, MessageSent
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.events import emit
from guanxi.kernel.models import Deadline, Failure
from guanxi.kernel.time import frozen, now
from guanxi.service.intake import operations
from guanxi.service.intake.models import TicketConversation
from guanxi.service.tickets import operations as tickets
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.operations import archive_user
from tests.client import Api
from tests.factories import channels, workspace
from tests.factories import service as make

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HELD = {"hold_seconds": 600}


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held
    assert not Failure.objects.exists()


@pytest.fixture
def agent():
    return workspace.actor("agent")


@pytest.fixture
def person():
    return channels.customer("li@customers.test")


def leaves(talk) -> None:
    """The letter that was begun has left."""
    message = channels.message(conversation=talk, direction="out", state="sent", at=now())
    given = {"channel": "email", "purpose": "service", "automatic": False, "certain": True}
    emit(SYSTEM, MessageSent(message_id=message.pk, conversation_id=talk.pk, customer_id=talk.customer_id, **given))
    drain()


def linked(ticket) -> list:
    return list(TicketConversation.objects.filter(ticket=ticket).values_list("conversation", flat=True))


def test_a_letter_about_a_ticket_belongs_to_it_and_stops_the_clock_when_it_leaves(agent, person, clock):
    ticket = make.complaint(customer=person.pk)
    clock.advance(HOUR)
    talk = talks.write(agent, customer=person.pk, subject="Sorry", text="We look into it.", matter=ticket.pk, **HELD)
    drain()
    ticket.refresh_from_db()
    assert (linked(ticket), ticket.complaint_replied_at) == ([talk.pk], None)
    leaves(talk)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.complaint_replied_at) == ("replied", NINE + HOUR)
    assert not Deadline.objects.filter(key=f"service.ticket:{ticket.pk}:reply").exists()


@pytest.mark.parametrize(
    ("log", "result", "answered"),
    [
        (talks.log_call, "reached", True), (talks.log_call, "no_answer", False), (talks.log_visit, "agreed", True),
        (talks.log_visit, "not_met", False), (talks.log_letter, "sent", False),
    ],
)  # fmt: skip
def test_a_contact_by_hand_about_a_ticket_belongs_to_it_and_answers_if_somebody_spoke(
    agent, person, clock, log, result, answered
):
    ticket = make.ticket(customer=person.pk)
    clock.advance(HOUR)
    talk = log(agent, customer=person.pk, result=result, text="About the lamp.", matter=ticket.pk)
    drain()
    ticket.refresh_from_db()
    assert linked(ticket) == [talk.pk]
    assert ticket.first_human_reply_at == (NINE + HOUR if answered else None)


def test_a_call_about_a_ticket_in_a_conversation_links_that_one_once(agent, person):
    ticket, talk = make.ticket(customer=person.pk), channels.conversation(customer=person)
    for _ in range(2):
        given = {"customer": person.pk, "result": "no_answer", "text": "Nobody", "conversation": talk.pk}
        talks.log_call(agent, matter=ticket.pk, **given)
        drain()
    assert linked(ticket) == [talk.pk]


def test_the_next_message_of_what_was_begun_wakes_the_ticket(agent, person):
    ticket = make.ticket(customer=person.pk)
    talk = talks.write(agent, customer=person.pk, text="Did it arrive?", matter=ticket.pk, **HELD)
    drain()
    leaves(talk)
    tickets.move(SYSTEM, ticket.pk, to="waiting")
    message = channels.message(conversation=talk, customer=person, at=now())
    given = {"channel": "email", "subject": "Re", "automatic": "", "may_be_acknowledged": True, "opened": False}
    ids = {"conversation_id": talk.pk, "customer_id": person.pk, "contact_point_id": None, "account_id": None}
    emit(SYSTEM, MessageReceived(message_id=message.pk, **ids, **given))
    drain()
    assert Ticket.objects.get().status == "open"


@pytest.mark.parametrize("whose", ["another customer", "nobody we know"])
def test_the_ticket_of_somebody_else_is_not_linked(agent, person, whose):
    ticket = make.ticket(customer=channels.customer().pk if whose == "another customer" else None)
    talks.log_call(agent, customer=person.pk, result="reached", text="Hello", matter=ticket.pk)
    drain()
    ticket.refresh_from_db()
    assert (linked(ticket), ticket.first_human_reply_at) == ([], None)


def test_who_does_not_see_the_ticket_neither_links_nor_stops_its_clock(person):
    ticket = make.ticket(customer=person.pk)
    stranger = workspace.acting({"channels.*": 4, "customers.*": 4, "service.ticket.read": 1})
    talks.log_call(stranger, customer=person.pk, result="reached", text="Hello", matter=ticket.pk)
    drain()
    ticket.refresh_from_db()
    assert (linked(ticket), ticket.first_human_reply_at) == ([], None)


def test_who_has_left_before_it_is_handled_links_nothing_more(person):
    ticket, leaver = make.ticket(customer=person.pk), workspace.user()
    talks.log_call(actor_of(leaver.pk), customer=person.pk, result="reached", text="Hello", matter=ticket.pk)
    archive_user(SYSTEM, leaver.pk)
    drain()
    ticket.refresh_from_db()
    assert (linked(ticket), ticket.first_human_reply_at) == ([], None)


def test_what_is_about_an_order_or_about_nothing_is_linked_to_nothing(agent, person):
    make.ticket(customer=person.pk)
    for matter in (person.pk, None):
        talks.log_call(agent, customer=person.pk, result="reached", text="Hello", matter=matter)
    drain()
    assert not TicketConversation.objects.exists()


def test_linking_counts_what_was_answered_since_the_matter_arrived(clock):
    talk = channels.conversation()
    channels.message(conversation=talk, direction="out", state="sent", at=NINE - HOUR)
    ticket = make.ticket(received_at=NINE)
    clock.advance(HOUR)
    channels.message(conversation=talk, direction="out", state="sent", at=now())
    assert operations.link(SYSTEM, ticket.pk, conversation=talk.pk).first_human_reply_at == NINE + HOUR


def test_linking_to_what_is_done_changes_no_time(clock):
    talk, ticket = channels.conversation(), make.ticket()
    tickets.solve(SYSTEM, ticket.pk)
    channels.message(conversation=talk, direction="out", state="sent", at=now())
    operations.link(SYSTEM, ticket.pk, conversation=talk.pk)
    assert Ticket.objects.get().first_human_reply_at is None


def test_a_call_that_reached_nobody_is_no_answer_when_a_ticket_is_made_of_it(clock):
    talk = channels.conversation(received_at=NINE)
    clock.advance(HOUR)
    given = {"conversation": talk, "direction": "out", "state": "logged", "at": now()}
    channels.message(**given, result="no_answer")
    assert operations.open_for(SYSTEM, conversation=talk.pk).first_human_reply_at is None
    channels.message(**given, result="reached")
    assert operations.open_for(SYSTEM, conversation=talk.pk).first_human_reply_at == NINE + HOUR


def test_the_story_of_the_ticket_tells_it(person):
    api = Api(workspace.user("agent"))
    ticket = make.ticket(customer=person.pk)
    call = {"customer": str(person.pk), "result": "reached", "text": "Hello", "matter": str(ticket.pk)}
    api.post("conversations/log_call", call)
    told = [row["sentence"] for row in api.get(f"tickets/{ticket.pk}/timeline")["rows"]]
    assert "The matter was taken up with the customer (by phone)" in told
