"""Keeps forked children running: starts again what ends, and ends all of them together."""

import contextlib
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from guanxi.app.children import Child
from guanxi.app.parent import Leash

SETTLED = 10.0  # seconds after which a child counts as having started well
LONGEST_BACK_OFF = 5.0
PATIENCE = 3.0  # seconds between asking a child to end and ending it
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


@dataclass
class _Place:
    """Where one child runs, or will."""

    child: Child
    process: int | None = None
    started: float = 0.0
    due: float | None = 0.0
    back_off: float = field(default=0.1)


class Supervisor:
    """The parent's loop. It sleeps until a signal or until a child is due again."""

    def __init__(self, children: list[Child], *, leash: Leash, prepare: Callable[[], None], say: Say) -> None:
        self._places = [_Place(child) for child in children]
        self._leash = leash
        self._prepare = prepare
        self._say = say
        self.stopping = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def listen(self) -> None:
        """Take the signals of this process."""
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOPPING:
            signal.signal(number, self._stop)

    def start(self) -> None:
        """Fork all that are due."""
        for place in self._places:
            if place.due is not None and place.due <= time.monotonic() and not self.stopping:
                self._fork(place)

    def watch(self, beside: Callable[[], None]) -> None:
        """Stay until told to stop; `beside` is looked at whenever something ended."""
        while not self.stopping:
            self._reap()
            beside()
            self.start()
            self._sleep(self._seconds_to_next())

    def end(self) -> None:
        """End all children, gently and then not."""
        self.stopping = True
        self._signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while any(place.process for place in self._places) and time.monotonic() < end:
            self._sleep(0.05)
            self._reap()
        self._signal(signal.SIGKILL)
        for place in self._places:
            if place.process:
                os.waitpid(place.process, 0)
                place.process = None

    def _stop(self, number: int, _frame: object) -> None:
        if self.stopping and number == signal.SIGINT:  # a second Ctrl-C does not wait
            self._signal(signal.SIGKILL)
        self.stopping = True

    def _signal(self, number: signal.Signals) -> None:
        for place in self._places:
            if place.process:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(place.process, number)

    def _fork(self, place: _Place) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process == 0:
            self._become(place.child)
        place.process, place.started, place.due = process, time.monotonic(), None

    def _become(self, child: Child) -> None:
        """In the child: forget the parent's affairs, do the work, never come back."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (*STOPPING, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            os.setpgid(0, 0)  # Ctrl-C is for the parent, which ends us
            os.close(self._reader)
            os.close(self._writer)
            self._leash.follow()
            self._prepare()
            child.run()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except KeyboardInterrupt:
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        for place in self._places:
            if place.process is None:
                continue
            ended, status = os.waitpid(place.process, os.WNOHANG)
            if ended == 0:
                continue
            place.process = None
            if not self.stopping and place.child.again:
                self._again(place, status)

    def _again(self, place: _Place, status: int) -> None:
        lived = time.monotonic() - place.started
        place.back_off = 0.1 if lived > SETTLED else min(place.back_off * 2, LONGEST_BACK_OFF)
        place.due = time.monotonic() + (0 if lived > SETTLED else place.back_off)
        code = os.waitstatus_to_exitcode(status)
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self._say(f"The process “{place.child.name}” {how}; it is started again.")

    def _seconds_to_next(self) -> float | None:
        due = [place.due for place in self._places if place.due is not None]
        return max(min(due) - time.monotonic(), 0) if due else None

    def _sleep(self, seconds: float | None) -> None:
        select.select([self._reader], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while os.read(self._reader, 512):
                pass
