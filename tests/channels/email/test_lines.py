"""A connection that stays open between two letters: used again, never trusted blindly, hung up when nothing comes."""

import dataclasses
import socket

import pytest

from guanxi.channels.email import lines, smtp
from guanxi.channels.wire.messages import Outcome
from guanxi.lib.errors import Unavailable
from tests.channels.email.test_smtp import ALICE, SENDER, compose

pytestmark = pytest.mark.mail


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    """How often a connection was made; none is left open."""
    counted = []
    connect = smtp._connect
    monkeypatch.setattr(smtp, "_connect", lambda *given: counted.append(given) or connect(*given))
    lines.hang_up(idle_seconds=0)
    yield counted
    lines.hang_up(idle_seconds=0)


def send(server) -> Outcome:
    """One letter."""
    return lines.send(server, compose(), sender=SENDER, recipient=ALICE).outcome


def test_letters_one_after_the_other_use_one_connection(mail_server, opened):
    assert [send(mail_server.smtp_server()) for _ in range(3)] == [Outcome.SENT] * 3
    assert (len(opened), len(mail_server.taken())) == (1, 3)


def test_another_server_or_password_gets_a_connection_of_its_own(mail_server, opened):
    send(mail_server.smtp_server())
    with pytest.raises(Unavailable, match=r"mailbox\.refused_password"):
        send(dataclasses.replace(mail_server.smtp_server(), password="another"))
    assert len(opened) == 2


def test_what_the_server_has_closed_meanwhile_is_made_anew_and_nothing_is_lost(mail_server, opened):
    server = mail_server.smtp_server()
    send(server)
    (line,) = lines._idle[server]
    line.session._smtp.sock.shutdown(socket.SHUT_RDWR)
    assert send(server) == Outcome.SENT
    assert (len(opened), len(mail_server.taken())) == (2, 2)


def test_a_connection_that_broke_is_not_kept(mail_server, opened):
    mail_server.fail(ALICE, at="lost", times=1)
    assert send(mail_server.smtp_server()) == Outcome.UNCERTAIN
    assert not lines._idle.get(mail_server.smtp_server())
    assert send(mail_server.smtp_server()) == Outcome.SENT


def test_after_many_letters_or_a_while_it_is_hung_up(mail_server, opened, monkeypatch):
    monkeypatch.setattr(lines, "MOST_LETTERS", 2)
    for _ in range(3):
        send(mail_server.smtp_server())
    assert len(opened) == 2
    monkeypatch.setattr(lines, "KEPT_SECONDS", 0.0)
    send(mail_server.smtp_server())
    assert len(opened) == 3
    lines.hang_up(idle_seconds=0)
    assert lines._idle == {}
