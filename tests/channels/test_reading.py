"""How a mailbox is read: once, its past, what is attached, what is broken or forged."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations.models import Attachment, Conversation, Message
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.email import operations as email_operations
from guanxi.channels.email.imap import Place
from guanxi.channels.email.mime import parsing
from guanxi.channels.email.operations import connect, read_past
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from tests.channels.email import samples
from tests.channels.letters import SUPPORT, answer, read
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace

pytestmark = [pytest.mark.mail, pytest.mark.django_db]


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
