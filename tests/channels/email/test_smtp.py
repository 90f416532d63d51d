"""Sending over a real SMTP server: what arrived, what was refused, what nobody can know."""

import dataclasses
import socket
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from guanxi.channels.email import hosts, smtp
from guanxi.channels.email.hosts import Security
from guanxi.channels.email.mime import composing, parsing
from guanxi.channels.wire.messages import Address, Outcome, Outgoing
from guanxi.lib.errors import Invalid, Unavailable

pytestmark = pytest.mark.mail
SENDER, ALICE = "support@company.test", "alice@customers.test"


def compose(recipient=ALICE, text="您好", **changes):
    return composing.compose(
        Outgoing(
            id=str(uuid4()),
            account="1",
            purpose="reply",
            subject="订单",
            text=text,
            sender=Address(value=SENDER, name="客服"),
            recipient=Address(value=recipient),
            **changes,
        ),
        at=datetime(2026, 1, 5, tzinfo=UTC),
    )


def send(server, recipient=ALICE, **changes):
    calls = []
    with smtp.connected(server) as session:
        mail = compose(recipient, **changes)
        receipt = session.send(mail, sender=SENDER, recipient=recipient, about_to_leave=lambda: calls.append(1))
    return receipt, len(calls)


@pytest.mark.parametrize("security", list(Security))
def test_a_mail_arrives_as_it_was_written(mail_server, security):
    receipt, left = send(mail_server.smtp_server(security=security), text="您好\n.\n..dots\nend", html="<p>您好</p>")
    assert (receipt.outcome, left) == (Outcome.SENT, 1)
    (mail,) = mail_server.inbox("everyone@customers.test")
    assert mail["Message-ID"] == receipt.provider_id
    message = parsing.parse(mail.as_bytes()).message
    assert (message.subject, message.text, message.html) == ("订单", "您好\n.\n..dots\nend", "<p>您好</p>")


def test_many_mails_use_one_connection_and_a_refusal_does_not_spoil_the_next(mail_server):
    mail_server.fail("bad@customers.test", at="rcpt", code=550, text="5.1.1 unknown")
    with smtp.connected(mail_server.smtp_server()) as session:
        outcomes = [
            session.send(compose(to), sender=SENDER, recipient=to).outcome
            for to in ("a@customers.test", "bad@customers.test", "b@customers.test")
        ]
    assert outcomes == [Outcome.SENT, Outcome.REFUSED, Outcome.SENT]
    assert [taken["to"] for taken in mail_server.taken()] == ["a@customers.test", "b@customers.test"]


@pytest.mark.parametrize(
    ("fault", "outcome", "code", "left", "arrived"),
    [
        ({"at": "rcpt", "code": 550, "text": "5.1.1 unknown"}, Outcome.REFUSED, "5.1.1", 0, 0),
        ({"at": "rcpt", "code": 450, "text": "4.2.1 grey"}, Outcome.DELAYED, "4.2.1", 0, 0),
        ({"at": "rcpt", "code": 452}, Outcome.DELAYED, "4.3.1", 0, 0),
        ({"at": "rcpt", "code": 552}, Outcome.REFUSED, "5.3.4", 0, 0),
        ({"at": "data", "code": 552, "text": "5.2.3 too large"}, Outcome.REFUSED, "5.2.3", 1, 0),
        ({"at": "data", "code": 554, "text": "5.7.1 spam"}, Outcome.REFUSED, "5.7.1", 1, 0),
        ({"at": "data", "code": 451}, Outcome.DELAYED, "4.0.0", 1, 0),
        ({"at": "drop"}, Outcome.UNCERTAIN, "lost_after_data", 1, 0),
        ({"at": "lost"}, Outcome.UNCERTAIN, "lost_after_data", 1, 1),
        ({"at": "lost", "seconds": 8}, Outcome.UNCERTAIN, "lost_after_data", 1, None),
    ],
)
def test_how_far_it_came_is_known(mail_server, fault, outcome, code, left, arrived):
    mail_server.fail(**fault)
    server = dataclasses.replace(mail_server.smtp_server(), timeout_seconds=1)
    receipt, called = send(server)
    assert (receipt.outcome, receipt.code, called) == (outcome, code, left)
    if arrived is not None:
        assert len(mail_server.taken()) == arrived


def test_an_unknown_user_is_refused_and_a_late_bounce_comes_back(mail_server):
    receipt, _ = send(mail_server.smtp_server(), "nobody@company.test")
    assert receipt.outcome is Outcome.REFUSED
    receipt, _ = send(mail_server.smtp_server(), "bob@gone.test")
    assert receipt.outcome is Outcome.SENT
    (mail,) = mail_server.inbox(SENDER)
    (report,) = parsing.parse(mail.as_bytes()).reports
    assert (report.message_id, report.recipient, report.permanent) == (receipt.provider_id, "bob@gone.test", True)


def problem(server, **checks):
    with pytest.raises((Unavailable, Invalid)) as found:
        smtp.test(server, **checks)
    return found.value.code


def test_problems_are_named(mail_server):
    good = mail_server.smtp_server()
    change = dataclasses.replace
    assert problem(change(good, password="wrong")) == "mailbox.refused_password"
    assert problem(change(good, port=1)) == "mailbox.refused_connection"
    assert problem(change(good, host="no-such-host.invalid")) == "mailbox.unknown_host"
    assert problem(change(good, authorities="")) == "mailbox.certificate"
    assert problem(change(good, authorities="nonsense")) == "mailbox.authority"
    assert problem(change(good, port=mail_server.smtp)) == "mailbox.tls"
    assert problem(change(good, host="127.0.0.2")) in ("mailbox.certificate", "mailbox.refused_connection")
    assert problem(good, allowed=hosts.is_public) == "mailbox.own_network"
    assert "wrong" not in repr(change(good, password="wrong"))


def test_a_server_that_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=lambda: silent.accept()[0].recv(1), daemon=True)
        thread.start()
        server = hosts.Server(
            host="localhost",
            port=silent.getsockname()[1],
            security=Security.NONE,
            user="",
            password="",
            timeout_seconds=0.3,
        )
        assert problem(server) == "mailbox.timeout"


@pytest.mark.parametrize(
    ("address", "own", "public"),
    [
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("100.100.100.200", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("10.0.0.5", True, False),
        ("127.0.0.1", True, False),
        ("8.8.8.8", True, True),
    ],
)
def test_where_a_mailbox_may_connect(address, own, public):
    plain = hosts.plain(address)
    assert (hosts.is_own_network(plain), hosts.is_public(plain)) == (own, public)
