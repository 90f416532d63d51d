"""Mail out and mail in over real servers: consent, gate, answer, receipt, bounce, unsubscribe, crash."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Attachment, Conversation, Message
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.email import operations as email_operations
from guanxi.channels.email.imap import Place
from guanxi.channels.email.mime import parsing
from guanxi.channels.email.operations import connect, read_past
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import Purpose
from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.lib.errors import Conflict
from tests.channels.email import samples
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace

pytestmark = [pytest.mark.mail, pytest.mark.django_db]
SUPPORT, EVERYONE = "support@company.test", "everyone@customers.test"


@pytest.fixture
def at_noon():
    """Noon of today, so that no quiet hour disturbs; mail servers keep their own clock."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0)
    with time.frozen(noon) as clock:
        yield clock


@pytest.fixture
def box(mail_server):
    """A connected mailbox whose place has been taken."""
    mailbox = make.mailbox(mail_server)
    email_jobs.read(mailbox)
    mailbox.refresh_from_db()
    return mailbox


def read(mailbox):
    """Read what is new, then let everything happen."""
    mailbox.refresh_from_db()
    count = email_jobs.read(mailbox)
    drain()
    return count


def answer(mail, text: str, sender: str = "alice@customers.test") -> EmailMessage:
    """An answer as a mail program writes it."""
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = sender, SUPPORT, f"Re: {mail['Subject']}"
    reply["Message-ID"], reply["In-Reply-To"], reply["References"] = (
        f"<{id(reply)}@x>",
        mail["Message-ID"],
        mail["Message-ID"],
    )
    reply.set_content(f"{text}\n\nOn 5 Jan 2026, Company <{SUPPORT}> wrote:\n> Hello\n")
    return reply


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


def test_a_mailbox_whose_reader_died_is_read_again_after_a_minute(mail_server, box, at_noon):
    assert email_operations.lease(box.pk)  # and then it dies
    mail_server.deliver(samples.mail(From="new@customers.test"), to=SUPPORT)
    at_noon.advance(timedelta(seconds=40))
    assert read(box) == 0
    email_operations.note_place(box.pk, Place(validity=box.validity, uid=box.read_to))  # it lived after all
    at_noon.advance(timedelta(seconds=40))
    assert read(box) == 0
    at_noon.advance(timedelta(seconds=21))
    assert read(box) == 1


def test_a_forged_repetition_of_an_id_is_another_message(mail_server, box):
    forged = answer({"Subject": "x", "Message-ID": "<not-ours@company.test>"}, "Hi", "victim@customers.test")
    make.create(SYSTEM, ContactPoint, kind="email", value="victim@customers.test")
    mail_server.deliver(forged, to=SUPPORT)
    mail_server.deliver(samples.mail(b"first"), to=SUPPORT)
    mail_server.deliver(samples.mail(b"another text under the same id", From="mallory@customers.test"), to=SUPPORT)
    read(box)
    assert Message.objects.filter(direction="in", provider="<a1@customers.test>").count() == 2
    assert ContactPoint.objects.get(value="victim@customers.test").verified_at is None


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


def test_the_past_is_read_without_writing_to_anybody_and_says_how_it_was_answered(mail_server):
    now = datetime.now(UTC)
    for days in (100, 60, 10):
        raw = samples.mail(b"question", Message_ID=f"<q{days}@x.test>", Subject=f"Q{days}")
        mail_server.place(raw, user=SUPPORT, at=now - timedelta(days=days))
    box = make.mailbox(mail_server, acknowledges=True)
    email_jobs.read(box)
    drain()
    read_past(SYSTEM, box.pk)
    drain()
    box.refresh_from_db()
    assert (box.backfilled, box.backfilled_at is not None) == (2, True)
    assert sorted(Message.objects.values_list("subject", flat=True)) == ["Q10", "Q60"]
    assert set(Message.objects.values_list("origin", flat=True)) == {"backfill"}
    assert mail_server.taken() == []


def test_a_mailbox_is_read_as_soon_as_it_is_connected_and_its_past_with_it(mail_server):
    now = datetime.now(UTC)
    mail_server.place(samples.mail(b"question"), user=SUPPORT, at=now - timedelta(days=10))
    box = connect(
        SYSTEM, name="Support", address=SUPPORT, password=mail_server.password, imap_host="localhost",
        imap_port=mail_server.imaps, smtp_host="localhost", smtp_port=mail_server.smtps,
        authorities=mail_server.authority,
    )  # fmt: skip
    drain()
    box.refresh_from_db()
    assert (box.problem, box.read_at is not None, box.backfilled) == ("", True, 1)


