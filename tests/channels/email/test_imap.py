"""Reading a real IMAP mailbox: in order, without marking, once, and through a change of validity."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.email import imap
from guanxi.channels.email.hosts import Security
from guanxi.channels.email.imap import Place
from guanxi.lib.errors import NotFound, Unavailable
from tests.channels.email import samples

pytestmark = pytest.mark.mail
USER = "support@company.test"


def new(mail_server, place=None, **limits):
    with imap.connected(mail_server.imap_server()) as session:
        return list(session.after("INBOX", place, **({"max_bytes": 10**6} | limits)))


def here(mail_server) -> Place:
    with imap.connected(mail_server.imap_server()) as session:
        return session.place("INBOX")


@pytest.mark.parametrize("security", list(Security))
def test_each_kind_of_connection(mail_server, security):
    with imap.connected(mail_server.imap_server(security=security)) as session:
        assert session.folders() == ["INBOX"]


def test_new_mail_is_read_in_order_and_stays_unread(mail_server):
    start = here(mail_server)
    for number in range(3):
        mail_server.deliver(samples.mail(b"body %d" % number, Subject=f"s{number}"), to=USER)
    found = new(mail_server, start)
    assert [b"body %d" % n in message.raw for n, message in enumerate(found)] == [True] * 3
    assert [message.seen for message in found] == [False] * 3
    assert all(
        message.whole and abs(message.arrived_at - datetime.now(UTC)) < timedelta(minutes=1) for message in found
    )
    assert [message.seen for message in new(mail_server, start)] == [False] * 3
    assert new(mail_server, Place(validity=start.validity, uid=found[-1].uid)) == []
    assert [m.uid for m in new(mail_server, Place(validity=start.validity, uid=found[0].uid))] == [
        m.uid for m in found[1:]
    ]


def test_marking_as_read_happens_only_when_asked(mail_server):
    start = here(mail_server)
    mail_server.deliver(samples.mail(), to=USER)
    (message,) = new(mail_server, start)
    with imap.connected(mail_server.imap_server()) as session:
        session.mark_seen("INBOX", [message.uid])
    assert new(mail_server, start)[0].seen


def test_a_large_mail_is_known_by_its_header(mail_server):
    start = here(mail_server)
    mail_server.deliver(samples.mail(b"xxxxxxxx\r\n" * 6_000, Subject="Large"), to=USER)
    (message,) = new(mail_server, start, max_bytes=10_000)
    assert not message.whole and b"Subject: Large" in message.raw and len(message.raw) < 2_000
    assert message.size_bytes > 50_000


def test_a_changed_validity_reads_from_the_beginning(mail_server):
    mail_server.deliver(samples.mail(b"first"), to=USER)
    place = here(mail_server)
    for name in ("dovecot-uidlist", "dovecot-uidvalidity", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
        (mail_server.maildir(USER) / name).unlink(missing_ok=True)
    found = new(mail_server, Place(validity=place.validity - 1, uid=10**6))
    assert len(found) == 1


def test_the_past_is_read_by_day(mail_server):
    now = datetime.now(UTC)
    for days in (100, 60, 10):
        mail_server.place(samples.mail(b"%d days" % days), user=USER, at=now - timedelta(days=days), seen=True)
    with imap.connected(mail_server.imap_server()) as session:
        found = list(session.since("INBOX", (now - timedelta(days=90)).date(), max_bytes=10**6))
    assert [message.arrived_at.date() for message in found] == [
        (now - timedelta(days=days)).date() for days in (60, 10)
    ]


def test_problems_are_named(mail_server):
    good = mail_server.imap_server()
    for changes, code in (
        ({"password": "wrong"}, "mailbox.refused_password"),
        ({"port": 1}, "mailbox.refused_connection"),
        ({"authorities": ""}, "mailbox.certificate"),
        ({"port": mail_server.imap}, "mailbox.tls"),
    ):
        with pytest.raises(Unavailable) as found:
            imap.test(dataclasses.replace(good, timeout_seconds=1, **changes), "INBOX")
        assert found.value.code == code
    with pytest.raises(NotFound):
        imap.test(good, "No such folder")
