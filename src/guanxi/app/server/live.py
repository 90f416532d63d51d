"""The live stream: one listening database connection for each process, none for each reader; topics, never data."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import psycopg

from guanxi.app.server.asgi import Admit, Receive, Scope, Sees, Send, refuse

CHANNEL = "guanxi_live"
HEARTBEAT = 15.0
CHECK_EVERY = 4  # heartbeats until the reader's sign-in is looked at again
LONGEST_WAIT = 0.5  # between two tries to reach the database
STUCK = 60.0  # a reader that takes nothing for so long has gone
MOST = 200  # pending topics; who is further behind had better look at everything again

log = logging.getLogger(__name__)


class _Reader:
    """One open page: what it has not been told yet."""

    def __init__(self, sees: Sees) -> None:
        self.sees = sees
        self.topics: set[str] = set()
        self.resync = False
        self.ended = False
        self.news = asyncio.Event()

    def tell(self, topics: list[str]) -> None:
        self.topics.update(topic for topic in topics if self.sees(topic))
        if len(self.topics) > MOST:
            self.look_again()
        elif self.topics:
            self.news.set()

    def look_again(self) -> None:
        self.topics.clear()
        self.resync = True
        self.news.set()

    def end(self) -> None:
        self.ended = True
        self.news.set()

    async def next(self) -> bytes | None:
        """The next thing to send: an event, a heartbeat when there was none, or nothing at the end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), HEARTBEAT)
        self.news.clear()
        if self.ended:
            return None
        if self.resync:
            self.resync = False
            self.topics.clear()
            return b"event: resync\ndata: {}\n\n"
        if self.topics:
            told = orjson.dumps({"topics": sorted(self.topics)})
            self.topics.clear()
            return b"event: changed\ndata: " + told + b"\n\n"
        return b": still here\n\n"


class Hub:
    """Hears what changed from the database and tells every reader that may know of it."""

    def __init__(self, *, database: Callable[[], dict[str, Any]], admit: Admit) -> None:
        self._database = database
        self._admit = admit
        self._readers: set[_Reader] = set()
        self._listening: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to listen."""
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Stop listening and end every stream."""
        self.end_streams()
        if self._listening:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening

    def end_streams(self) -> None:
        """End every stream; the pages come back by themselves."""
        for reader in self._readers:
            reader.end()

    def __len__(self) -> int:
        return len(self._readers)

    async def respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one stream until the page, the server or the sign-in goes."""
        sees = await self._admit(scope)
        if sees is None:
            await refuse(scope, send, 401, "session.missing")
            return
        reader = _Reader(sees)
        self._readers.add(reader)
        gone = asyncio.ensure_future(_disconnected(receive))
        streaming = asyncio.ensure_future(self._stream(reader, scope, send))
        try:
            await asyncio.wait((gone, streaming), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._readers.discard(reader)
            for task in (gone, streaming):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await streaming

    async def _stream(self, reader: _Reader, scope: Scope, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
        passed = asyncio.get_running_loop().time
        checked = passed()
        while (piece := await reader.next()) is not None:
            if passed() - checked >= CHECK_EVERY * HEARTBEAT:  # by the clock: who is told much has no heartbeats
                if not await self._still_admitted(reader, scope):
                    break
                checked = passed()
            async with asyncio.timeout(STUCK):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    async def _still_admitted(self, reader: _Reader, scope: Scope) -> bool:
        try:
            sees = await self._admit(scope)
        except Exception:
            log.warning("a reader's sign-in could not be looked at again", exc_info=True)
            return True  # the next heartbeats will tell
        if sees is not None:
            reader.sees = sees
        return sees is not None

    async def _listen(self) -> None:
        wait, before = 0.05, False
        while True:
            try:
                async with self._connection() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    if before:  # what was said meanwhile reached nobody
                        for reader in self._readers:
                            reader.look_again()
                    wait, before = 0.05, True
                    async for notice in connection.notifies():
                        self._tell(notice.payload)
            except (psycopg.Error, OSError) as problem:
                log.debug("the live stream lost the database: %s", problem)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator["psycopg.AsyncConnection[Any]"]:
        connection = await psycopg.AsyncConnection.connect(
            **self._database(), autocommit=True, application_name="guanxi live", keepalives_idle=10
        )
        async with connection:
            yield connection

    def _tell(self, payload: str) -> None:
        try:
            topics = [str(topic) for topic in orjson.loads(payload)["topics"]]
        except (ValueError, KeyError, TypeError):
            log.warning("not understood on %s: %.100s", CHANNEL, payload)
            return
        for reader in self._readers:
            reader.tell(topics)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
