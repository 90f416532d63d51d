"""Copies: seen when they come, answered with "reply to all", and past the gate one by one when they go."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations import operations, queries
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.drafts.operations import send_draft
from guanxi.channels.email.mime import composing
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.jobs import _outgoing
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.reports import report
from guanxi.channels.wire.messages import Address, DeliveryState, State
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.lib.errors import Invalid
from tests.channels.email import samples
from tests.channels.email.test_hostile import taken
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers as people
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
BOB, ANN = "bob@customers.test", "ann@customers.test"


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon."""
    with time.frozen(datetime(2026, 1, 7, 12, tzinfo=UTC)) as clock:
        yield clock


@pytest.fixture
def talk() -> Conversation:
    """A conversation that began with a letter to us and a colleague, and a copy to another."""
    make.customer("alice@customers.test", name="Alice")
    box = make.mailbox()
    to = f"{box.address}, Ann <{ANN}>"
    return taken(box, samples.mail(b"Where is it?", To=to, Cc=f"Bob <{BOB}>")).conversation


def deliveries() -> dict[str, Delivery]:
    """What is on its way, by whom it goes to."""
    return {one.recipient: one for one in Delivery.objects.all()}


def test_who_got_a_copy_is_seen_and_reply_to_all_reaches_everybody_but_us(talk):
    api = Api(workspace.user("owner"))
    shown = api.get(f"conversations/{talk.pk}/messages")["rows"][0]
    assert (shown["copies"], ANN in shown["recipients"]) == ([BOB], True)
    assert api.get(f"conversations/{talk.pk}/others") == [ANN, BOB]


def test_an_answer_with_a_copy_is_one_letter_and_a_delivery_for_each(talk):
    operations.reply(workspace.actor("owner"), talk.pk, text="On its way", copies=[f" {BOB.upper()}", BOB])
    said, sent = Message.objects.get(direction="out"), deliveries()
    assert (said.copies, said.recipients, set(sent)) == ([BOB], ["alice@customers.test"], {"alice@customers.test", BOB})
    assert (sent[BOB].copy_of, sent[BOB].purpose) == (said.pk, "reply")
    sender = Address(value="support@company.test")
    mails = [composing.compose(_from(one, sender), at=time.now()) for one in sent.values()]
    assert {(mail["To"], mail["Cc"], mail["Message-ID"]) for mail in mails} == {
        ("Alice <alice@customers.test>", BOB, f"<gx.{said.pk.hex}@company.test>")
    }


def _from(one: Delivery, sender: Address):
    made = _outgoing(one)
    return type(made)(**{**made.__dict__, "sender": sender})


def test_whoever_takes_no_part_gets_no_copy_that_they_forbade(talk):
    """An answer is free of consent, a copy to somebody else is not: else every no could be got round."""
    other = make.customer("carol@customers.test")
    people.consent(other, purpose="service", state="withdrawn")
    operations.reply(workspace.actor("owner"), talk.pk, text="On its way", copies=["carol@customers.test", BOB])
    for one in deliveries().values():
        gate.reserve(one.pk)
    found = {who: (one.purpose, one.status, one.reason) for who, one in deliveries().items()}
    assert found["carol@customers.test"] == ("service", "refused", "consent_withdrawn")
    assert found[BOB][:2] == ("reply", "reserved")
    assert found["alice@customers.test"][:2] == ("reply", "reserved")
    assert not Approach.objects.filter(customer=other).exists()


def test_a_bounced_copy_kills_the_address_of_the_copy_alone(talk):
    operations.reply(SYSTEM, talk.pk, text="On its way", copies=[BOB])
    said = Message.objects.get(direction="out")
    report(
        SYSTEM, said.pk, DeliveryState(state=State.BOUNCED, message_id="", recipient=BOB, permanent=True, code="5.1.1")
    )
    drain()
    assert ContactPoint.objects.get(value=BOB).dead_at is not None
    assert ContactPoint.objects.get(value="alice@customers.test").dead_at is None
    assert Message.objects.get(pk=said.pk).state == "waiting"


def test_copies_are_called_back_and_put_off_with_their_message(talk, noon):
    owner, later = workspace.actor("owner"), time.now() + timedelta(days=1)
    operations.reply(owner, talk.pk, text="On its way", copies=[BOB], hold_seconds=60)
    said = Message.objects.get(direction="out")
    gate.reschedule(owner, said.pk, send_at=later)
    assert {one.release_at for one in deliveries().values()} == {later}
    gate.call_back(owner, said.pk)
    assert {one.status for one in deliveries().values()} == {"called_back"}


def test_a_draft_keeps_its_copies_until_it_is_sent(talk):
    api = Api(workspace.user("owner"))
    begun = {"conversation": str(talk.pk), "text": "On its way", "copies": [BOB]}
    draft = api.post("drafts", begun, status=201)
    api.put(f"drafts/{draft['id']}/content", {"copies": [BOB, ANN]})
    assert api.get(f"drafts/{draft['id']}")["copies"] == [BOB, ANN]
    api.post(f"drafts/{draft['id']}/send", {})
    assert set(deliveries()) == {"alice@customers.test", BOB, ANN}


def test_whoever_got_a_copy_takes_part_from_then_on(talk):
    operations.reply(SYSTEM, talk.pk, text="On its way", copies=["dora@customers.test"])
    assert "dora@customers.test" in queries.addresses_in(talk.pk)


@pytest.mark.parametrize(
    ("copies", "code"),
    [
        (["bob"], "message.copy_address"),
        (["bob@customers.test\r\nBcc: eve@evil.test"], "message.copy_address"),
        ([f"{n}@customers.test" for n in range(11)], "message.too_many_copies"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_changes_nothing(talk, copies, code):
    owner = workspace.actor("owner")
    with nothing_changes(), pytest.raises(Invalid) as refused:
        operations.reply(owner, talk.pk, text="On its way", copies=copies)
    assert refused.value.code == code
    draft = make.draft(conversation=talk, owner_id=owner.id, copies=copies)
    with nothing_changes(), pytest.raises(Invalid):
        send_draft(owner, draft.pk)