def test_attachments_are_kept_and_given_out_without_being_opened(mail_server, box):
    page = ("Content-Type: text/html\r\nContent-Disposition: attachment; filename=page.html", b"<script>1</script>")
    mail_server.deliver(samples.multipart(("Content-Type: text/plain", b"see"), page), to=SUPPORT)
    read(box)
    message = Message.objects.get()
    assert Attachment.objects.get(message=message).size_bytes == 18
    api = Api(workspace.user("owner"))
    assert api.get(f"messages/{message.pk}/attachments")[0]["name"] == "page.html"
    response = api.client.get(f"/api/messages/{message.pk}/attachments/1")
    assert response["Content-Type"] == "application/octet-stream" and "attachment" in response["Content-Disposition"]


def test_a_mailbox_that_fails_says_so_once_and_recovers(mail_server, box):
    type(box).objects.filter(pk=box.pk).update(imap_port=1)
    for _ in range(2):
        read(box)
    box.refresh_from_db()
    assert box.problem == "mailbox.refused_connection" and box.problem_since is not None
    type(box).objects.filter(pk=box.pk).update(imap_port=mail_server.imaps)
    read(box)
    box.refresh_from_db()
    assert box.problem == "" and box.leased_until is None


def test_the_past_shows_how_long_people_waited(mail_server):
    asked = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
    sent = mail_server.sent_folder(SUPPORT)
    for number, hours in ((1, 5), (2, 30), (3, None)):
        raw = samples.mail(b"question", Message_ID=f"<q{number}@x.test>", Subject=f"Q{number}")
        mail_server.place(raw, user=SUPPORT, at=asked)
        if hours:
            reply = samples.mail(
                b"answer", f"In-Reply-To: <q{number}@x.test>", From=SUPPORT, To="alice@customers.test",
                Message_ID=f"<r{number}@company.test>", Subject=f"Re: Q{number}",
            )  # fmt: skip
            mail_server.place(reply, user=SUPPORT, at=asked + timedelta(hours=hours), folder=sent)
    email_jobs.read(make.mailbox(mail_server))
    drain()
    said = Api(workspace.user("owner")).get("measures/channels.first_human_reply")["total"]
    assert {part: said[part] for part in ("cases", "kept", "missed", "mean")} == {
        "cases": 3, "kept": 1, "missed": 2, "mean": 17.5 * 3600,
    }  # fmt: skip
    assert sorted(Conversation.objects.values_list("subject", "waiting_since", "status")) == [
        ("Q1", None, "closed"), ("Q2", None, "closed"), ("Q3", asked, "open"),
    ]  # fmt: skip


def test_an_answer_from_somebodys_own_mail_program_counts_once(mail_server, at_noon):
    sent = mail_server.sent_folder(SUPPORT)
    box = make.mailbox(mail_server, sent_folder="Sent")
    email_jobs.read(box)
    mail_server.deliver(samples.mail(b"Where is it?"), to=SUPPORT)
    read(box)
    reply = samples.mail(
        b"It is on its way.", "References: <a1@customers.test>", From=f"Company <{SUPPORT}>",
        To="alice@customers.test", Message_ID="<own1@company.test>", Subject="Re: Order",
    )  # fmt: skip
    (sent / "new" / "1.M1.rig").write_bytes(reply)
    mail_server.give(sent / "new" / "1.M1.rig")
    for _ in range(2):
        read(box)
    talk = Conversation.objects.get()
    assert sorted(Message.objects.values_list("direction", "state")) == [("in", "received"), ("out", "sent")]
    assert talk.waiting_since is None and talk.first_human_reply_at is not None and talk.messages == 2
    assert mail_server.taken()[-1]["to"] == SUPPORT


def test_a_mail_that_breaks_us_is_kept_as_it_stands_and_holds_up_no_other(mail_server, box, monkeypatch):
    parse = parsing.parse

    def break_on_poison(raw: bytes):
        if b"poison" in raw:
            raise RecursionError("as a mail of tomorrow may")
        return parse(raw)

    monkeypatch.setattr(parsing, "parse", break_on_poison)
    mail_server.deliver(samples.mail(b"poison", Subject="One", Message_ID="<p1@x.test>"), to=SUPPORT)
    mail_server.deliver(samples.mail(b"fine", Subject="Two", Message_ID="<p2@x.test>"), to=SUPPORT)
    assert read(box) == 2
    found = Message.objects.order_by("subject").values_list("subject", "text")
    assert list(found) == [("One", "poison"), ("Two", "fine")]
    assert Message.objects.get(subject="One").notes == ["kept_raw"]


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
