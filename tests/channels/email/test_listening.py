"""New mail is heard of at once; a line that is lost is made anew, and the end waits for nobody."""

import dataclasses
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest

from guanxi.channels.email import imap, listening
from guanxi.channels.email.hosts import is_own_network
from guanxi.kernel.jobs import jobs
from tests.channels.email import samples
from tests.house import until

pytestmark = pytest.mark.mail
USER = "support@company.test"


class Line:
    """A way to a server that can be cut."""

    def __init__(self, port: int) -> None:
        self.to, self.open = port, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                here, there = self.door.accept()[0], socket.create_connection(("127.0.0.1", self.to))
                self.open += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(1 << 16):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Lose every connection."""
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open.clear()


@contextmanager
def listener(server) -> Iterator[queue.SimpleQueue]:
    """What is heard from a mailbox."""
    heard, stop = queue.SimpleQueue(), threading.Event()
    place = listening.Place(mailbox=uuid4(), server=server, folder="INBOX")
    thread = threading.Thread(target=listening.listen, args=(place, heard.put, stop, is_own_network), daemon=True)
    thread.start()
    yield heard
    stop.set()


def test_a_mail_is_heard_of_when_it_comes(mail_server):
    with listener(mail_server.imap_server()) as heard:
        heard.get(timeout=10)  # what came before
        time.sleep(0.5)
        for _ in range(2):
            mail_server.deliver(samples.mail(b"hello"), to=USER)
            heard.get(timeout=10)  # the clock would come after twenty seconds, the line asks again after minutes


def test_a_line_that_is_lost_is_made_anew_without_asking_over_and_over(mail_server, monkeypatch):
    monkeypatch.setattr(listening, "FIRST_BACK_OFF_SECONDS", 0.2)
    server = mail_server.imap_server()
    line = Line(server.port)
    with listener(dataclasses.replace(server, port=line.port)) as heard:
        heard.get(timeout=10)
        time.sleep(0.5)
        line.cut()
        heard.get(timeout=10)  # listening again: what came meanwhile is read
        time.sleep(0.5)
        mail_server.deliver(samples.mail(b"hello"), to=USER)
        heard.get(timeout=10)
        time.sleep(1)
        assert heard.empty()


def test_a_line_that_is_silent_for_long_is_asked_whether_it_is_there(mail_server, monkeypatch):
    monkeypatch.setattr(imap, "ASKED_AGAIN_SECONDS", 0.6)
    monkeypatch.setattr(imap, "STEP_SECONDS", 0.2)
    with listener(mail_server.imap_server()) as heard:
        heard.get(timeout=10)
        time.sleep(2)
        assert heard.empty()  # asking again is no news
        mail_server.deliver(samples.mail(b"hello"), to=USER)
        heard.get(timeout=10)


def test_a_server_that_cannot_tell_is_left_to_the_clock(mail_server, monkeypatch):
    monkeypatch.setattr(imap.Session, "can_tell", lambda self: False)
    heard, stop = queue.SimpleQueue(), threading.Event()
    place = listening.Place(mailbox=uuid4(), server=mail_server.imap_server(), folder="INBOX")
    listening.listen(place, heard.put, stop, is_own_network)
    assert heard.empty()


@pytest.mark.django_db
def test_what_is_heard_is_read_and_mailboxes_come_and_go(box, monkeypatch):
    read, ears, heard = [], {}, queue.SimpleQueue()
    monkeypatch.setattr(listening, "LOOK_AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(type(jobs()["channels.email.read_mailbox"]), "defer", lambda self, **given: read.append(given))
    places = list(listening._places())
    assert [place.mailbox for place in places] == [box.pk]
    listening._settle(ears, places, heard.put)
    until(lambda: not heard.empty(), seconds=10, what="listening")
    listening._have_read(heard)
    assert read == [{"lock": f"mailbox:{box.pk}", "mailbox": str(box.pk)}]
    stop = ears[box.pk].stop
    listening._settle(ears, [dataclasses.replace(places[0], folder="Other")], heard.put)
    assert stop.is_set() and ears[box.pk].place.folder == "Other"
    last = ears[box.pk].stop
    listening._settle(ears, [], heard.put)
    assert last.is_set() and ears == {}
