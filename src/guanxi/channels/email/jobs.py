"""Work with mailboxes by the clock: read what is new, read the past."""

import heapq
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from guanxi.channels.email import adapter, imap, lines, operations, queries
from guanxi.channels.email.imap import Fetched, Place
from guanxi.channels.email.models import Mailbox
from guanxi.channels.email.taking import MAX_BYTES, take_safely
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.jobs import job
from guanxi.kernel.time import now
from guanxi.lib.errors import Problem

__all__ = ["adapter", "read_mailbox", "read_mailboxes", "read_past"]
PAST_ATTEMPTS, PAST_AGAIN_AFTER = 10, timedelta(minutes=5)
log = logging.getLogger(__name__)


@job("channels.email.read_mailboxes", every="* * * * * */20")
def read_mailboxes() -> None:
    """Read what is new in every mailbox; one that does not answer is noted and holds up no other for long."""
    lines.hang_up()
    for mailbox in queries.active():
        read(mailbox)


@job("channels.email.read_mailbox")
def read_mailbox(mailbox: str) -> None:
    """Read what is new in one mailbox."""
    read(Mailbox.objects.get(pk=UUID(mailbox)))


def read(mailbox: Mailbox) -> int:
    """Read what is new; returns how many mails came in. Somebody else reading it now means none."""
    count = 0
    with _leased(mailbox) as session:
        if session is not None:
            count = _read_inbox(session, mailbox)
            _read_sent(session, mailbox)
            operations.works(mailbox.pk)
    return count


def _read_inbox(session: imap.Session, mailbox: Mailbox) -> int:
    """What came in since the last time; the first time the place is noted, and what came before is read as past."""
    place, count = session.place(mailbox.folder), 0
    if mailbox.validity is None:
        operations.note_place(mailbox.pk, place)
        operations.read_past(SYSTEM, mailbox.pk)
        return 0
    known = Place(validity=mailbox.validity, uid=mailbox.read_to)
    for fetched in session.after(mailbox.folder, known, max_bytes=MAX_BYTES):
        taken = take_safely(mailbox, fetched)
        operations.note_place(mailbox.pk, Place(validity=place.validity, uid=fetched.uid))
        if mailbox.marks_seen and taken:
            session.mark_seen(mailbox.folder, [fetched.uid])
        count += 1
    return count


def _read_sent(session: imap.Session, mailbox: Mailbox) -> None:
    """What people answered from their own mail programs: it answers here, too."""
    folder = mailbox.sent_folder or session.sent_folder()
    if not folder:
        return
    place = session.place(folder)
    if mailbox.sent_validity is None:
        operations.note_sent_place(mailbox.pk, folder, place)
        return
    known = Place(validity=mailbox.sent_validity, uid=mailbox.sent_read_to)
    for fetched in session.after(folder, known, max_bytes=MAX_BYTES):
        take_safely(mailbox, fetched, outbound=True)
        operations.note_sent_place(mailbox.pk, folder, Place(validity=place.validity, uid=fetched.uid))


@contextmanager
def _leased(mailbox: Mailbox) -> Iterator[imap.Session | None]:
    """An open mailbox, alone; what is wrong with it is noted, not raised."""
    if not operations.lease(mailbox.pk):
        yield None
        return
    opened = False
    try:
        with imap.connected(queries.imap_server(mailbox), allowed=operations.allowed()) as session:
            opened = True
            yield session
    except Problem as problem:
        operations.fails(mailbox.pk, problem.code)
        log.warning("The mailbox %s cannot be read: %s", mailbox.address, problem)
        if not opened:
            yield None
    finally:
        operations.release(mailbox.pk)


@job("channels.email.read_past")
def read_past(mailbox: str, since: str, attempt: int = 1) -> None:
    """Read the past of a mailbox in the order of time; one that does not answer is asked again later."""
    box = Mailbox.objects.get(pk=UUID(mailbox))
    try:
        _read_past(box, datetime.fromisoformat(since).astimezone(UTC).date())
    except Problem as problem:
        operations.fails(box.pk, problem.code)
        if attempt < PAST_ATTEMPTS:
            later = now() + PAST_AGAIN_AFTER * attempt
            read_past.defer(at=later, mailbox=mailbox, since=since, attempt=attempt + 1)


def _read_past(box: Mailbox, day: date) -> None:
    """What came in and what went out; nobody is written to, and what was taken before is not taken again."""
    count, server, check = 0, queries.imap_server(box), operations.allowed()
    with imap.connected(server, allowed=check) as inbox, imap.connected(server, allowed=check) as sent:
        came = inbox.since(box.folder, day, max_bytes=MAX_BYTES, up_to=box.read_to)
        folder = box.sent_folder or sent.sent_folder()
        went = sent.since(folder, day, max_bytes=MAX_BYTES) if folder else iter(())
        for fetched, outbound in _in_order(came, went):
            take_safely(box, fetched, origin=Origin.BACKFILL, outbound=outbound)
            count += 1
            if count % 50 == 0:
                operations.note_past(box.pk, count=count, done_at=None)
    operations.note_past(box.pk, count=count, done_at=now())


def _in_order(came: Iterator[Fetched], went: Iterator[Fetched]) -> Iterator[tuple[Fetched, bool]]:
    """Both folders as one story, by the time of arrival."""
    streams = [((one, False) for one in came), ((one, True) for one in went)]
    yield from heapq.merge(*streams, key=lambda pair: pair[0].arrived_at)
