"""Signed-in connections to mail servers that stay open between two letters: each pays for its own words only."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from guanxi.channels.email import smtp
from guanxi.channels.email.hosts import Check, Server, is_own_network

KEPT_SECONDS = 20.0
"""Servers hang up on whoever says nothing for long."""
MOST_LETTERS = 100
"""After so many letters a connection is made anew: servers limit how many one may carry."""


@dataclass
class _Line:
    session: smtp.Session
    opened: ExitStack
    letters: int = 0
    used_at: float = 0.0


_lock = threading.Lock()
_idle: dict[Server, list[_Line]] = {}


@contextmanager
def open_to(server: Server, *, allowed: Check = is_own_network) -> Iterator[smtp.Session]:
    """A connection for one letter: one that stands open and still answers where there is one, else a new one."""
    line = _standing(server) or _made(server, allowed)
    try:
        yield line.session
    except BaseException:
        line.opened.close()
        raise
    line.letters, line.used_at = line.letters + 1, time.monotonic()
    if line.letters >= MOST_LETTERS or line.session.is_lost:
        line.opened.close()
        return
    with _lock:
        _idle.setdefault(server, []).append(line)


def hang_up(*, idle_seconds: float = KEPT_SECONDS) -> None:
    """Close what has not been used for a while; called by the clock, as no letter may come for hours."""
    before = time.monotonic() - idle_seconds
    with _lock:
        old = [line for lines in _idle.values() for line in lines if line.used_at <= before]
        for server, lines in list(_idle.items()):
            _idle[server] = [line for line in lines if line.used_at > before]
            if not _idle[server]:
                del _idle[server]
    for line in old:
        line.opened.close()


def _standing(server: Server) -> _Line | None:
    while True:
        with _lock:
            line = _idle[server].pop() if _idle.get(server) else None
        if line is None:
            return None
        if time.monotonic() - line.used_at < KEPT_SECONDS and line.session.answers():
            return line
        line.opened.close()


def _made(server: Server, allowed: Check) -> _Line:
    opened = ExitStack()
    return _Line(opened.enter_context(smtp.connected(server, allowed=allowed)), opened)
