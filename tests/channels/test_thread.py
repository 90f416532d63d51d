"""Mail out and mail in over real servers: consent, gate, answer, receipt, bounce, unsubscribe."""

from datetime import timedelta

import pytest

from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.lib.errors import Conflict
from tests.channels.email import samples
from tests.channels.letters import EVERYONE, SUPPORT, answer, read
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace

pytestmark = [pytest.mark.mail, pytest.mark.django_db]


def test_a_letter_leaves_with_consent_and_the_answer_comes_back_into_the_conversation(mail_server, box, at_noon):
    person = make.customer("alice@customers.test", consent="marketing", name="Alice Smith")
    letter = make.template(body_en="Dear {{ customer.name }}, news from us.", subject_en="News")
    talk = talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk, key="s:1")
    assert talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk, key="s:1").pk == talk.pk
    drain()
    (mail,) = mail_server.inbox("alice@customers.test") + mail_server.inbox(EVERYONE)
    assert "Dear Alice Smith" in mail.as_string()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    message = Message.objects.get(conversation=talk)
    assert (message.state, message.provider) == ("sent", mail["Message-ID"])
    assert Delivery.objects.get(pk=message.pk).consent_id == Consent.objects.get().pk
    assert Approach.objects.filter(customer=person).count() == 1

    mail_server.deliver(answer(mail, "Yes, please call me."), to=SUPPORT)
    assert read(box) == 1
    talk.refresh_from_db()
    came = Message.objects.get(conversation=talk, direction="in")
    assert (came.new_text, came.customer_id, came.needs_answer) == ("Yes, please call me.", person.pk, True)
    assert (talk.status, talk.waiting_since, talk.messages) == ("open", came.at, 2)
    mailbox_seen = [path.name for path in (mail_server.maildir(SUPPORT) / "cur").iterdir() if ",S" in path.name]
    assert mailbox_seen == []
    assert ContactPoint.objects.get(customer=person).verified_how == "answer"


def test_whoever_answers_a_letter_of_ours_gets_a_receipt_too(mail_server, box, at_noon):
    type(box).objects.filter(pk=box.pk).update(acknowledges=True)
    person = make.customer("alice@customers.test", consent="marketing", name="Alice Smith")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    drain()
    (mail,) = mail_server.inbox(EVERYONE)
    for text in ("The last parcel was damaged.", "And nobody answers."):
        mail_server.deliver(answer(mail, text), to=SUPPORT)
        read(box)
    came = mail_server.inbox(EVERYONE)
    assert [one["Auto-Submitted"] for one in came] == [None, "auto-replied"]


def test_without_consent_nothing_leaves_and_the_reason_is_kept(mail_server, box, at_noon):
    person = make.customer("bob@customers.test")
    letter = make.template()
    talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk)
    drain()
    assert mail_server.taken() == []
    assert Delivery.objects.get().status == "refused" and Delivery.objects.get().reason == "no_consent"
    assert Message.objects.get().state == "not_sent" and Message.objects.get().reason == "no_consent"
    with pytest.raises(Conflict, match="delivery"):
        talks.send_letter(workspace.actor("owner"), customer=person.pk, template=letter.pk)


def test_an_enquiry_is_taken_once_acknowledged_by_machine_and_answered_by_a_person(mail_server, box, at_noon):
    type(box).objects.filter(pk=box.pk).update(acknowledges=True)
    mail_server.deliver(samples.mail("订单在哪里？".encode(), From="new@customers.test"), to=SUPPORT)
    assert read(box) == 1
    talk = Conversation.objects.get()
    assert talk.customer_id is None and talk.contact_point.value == "new@customers.test"
    (receipt,) = mail_server.inbox(EVERYONE)
    assert receipt["Auto-Submitted"] == "auto-replied" and receipt["In-Reply-To"] == "<a1@customers.test>"
    assert talk.acknowledged_at is not None and talk.first_human_reply_at is None and talk.waiting_since is not None
    assert read(box) == 0
    # The same mail appears once more, as after a change of the folder's validity.
    mail_server.deliver(samples.mail("订单在哪里？".encode(), From="new@customers.test"), to=SUPPORT)
    read(box)
    assert Message.objects.filter(direction="in").count() == 1
    at_noon.advance(timedelta(hours=2))
    talks.reply(workspace.actor("agent"), talk.pk, text="It was sent today.")
    drain()
    talk.refresh_from_db()
    came = Message.objects.get(direction="in")
    assert talk.first_human_reply_at == came.answered_at and came.acknowledged_at < came.answered_at
    assert talk.waiting_since is None
    reply = mail_server.inbox(EVERYONE)[-1]
    assert reply["In-Reply-To"] and "<a1@customers.test>" in reply["References"]


