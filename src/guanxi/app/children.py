"""What `up` runs beside each other, each in a forked process of its own."""

import os
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import close_old_connections
from django.urls import get_resolver

from guanxi.app.api import recognised
from guanxi.app.server.asgi import Sees
from guanxi.app.server.bridge import Environ
from guanxi.app.server.client import Client
from guanxi.app.server.root import Root
from guanxi.app.server.serve import serve
from guanxi.channels.email import listening
from guanxi.kernel import clocks, direct
from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.jobs import run_worker
from guanxi.lib.errors import Problem

BEHIND = 5
WEB_PROCESSES = max(2, min(os.cpu_count() or 2, 8))


@dataclass(frozen=True)
class Child:
    """One process: what it is called and what it does; `again` says whether it is started anew when it ends."""

    name: str
    run: Callable[[], None]
    again: bool = True


def admit(environ: Environ) -> Sees | None:
    """Who may hold a live stream or send a large body, and of which topics they may know; a stranger is counted."""
    close_old_connections()
    try:
        actor = recognised(WSGIRequest(environ))
    except Problem:
        return None
    return partial(may_hear, actor)


def may_hear(actor: Actor, topic: str) -> bool:
    """Kinds of records one may read; single records only for who may read all of the kind; oneself."""
    kind, _, one = topic.partition(":")
    if kind == "user":
        return one == str(actor.id)
    reach = actor.reach(f"{kind}.read")
    return reach is Reach.ALL or (reach > Reach.NONE and not one)


def children(roles: Collection[str], listener: socket.socket | None) -> list[Child]:
    """Those of some roles; what they have in common is loaded before the fork."""
    beside = {"worker": work, "clock": clocks.run, "mail": listening.run}
    webs = _webs(listener) if listener else []
    return [*webs, *(Child(role, run) for role, run in beside.items() if role in roles)]


def _webs(listener: socket.socket) -> list[Child]:
    get_resolver().url_patterns  # noqa: B018  loads every route once
    root = Root(
        wsgi=WSGIHandler(),
        client=Client(),
        database=direct.parameters,
        admit=admit,
        secure=settings.URL.startswith("https://"),
    )
    return [Child(f"web {number}", lambda: serve(root, listener)) for number in range(1, WEB_PROCESSES + 1)]


def work() -> None:
    """Work on jobs, politely: whoever waits for a page goes first."""
    os.nice(BEHIND)
    run_worker()
