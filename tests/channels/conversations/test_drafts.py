"""What somebody is writing: kept, theirs alone, sent, thrown away, called back, never overwritten without a word."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from threading import Barrier

import pytest
from django.db import connection

from guanxi.channels.conversations import attachments
from guanxi.channels.conversations import rules as talk_rules
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.drafts import enclosures
from guanxi.channels.drafts import operations as drafts
from guanxi.channels.drafts.models import Draft
from guanxi.channels.email.operations import sign
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Delivery
from guanxi.channels.signatures.models import Signature
from guanxi.channels.signatures.operations import write_signature
from guanxi.channels.wire import messages as wire
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.customers.consents.operations import withdraw_consent
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import Deadline, HistoryEntry
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import archive
from guanxi.lib.errors import Conflict, Invalid, NotFound, Outdated
from guanxi.workspace.tokens.queries import actor_of
from tests.channels.letters import EVERYONE
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
def anna():
    return workspace.user("agent", name="Anna")


@pytest.fixture
def agent(anna):
    return actor_of(anna.pk)


def asked(**values):
    """A conversation in which a customer wrote."""
    talk = make.conversation(**values)
    make.message(conversation=talk, sender="alice@customers.test", provider="<a@x>", needs_answer=True)
    return talk


def said(talk) -> Message:
    return Message.objects.get(conversation=talk, direction="out")


def left(talk) -> None:
    """The server takes the message."""
    delivery = said(talk).pk
    gate.reserve(delivery)
    gate.settle({delivery: Receipt(outcome=Outcome.SENT, provider_id="<b@company.test>")})
    drain()


def test_what_is_typed_is_kept_without_a_line_of_history_for_each_half_sentence(anna):
    api, talk = Api(anna), asked()
    begun = api.post("drafts", {"conversation": str(talk.pk), "text": "Dear"}, status=201)
    before = HistoryEntry.objects.count()
    kept = api.put(f"drafts/{begun['id']}/content", {"text": "Dear Alice,"}, if_match='"1"')
    assert (kept["text"], kept["version"], HistoryEntry.objects.count()) == ("Dear Alice,", 2, before)
    assert [one["text"] for one in api.get("drafts")["rows"]] == ["Dear Alice,"]


def test_two_windows_do_not_overwrite_each_other_without_a_word(anna):
    api, talk = Api(anna), asked()
    draft = api.post("drafts", {"conversation": str(talk.pk), "text": "One"}, status=201)
    api.put(f"drafts/{draft['id']}/content", {"text": "Two"}, if_match='"1"')
    with nothing_changes():
        refused = api.put(f"drafts/{draft['id']}/content", {"text": "Three"}, if_match='"1"', status=412)
        second = api.post("drafts", {"conversation": str(talk.pk), "text": "Four"}, status=409)
    assert refused["code"] == "record.changed_meanwhile"
    assert second["code"] == "constraint.draft_one_in_conversation"


def test_a_draft_is_its_writers_and_others_see_only_that_somebody_writes(anna, clock):
    api, talk = Api(anna), asked()
    ben, outside = Api(workspace.user("agent")), Api(workspace.user("analyst"))
    draft = api.post("drafts", {"conversation": str(talk.pk), "text": "A secret"}, status=201)
    clock.move(NOON + timedelta(minutes=1))
    api.put(f"drafts/{draft['id']}/content", {"text": "A longer secret"})
    assert ben.get("drafts")["rows"] == []
    ben.get(f"drafts/{draft['id']}", status=404)
    with nothing_changes():
        ben.put(f"drafts/{draft['id']}/content", {"text": "Mine now"}, status=404)
        ben.post(f"drafts/{draft['id']}/send", status=404)
    seen = ben.get(f"conversations/{talk.pk}/writers")
    assert [(one["name"], one["at"][:16], sorted(one)) for one in seen] == [
        ("Anna", "2026-01-07T12:01", ["at", "name", "who"])
    ]
    assert api.get(f"conversations/{talk.pk}/writers") == []
    outside.get(f"conversations/{talk.pk}/writers", status=403)


def test_sent_it_is_a_message_and_no_draft_any_more(agent):
    talk = asked()
    draft = drafts.write_draft(agent, conversation=talk.pk, text="It is on its way.")
    drafts.send_draft(agent, draft.pk)
    assert said(talk).new_text == "It is on its way."
    with nothing_changes(), pytest.raises(Conflict, match=r"draft\.gone"):
        drafts.send_draft(agent, draft.pk)
    with nothing_changes(), pytest.raises(Conflict, match=r"draft\.gone"):
        drafts.keep_draft(agent, draft.pk, versions=None, values={"text": "More"})
    left(talk)
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_called_back_it_is_a_draft_again_unless_another_was_begun(agent):
    talk = asked()
    draft = drafts.write_draft(agent, conversation=talk.pk, text="It is on its way.")
    drafts.send_draft(agent, draft.pk, hold_seconds=10)
    gate.call_back(agent, said(talk).pk)
    drain()
    draft.refresh_from_db()
    assert (draft.archived_at, draft.sent_as, draft.text) == (None, None, "It is on its way.")

    drafts.send_draft(agent, draft.pk, hold_seconds=10)
    anew = drafts.write_draft(agent, conversation=talk.pk, text="Another")
    gate.call_back(agent, Message.objects.filter(conversation=talk, state="waiting").get().pk)
    drain()
    assert list(Draft.objects.filter(archived_at=None).values_list("pk", flat=True)) == [anew.pk]


def test_an_answer_to_be_sent_tomorrow_waits_can_be_put_off_and_the_gate_is_asked_again(agent, clock):
    person = make.customer("alice@customers.test")
    tomorrow = NOON + timedelta(days=1)
    draft = drafts.write_draft(agent, customer=person.pk, subject="Your order", text="As agreed")
    talk = drafts.send_draft(agent, draft.pk, send_at=tomorrow)
    delivery = Delivery.objects.get(pk=said(talk).pk)
    assert (delivery.release_at, delivery.status) == (tomorrow, "waiting")
    gate.reschedule(agent, delivery.pk, send_at=tomorrow + timedelta(hours=2))
    clock.move(tomorrow + timedelta(hours=1))
    drain()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("waiting", 0)
    make.ContactPoint.objects.filter(customer=person).update(dead_at=NOON)
    clock.move(tomorrow + timedelta(hours=3))
    drain()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.reason) == ("refused", "dead_way")
    with nothing_changes(), pytest.raises(Conflict, match=r"delivery\.has_left"):
        gate.reschedule(agent, delivery.pk, send_at=tomorrow + timedelta(days=1))


@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=-1), timedelta(days=31)])
def test_no_message_leaves_in_the_past_or_after_a_month(agent, after):
    talk = asked()
    draft = drafts.write_draft(agent, conversation=talk.pk, text="Later")
    with nothing_changes(), pytest.raises(Invalid, match=r"message\.wrong_time"):
        drafts.send_draft(agent, draft.pk, send_at=NOON + after)


def test_what_was_put_off_leaves_when_it_was_to_after_an_undo(agent, clock):
    talk = asked()
    draft = drafts.write_draft(agent, conversation=talk.pk, text="Later")
    drafts.send_draft(agent, draft.pk, send_at=NOON + timedelta(hours=1))
    delivery = said(talk).pk
    gate.reschedule(agent, delivery, send_at=NOON + timedelta(hours=5))
    entry = HistoryEntry.objects.filter(record_id=delivery).latest("version")
    undo(agent, entry.change_set_id)
    drain()
    assert Delivery.objects.get(pk=delivery).release_at == NOON + timedelta(hours=1)
    assert time_of(delivery) == NOON + timedelta(hours=1)


def time_of(delivery):
    """When its clock rings."""
    return Deadline.objects.get(key=f"delivery:{delivery}").due_at


def test_a_letter_needs_somebody_it_goes_to_and_begins_a_conversation(agent):
    draft = drafts.write_draft(agent, subject="Opening hours", text="We are open.")
    with nothing_changes(), pytest.raises(Invalid, match=r"draft\.needs_customer"):
        drafts.send_draft(agent, draft.pk)
    person = make.customer("alice@customers.test")
    drafts.keep_draft(agent, draft.pk, versions={1}, values={"customer_id": person.pk})
    talk = drafts.send_draft(agent, draft.pk)
    assert (talk.subject, said(talk).recipients) == ("Opening hours", ["alice@customers.test"])
    with pytest.raises(Outdated):
        drafts.keep_draft(agent, drafts.write_draft(agent, text="x").pk, versions={7}, values={"text": "y"})


def test_a_customer_one_may_not_see_is_no_addressee(agent):
    draft = drafts.write_draft(agent, text="x")
    with nothing_changes(), pytest.raises(NotFound):
        drafts.keep_draft(agent, draft.pk, versions=None, values={"customer_id": draft.pk})


def test_the_own_signature_goes_before_that_of_the_mailbox_and_a_changed_one_before_both(agent):
    box = make.mailbox(primary=True)
    sign(SYSTEM, box.pk, signature="{{ sender.name }}\nTea House")
    for wanted, own, changed in (
        ("Anna\nTea House", None, None),
        ("Anna, support", "{{ sender.name }}, support", None),
        ("A.", "{{ sender.name }}, support", "A."),
        ("", "{{ sender.name }}, support", ""),
        ("", "", None),
    ):
        if own is not None:
            write_signature(agent, text=own)
        talk = asked()
        drafts.send_draft(agent, drafts.write_draft(agent, conversation=talk.pk, text="Hello", signature=changed).pk)
        sent = said(talk)
        assert sent.new_text == "Hello"
        assert sent.text == (f"Hello\n\n-- \n{wanted}" if wanted else "Hello")
        assert Delivery.objects.get(pk=sent.pk).outgoing["text"] == sent.text


@pytest.mark.django_db(transaction=True)
def test_a_signature_written_in_two_windows_at_once_is_one():
    person = workspace.acting({"*": 4})
    windows = Barrier(2)

    def write(text: str) -> None:
        windows.wait()
        write_signature(person, text=text)
        connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(write, ("First", "Second")))
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ customer.name }}", "signature.other_blank"), ("{{ sender.shoe }}", "template.unknown_field"),
        ("{{ sender.name", "template.not_closed"), ("x" * 2001, "signature.too_long"),
    ],
)  # fmt: skip
def test_a_signature_that_could_not_be_filled_is_refused(agent, text, code):
    box = make.mailbox()
    with nothing_changes():
        for write in (lambda: write_signature(agent, text=text), lambda: sign(SYSTEM, box.pk, signature=text)):
            with pytest.raises(Invalid) as refused:
                write()
            assert refused.value.code == code


def test_what_was_thrown_away_comes_back(anna):
    api, talk = Api(anna), asked()
    draft = api.post("drafts", {"conversation": str(talk.pk), "text": "Never mind"}, status=201)
    api.post(f"drafts/{draft['id']}/archive")
    assert api.get("drafts")["rows"] == []
    assert api.post(f"drafts/{draft['id']}/restore")["text"] == "Never mind"
    assert Conversation.objects.get(pk=talk.pk).messages == 0


def test_what_was_sent_is_not_brought_back_to_be_sent_twice(anna):
    make.mailbox(primary=True)
    api, talk = Api(anna), asked()
    draft = api.post("drafts", {"conversation": str(talk.pk), "text": "Once"}, status=201)["id"]
    api.post(f"drafts/{draft}/send", {"hold_seconds": 60})
    with nothing_changes():
        assert api.post(f"drafts/{draft}/restore", status=409)["code"] == "constraint.draft_is_sent_once"
        assert api.post(f"drafts/{draft}/send", status=409)["code"] == "draft.gone"
    api.post("drafts/bulk/restore", {"ids": [draft]})
    assert Draft.objects.filter(archived_at=None).count() == 0
    assert Delivery.objects.count() == 1


def test_what_the_gate_refused_in_the_end_can_be_brought_back_and_written_on(anna, agent, clock):
    make.mailbox(primary=True)
    customer = make.customer(consent="marketing")
    news = {"customer": customer.pk, "subject": "News", "text": "Spring tea", "purpose": "marketing"}
    draft = drafts.write_draft(agent, **news).pk
    drafts.send_draft(agent, draft, send_at=NOON + timedelta(hours=2))
    withdraw_consent(SYSTEM, customer=customer.pk, purpose="marketing", how="told")
    clock.move(NOON + timedelta(hours=3))
    gate.reserve(Delivery.objects.get().pk)
    drain()
    assert Delivery.objects.get().status == "refused"
    assert Api(anna).get("drafts")["rows"] == []
    assert Api(anna).post(f"drafts/{draft}/restore")["text"] == "Spring tea"


def test_whoever_does_not_see_colleagues_learns_that_somebody_writes_and_not_who(anna):
    talk = asked()
    Api(anna).post("drafts", {"conversation": str(talk.pk)}, status=201)
    reads = workspace.holder({"channels.draft.read": 4, "channels.conversation.read": 4})
    assert [one["name"] for one in Api(reads).get(f"conversations/{talk.pk}/writers")] == ["Somebody"]


def put(api: Api, draft, name: str, content: bytes, status: int = 200):
    """Upload a file as the page does."""
    sent = api.client.post(f"/api/drafts/{draft}/files?name={name}", content, content_type="application/octet-stream")
    assert sent.status_code == status, sent.content
    return sent.json()


def test_files_go_with_the_message_and_are_the_drafts_again_when_it_is_called_back(anna, agent):
    talk, api = asked(), Api(anna)
    draft = drafts.write_draft(agent, conversation=talk.pk, text="See the price list.").pk
    put(api, draft, "a/b/prices.pdf", b"%PDF-1.7 prices")
    put(api, draft, "left out.txt", b"no")
    assert [one["name"] for one in put(api, draft, "茶.png", b"\x89PNG")] == ["prices.pdf", "left out.txt", "茶.png"]
    assert api.client.delete(f"/api/drafts/{draft}/files/2").status_code == 200
    drafts.send_draft(agent, draft, hold_seconds=10)
    sent = said(talk)
    files = attachments.of_message(sent.pk)
    assert [(one.name, one.media_type, one.content) for one in files] == [
        ("prices.pdf", "application/pdf", b"%PDF-1.7 prices"), ("茶.png", "image/png", b"\x89PNG"),
    ]  # fmt: skip
    assert sent.files == 2
    gate.call_back(agent, sent.pk)
    drain()
    assert [one["name"] for one in api.get(f"drafts/{draft}/files")] == ["prices.pdf", "茶.png"]


def test_more_than_a_mail_carries_is_refused_with_a_sentence(anna, agent, monkeypatch):
    draft, api = drafts.write_draft(agent, text="x").pk, Api(anna)
    monkeypatch.setattr(talk_rules, "MOST_BYTES", 10)
    put(api, draft, "a.txt", b"12345678")
    with nothing_changes():
        for name, content, status, code in (
            ("b.txt", b"123", 413, "message.files_too_large"), ("c.txt", b"", 422, "draft.empty_file"),
            ("%20", b"1", 422, "draft.file_needs_name"),
        ):  # fmt: skip
            assert put(api, draft, name, content, status)["code"] == code
    monkeypatch.setattr(talk_rules, "MOST_FILES", 1)
    with nothing_changes():
        assert put(api, draft, "d.txt", b"1", 422)["code"] == "message.too_many_files"


def test_a_file_that_came_in_goes_on_to_somebody_else(anna, agent):
    message = make.message(sender="alice@customers.test")
    attachments.keep(message, [wire.Attachment(name="plan.pdf", media_type="application/pdf", content=b"%PDF")])
    draft = drafts.write_draft(agent, text="Please look at this.").pk
    api, other = Api(anna), Api(workspace.user("agent"))
    given = {"message": str(message.pk), "number": 1}
    assert [one["name"] for one in api.post(f"drafts/{draft}/take_file", given)] == ["plan.pdf"]
    with nothing_changes():
        api.post(f"drafts/{draft}/take_file", {**given, "number": 2}, status=404)
        api.post(f"drafts/{draft}/take_file", {**given, "message": str(draft)}, status=404)
        other.post(f"drafts/{draft}/take_file", given, status=404)


@pytest.mark.mail
def test_a_file_arrives_as_it_was_given(mail_server, box, agent):
    with time.frozen(datetime.now(UTC).replace(hour=12)):
        talk = asked(account_id=box.pk)
        draft = drafts.write_draft(agent, conversation=talk.pk, text="The list.").pk
        enclosures.put_in(agent, draft, name="价目表.pdf", content=b"%PDF\r\n.\r\n\x00")
        drafts.send_draft(agent, draft)
        drain()
        mail = message_from_bytes(bytes(mail_server.inbox(EVERYONE)[-1]), policy=default)
        found = [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()]
        assert found == [("价目表.pdf", b"%PDF\r\n.\r\n\x00")]
        assert Message.objects.get(conversation=talk, direction="out").state == "sent"


def test_nobody_begins_more_drafts_than_they_can_write(agent, monkeypatch):
    monkeypatch.setattr(drafts.rules, "MOST", 2)
    who = make.customer(name="Ann")
    for _ in range(2):
        one = drafts.write_draft(agent, customer=who.pk)
    with nothing_changes(), pytest.raises(Conflict, match="draft.too_many"):
        drafts.write_draft(agent, customer=who.pk)
    archive(agent, Draft, one.pk)
    drafts.write_draft(agent, customer=who.pk)
