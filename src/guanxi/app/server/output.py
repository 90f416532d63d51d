"""What a thread writes and the loop sends: a slow reader costs memory up to a limit, then disk, but never a thread."""

import asyncio
import os
import tempfile
import threading
from collections import deque
from concurrent.futures import Executor
from typing import IO

IN_MEMORY = 4 << 20
PIECE = 256 << 10


class Cancelled(Exception):
    """The reader has gone; the writer may stop."""


class Output:
    """A stream with one writing thread and one reading task."""

    def __init__(self, loop: asyncio.AbstractEventLoop, disk: Executor) -> None:
        self._loop = loop
        self._disk = disk
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._memory: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0
        self._ended = self._cancelled = False

    def write(self, chunk: bytes) -> None:
        """In the thread: add a chunk, without waiting for the reader."""
        with self._lock:
            if self._cancelled:
                raise Cancelled
            if self._file is None and self._held + len(chunk) > IN_MEMORY:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  lives as long as the stream
            if self._file is None:
                self._memory.append(chunk)
                self._held += len(chunk)
            else:
                self._file.write(chunk)
                self._written += len(chunk)
        self._tell()

    def attach(self, file: IO[bytes]) -> None:
        """In the thread: send a whole file that lies on disk already, from where it stands."""
        with self._lock:
            self._file = os.fdopen(os.dup(file.fileno()), "rb", buffering=0)
            self._read = file.tell()
            self._written = os.fstat(file.fileno()).st_size
        self._tell()

    def end(self) -> None:
        """In the thread: say that nothing follows."""
        self._ended = True
        self._tell()

    def cancel(self) -> None:
        """In the loop: the reader has gone."""
        with self._lock:
            self._cancelled = True
            self._memory.clear()
            if self._file is not None:
                self._file.close()

    async def read(self) -> bytes:
        """In the loop: the next piece, or nothing at the end."""
        while True:
            self._news.clear()
            with self._lock:
                if self._memory:
                    piece = self._memory.popleft()
                    self._held -= len(piece)
                    return piece
                file, at, left = self._file, self._read, self._written - self._read
            if file is not None and left:
                piece = await self._loop.run_in_executor(self._disk, os.pread, file.fileno(), min(left, PIECE), at)
                self._read += len(piece)
                return piece
            if self._ended:
                return b""
            await self._news.wait()

    def _tell(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)
