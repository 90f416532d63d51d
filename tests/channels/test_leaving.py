"""What becomes of a letter on its way out: crashes, refusals, the night, second thoughts."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Message
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate import queries
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import clocks, time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry
from tests.factories import channels as make
from tests.factories import workspace

pytestmark = [pytest.mark.mail, pytest.mark.django_db]


@pytest.mark.parametrize(("purpose", "status", "mails"), [("marketing", "uncertain", 1), ("reply", "sent", 2)])
def test_a_crash_while_leaving_repeats_a_reply_under_the_same_id_and_never_marketing(
    mail_server, box, at_noon, purpose, status, mails
):
    person = make.customer("dora@customers.test", consent="marketing")
    mail_server.fail("dora@customers.test", at="lost", times=1)
    talk = make.conversation(
        customer=person, account_id=box.pk, contact_point=ContactPoint.objects.get(customer=person)
    )
    sending.send(
        SYSTEM, "channels.conversation.reply", talk, text="Hello", subject="Hi", purpose=Purpose(purpose),
        recipient="dora@customers.test",
    )  # fmt: skip
    drain()
    at_noon.advance(timedelta(minutes=2))
    drain()
    assert Delivery.objects.get().status == status
    ids = [mail["id"] for mail in mail_server.taken()]
    assert len(ids) == mails and len(set(ids)) == 1


@pytest.mark.parametrize(("purpose", "again"), [("marketing", False), ("reply", True)])
def test_what_was_leaving_when_the_process_died_is_known(mail_server, box, at_noon, purpose, again):
    person = make.customer("eve@customers.test", consent="marketing")
    waiting = make.delivery(
        customer=person, purpose=purpose, recipient="eve@customers.test", status="sending", attempts=1,
        outgoing={"text": "Hello"},
    )  # fmt: skip
    found = gate.reserve(waiting.pk)
    assert (found is not None) is again
    assert Delivery.objects.get().status == ("reserved" if again else "uncertain")


@pytest.mark.parametrize(("purpose", "again"), [("marketing", False), ("reply", True)])
def test_what_a_restored_house_may_have_sent_before_is_treated_as_after_a_crash(box, at_noon, purpose, again):
    person = make.customer("eve@customers.test", consent="marketing")
    due = make.delivery(customer=person, purpose=purpose, recipient="eve@customers.test", release_at=time.now())
    later = make.delivery(customer=person, purpose=purpose, release_at=time.now() + timedelta(minutes=1))
    sent = make.delivery(customer=person, purpose=purpose, status="sent", sent_at=time.now())
    assert gate.doubt_those_due() == 1
    found = gate.reserve(due.pk)
    assert (found is not None) is again
    due.refresh_from_db()
    assert due.status == ("reserved" if again else "uncertain")
    assert Delivery.objects.get(pk=later.pk).status == "waiting"
    assert Delivery.objects.get(pk=sent.pk).status == "sent"


def test_a_server_that_says_later_is_asked_again_and_a_refusal_gives_the_contact_back(mail_server, box, at_noon):
    person = make.customer("fay@customers.test", consent="marketing")
    mail_server.fail("fay@customers.test", at="rcpt", code=450, times=1)
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    drain()
    assert (Delivery.objects.get().status, mail_server.taken()) == ("reserved", [])
    at_noon.advance(timedelta(minutes=1, seconds=1))
    drain()
    assert Delivery.objects.get().status == "sent"
    mail_server.fail("fay@customers.test", at="rcpt", code=550, text="5.1.1 unknown", times=1)
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    drain()
    assert Delivery.objects.order_by("-pk").first().status == "failed"
    assert Approach.objects.count() == 1
    assert ContactPoint.objects.get(customer=person).dead_at is not None


def test_at_night_it_waits_for_the_morning(mail_server, box):
    person = make.customer("gus@customers.test", consent="marketing", zone="Asia/Shanghai")
    with time.frozen(datetime(2026, 3, 2, 16, tzinfo=UTC)) as clock:  # midnight in Shanghai
        talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
        drain()
        waiting = Delivery.objects.get()
        assert (waiting.status, waiting.reason) == ("waiting", "quiet_hours")
        assert waiting.release_at == datetime(2026, 3, 3, 0, tzinfo=UTC)
        clock.move(waiting.release_at)
        drain()
    assert Delivery.objects.get().status == "sent"


def test_a_message_held_back_can_be_called_back(mail_server, box, at_noon):
    person = make.customer("hal@customers.test", consent="marketing")
    owner = workspace.actor("owner")
    talks.send_letter(owner, customer=person.pk, template=make.template().pk, hold_seconds=10)
    drain()
    gate.call_back(owner, Delivery.objects.get().pk)
    at_noon.advance(timedelta(minutes=1))
    drain()
    assert mail_server.taken() == [] and Message.objects.get().reason == "called_back"


def test_an_attempt_of_which_nothing_was_heard_is_looked_at_again(mail_server, box, at_noon):
    person = make.customer("ida@customers.test", consent="marketing")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template(purpose="contract").pk)
    gate.reserve(Delivery.objects.get().pk)  # and the worker is never heard of again
    at_noon.advance(timedelta(minutes=16))
    drain()
    assert Delivery.objects.get().status == "sent" and len(mail_server.taken()) == 1
    at_noon.advance(timedelta(hours=1))
    drain()
    assert len(mail_server.taken()) == 1


def test_a_round_leaves_in_few_statements_and_each_letter_once(
    mail_server, box, at_noon, django_assert_max_num_queries
):
    letter = make.template().pk
    for number in range(5):
        talks.send_letter(
            SYSTEM, customer=make.customer(f"r{number}@customers.test", consent="marketing").pk, template=letter
        )
    rounds = queries.in_rounds(list(Delivery.objects.values_list("pk", flat=True)), most=20)
    assert [len(rounds[0]), *map(len, rounds[1])] == [0, 5]
    with django_assert_max_num_queries(35):  # one by one: 5 times 26
        assert len(gate.reserve_round(rounds[1][0])) == 5
    drain()
    at_noon.advance(timedelta(minutes=16))
    drain()
    assert {one.status for one in Delivery.objects.all()} == {"sent"}
    assert sorted(mail["to"] for mail in mail_server.taken()) == [f"r{n}@customers.test" for n in range(5)]


def test_two_letters_to_one_customer_and_what_is_meant_for_one_share_no_round(mail_server, box, at_noon):
    person = make.customer("twice@customers.test", consent="marketing")
    for purpose in ("marketing", "marketing", "contract"):
        talks.send_letter(SYSTEM, customer=person.pk, template=make.template(purpose=purpose).pk)
    alone, rounds = queries.in_rounds(list(Delivery.objects.values_list("pk", flat=True)), most=20)
    assert (len(alone), [len(some) for some in rounds]) == (2, [1])


def test_what_another_worker_took_meanwhile_does_not_leave(mail_server, box, at_noon):
    person = make.customer("jon@customers.test", consent="marketing")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    mine = gate.reserve(Delivery.objects.get().pk)
    gate.reserve(mine.pk)
    with pytest.raises(gate.TakenMeanwhile):
        gate.leaving(mine.pk, version=mine.version)
    assert Delivery.objects.get().status == "reserved"


def test_what_was_answered_before_the_process_died_is_settled_by_its_answer(mail_server, box, at_noon):
    letter = make.template().pk
    for number in range(3):
        talks.send_letter(
            SYSTEM, customer=make.customer(f"d{number}@customers.test", consent="marketing").pk, template=letter
        )
    answered, refused, unanswered = gate.reserve_round(list(Delivery.objects.values_list("pk", flat=True)))
    for one in (answered, refused, unanswered):
        gate.leaving(one.pk, version=one.version)
    gate.note(answered.pk, Receipt(outcome=Outcome.SENT, provider_id="<a@company.test>"))
    left_at = time.now()
    gate.note(refused.pk, Receipt(outcome=Outcome.REFUSED, provider_id="", code="5.1.1"))
    at_noon.advance(timedelta(minutes=16))  # and the worker was never heard of again
    drain()
    statuses = {one.pk: (one.status, one.sent_at, one.receipt) for one in Delivery.objects.all()}
    assert statuses == {
        answered.pk: ("sent", left_at, None), refused.pk: ("failed", None, None),
        unanswered.pk: ("uncertain", time.now(), None),
    }  # fmt: skip
    assert mail_server.taken() == [] and Message.objects.get(pk=answered.pk).state == "sent"


def test_an_answer_that_is_told_twice_is_settled_once(mail_server, box, at_noon):
    person = make.customer("two@customers.test", consent="marketing")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    mine = gate.reserve(Delivery.objects.get().pk)
    gate.leaving(mine.pk, version=mine.version)
    said = Receipt(outcome=Outcome.SENT, provider_id="<a@company.test>")
    gate.note(mine.pk, said)
    assert gate.reserve(mine.pk) is None  # somebody looked after it who thought us dead
    gate.settle({mine.pk: said})
    assert EventEntry.objects.filter(name="channels.delivery_sent").count() == 1


def test_what_the_server_put_off_before_the_process_died_waits_for_its_time(mail_server, box, at_noon):
    person = make.customer("off@customers.test", consent="marketing")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    mine = gate.reserve(Delivery.objects.get().pk)
    gate.leaving(mine.pk, version=mine.version)
    gate.note(mine.pk, Receipt(outcome=Outcome.DELAYED, provider_id="", code="4.3.2"))
    assert gate.reserve(mine.pk) is None
    found = Delivery.objects.get()
    assert (found.status, found.reason, found.attempts) == ("reserved", "4.3.2", 1)
    assert found.release_at > time.now() and clocks.due_at(f"delivery:{found.pk}") == found.release_at
