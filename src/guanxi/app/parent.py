"""A child that ends when its parent does, even when the parent is killed without a word."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_prctl: Callable[..., int] | None = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def end_with_starter() -> None:
    """End by SIGTERM when the process that started this one is killed, where the kernel can do it."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Leash:
    """Held by the parent, made before it forks. Linux signals children at its end, others close a pipe."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        self._reader, self._writer = os.pipe()

    def bind(self, number: signal.Signals) -> None:
        """In a child about to become another program: have the kernel send this signal when the parent ends."""
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != self.parent:  # it ended before we asked
            os.kill(os.getpid(), number)

    def follow(self) -> None:
        """In a forked child: end at once when the parent is gone: the database goes with it."""
        os.close(self._writer)
        if _prctl is not None:
            self.bind(signal.SIGKILL)
        else:
            threading.Thread(target=self._wait, args=(os.getpid(), signal.SIGKILL), daemon=True).start()

    def guard(self, process: int, number: signal.Signals) -> int | None:
        """Where the kernel cannot signal a foreign program: fork a guard that does; its process number."""
        if _prctl is not None:
            return None
        child = os.fork()
        if child == 0:
            for ignored in (signal.SIGINT, signal.SIGTERM):
                signal.signal(ignored, signal.SIG_IGN)
            os.close(self._writer)
            self._wait(process, number)
            os._exit(0)
        return child

    def _wait(self, process: int, number: signal.Signals) -> None:
        os.read(self._reader, 1)  # nobody writes: it returns when the last parent's end is closed
        try:
            os.kill(process, number)
        except ProcessLookupError:
            return
