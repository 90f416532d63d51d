"""What follows from what providers tell: complaints silence, full mailboxes are tried again, addresses die."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Message
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.reports import report
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.wire.messages import DeliveryState, Outcome, Receipt, State
from guanxi.customers.consents.queries import standing
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.holds.models import Hold
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers as people
from tests.factories import workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon."""
    with time.frozen(datetime(2026, 1, 7, 12, tzinfo=UTC)) as clock:
        yield clock


def letter(purpose: Purpose = Purpose.MARKETING) -> Delivery:
    """A letter that left."""
    person = make.customer(consent="marketing")
    way = ContactPoint.objects.get(customer=person)
    talk = make.conversation(customer=person, contact_point=way)
    said = sending.send(
        SYSTEM, "channels.conversation.write", talk, text="An offer", subject="Offer", purpose=purpose,
        recipient=way.value,
    )  # fmt: skip
    leaves(said.pk)
    return Delivery.objects.get(pk=said.pk)


def leaves(id) -> None:
    """The provider takes a message."""
    assert gate.reserve(id) is not None
    gate.settle({id: Receipt(outcome=Outcome.SENT, provider_id=f"<{id.hex}@company.test>")})
    drain()


def told(one: Delivery, state: State, code: str = "", *, permanent: bool = False) -> None:
    """A provider tells something of a message."""
    said = DeliveryState(state=state, message_id="", recipient=one.recipient, code=code, permanent=permanent)
    report(SYSTEM, one.pk, said)
    drain()


@pytest.mark.parametrize(("purpose", "consent"), [(Purpose.MARKETING, "withdrawn"), (Purpose.REPLY, "given")])
def test_whoever_calls_a_letter_spam_is_left_in_peace_until_a_person_lifts_it(purpose, consent):
    """Also after an answer, which no consent rules; told on the customer, once however often it is reported."""
    one = letter(purpose)
    for _ in range(2):
        told(one, State.COMPLAINED, permanent=True)
    assert standing([one.customer_id], "marketing", "email")[one.customer_id].state == consent
    hold = Hold.objects.get(customer=one.customer)
    assert (hold.reason, hold.until, hold.lifted_at) == ("called_spam", None, None)
    refused = gate.ask(SYSTEM, customer=one.customer_id, purpose=Purpose.SURVEY, channel="email")
    assert (refused["allowed"], refused["reason"]) == (False, "hold")
    assert gate.ask(SYSTEM, customer=one.customer_id, purpose=Purpose.SERVICE, channel="email")["allowed"]
    assert ContactPoint.objects.get(customer=one.customer).dead_at is None
    told_on_customer = Api(workspace.user("owner")).get(f"customers/{one.customer_id}/timeline")["rows"]
    assert "Put on hold: called a letter spam" in [entry["sentence"] for entry in told_on_customer]


def test_a_complaint_after_which_they_agreed_again_takes_no_later_yes_back(noon):
    one = letter()
    told(one, State.COMPLAINED)
    noon.advance(timedelta(days=1))
    people.consent(one.customer)
    noon.advance(timedelta(days=1))
    told(one, State.COMPLAINED)
    assert standing([one.customer_id], "marketing", "email")[one.customer_id].state == "given"


def test_a_letter_that_finds_a_full_mailbox_leaves_again_each_day_and_comes_back_after_some(noon):
    one, begun = letter(Purpose.CONTRACT), time.now()
    days = 0
    while True:
        told(one, State.BOUNCED, "5.2.2")
        one.refresh_from_db()
        if one.status != "waiting":
            break
        days += 1
        assert (one.release_at, one.outgoing["text"]) == (begun + timedelta(days=days), "An offer")
        assert (Message.objects.get(pk=one.pk).state, one.reason) == ("waiting", "5.2.2")
        noon.move(one.release_at)
        leaves(one.pk)
        assert Message.objects.get(pk=one.pk).state == "sent"
    assert days == 4
    assert (Message.objects.get(pk=one.pk).state, one.report) == ("bounced", "bounced")
    assert ContactPoint.objects.get(customer=one.customer).dead_at is None
    assert Approach.objects.count() == 1


@pytest.mark.parametrize(("code", "permanent", "dead"), [("5.1.1", True, True), ("5.7.1", False, False)])
def test_an_address_is_dead_when_nobody_lives_there_and_not_when_a_letter_was_refused(code, permanent, dead):
    one = letter()
    told(one, State.BOUNCED, code, permanent=permanent)
    assert Message.objects.get(pk=one.pk).state == "bounced"
    assert (ContactPoint.objects.get(customer=one.customer).dead_at is not None) is dead
