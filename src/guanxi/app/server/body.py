"""Receiving a body whole, on disk when it is large, before any thread is taken: a slow sender costs no thread."""

import asyncio
import errno
import io
import re
import shutil
import tempfile
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import IO

from guanxi.app.server.asgi import Receive, Scope, header

IN_MEMORY = 1 << 20
MEGABYTE = 1 << 20
SPARE = 256 * MEGABYTE  # what a body leaves free on the disk: the database may live there, too


@dataclass(frozen=True)
class Limit:
    """How much a route takes and how long it waits for it; `about`: only from who may know of such records."""

    route: re.Pattern[str]
    size: int
    seconds: float
    about: str = ""


LIMITS = (
    Limit(re.compile(r"/api/imports\b"), 1024 * MEGABYTE, 3600, about="workspace.import"),
    Limit(re.compile(r"/api/drafts/[^/]+/files\b"), 20 * MEGABYTE, 600, about="channels.draft"),
    Limit(re.compile(r""), 2 * MEGABYTE, 30),
)
ORDINARY = LIMITS[-1]


class TooLarge(Exception):
    """More was sent than the route takes."""


class TooSlow(Exception):
    """The body did not arrive in time."""


class NoRoom(Exception):
    """The disk has no room for it."""


class Disconnected(Exception):
    """The sender went away before the end."""


def limit_for(path: str) -> Limit:
    """The first limit whose route begins the path."""
    return next(limit for limit in LIMITS if limit.route.match(path))


class Spool:
    """Bytes in memory until there are many of them, then in a file that has no name."""

    def __init__(self, disk: Executor) -> None:
        self.size = 0
        self._disk = disk
        self._memory = bytearray()
        self._file: IO[bytes] | None = None

    async def write(self, chunk: bytes) -> None:
        """Take a chunk; what goes to disk is written by another thread than the loop's."""
        self.size += len(chunk)
        self._memory += chunk
        if len(self._memory) > IN_MEMORY:
            await self._to_disk()

    async def finished(self) -> IO[bytes]:
        """The whole, to be read from its beginning."""
        if self._file is None:
            return io.BytesIO(self._memory)
        await self._to_disk()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Forget it all."""
        if self._file is not None:
            self._file.close()

    async def _to_disk(self) -> None:
        ready, self._memory = bytes(self._memory), bytearray()
        loop = asyncio.get_running_loop()
        if self._file is None:
            self._file = await loop.run_in_executor(self._disk, lambda: tempfile.TemporaryFile(buffering=0))  # noqa: SIM115
        await loop.run_in_executor(self._disk, self._file.write, ready)


def is_large(scope: Scope) -> bool:
    """Whether more comes, or may come, than anybody at all may send."""
    declared = header(scope, b"content-length")
    if declared is None:
        return header(scope, b"transfer-encoding") is not None
    return not declared.isdigit() or int(declared) > ORDINARY.size


async def receive_body(scope: Scope, receive: Receive, disk: Executor, limit: Limit) -> tuple[IO[bytes], int]:
    """The whole body and its length, within the limits."""
    declared = header(scope, b"content-length") or b"0"
    if declared.isdigit() and int(declared) > limit.size:
        raise TooLarge
    if declared.isdigit() and int(declared) > ORDINARY.size and not _room_for(int(declared)):
        raise NoRoom
    spool = Spool(disk)
    try:
        async with asyncio.timeout(limit.seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                await spool.write(message.get("body", b""))
                if spool.size > limit.size:
                    raise TooLarge
                if not message.get("more_body", False):
                    return await spool.finished(), spool.size
    except TimeoutError as problem:
        spool.close()
        raise TooSlow from problem
    except OSError as problem:
        spool.close()
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from problem
        raise
    except BaseException:
        spool.close()
        raise


def _room_for(size: int) -> bool:
    return shutil.disk_usage(tempfile.gettempdir()).free > size + SPARE
