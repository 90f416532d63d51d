"""Hearing of new mail at once: for each mailbox one connection on which its server tells of it (IMAP IDLE).

It only makes the reading by the clock come sooner: where a server cannot tell, or none is reached, that goes on.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from django.db import Error, connection

from guanxi.channels.email import imap, operations, queries
from guanxi.channels.email.hosts import Check, Server
from guanxi.kernel.jobs import jobs
from guanxi.lib.errors import Problem

LOOK_AGAIN_SECONDS = 10.0
"""How soon a mailbox that was connected, moved or archived is noticed."""
FIRST_BACK_OFF_SECONDS, LONGEST_BACK_OFF_SECONDS = 1.0, 300.0
STOOD_SECONDS = 60.0
"""A line that stood for so long was a good one: it is made anew at once when it ends, as servers end what is quiet."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where is listened: whatever of it changes, it is listened to anew."""

    mailbox: UUID
    server: Server
    folder: str


@dataclass
class _Ear:
    place: Place
    stop: threading.Event = field(default_factory=threading.Event)


def run() -> None:
    """Listen to all mailboxes for ever, and have those read that were told to have something new."""
    heard: queue.SimpleQueue[UUID] = queue.SimpleQueue()
    ears: dict[UUID, _Ear] = {}
    while True:
        try:
            _settle(ears, list(_places()), heard.put)
            _have_read(heard)
        except (Error, Problem) as problem:
            log.warning("Listening to mailboxes goes on in a moment: %s", str(problem).splitlines()[:1])
            connection.close()
            threading.Event().wait(FIRST_BACK_OFF_SECONDS)


def _have_read(heard: "queue.SimpleQueue[UUID]") -> None:
    """Have read what is told of until it is time to look at the mailboxes again."""
    end = monotonic() + LOOK_AGAIN_SECONDS
    with suppress(queue.Empty):
        while (left := end - monotonic()) > 0:
            mailbox = heard.get(timeout=left)
            jobs()["channels.email.read_mailbox"].defer(lock=f"mailbox:{mailbox}", mailbox=str(mailbox))


def _places() -> Iterator[Place]:
    """Where there is something to hear; a mailbox whose password cannot be read says so when it is read."""
    for mailbox in queries.active():
        with suppress(Problem):
            yield Place(mailbox=mailbox.pk, server=queries.imap_server(mailbox), folder=mailbox.folder)


def _settle(ears: dict[UUID, _Ear], places: list[Place], heard: Callable[[UUID], None]) -> None:
    """Begin to listen where nobody does, and stop where nothing is to be heard any more."""
    wanted = {place.mailbox: place for place in places}
    for mailbox, ear in list(ears.items()):
        if wanted.get(mailbox) != ear.place:
            ears.pop(mailbox).stop.set()
    allowed = operations.allowed()
    for mailbox, place in wanted.items():
        if mailbox not in ears:
            ear = ears[mailbox] = _Ear(place)
            # A daemon: the end of the program waits for no server.
            given = (place, heard, ear.stop, allowed)
            threading.Thread(target=listen, args=given, name=f"mail {mailbox}", daemon=True).start()


def listen(place: Place, heard: Callable[[UUID], None], stop: threading.Event, allowed: Check) -> None:
    """Listen to one mailbox until told to stop; a connection that is lost is made anew, ever more patiently."""
    wait = FIRST_BACK_OFF_SECONDS
    while not stop.is_set():
        began = monotonic()
        try:
            with imap.connected(place.server, allowed=allowed) as session:
                if not session.can_tell():
                    return  # it is read by the clock
                heard(place.mailbox)  # of what came while nobody listened
                for _ in session.told(place.folder, stop):
                    wait = FIRST_BACK_OFF_SECONDS
                    heard(place.mailbox)
        except Exception as problem:  # whatever a server does, the others are heard
            log.info("A mailbox at %s is not heard just now: %s", place.server.host, problem)
        if monotonic() - began > STOOD_SECONDS:
            wait = FIRST_BACK_OFF_SECONDS
        stop.wait(wait)
        wait = min(wait * 2, LONGEST_BACK_OFF_SECONDS)
