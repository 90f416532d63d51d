"""Mail that means harm, from the mailbox to what a browser is given."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.conversations import intake, queries
from guanxi.channels.conversations.models import Attachment, Conversation, Message
from guanxi.channels.email import handlers, operations
from guanxi.channels.email.imap import Fetched
from guanxi.channels.email.mime import parsing
from guanxi.channels.email.taking import take, take_safely
from guanxi.channels.gate.models import Delivery
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import add_contact_point
from guanxi.customers.customers.operations import create_customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.time import frozen, now
from tests.channels.email import samples
from tests.channels.email.test_html import HOSTILE
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
FORGED = "<gx.00000000000070008000000000000000@company.test>"


def fetched(raw: bytes) -> Fetched:
    """One mail as the mailbox gives it."""
    return Fetched(uid=1, raw=raw, arrived_at=now(), size_bytes=len(raw), whole=True, seen=False)


def taken(box, raw: bytes):
    """What became of one mail."""
    return take(box, fetched(raw))


def test_a_browser_is_given_nothing_that_runs_or_loads():
    message = taken(make.mailbox(), samples.mail("\n".join(HOSTILE).encode(), kind="text/html; charset=utf-8"))
    given = Api(workspace.user("owner")).get(f"messages/{message.pk}")["html"]
    assert "<a " in given
    assert not re.search(
        r"<(script|style|svg|math|iframe|form|input|object|link|meta|base|video|template)", given, re.I
    )
    assert not re.search(r"\son\w+\s*=|javascript:|vbscript:|url\(|evil\.test", given, re.I)


def test_characters_that_cannot_be_stored_are_left_out():
    raw = samples.mail(b"be\x00fore and \x00after", From='"A\x00lice" <alice@customers.test>', Subject="Or\x00der")
    message = taken(make.mailbox(), raw)
    assert "\x00" not in message.text + message.subject + message.sender_name
    assert message.sender == "alice@customers.test"


def test_an_id_that_only_looks_like_ours_is_a_mail_like_any_other():
    message = taken(make.mailbox(), samples.mail(Message_ID=FORGED, In_Reply_To=FORGED))
    assert (message.provider, message.direction, message.conversation.messages) == (FORGED, "in", 1)


def test_who_shares_an_address_takes_no_mail_off_whose_it_is():
    """Somebody who does not see its holder may say that an own customer shares it."""
    holder, seller = make.customer("alice@customers.test"), workspace.actor("seller", team=workspace.team())
    own = create_customer(seller, name="Mine")
    add_contact_point(seller, kind="email", value="alice@customers.test", customer=own.pk, shared=True)
    assert taken(make.mailbox(), samples.mail()).customer_id == holder.pk


def test_mail_of_an_address_that_all_its_holders_share_waits_for_a_person():
    for name in ("Mother", "Child"):
        add_contact_point(
            SYSTEM, kind="email", value="alice@customers.test", customer=make.customer(None, name=name).pk, shared=True
        )
    assert taken(make.mailbox(), samples.mail()).customer_id is None


def receipts(box, *mails: bytes) -> list[str]:
    """To whom receipts went after these mails."""
    for raw in mails:
        taken(box, raw)
    drain()
    return list(Delivery.objects.order_by("pk").values_list("recipient", flat=True))


def test_a_receipt_goes_to_the_sender_and_never_to_whom_they_name():
    box = make.mailbox(acknowledges=True)
    asked = [
        samples.mail(
            Message_ID=f"<{n}@x.test>", From=f"a{n}@x.test", Subject=f"S{n}", Reply_To="victim@third.test"
        )
        for n in range(4)
    ]  # fmt: skip
    assert receipts(box, *asked) == []
    assert Conversation.objects.filter(waiting_since=None).count() == 0
    same = samples.mail(Message_ID="<own@x.test>", Reply_To="Alice <ALICE@customers.test>")
    assert receipts(box, same) == ["alice@customers.test"]


def test_one_address_gets_few_receipts_an_hour():
    box = make.mailbox(acknowledges=True)
    asked = [
        samples.mail(Message_ID=f"<{n}@x.test>", From="victim@third.test", Subject=f"S{n}") for n in range(6)
    ]  # fmt: skip
    assert receipts(box, *asked) == ["victim@third.test"] * handlers.TO_ONE.most
    with frozen(now() + timedelta(hours=1)):
        later = samples.mail(Message_ID="<later@x.test>", From="victim@third.test", Subject="Later")
        assert len(receipts(box, later)) == handlers.TO_ONE.most + 1


def test_one_mailbox_writes_so_many_receipts_an_hour(monkeypatch):
    monkeypatch.setattr(handlers, "OF_MAILBOX", replace(handlers.OF_MAILBOX, most=2))
    asked = [samples.mail(Message_ID=f"<{n}@x.test>", From=f"a{n}@x.test") for n in range(4)]
    assert len(receipts(make.mailbox(acknowledges=True), *asked)) == 2
    assert Conversation.objects.count() == 4


@pytest.fixture
def letter():
    """A letter of ours to a customer, and the headers by which it is answered."""
    person = make.customer("alice@customers.test", name="Alice")
    box = make.mailbox()
    add_contact_point(SYSTEM, kind="email", value="alice@home.test", customer=person.pk)
    point = ContactPoint.objects.get(value="alice@customers.test")
    talk = make.conversation(customer=person, contact_point=point, account_id=box.pk)
    said = make.message(
        conversation=talk, direction="out", state="sent", recipients=["alice@customers.test"], account_id=box.pk
    )
    make.message(
        conversation=talk, sender="alice@customers.test", recipients=["support@x.test", "bob@customers.test"],
        account_id=box.pk,
    )  # fmt: skip
    mark = f"<gx.{said.pk.hex}@company.test>"
    return box, talk, {"In_Reply_To": mark, "References": mark}


@pytest.mark.parametrize("forged", [{}, {"Reply_To": "alice@customers.test"}])
def test_a_strangers_answer_to_our_letter_is_a_conversation_of_its_own(letter, forged):
    """Else the next answer to the customer would go to whoever knows the id of a letter."""
    box, talk, answering = letter
    came = taken(box, samples.mail(From="Alice <evil@evil.test>", Message_ID="<e@x>", **answering, **forged))
    assert (came.conversation_id != talk.pk, came.customer_id, came.notes) == (True, None, ["from_another_address"])
    assert queries.answer_address(talk) == "alice@customers.test"
    again = taken(box, samples.mail(From="evil@evil.test", Message_ID="<f@x>", References="<e@x>"))
    assert again.conversation_id == came.conversation_id


@pytest.mark.parametrize("sender", ["ALICE@customers.test", "alice@home.test", "bob@customers.test"])
def test_who_is_known_in_a_conversation_answers_in_it(letter, sender):
    """The customer from any of their addresses, and whom they copied in."""
    box, talk, answering = letter
    came = taken(box, samples.mail(From=sender, Message_ID="<g@x>", **answering))
    assert (came.conversation_id, came.notes) == (talk.pk, [])


def test_an_answer_that_names_another_address_is_answered_where_it_came_from(letter):
    box, talk, answering = letter
    came = taken(box, samples.mail(Message_ID="<h@x>", Reply_To="evil@evil.test", **answering))
    assert (came.conversation_id, came.notes) == (talk.pk, ["reply_to_another_address"])
    assert queries.answer_address(talk) == "alice@customers.test"


def test_a_machine_may_report_in_a_conversation_and_becomes_nobody_known_in_it(letter):
    box, talk, answering = letter
    machine = samples.mail(From="away@evil.test", Message_ID="<i@x>", Auto_Submitted="auto-replied", **answering)
    assert taken(box, machine).conversation_id == talk.pk
    assert queries.answer_address(talk) == "alice@customers.test"
    assert taken(box, samples.mail(From="away@evil.test", Message_ID="<j@x>", **answering)).conversation_id != talk.pk


HEADERS = (
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type",
    "Content-Disposition", "Content-Transfer-Encoding", "Auto-Submitted", "Delivered-To", "X-Original-To",
)  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("sign", [*':()<>"[,;@\\\té\x00', "=?", "a@b:("])
def test_no_header_loses_a_mail(name, sign):
    """A header that breaks the parser of addresses took the mail with it, and nobody was told."""
    hostile = samples.mail(b"My complaint", **{name.replace("-", "_"): sign * 3000})
    parsed = parsing.parse(hostile).message
    assert "My complaint" in parsed.text or name.startswith("Content-")
    assert parsed.sender.value == "alice@customers.test" or name == "From"


def test_addresses_are_found_in_a_header_that_cannot_be_read():
    found = parsing.addresses(":" * 3000 + " Alice <alice@customers.test>, bob@customers.test")
    assert [one.value for one in found] == ["alice@customers.test", "bob@customers.test"]


def test_what_cannot_be_parsed_is_kept_as_it_came(monkeypatch):
    def breaks(raw: bytes):
        raise RecursionError("as a mail of tomorrow may")

    monkeypatch.setattr(parsing, "parse", breaks)
    raw = samples.mail("Ich klage: drei\x00 Löcher".encode(), Subject="=?utf-8?B?5oqV6K+J?=", In_Reply_To="<t@x>")
    assert take_safely(make.mailbox(acknowledges=True), fetched(raw))
    drain()
    message = Message.objects.get()
    assert (message.sender, message.sender_name, message.subject) == ("alice@customers.test", "Alice", "投诉")
    assert (message.text, message.needs_answer) == ("Ich klage: drei Löcher", True)
    assert message.notes == ["kept_raw"]
    assert message.written_at == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert bytes(Attachment.objects.get(message=message).content) == raw


def test_a_mail_that_cannot_be_taken_at_all_is_told_at_its_mailbox(monkeypatch):
    def breaks(*_: object):
        raise RecursionError

    monkeypatch.setattr(intake, "receive", breaks)
    box = make.mailbox()
    assert not take_safely(box, fetched(samples.mail()))
    box.refresh_from_db()
    assert box.problem == "mailbox.mail_not_taken"
    operations.works(box.pk)  # what comes after it is read
    box.refresh_from_db()
    assert box.problem == "mailbox.mail_not_taken"
    operations.works(box.pk, looked_at=True)
    box.refresh_from_db()
    assert box.problem == ""


def test_the_same_mail_again_changes_nothing():
    box, raw = make.mailbox(), samples.mail()
    assert taken(box, raw) is not None
    with nothing_changes():
        assert taken(box, raw) is None
