"""The one port on a real socket, with an application behind it whose answers the tests choose."""

import asyncio
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from django.db import connection

from guanxi.app.server.bridge import FileWrapper
from guanxi.app.server.root import Root
from guanxi.app.server.serve import configuration

MEGABYTE = 1 << 20


class Answer(list):
    """A plain WSGI answer, as Django's: known whole."""

    streaming = False


class Probe:
    """A WSGI application whose answers the tests choose, and which tells what it saw."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.produced = 0
        self.seen: dict[str, Any] = {}
        self.file: Path | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if path == "/api/fails":
            raise RuntimeError("on purpose")
        start("200 OK", [("Content-Type", "text/plain")])
        if path == "/api/stream":
            return self._stream(int(environ["QUERY_STRING"]))
        if path == "/api/file":
            return FileWrapper(self.file.open("rb"))
        given = environ["wsgi.input"].read()
        self.seen = environ
        return Answer([f"{len(given)} {environ['CONTENT_LENGTH']}".encode()])

    def _stream(self, megabytes: int) -> Iterator[bytes]:
        try:
            for _ in range(megabytes):
                self.produced += 1
                yield b"x" * MEGABYTE
        finally:
            self.closed.set()


class Running:
    """The root on a real socket in a thread."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.server = uvicorn.Server(configuration(root))
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve([self.socket])))
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.root.end_streams()
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()

    def ask(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, str], bytes]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request(method, path, **more)
        answer = asked.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def raw(self, text: str) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        opened.sendall(text.encode())
        return opened


def everything(opened: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: opened.recv(65536), b""))


def listening() -> dict[str, Any]:
    """The database of the test, for the hub."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return parameters
