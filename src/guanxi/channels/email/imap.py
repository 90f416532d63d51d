"""Reading a mailbox over IMAP without disturbing it."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Event
from time import monotonic
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from guanxi.channels.email.hosts import Check, Security, Server, explain, is_own_network, reach, tls_context
from guanxi.lib.errors import NotFound, Unavailable

BATCH = 50
"""Messages fetched at once."""
ASKED_AGAIN_SECONDS = 240.0
"""How long a line may be silent: servers end it after 29 minutes, many a router far sooner."""
FIRST_PATIENCE_SECONDS, STEP_SECONDS = 1.0, 5.0
_NOT_NOW = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|\btemporar", re.IGNORECASE)
"""How a server says that it is its own trouble and passes (RFC 5530)."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One message as the server keeps it."""

    uid: int
    raw: bytes
    """The whole message; only its header when it is larger than was asked for."""
    arrived_at: datetime
    size_bytes: int
    whole: bool
    seen: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a folder has been read; when the validity changed, the number means nothing any more."""

    validity: int
    uid: int


@contextmanager
def connected(server: Server, *, allowed: Check = is_own_network) -> Iterator["Session"]:
    """A signed-in connection; problems are named so that a person can act."""
    client = reach(server, allowed, _connect)
    try:
        _sign_in(client, server)
        yield Session(client, server)
    finally:
        with suppress(IMAPClientError, OSError, imaplib.IMAP4.error):
            client.logout()
        with suppress(OSError, AttributeError):
            client.shutdown()


def _connect(server: Server, address: str) -> IMAPClient:
    timeout = SocketTimeout(connect=server.timeout_seconds, read=server.timeout_seconds)
    direct = server.security is Security.TLS
    context = tls_context(server) if server.security is not Security.NONE else None
    try:
        client = IMAPClient(
            address, server.port, use_uid=True, ssl=direct, ssl_context=context if direct else None, timeout=timeout
        )
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise explain(error, server) from error
    client.normalise_times = False
    if server.security is Security.STARTTLS:
        try:
            client.starttls(context)
        except (CapabilityError, imaplib.IMAP4.error):
            _close(client)
            raise Unavailable("mailbox.no_starttls", host=server.host, port=server.port) from None
        except OSError as error:
            _close(client)
            raise explain(error, server) from error
    return client


def _close(client: IMAPClient) -> None:
    with suppress(OSError, AttributeError):
        client.shutdown()


def _said(error: LoginError) -> str:
    """What the server said; below the words of the client it stands as it came, in bytes."""
    said = next(iter(getattr(error.__context__, "args", ())), None)
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)


def _sign_in(client: IMAPClient, server: Server) -> None:
    try:
        client.login(server.user, server.password)
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):  # it went away over the question
            raise explain(OSError(), server) from error
        if _NOT_NOW.search(str(error)):
            raise Unavailable("mailbox.not_now", host=server.host) from error
        raise Unavailable("mailbox.refused_password", user=server.user, said=_said(error)[:300]) from None
    except (OSError, ssl.SSLError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise explain(error, server) from error


class Session:
    """An open mailbox."""

    def __init__(self, client: IMAPClient, server: Server) -> None:
        self._client = client
        self._server = server

    def folders(self) -> list[str]:
        """The folders that can be opened, by name."""
        with self._explained():
            listed: Any = self._client.list_folders()
        return [str(name) for flags, _, name in listed if b"\\Noselect" not in flags and b"\\NonExistent" not in flags]

    def sent_folder(self) -> str:
        """The folder where mail programs keep what was sent; empty when there is none."""
        with self._explained():
            found: Any = self._client.find_special_folder(rb"\Sent")
        return str(found or "")

    def place(self, folder: str) -> Place:
        """Open a folder for reading; its validity and the last number given out."""
        with self._explained():
            try:
                status: Any = self._client.select_folder(folder, readonly=True)
            except IMAPClientError as error:
                if isinstance(error, imaplib.IMAP4.abort) or _NOT_NOW.search(str(error)):
                    raise
                raise NotFound("mailbox.no_folder", folder=folder) from None
        return Place(validity=int(status[b"UIDVALIDITY"]), uid=int(status.get(b"UIDNEXT", 1)) - 1)

    def after(self, folder: str, place: Place | None, *, max_bytes: int, limit: int = 500) -> Iterator[Fetched]:
        """Messages newer than a place, oldest first, without marking them as read."""
        now = self.place(folder)
        start = place.uid + 1 if place is not None and place.validity == now.validity else 1
        with self._explained():
            found = [uid for uid in self._client.search(["UID", f"{start}:*"]) if uid >= start]
        yield from self._fetch(sorted(found)[:limit], max_bytes)

    def since(self, folder: str, day: date, *, max_bytes: int, up_to: int | None = None) -> Iterator[Fetched]:
        """Messages that arrived on a day or later, oldest first, up to a number; the server's day counts."""
        self.place(folder)
        with self._explained():
            found = self._client.search(["SINCE", day])
        yield from self._fetch(sorted(uid for uid in found if up_to is None or uid <= up_to), max_bytes)

    def can_tell(self) -> bool:
        """Whether the server tells of new mail by itself (IDLE, RFC 2177)."""
        with self._explained():
            return bool(self._client.has_capability("IDLE"))

    def told(self, folder: str, stop: Event) -> Iterator[None]:
        """Each time that the server tells of something new in a folder, until told to stop or the line is lost."""
        self.place(folder)
        patience = FIRST_PATIENCE_SECONDS
        while not stop.is_set():
            with self._explained():
                self._client.idle()
                news = self._wait(stop, patience)
                news += self._client.idle_done()[1]
            # What is told at the very beginning of a wait is read at its end only: after news the next is short.
            patience = FIRST_PATIENCE_SECONDS if news else min(patience * 2, ASKED_AGAIN_SECONDS)
            if any(len(one) > 1 and one[1] == b"EXISTS" for one in news):
                yield

    def _wait(self, stop: Event, seconds: float) -> list[Any]:
        """What the server tells first; nothing when it is time to ask whether it is still there."""
        end = monotonic() + seconds
        while not stop.is_set() and (now := monotonic()) < end:
            step = min(STEP_SECONDS, end - now)
            news: list[Any] = self._client.idle_check(timeout=step)
            if news or monotonic() - now < step / 2:  # told nothing so soon, the line is lost
                return news
        return []

    def mark_seen(self, folder: str, uids: Sequence[int]) -> None:
        """Mark messages as read, when the company wants the mailbox to show it."""
        with self._explained():
            self._client.select_folder(folder)
            self._client.add_flags(list(uids), [b"\\Seen"])

    def _fetch(self, uids: list[int], max_bytes: int) -> Iterator[Fetched]:
        for start in range(0, len(uids), BATCH):
            chunk = uids[start : start + BATCH]
            with self._explained():
                facts: Any = self._client.fetch(chunk, ["RFC822.SIZE", "INTERNALDATE", "FLAGS"])
            for uid in chunk:
                if uid in facts:
                    yield self._one(uid, facts[uid], max_bytes)

    def _one(self, uid: int, fact: dict[bytes, Any], max_bytes: int) -> Fetched:
        size = int(fact[b"RFC822.SIZE"])
        whole = size <= max_bytes
        part = b"BODY[]" if whole else b"BODY[HEADER]"
        with self._explained():
            answer: Any = self._client.fetch([uid], [b"BODY.PEEK" + part[4:]])
        arrived = fact[b"INTERNALDATE"]
        return Fetched(
            uid=uid,
            raw=answer[uid][part] or b"" if uid in answer else b"",
            arrived_at=arrived.astimezone(UTC) if arrived.tzinfo else arrived.replace(tzinfo=UTC),
            size_bytes=size,
            whole=whole,
            seen=b"\\Seen" in fact.get(b"FLAGS", ()),
        )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, imaplib.IMAP4.abort) as error:
            raise explain(error if isinstance(error, OSError) else OSError(), self._server) from error
        except imaplib.IMAP4.error as error:
            raise Unavailable("mailbox.not_now", host=self._server.host) from error


def test(server: Server, folder: str, *, allowed: Check = is_own_network) -> Place:
    """Connect, sign in and open the folder; raises the problem there is."""
    with connected(server, allowed=allowed) as session:
        return session.place(folder)
