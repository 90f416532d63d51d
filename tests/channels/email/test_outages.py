"""A mail server that is restarted, killed or silent for a while: told in words, mended by itself, each mail once."""

import queue
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from guanxi.channels.conversations.models import Message
from guanxi.channels.email import imap, listening, queries, smtp
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.email.hosts import Security, Server, is_own_network
from guanxi.kernel.models import EventEntry
from guanxi.kernel.words import words
from guanxi.lib.errors import Unavailable
from tests.channels.email import samples
from tests.channels.letters import SUPPORT, read
from tests.house import until

pytestmark = [pytest.mark.mail, pytest.mark.django_db]


def restarted(rig) -> Callable[[], None]:
    """Ended in peace, and started again."""
    rig.stop_imap()
    return rig.start_imap


def killed(rig) -> Callable[[], None]:
    """Killed with all that it had in hand, and started again."""
    rig.signal_imap(signal.SIGKILL)
    rig.stop_imap()
    return rig.start_imap


def silent(rig) -> Callable[[], None]:
    """There, but nothing that is said to it is answered, as behind a network that is down."""
    rig.signal_imap(signal.SIGSTOP)
    return lambda: rig.signal_imap(signal.SIGCONT)


@pytest.fixture
def impatient(monkeypatch) -> None:
    """As in production, sooner."""
    monkeypatch.setattr(listening, "FIRST_BACK_OFF_SECONDS", 0.2)
    monkeypatch.setattr(imap, "ASKED_AGAIN_SECONDS", 0.6)
    monkeypatch.setattr(imap, "STEP_SECONDS", 0.2)
    monkeypatch.setattr(queries, "TIMEOUT_SECONDS", 1.0)


@pytest.fixture
def heard(box, impatient) -> Iterator["queue.SimpleQueue"]:
    """What a mailbox tells of while somebody listens to it."""
    told, stop = queue.SimpleQueue(), threading.Event()
    (place,) = listening._places()
    given = (place, told.put, stop, is_own_network)
    thread = threading.Thread(target=listening.listen, args=given, daemon=True)
    thread.start()
    yield told
    stop.set()
    thread.join(10)


def taken() -> list[str]:
    return sorted(Message.objects.filter(direction="in").values_list("subject", flat=True))


def deliver(mail_server, name: str) -> None:
    mail_server.deliver(samples.mail(b"hello", Subject=name, Message_ID=f"<{name}@customers.test>"), to=SUPPORT)


@pytest.mark.parametrize(
    ("gone", "problem"),
    [
        (restarted, "mailbox.refused_connection"),
        (killed, "mailbox.refused_connection"),
        (silent, "mailbox.timeout"),
    ],
)
def test_a_server_that_was_away_is_heard_again_and_each_mail_is_taken_once(mail_server, box, heard, gone, problem):
    deliver(mail_server, "before")
    until(lambda: heard.get(timeout=10) and read(box), what="hearing")
    back = gone(mail_server)
    try:
        for name in ("meanwhile 1", "meanwhile 2"):
            deliver(mail_server, name)
        for _ in range(2):  # the clock asks all the same, and says what is wrong once
            assert read(box) == 0
        box.refresh_from_db()
        assert (box.problem, box.problem_since is not None) == (problem, True)
        assert all(f"error.{problem}" in words(language) for language in ("en", "zh-Hans", "zh-Hant"))
    finally:
        while not heard.empty():
            heard.get()
        back()
    heard.get(timeout=15)  # by itself
    until(lambda: read(box) or len(taken()) == 3, what="what came meanwhile")
    deliver(mail_server, "after")
    until(lambda: heard.get(timeout=15) and read(box), what="hearing again")
    assert taken() == ["after", "before", "meanwhile 1", "meanwhile 2"]
    box.refresh_from_db()
    assert (box.problem, box.problem_since, box.leased_until) == ("", None, None)
    names = [f"channels.mailbox_{what}" for what in ("failed", "recovered")]
    assert list(EventEntry.objects.filter(name__in=names).order_by("id").values_list("name", flat=True)) == names


def test_a_server_that_dies_while_it_is_read_loses_nothing(mail_server, box, at_noon, impatient, monkeypatch):
    for number in range(3):
        deliver(mail_server, f"mail {number}")
    fetch, fetched = imap.Session._one, []

    def die_at_the_second(self, uid, *given):
        if len(fetched) == 1:
            mail_server.signal_imap(signal.SIGKILL)
        fetched.append(uid)
        return fetch(self, uid, *given)

    monkeypatch.setattr(imap.Session, "_one", die_at_the_second)
    try:
        email_jobs.read(box)
        assert taken() == ["mail 0"]
        box.refresh_from_db()
        assert (box.problem, box.leased_until) == ("mailbox.unreachable", None)
    finally:
        mail_server.stop_imap()
        mail_server.start_imap()
    assert read(box) == 2
    box.refresh_from_db()
    assert (taken(), box.problem) == (["mail 0", "mail 1", "mail 2"], "")
    first = fetched[0]
    assert fetched[:4] == [first, first + 1, first + 1, first + 2]  # the second again, as it was not taken
    at_noon.advance(timedelta(minutes=2))
    assert read(box) == 0


IMAP = (imap.connected, b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
SMTP = (smtp.connected, b"220 ready\r\n")


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        (IMAP, b"{tag} NO [UNAVAILABLE] Temporary authentication failure.", "mailbox.not_now"),
        (IMAP, b"{tag} NO [LIMIT] Too many connections.", "mailbox.not_now"),
        (IMAP, b"{tag} NO [AUTHENTICATIONFAILED] Authentication failed.", "mailbox.refused_password"),
        (IMAP, b"", "mailbox.unreachable"),
        (SMTP, b"454 4.7.0 Temporary authentication failure", "mailbox.not_now"),
        (SMTP, b"535 5.7.8 Authentication failed", "mailbox.refused_password"),
        (SMTP, b"", "mailbox.unreachable"),
    ],
)
def test_a_server_that_cannot_let_anybody_in_just_now_does_not_blame_the_password(kind, said, code):
    connected, greeting = kind
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_answer, args=(door, greeting, said), daemon=True).start()
        port = door.getsockname()[1]
        server = Server(host="localhost", port=port, security=Security.NONE, user="a", password="b", timeout_seconds=5)
        with pytest.raises(Unavailable) as found, connected(server):
            pass
    assert found.value.code == code
    assert not str(found.value.values.get("said", "")).startswith("b'")


def _answer(door: socket.socket, greeting: bytes, said: bytes) -> None:
    """One connection, up to the sign-in."""
    here = door.accept()[0]
    with here, here.makefile("rb") as asked:
        here.sendall(greeting)
        for line in asked:
            tag = line.split()[0]
            if b"LOGIN" in line.upper() or b"AUTH" in line.upper():
                if not said:
                    return
                here.sendall(said.replace(b"{tag}", tag) + b"\r\n")
            elif tag.upper() == b"EHLO":
                here.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif tag.upper() == b"QUIT":
                return
            else:
                here.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
