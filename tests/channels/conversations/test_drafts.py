"""What somebody is writing: kept, theirs alone, sent, thrown away, called back, never overwritten without a word."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.drafts import operations as drafts
from guanxi.channels.drafts.models import Draft
from guanxi.channels.email.operations import sign
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Delivery
from guanxi.channels.signatures.operations import write_signature
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import Deadline, HistoryEntry
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Conflict, Invalid, NotFound, Outdated
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
    gate.settle(delivery, Receipt(outcome=Outcome.SENT, provider_id="<b@company.test>"))
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
