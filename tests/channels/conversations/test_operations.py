"""What people do in conversations: the good way, the refusal that changed nothing, and the times that are kept."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.email.operations import reconnect
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.templates.operations import preview, rewrite_template, write_template
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.workspace.tokens.queries import actor_of
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    """A Wednesday at noon."""
    with time.frozen(NOON) as held:
        yield held


@pytest.fixture
def agent():
    return workspace.actor("agent")


def waiting(**values):
    """A conversation in which a customer waits for an answer since an hour ago."""
    hour_ago = NOON - timedelta(hours=1)
    talk = make.conversation(received_at=hour_ago, waiting_since=hour_ago, **values)
    make.message(conversation=talk, needs_answer=True, at=hour_ago, sender="alice@customers.test", provider="<a@x>")
    return talk


@pytest.mark.parametrize(
    ("log", "result", "channel"),
    [(talks.log_call, "reached", "phone"), (talks.log_visit, "agreed", "visit"), (talks.log_letter, "sent", "letter")],
)
def test_a_contact_by_hand_is_as_full_a_conversation_as_a_mail(agent, log, result, channel):
    person = make.customer()
    talk = log(
        agent, customer=person.pk, result=result, text="We talked about the delivery.", at=NOON - timedelta(minutes=9)
    )
    message = Message.objects.get(conversation=talk)
    assert (talk.channel, talk.status, talk.result, talk.customer_id) == (channel, "closed", result, person.pk)
    assert (message.state, message.result, message.author_id) == ("logged", result, agent.id)
    assert message.at == NOON - timedelta(minutes=9)
    assert Approach.objects.get().customer_id == person.pk
    (told,) = EventEntry.objects.filter(name="channels.contact_logged")
    assert told.occurred_at == message.at and told.payload["result"] == result
    assert told.payload["words"] == "We talked about the delivery."


def test_a_call_from_them_does_not_count_against_their_patience(agent):
    talks.log_call(agent, customer=make.customer().pk, result="solved", text="She called", direction="in")
    assert not Approach.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"result": ""}, "conversation.needs_result"),
        ({"result": "great"}, "conversation.needs_result"),
        ({"text": "  "}, "message.empty"),
        ({"text": "x" * 100_001}, "message.too_long"),
        ({"at": NOON + timedelta(hours=1)}, "conversation.in_the_future"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_and_nothing_changes(agent, given, code):
    person = make.customer()
    with nothing_changes(), pytest.raises(Invalid) as found:
        talks.log_call(agent, customer=person.pk, **({"result": "reached", "text": "Hello"} | given))
    assert found.value.code == code


def test_a_call_answers_the_mail_in_whose_conversation_it_is_logged(agent):
    person = make.customer()
    talk = waiting(customer=person)
    talks.log_call(agent, customer=person.pk, conversation=talk.pk, result="no_answer", text="Nobody there")
    talk.refresh_from_db()
    assert talk.waiting_since is not None
    talks.log_call(agent, customer=person.pk, conversation=talk.pk, result="solved", text="Explained it")
    talk.refresh_from_db()
    assert (talk.waiting_since, talk.first_human_reply_at) == (None, NOON)
    assert Message.objects.get(direction="in").answered_at == NOON
    other = make.customer()
    with nothing_changes(), pytest.raises(Invalid, match="other_customer"):
        talks.log_call(agent, customer=other.pk, conversation=talk.pk, result="solved", text="x")


def test_received_acknowledged_and_answered_are_three_facts(agent, clock):
    talk = waiting()
    sending.note_answers(SYSTEM, "channels.conversation.deliver", [sending.Answer(talk.pk, NOON, False)])
    clock.advance(timedelta(hours=3))
    sending.note_answers(SYSTEM, "channels.conversation.deliver", [sending.Answer(talk.pk, time.now(), True)])
    talk.refresh_from_db()
    assert (talk.received_at, talk.acknowledged_at, talk.first_human_reply_at) == (
        NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=3),
    )  # fmt: skip
    message = Message.objects.get(direction="in")
    assert (message.acknowledged_at, message.answered_at) == (NOON, NOON + timedelta(hours=3))


def test_what_we_sent_before_it_came_answers_nothing():
    talk = waiting()
    sending.note_answers(
        SYSTEM, "channels.conversation.deliver", [sending.Answer(talk.pk, NOON - timedelta(hours=2), True)]
    )
    talk.refresh_from_db()
    assert talk.waiting_since is not None and Message.objects.get(direction="in").answered_at is None


def test_what_still_waits_is_not_closed_by_accident(agent):
    talk = waiting()
    with nothing_changes(), pytest.raises(Invalid, match="still_waiting"):
        talks.close(agent, talk.pk)
    closed = talks.close(agent, talk.pk, no_answer_needed=True)
    assert (closed.status, closed.waiting_since, closed.closed_at) == ("closed", None, NOON)
    assert Message.objects.get().needs_answer is False
    with nothing_changes(), pytest.raises(Conflict, match="wrong_status"):
        talks.close(agent, talk.pk)
    assert talks.reopen(agent, talk.pk).status == "open"


def test_what_is_put_aside_comes_back_by_itself(agent, clock):
    talk = waiting()
    with nothing_changes(), pytest.raises(Invalid, match="wrong_snooze"):
        talks.snooze(agent, talk.pk, until=NOON - timedelta(minutes=1))
    talks.snooze(agent, talk.pk, until=NOON + timedelta(hours=2))
    drain()
    assert Conversation.objects.get().status == "snoozed"
    clock.advance(timedelta(hours=2))
    drain()
    assert (Conversation.objects.get().status, Conversation.objects.get().snoozed_until) == ("open", None)


def test_a_reply_takes_the_conversation_and_goes_to_whoever_wrote(agent):
    talk = waiting()
    talks.reply(agent, talk.pk, text="On its way.", hold_seconds=10)
    delivery = Delivery.objects.get()
    assert (delivery.recipient, delivery.purpose, delivery.own_way) == ("alice@customers.test", "reply", True)
    assert delivery.release_at == NOON + timedelta(seconds=10)
    assert delivery.outgoing["answers"] == ["<a@x>"]
    assert Conversation.objects.get().owner_id == agent.id


def test_nothing_can_be_sent_where_nothing_can_be_carried(agent):
    talk = talks.log_call(agent, customer=make.customer().pk, result="reached", text="Hello")
    with nothing_changes(), pytest.raises(Conflict, match="cannot_send"):
        talks.reply(agent, talk.pk, text="x")


def test_attaching_makes_the_address_theirs(agent):
    point = make.create(SYSTEM, ContactPoint, kind="email", value="new@customers.test")
    talk = waiting(contact_point=point)
    person = make.customer()
    talks.attach_customer(agent, talk.pk, customer=person.pk)
    point.refresh_from_db()
    assert point.customer_id == person.pk
    assert set(Message.objects.values_list("customer", flat=True)) == {person.pk}
    other = waiting(contact_point=point)
    somebody_else = make.customer()
    with nothing_changes(), pytest.raises(Conflict, match="way_of_another"):
        talks.attach_customer(agent, other.pk, customer=somebody_else.pk)


def test_who_may_not_is_refused_and_who_does_not_see_does_not_find():
    talk = waiting()
    stranger = actor_of(workspace.holder({"channels.conversation.*": 1}).pk)
    with nothing_changes(), pytest.raises(NotFound):
        talks.reply(stranger, talk.pk, text="x")
    agent = workspace.actor("agent")
    with nothing_changes(), pytest.raises(Forbidden):
        write_template(agent, name="x", purpose=Purpose.SERVICE, body_en="x")


def test_in_a_sample_company_the_gate_decides_and_nothing_leaves():
    person = make.customer(consent="marketing")
    letter = make.template()
    sample = SYSTEM.as_origin(Origin.SIMULATION)
    talks.send_letter(sample, customer=person.pk, template=letter.pk)
    talks.send_letter(sample, customer=make.customer().pk, template=letter.pk)
    drain()
    assert sorted(Delivery.objects.values_list("status", "reason")) == [("refused", "no_consent"), ("sent", "")]
    assert sorted(Message.objects.values_list("state", flat=True)) == ["not_sent", "sent"]


def test_a_template_is_checked_field_by_field():
    owner = workspace.actor("owner")
    with nothing_changes(), pytest.raises(Invalid) as found:
        write_template(owner, name="x", purpose=Purpose.SERVICE, body_en="{{ nonsense }}", subject_en="{% if %}")
    assert {name: problem.code for name, problem in found.value.fields.items()} == {
        "body_en": "template.unknown_field", "subject_en": "template.mistake",
    }  # fmt: skip
    template = write_template(owner, name="x", purpose=Purpose.SERVICE, body_en="Dear {{ customer.city }}")
    person = make.customer(city="")
    assert preview(owner, template.pk, customer=person.pk)["missing"] == ["customer.city"]
    rewrite_template(owner, template.pk, body_zh_hans="{{ customer.salutation }}，您好", subject_zh_hans="通知")
    chinese = make.customer(name="张伟", language="zh-Hans", title="总经理")
    assert preview(owner, template.pk, customer=chinese.pk)["text"].startswith("张总")


def test_a_letter_with_a_blank_that_cannot_be_filled_is_not_written():
    person = make.customer(consent="marketing", city="")
    letter = make.template(body_en="Hello {{ customer.city }}")
    with nothing_changes(), pytest.raises(Invalid, match="missing_value"):
        talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"unsubscribe_url": {"x": "y"}}, "template.own_value"),
        ({"company": {"name": "Another"}}, "template.own_value"),
        ({"customer": {"salutation": "Hey"}}, "template.own_value"),
        ({"sender": {}}, "template.own_value"),
        ({"order": {"colour": "red"}}, "template.unknown_field"),
        ({"code": {"x": "1"}}, "template.unknown_field"),
        ({"weather": {"today": "fine"}}, "template.unknown_field"),
    ],
)
def test_nobody_gives_a_letter_what_the_house_fills_in(values, code):
    person, letter = make.customer(consent="marketing"), make.template()
    given = {"customer": str(person.pk), "template": str(letter.pk), "values": values}
    api = Api(workspace.user("marketer"))
    with nothing_changes():
        refused = api.post("conversations/send_letter", given, status=422)
    assert refused["code"] == code and "{" not in refused["message"]


def test_a_letter_says_what_is_given_of_an_order():
    person, letter = make.customer(consent="marketing"), make.template(body_en="Your order {{ order.number }}")
    talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk, values={"order": {"number": "A-7"}})
    assert Message.objects.get().text.startswith("Your order A-7")


def test_a_marketing_letter_carries_the_way_to_stop_it_and_a_reply_does_not():
    person = make.customer(consent="marketing", language="zh-Hant")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template(body_zh_hant="您好").pk)
    text = Message.objects.get().text
    assert text.startswith("您好") and "/api/unsubscribe/" in text and "不想再收到" in text


def test_logging_is_taken_back_by_undo(agent):
    talk = talks.log_call(agent, customer=make.customer().pk, result="reached", text="Hello")
    undo(SYSTEM, talk.created_in)
    assert not Message.objects.exists()


def test_an_agent_may_call_back_and_an_analyst_may_look_but_neither_write_nor_touch_a_mailbox():
    agent, analyst = workspace.actor("agent"), workspace.actor("analyst")
    talk = waiting(customer=make.customer())
    talks.reply(agent, talk.pk, text="Oh", hold_seconds=10)
    assert gate.call_back(agent, Delivery.objects.get().pk).status == "called_back"
    box = make.mailbox()
    for forbidden in (
        lambda: talks.reply(analyst, talk.pk, text="x"),
        lambda: reconnect(analyst, box.pk, password="x"),
        lambda: reconnect(agent, box.pk, password="x"),
    ):
        with nothing_changes(), pytest.raises(Forbidden):
            forbidden()


@pytest.mark.django_db(transaction=True)
def test_a_letter_written_four_times_at_once_under_one_key_is_written_once():
    writer, person = workspace.actor("owner"), make.customer(consent="marketing")
    written: list[Conversation] = []

    def work():
        with time.frozen(NOON):
            written.append(talks.write(writer, customer=person.pk, text="Hello", key="once"))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.pk for one in written] == [Conversation.objects.get().pk] * 4
    assert Delivery.objects.get().pk == Message.objects.get().pk


def test_a_key_is_its_writers_own():
    person = make.customer()
    one, other = workspace.actor("owner"), workspace.actor("owner")
    first = talks.write(one, customer=person.pk, text="Hello", key="k")
    assert talks.write(one, customer=person.pk, text="Hello", key="k").pk == first.pk
    assert talks.write(other, customer=person.pk, text="Hello", key="k").pk != first.pk
