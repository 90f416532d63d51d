"""From ASGI to Django's WSGI handler: whole bodies in, a bounded number of threads, streams out without holding one."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from guanxi.app.server.asgi import Admit, Headers, Receive, Scope, Send, refuse
from guanxi.app.server.body import (
    ORDINARY,
    Disconnected,
    Limit,
    NoRoom,
    TooLarge,
    TooSlow,
    is_large,
    limit_for,
    receive_body,
)
from guanxi.app.server.output import Cancelled, Output

T = TypeVar("T")
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

THREADS = 8
WAITING = 200  # requests that may wait for a thread; more are told to come again
LARGE_AT_ONCE = 4  # bodies that fill the disk while they come
log = logging.getLogger(__name__)


class FileWrapper:
    """A file that an answer consists of; `Output` sends it from disk."""

    def __init__(self, file: IO[bytes], size: int = 65536) -> None:
        self.file = file
        self.size = size

    def __iter__(self) -> "FileWrapper":
        return self

    def __next__(self) -> bytes:
        piece = self.file.read(self.size)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def environ_of(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The request as WSGI has it."""
    server = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for raw, value in scope["headers"]:
        if b"_" in raw or raw == b"content-length":  # an underscore could pass for a dash
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        name = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        text = value.decode("latin-1")
        environ[name] = f"{environ[name]},{text}" if name in environ and name != "HTTP_COOKIE" else text
    return environ


@dataclass(frozen=True)
class _Head:
    """How an answer begins; `body` is all of it unless it is a stream."""

    status: int
    headers: Headers
    body: bytes | None


class _Exchange:
    """One request in its thread: hands over the head of the answer, then its body."""

    def __init__(self, wsgi: Wsgi, environ: Environ, output: Output, loop: asyncio.AbstractEventLoop) -> None:
        self.head: asyncio.Future[_Head] = loop.create_future()
        self._wsgi = wsgi
        self._environ = environ
        self._output = output
        self._loop = loop
        self._status = 500
        self._headers: Headers = []

    def run(self) -> None:
        """In the thread."""
        try:
            self._respond()
        except Cancelled:
            return
        except Exception as problem:
            log.exception("A request failed outside of Django")
            self._settle(problem)
        finally:
            self._environ["wsgi.input"].close()
            self._output.end()

    def _respond(self) -> None:
        result = self._wsgi(self._environ, self._start_response)
        try:
            if isinstance(result, FileWrapper):
                self._settle(_Head(self._status, self._headers, None))
                self._output.attach(result.file)
            elif getattr(result, "streaming", True):
                self._settle(_Head(self._status, self._headers, None))
                for chunk in result:
                    self._output.write(chunk)
            else:
                self._settle(_Head(self._status, self._headers, b"".join(result)))
        finally:
            close = getattr(result, "close", None)
            if close:
                close()  # in this thread, where the request's database connection lives

    def _start_response(self, status: str, headers: list[tuple[str, str]], _problem: object = None) -> None:
        self._status = int(status.split(" ", 1)[0])
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def _settle(self, outcome: _Head | Exception) -> None:
        def settle() -> None:
            if self.head.done():
                return
            if isinstance(outcome, Exception):
                self.head.set_exception(outcome)
            else:
                self.head.set_result(outcome)

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(settle)


class Bridge:
    """Runs a WSGI application for ASGI requests."""

    def __init__(self, wsgi: Wsgi, *, admit: Admit, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._wsgi = wsgi
        self._admit = admit
        self._large = 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._disk = ThreadPoolExecutor(2, thread_name_prefix="disk")
        self._most = threads + waiting
        self._inside = 0

    async def respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        limit = limit_for(scope["path"])
        if not (limit.about and is_large(scope)):
            await self._respond(scope, receive, send, limit if not limit.about else ORDINARY)
            return
        sees = await self._admit(scope)
        if sees is None:
            await refuse(scope, send, 401, "session.missing", unread=receive)
        elif self._large >= LARGE_AT_ONCE:
            await refuse(scope, send, 503, "server.busy", unread=receive)
        else:
            self._large += 1
            try:
                await self._respond(scope, receive, send, limit if sees(limit.about) else ORDINARY)
            finally:
                self._large -= 1

    async def _respond(self, scope: Scope, receive: Receive, send: Send, limit: Limit) -> None:
        try:
            body, length = await receive_body(scope, receive, self._disk, limit)
        except TooLarge:
            await refuse(scope, send, 413, "request.too_large", unread=receive, most=limit.size >> 20)
            return
        except TooSlow:
            await refuse(scope, send, 408, "request.too_slow")
            return
        except NoRoom:
            await refuse(scope, send, 503, "server.no_room", unread=receive)
            return
        except Disconnected:
            return
        if self._inside >= self._most:
            body.close()
            await refuse(scope, send, 503, "server.busy")
            return
        await self._exchange(scope, environ_of(scope, body, length), receive, send)

    async def call(self, function: Callable[[], T]) -> T:
        """Run something that needs a database connection in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._disk.shutdown(wait=False, cancel_futures=True)

    async def _exchange(self, scope: Scope, environ: Environ, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        output = Output(loop, self._disk)
        exchange = _Exchange(self._wsgi, environ, output, loop)
        self._inside += 1
        loop.run_in_executor(self._threads, exchange.run).add_done_callback(self._left)
        gone = asyncio.ensure_future(_disconnected(receive))
        sending = asyncio.ensure_future(_send(scope, exchange, output, send))
        try:
            await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not sending.done():
                sending.cancel()
            output.cancel()
        if not sending.cancelled() and sending.done():
            sending.result()

    def _left(self, _done: object) -> None:
        self._inside -= 1


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(scope: Scope, exchange: _Exchange, output: Output, send: Send) -> None:
    try:
        head = await exchange.head
    except Exception:
        await refuse(scope, send, 500, "server.failed")
        return
    if (
        head.body is not None
        and head.status not in (204, 304)
        and all(name != b"content-length" for name, _ in head.headers)
    ):
        head.headers.append((b"content-length", str(len(head.body)).encode()))
    await send({"type": "http.response.start", "status": head.status, "headers": head.headers})
    if head.body is not None:
        await send({"type": "http.response.body", "body": head.body})
        return
    while piece := await output.read():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body"})
