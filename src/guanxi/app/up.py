"""`guanxi up`: one parent that prepares everything once, forks the processes and keeps them running."""

import contextlib
import gc
import http.client
import os
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

from django.conf import settings
from django.db import connections

from guanxi.app import company, demo, environment, migration, port
from guanxi.app.children import Child, children
from guanxi.app.environment import Misconfigured
from guanxi.app.parent import Leash, end_with_starter
from guanxi.app.postgres.server import Ownership, Server
from guanxi.app.settled import settle
from guanxi.app.supervisor import Supervisor
from guanxi.kernel.direct import directly

AGAIN_SECONDS = 2.0


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Embedded:
    """The embedded PostgreSQL of an `up`; nothing at all when DATABASE_URL names another."""

    def __init__(self, home: Path, leash: Leash) -> None:
        self._ownership: Ownership | None = None
        self._server: Server | None = None
        if environment.database_given() is None:
            self._ownership = Ownership(home)
            self._own(home)
            self._server = Server(home, leash=leash, say=say)

    def _own(self, home: Path) -> None:
        assert self._ownership
        told = False
        while not self._ownership.owner.take():
            holder = self._ownership.owner.read()
            if holder.startswith("up"):
                raise Misconfigured(f"Guanxi is running here already (process {holder[3:]}, folder {home}).")
            if not told:
                say("Waiting for another command to leave the database …")
                told = True
            time.sleep(0.1)
        self._ownership.owner.note(f"up {os.getpid()}")

    def start(self) -> None:
        """Start it and wait until it answers."""
        if self._server:
            self._server.start()

    def revive(self, abandoned: Callable[[], bool]) -> None:
        """Start it again if it ended."""
        if self._server and self._server.process and self._server.process.poll() is not None:
            say("The database ended; it is started again.")
            told = ""
            while not abandoned():
                try:
                    self._server.start(abandoned)
                    return
                except (Misconfigured, OSError) as problem:  # a full disk, as a rule: it goes on once there is room
                    if str(problem) != told:
                        told = str(problem)
                        say(f"It cannot start now and is tried again every {AGAIN_SECONDS:.0f} s: {told}")
                    time.sleep(AGAIN_SECONDS)

    def forget(self) -> None:
        """In a child: leave the locks to the parent."""
        if self._ownership:
            self._ownership.close()

    def stop(self) -> None:
        """End it cleanly."""
        if self._server:
            self._server.stop()


def _prepare() -> None:
    with directly(), migration.alone():
        migration.require_known()
        pending = len(migration.pending())
        if pending:
            say(f"Bringing the database to this version ({pending} steps) …")
        migration.migrate()
        if not settings.EMBEDDED_DATABASE:
            company.meet()
        demo.prepare()
    if said := company.other_folder():
        say(said)
    connections.close_all()


def announce() -> None:
    """Once the address answers, say so and what to do next."""
    host = environment.host()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            asked = http.client.HTTPConnection(host, environment.port(), timeout=5)
            asked.request("GET", "/healthz")
            if asked.getresponse().status == http.client.OK:
                break
        time.sleep(0.05)
    ends = f"Ctrl-C ends it; the data stay in {settings.HOME}."
    say(f"Guanxi is ready: open {settings.URL} in a browser.{demo.sentence()} {ends}")


def up(roles: Collection[str]) -> int:
    """Start everything that this host does, and stay until told to stop."""
    if os.environ.get("GUANXI_STARTED_BY_MAKE"):  # a `make up` that is killed must not leave us behind
        end_with_starter()
    listener = port.taken()
    announcing = [Child("ready", announce, again=False)] if listener else []
    leash = Leash()
    embedded = Embedded(settings.HOME, leash)
    supervisor: Supervisor | None = None
    try:
        embedded.start()
        _prepare()
        supervisor = Supervisor(
            [*children(roles, listener), *announcing], leash=leash, prepare=embedded.forget, say=say
        )
        connections.close_all()
        gc.collect()
        settle()
        supervisor.listen()
        supervisor.start()
        if not listener:
            say(f"Guanxi is at work here: {', '.join(roles)}. Ctrl-C ends it.")
        watched = supervisor
        supervisor.watch(lambda: embedded.revive(lambda: watched.stopping))
        say("Ending …")
    finally:
        if listener:
            listener.close()
        if supervisor:
            supervisor.end()
        embedded.stop()
    return 0
