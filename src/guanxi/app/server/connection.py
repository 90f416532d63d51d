"""One connection of a browser: given up when its head does not come, has no end, or when nobody takes the answer."""

import asyncio
import contextlib
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from guanxi.kernel.words import say

HEAD_SECONDS = 20.0  # from the first byte of a head, or from the connection, to its last
LARGEST_HEAD = 64 << 10
STUCK_SECONDS = 60.0  # how long an answer may wait for a reader who takes none of it


class Connection(HttpToolsProtocol):
    """Bounds what one connection may cost before anybody knows what it wants."""

    _head: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._end_waiting()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head are counted."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._head is None:
            self._await_head()
        super().data_received(data)
        if self._head is not None and idle:
            self._received += len(data)
            if self._received > LARGEST_HEAD:
                self._refuse(431, "request.head_too_large")

    def on_headers_complete(self) -> None:
        """The head is there: from now on the limits of its route hold."""
        self._drop_head()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """The reader is slower than the answer; one who takes nothing at all has gone."""
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(STUCK_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader took some of it."""
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _await_head(self) -> None:
        self._received = 0
        self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _drop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _end_waiting(self) -> None:
        self._drop_head()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _too_slow(self) -> None:
        if self._received:
            self._refuse(408, "request.too_slow")
        elif not self.transport.is_closing():
            self.transport.close()  # a browser that connected ahead of need

    def _refuse(self, status: int, code: str) -> None:
        """In English: what the reader speaks would have stood in the head."""
        self._end_waiting()
        said: dict[str, Any] = {"code": code, "message": say(f"error.{code}", "en"), "values": {}, "fields": {}}
        body = orjson.dumps(said)
        head = f"HTTP/1.1 {status} Refused\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        with contextlib.suppress(RuntimeError):
            self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self.transport.close()
