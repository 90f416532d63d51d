"""What must be seen in the inbox of every kind of mail; nothing ever stops a mailbox from being read on."""

import pytest

from guanxi.channels.conversations.models import Attachment, Message
from guanxi.channels.email.imap import Fetched
from guanxi.channels.email.mime import parsing
from guanxi.channels.email.taking import take_safely
from guanxi.channels.wire.messages import State
from guanxi.kernel.time import now
from tests.channels.email.samples import multipart
from tests.channels.email.zoo import machines, reports, scripts, shapes
from tests.factories import channels as make

pytestmark = pytest.mark.django_db
ZOO = scripts.written() | machines.written() | shapes.written()


def taken(raw: bytes, *, whole: bool = True) -> Message:
    """The one message that a mail became."""
    fetched = Fetched(uid=1, raw=raw, arrived_at=now(), size_bytes=len(raw), whole=whole, seen=False)
    assert take_safely(make.mailbox(), fetched)
    return Message.objects.get()


@pytest.mark.parametrize("name", ZOO)
def test_what_is_seen_in_the_inbox(name):
    raw, seen = ZOO[name]
    message, expected = taken(raw), dict(seen)
    names = list(Attachment.objects.filter(message=message).order_by("number").values_list("name", flat=True))
    assert expected.pop("in_text", "") in message.text
    assert names == expected.pop("names", names)
    assert set(expected.pop("notes", [])) <= set(message.notes)
    assert {field: getattr(message, field) for field in expected} == expected
    assert "kept_raw" not in message.notes


def test_a_mail_larger_than_is_read_shows_what_came_of_it():
    message = taken(shapes.mail(b"first words " * 1000), whole=False)
    assert message.text.startswith("first words") and "too_large_to_read" in message.notes


@pytest.mark.parametrize("name", reports.REPORTS)
def test_what_a_report_says(name):
    raw, (state, permanent), code = reports.REPORTS[name]
    (found,) = parsing.parse(raw).reports
    assert (found.state, found.permanent, found.code) == (state, permanent, code)
    assert (found.message_id, found.recipient) == (reports.OURS, reports.BOB)
    message = taken(raw)
    assert (message.automatic, message.needs_answer) == ("bounce", False)


@pytest.mark.parametrize("name", reports.COMPLAINTS)
def test_what_a_complaint_says(name):
    raw, about, recipient = reports.COMPLAINTS[name]
    (found,) = parsing.parse(raw).reports
    assert (found.state, found.message_id, found.recipient) == (State.COMPLAINED, about, recipient)
    assert taken(raw).automatic == "complaint"


def test_who_sends_a_report_on_is_a_person_who_waits():
    report = ("Content-Type: message/rfc822", reports.standard("5.1.1"))
    raw = multipart(("Content-Type: text/plain", b"What does this mean?"), report, boundary="outer")
    assert parsing.parse(raw).reports == ()
    assert taken(raw).needs_answer