def test_whoever_answers_a_letter_sent_by_machine_gets_a_receipt_too(mail_server, box, at_noon):
    type(box).objects.filter(pk=box.pk).update(acknowledges=True)
    person = make.customer("bob@customers.test", consent="marketing")
    talk = talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    drain()
    (letter,) = mail_server.inbox(EVERYONE)
    mail_server.deliver(answer(letter, "Do you ship to York?", "bob@customers.test"), to=SUPPORT)
    read(box)
    came = Message.objects.get(conversation=talk, direction="in")
    assert mail_server.inbox(EVERYONE)[-1]["Auto-Submitted"] == "auto-replied"
    assert came.acknowledged_at is not None and came.answered_at is None


def test_two_machines_do_not_write_to_each_other_for_ever(mail_server, box, at_noon):
    type(box).objects.filter(pk=box.pk).update(acknowledges=True)
    for number in range(8):
        raw = samples.mail(b"I am away", Message_ID=f"<loop{number}@x.test>", Subject="Away", From="bot@customers.test")
        mail_server.deliver(raw, to=SUPPORT)
    read(box)
    assert Message.objects.filter(direction="in").count() == 8
    assert len(mail_server.inbox(EVERYONE)) <= 4
    mail_server.deliver(samples.mail(Auto_Submitted="auto-replied", Message_ID="<ar@x.test>"), to=SUPPORT)
    before = len(mail_server.taken())
    read(box)
    assert len(mail_server.taken()) == before
    assert Message.objects.get(provider="<ar@x.test>").needs_answer is False


def test_a_bounce_kills_the_address_and_the_next_letter_is_refused(mail_server, box, at_noon):
    person = make.customer("bob@gone.test", consent="marketing")
    letter = make.template()
    talk = talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk)
    drain()
    read(box)
    assert Message.objects.get(conversation=talk, direction="out").state == "bounced"
    assert ContactPoint.objects.get(value="bob@gone.test").dead_at is not None
    talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk)
    drain()
    assert Delivery.objects.order_by("-pk").first().reason == "dead_way"


def test_a_forged_bounce_kills_nothing(mail_server, box, at_noon):
    person = make.customer("carol@customers.test", consent="marketing")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template().pk)
    drain()
    mail_server.deliver(samples.dsn(original="<gx.00000000000070008000000000000000@company.test>"), to=SUPPORT)
    ours = mail_server.inbox(EVERYONE)[0]["Message-ID"]
    mail_server.deliver(samples.dsn(original=ours, recipient="somebody-else@customers.test"), to=SUPPORT)
    read(box)
    assert not ContactPoint.objects.exclude(dead_at=None).exists()


def test_one_click_unsubscribes_a_look_does_not_and_a_forged_link_leads_nowhere(mail_server, box, at_noon):
    person = make.customer("alice@customers.test", consent="marketing")
    letter = make.template()
    talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk)
    drain()
    mail = (mail_server.inbox("alice@customers.test") + mail_server.inbox(EVERYONE))[0]
    path = mail["List-Unsubscribe"].strip("<>").partition("/api/")[2]
    client = Api().client
    assert client.get(f"/api/{path}").status_code == 200
    assert Consent.objects.filter(state="withdrawn").count() == 0
    for _ in range(2):
        assert client.post(f"/api/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    withdrawn = Consent.objects.get(state="withdrawn")
    assert (withdrawn.customer_id, withdrawn.purpose, withdrawn.how) == (person.pk, "marketing", "link")
    assert client.post(f"/api/{path[:-3]}xyz").status_code == 404
    talks.send_letter(SYSTEM, customer=person.pk, template=letter.pk)
    drain()
    assert Delivery.objects.order_by("-pk").first().reason == "consent_withdrawn"
