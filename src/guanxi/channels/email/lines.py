"""Signed-in connections to mail servers that stay open between two letters: each pays for its own words only."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage

from guanxi.channels.email import smtp
from guanxi.channels.email.hosts import Check, Server, is_own_network
from guanxi.channels.wire.messages import Receipt

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


def send(
    server: Server,
    mail: EmailMessage,
    *,
    sender: str,
    recipient: str,
    about_to_leave: Callable[[], None] = lambda: None,
    allowed: Check = is_own_network,
) -> Receipt:
    """Send one letter by a connection that stands open, else by a new one.

    Whether one still stands is found out by the letter itself: until the server has said yes, nothing has left.
    """
    while True:
        standing = _standing(server)
        line = standing or _made(server, allowed)
        try:
            receipt = line.session.send(mail, sender=sender, recipient=recipient, about_to_leave=about_to_leave)
        except smtp.Gone as gone:
            line.opened.close()
            if not standing:
                return gone.receipt
            continue
        except BaseException:
            line.opened.close()
            raise
        _keep(server, line)
        return receipt


def _keep(server: Server, line: _Line) -> None:
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
        if time.monotonic() - line.used_at < KEPT_SECONDS:
            return line
        line.opened.close()


def _made(server: Server, allowed: Check) -> _Line:
    opened = ExitStack()
    return _Line(opened.enter_context(smtp.connected(server, allowed=allowed)), opened)
