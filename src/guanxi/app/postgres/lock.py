"""Who runs the embedded PostgreSQL: one owner at a time, and commands that use it meanwhile."""

import fcntl
import os
from pathlib import Path
from typing import Self

from guanxi.app.environment import Misconfigured


class Lock:
    """A lock on a file that the system releases when its holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as problem:
            raise Misconfigured(
                f"{path} belongs to somebody else; run as that user or choose a GUANXI_HOME."
            ) from problem

    def take(self, *, wait: bool = False, shared: bool = False) -> bool:
        """Take it, or say that somebody else has it."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def note(self, text: str) -> None:
        """Leave word of who holds it."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def read(self) -> str:
        """Who holds it, in their own words."""
        return os.pread(self._file, 200, 0).decode()

    def release(self) -> None:
        """Let others have it."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Forget the file: in a forked child, so that the lock ends with the parent alone."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
