"""Messages open tickets by rules and wake them; receipts and answers stop what they should."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from guanxi.channels.conversations.intake import Arrival, receive
from guanxi.channels.conversations.models import Conversation
from guanxi.channels.wire.messages import Address, Automatic, Incoming
from guanxi.customers.holds.models import Hold
from guanxi.events.channels import ContactLogged, ConversationAttached, MessageSent
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import deliver, emit
from guanxi.kernel.models import EventEntry, Failure
from guanxi.kernel.time import frozen, now
from guanxi.lib.errors import Conflict, Invalid
from guanxi.service.intake import operations
from guanxi.service.intake.models import TicketConversation
from guanxi.service.tickets import operations as tickets
from guanxi.service.tickets.models import Ticket
from tests.client import Api
from tests.factories import channels as talks
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


@pytest.fixture
def box():
    """A mailbox with the rules that ship: complaints by their words, enquiries by mail."""
    make.ticket_rule(makes="complaint", position=10, words=["refund", "投诉"], priority="high")
    make.ticket_rule(makes="enquiry", position=20, condition={"field": "channel", "op": "is", "value": "email"})
    return talks.mailbox()


def comes(box, text: str, *, sender: str = "li@customers.test", talk=None, actor=SYSTEM, **more):
    """A mail arrives and everything that follows happens."""
    incoming = Incoming(
        provider_id=f"<{uuid4()}@customers.test>", sender=Address(value=sender, name="Li"),
        recipients=(Address(value=box.address),), subject=more.pop("subject", "Order 7"), text=text, new_text=text,
        quoted_text="", html="", attachments=(), written_at=now(), **more,
    )  # fmt: skip
    arrival = Arrival(
        channel="email", account=box.pk, team=None, message=incoming, arrived_at=now(), conversation=talk and talk.pk
    )
    message = receive(actor, arrival)
    drain()
    return message.conversation


def goes(talk, *, automatic: bool = False, purpose: str = "reply") -> None:
    """A mail of ours has left."""
    author = "machine" if automatic else "person"
    given = {"direction": "out", "state": "sent", "author_kind": author, "at": now()}
    message = talks.message(conversation=talk, **given)
    emit(
        SYSTEM,
        MessageSent(
            message_id=message.pk, conversation_id=talk.pk, customer_id=None, channel="email", purpose=purpose,
            automatic=automatic, certain=True,
        ),
    )  # fmt: skip
    drain()


def test_a_mail_becomes_an_enquiry_with_its_conversation(box):
    talk = comes(box, "When do you open?")
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.subject, ticket.channel, ticket.received_at) == ("enquiry", "Order 7", "email", NINE)
    assert TicketConversation.objects.get().conversation_id == talk.pk
    assert Conversation.objects.get().pk == talk.pk


@pytest.mark.parametrize("text", ["I want a refund!", "我要投诉"])
def test_words_make_a_complaint_with_its_hold(box, text):
    customer = talks.customer("li@customers.test")
    comes(box, text)
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.status, ticket.priority, ticket.customer_id) == (
        "complaint", "received", "high", customer.pk,
    )  # fmt: skip
    assert Hold.objects.get().matter == ticket.pk


def test_a_machine_opens_nothing(box):
    comes(box, "I am out of office. No refund.", automatic=Automatic.REPLY)
    assert not Ticket.objects.exists()


def test_without_a_rule_nothing_is_opened():
    comes(talks.mailbox(), "Hello")
    assert not Ticket.objects.exists()


def test_a_rule_that_makes_nothing_stops_the_search(box):
    make.ticket_rule(makes="nothing", position=1, condition={"field": "subject", "op": "contains", "value": "Invoice"})
    comes(box, "refund", subject="Invoice 12")
    assert not Ticket.objects.exists()


def test_a_rule_of_one_mailbox_is_not_asked_for_another(box):
    make.ticket_rule(makes="nothing", position=1, mailbox=talks.mailbox().pk)
    comes(box, "Hello")
    assert Ticket.objects.count() == 1
    make.ticket_rule(makes="request", position=2, mailbox=box.pk)
    comes(box, "Hello", sender="wang@customers.test")
    assert Ticket.objects.order_by("-received_at", "-pk").first().kind == "request"


def test_old_mail_read_in_later_opens_nothing(box):
    comes(box, "refund", actor=SYSTEM.as_origin(Origin.BACKFILL))
    assert not Ticket.objects.exists()


def test_a_receipt_is_no_answer_a_person_is(box, clock):
    talk = comes(box, "我要投诉")
    clock.advance(HOUR)
    goes(talk, automatic=True)
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.receipt_at, ticket.complaint_replied_at) == ("received", NINE + HOUR, None)
    clock.advance(HOUR)
    goes(talk)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.complaint_replied_at) == ("replied", NINE + 2 * HOUR)


def test_an_answer_from_ones_own_mail_program_stops_the_clock_too(box, clock):
    talk = comes(box, "Where is it?")
    clock.advance(HOUR)
    incoming = Incoming(
        provider_id="<own@company.test>", sender=Address(value=box.address), subject="Re: Order 7", text="It is here.",
        recipients=(Address(value="li@customers.test"),), new_text="It is here.", quoted_text="", html="",
        attachments=(), written_at=now(),
    )  # fmt: skip
    arrival = Arrival(
        channel="email", account=box.pk, team=None, message=incoming, arrived_at=now(), conversation=talk.pk,
        outbound=True,
    )  # fmt: skip
    receive(SYSTEM, arrival)
    drain()
    assert Ticket.objects.get().first_human_reply_at == NINE + HOUR


def test_a_letter_by_machine_about_something_else_is_no_receipt(box, clock):
    talk = comes(box, "Where is it?")
    goes(talk, automatic=True, purpose="greeting")
    assert Ticket.objects.get().receipt_at is None


def test_the_next_mail_goes_on_with_the_ticket_and_wakes_what_waited_or_was_solved(box, clock):
    talk = comes(box, "Where is it?")
    ticket = Ticket.objects.get()
    goes(talk)
    tickets.move(SYSTEM, ticket.pk, to="waiting")
    clock.advance(HOUR)
    comes(box, "Here is the number.", talk=talk)
    ticket.refresh_from_db()
    assert (ticket.status, Ticket.objects.count()) == ("open", 1)
    tickets.solve(SYSTEM, ticket.pk)
    comes(box, "Not yet.", talk=talk)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened) == ("open", 1)
    tickets.solve(SYSTEM, ticket.pk)
    tickets.close(SYSTEM, ticket.pk)
    comes(box, "Something else.", talk=talk)
    assert Ticket.objects.count() == 2


def test_an_enquiry_that_turns_angry_is_a_complaint_from_that_mail_on(box, clock):
    talk = comes(box, "Where is it?")
    goes(talk)
    clock.advance(5 * HOUR)
    comes(box, "Enough. I want a refund.", talk=talk)
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.status, ticket.complained_at) == ("complaint", "received", NINE + 5 * HOUR)
    goes(talk)
    ticket.refresh_from_db()
    assert ticket.complaint_replied_at == NINE + 5 * HOUR


def test_a_call_back_in_the_conversation_answers(box, clock):
    talk = comes(box, "Please call.")
    clock.advance(HOUR)
    for result, answered in (("no_answer", None), ("reached", NINE + HOUR)):
        logged = talks.message(conversation=talk, direction="out", state="logged", result=result, at=now())
        given = {"message_id": logged.pk, "conversation_id": talk.pk, "customer_id": None, "direction": "out"}
        emit(SYSTEM, ContactLogged(**given, channel="phone", result=result))
        drain()
        assert Ticket.objects.get().first_human_reply_at == answered


def test_the_customer_found_later_gets_the_ticket(box):
    talk = comes(box, "投诉")
    customer = talks.customer()
    emit(SYSTEM, ConversationAttached(conversation_id=talk.pk, customer_id=customer.pk))
    drain()
    assert Ticket.objects.get().customer_id == customer.pk


def test_a_ticket_by_hand_counts_what_was_answered_already(clock):
    talk = talks.conversation(received_at=NINE, subject="", last_words="Broken lamp")
    clock.advance(HOUR)
    talks.message(conversation=talk, direction="out", state="sent", author_kind="machine", at=now())
    clock.advance(HOUR)
    talks.message(conversation=talk, direction="out", state="sent", at=now())
    ticket = operations.open_for(workspace.actor("agent"), conversation=talk.pk, kind="request")
    assert (ticket.subject, ticket.received_at) == ("Broken lamp", NINE)
    assert (ticket.receipt_at, ticket.first_human_reply_at) == (NINE + HOUR, NINE + 2 * HOUR)


def test_a_conversation_is_linked_once():
    link = make.ticket_conversation()
    with nothing_changes(), pytest.raises(Conflict, match="ticket.linked_already"):
        operations.link(SYSTEM, link.ticket_id, conversation=link.conversation_id)


def test_a_rule_with_a_wrong_condition_is_refused():
    with nothing_changes(), pytest.raises(Invalid, match="record.unknown_field"):
        make.ticket_rule(condition={"field": "no_such", "op": "is", "value": 1})


def test_the_tickets_of_a_conversation_over_http():
    link, api = make.ticket_conversation(), Api(workspace.user("agent"))
    make.ticket()
    of_talk = {
        "related": "conversations",
        "aggregate": "exists",
        "where": {"field": "conversation", "op": "is", "value": str(link.conversation_id)},
    }
    assert [t["id"] for t in api.get("tickets", where=of_talk)["rows"]] == [str(link.ticket_id)]
    shown = api.get(f"conversations/{link.conversation_id}/tickets")["rows"]
    assert [row["ticket"]["id"] for row in shown] == [str(link.ticket_id)]


@pytest.mark.django_db(transaction=True)
def test_two_mails_heard_by_two_workers_at_once_are_one_matter():
    make.ticket_rule()
    box = talks.mailbox()
    incoming = Incoming(
        provider_id="<one@customers.test>", sender=Address(value="li@customers.test"), subject="Order 7", text="Hello",
        recipients=(Address(value=box.address),), new_text="Hello", quoted_text="", html="", attachments=(),
        written_at=now(),
    )  # fmt: skip
    arrival = Arrival(channel="email", account=box.pk, team=None, message=incoming, arrived_at=now())
    talk = receive(SYSTEM, arrival).conversation
    again = replace(incoming, provider_id="<two@customers.test>", new_text="Hello again")
    receive(SYSTEM, replace(arrival, message=again, conversation=talk.pk))
    happened = list(EventEntry.objects.filter(name="channels.message_received").values_list("pk", flat=True))

    def work(event) -> None:
        deliver.function(handler="service.intake.open_or_wake_ticket", events=[str(event)])
        connection.close()

    threads = [threading.Thread(target=work, args=(event,)) for event in happened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(happened) == 2
    assert (Ticket.objects.count(), TicketConversation.objects.count()) == (1, 1)
    assert not Failure.objects.exists()
