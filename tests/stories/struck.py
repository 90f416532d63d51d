"""A worker that dies twenty times, each time at a random point inside a running handler; see test_struck.py.

A point is a statement, a commit or a step of SMTP, before it and after it. One process forks its lives one after the
other; the last one lives. What it prints: at which point each life ended.
"""

import os
import random
import signal
import smtplib
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.app.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402

from guanxi.kernel import clocks, jobs  # noqa: E402

DEATHS = 20
JOBS, NEAR, FAR = 3, 20, 150
"""How many jobs a life may begin before the one it ends in, and how far it comes in that: at most to its end."""
ROUNDS = 6
PASSED = timedelta(minutes=20)


class Reaper:
    """Ends the process at the n-th point of the job that is begun as the n-th."""

    def __init__(self, job: int, place: int) -> None:
        self.job, self.left = job, place
        self.inside, self.lock = threading.local(), threading.Lock()

    def point(self, what: str) -> None:
        """Here one may die."""
        name = getattr(self.inside, "job", "")
        if name:
            self.left -= 1
            if self.left == 0:
                self.end(f"{name}: {what}")

    def end(self, said: str) -> None:
        """Die, without a word to anybody but the test."""
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any], named: Callable[..., str]) -> Callable[..., Any]:
        """The same function, with a point before it and one after it."""

        @wraps(function)
        def watched(*given: Any, **more: Any) -> Any:
            self.point(f"before {named(*given)}")
            result = function(*given, **more)
            self.point(f"after {named(*given)}")
            return result

        return watched

    def install(self) -> None:
        """Watch every job, statement, commit and step of SMTP in this process."""
        for job in jobs.jobs().values():
            if job.every is None:  # work by the clock is looked at anew at its next moment, whatever came of it
                job.task.func = self.known(job.name, job.task.func)
        connection_created.connect(self.watch, weak=False)
        base = type(connections["default"])
        base._commit = self.around(base._commit, lambda *_: "commit")
        for step in ("send", "getreply"):
            named = lambda *given, step=step: f"{step} {given[1:]!r:.20}"  # noqa: E731
            setattr(smtplib.SMTP, step, self.around(getattr(smtplib.SMTP, step), named))

    def known(self, name: str, function: Callable[..., None]) -> Callable[..., None]:
        """The job; the one that is to be struck is marked in its thread while it runs, and not outlived."""

        def run(**given: Any) -> None:
            with self.lock:
                self.job -= 1
                struck = self.job == 0
            self.inside.job = f"{name} {given.get('handler', '')}".strip() if struck else ""
            function(**given)
            if struck:
                self.end(f"{self.inside.job}: done, and not noted")

        return run

    def watch(self, connection: Any, **_: Any) -> None:
        """Points at each statement of a new connection."""

        def statement(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
            return self.around(execute, lambda *given: " ".join(given[0].split())[:60])(sql, *more)

        connection.execute_wrappers.append(statement)


def live(reaper: Reaper | None) -> None:
    """One life: take over what the last one left, and work until nothing is due."""
    if reaper:
        reaper.install()
    for _ in range(1 if reaper else ROUNDS):
        let_time_pass()
        jobs.silent = lambda suspects, _: [worker for worker, _ in suspects]  # nobody has to be looked at twice
        jobs.rescue_stalled_jobs.function()
        while clocks.fire_due():
            pass
        jobs.jobs()["channels.email.read_mailboxes"].defer()
        jobs.run_worker(wait=False)


def let_time_pass() -> None:
    """The dead are known to be dead, and what was to be tried again later is due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - %s::interval", [PASSED])
        cursor.execute("UPDATE channels_mailbox SET leased_until = leased_until - %s::interval", [PASSED])
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        cursor.execute(
            "UPDATE kernel_deadline SET due_at = due_at - %s::interval WHERE key LIKE 'delivery:%%'", [PASSED]
        )
    connections.close_all()


def main(seed: int, key: str) -> None:
    """Twenty lives that end so, and one more."""
    settings.SECRET_KEY = key
    chance = random.Random(seed)
    for _ in range(DEATHS):
        reaper = Reaper(chance.randint(1, JOBS), chance.randint(1, chance.choice((NEAR, FAR))))
        child = os.fork()
        if child == 0:
            try:
                live(reaper)
            finally:
                os._exit(1)
        os.waitpid(child, 0)
    live(None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
