"""Background work on the same PostgreSQL: deferred in the causing transaction, run by any worker."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django import app as procrastinate
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.retry import RetryStrategy
from procrastinate.tasks import Task

from guanxi.kernel import direct
from guanxi.kernel.custom import refresh
from guanxi.kernel.leaps import leaping, steady
from guanxi.kernel.storing import Call, add_together
from guanxi.kernel.time import now

HEARTBEAT = timedelta(seconds=5)
STALLED = timedelta(seconds=15)
_queue: ContextVar[str] = ContextVar("queue", default="default")
AGAIN = RetryStrategy(linear_wait=1, retry_exceptions=(OperationalError, InterfaceError))
"""A job under which the database went away is done once it is back."""


_QUEUE = (
    "procrastinate_defer_jobs_v1(ARRAY(SELECT ROW(%s, %s, 0, NULL, NULL, arguments, NULL)"
    "::procrastinate_job_to_defer_v1 FROM jsonb_array_elements(%s::jsonb) arguments WHERE {condition}))"
)


@dataclass(frozen=True)
class Job:
    """A named piece of background work; its arguments are JSON."""

    name: str
    function: Callable[..., None]
    task: Task[..., None, ...]
    every: str | None

    def defer(self, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
        """Have it done after this transaction commits, at a time if one is given; same lock, one after the other."""
        self.task.configure(schedule_at=at, lock=lock, queue=_queue.get()).defer(**arguments)

    def defer_many(self, calls: Sequence[dict[str, Any]]) -> None:
        """Have it done once for each set of arguments, queued in one statement."""
        if calls:
            add_together([], *self.queued(calls))

    def queued(self, calls: Sequence[dict[str, Any]], *, only_if: Call = ("true", ())) -> list[Call]:
        """Have it done once for each set of arguments: what is to be called with the statement that causes it."""
        condition, values = only_if
        arguments = [_queue.get(), self.name, json.dumps(calls), *values]
        return [(_QUEUE.format(condition=condition), arguments)] if calls else []

    def take_along(self, most: int, **alike: Any) -> list[dict[str, Any]]:
        """The arguments of waiting calls that are alike in these: they count as done when this transaction commits."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs WHERE status = 'todo'"
                " AND scheduled_at IS NULL AND task_name = %s AND args @> %s::jsonb ORDER BY id LIMIT %s"
                " FOR UPDATE SKIP LOCKED) RETURNING id, args::text",
                [self.name, json.dumps(alike), most],
            )
            return [json.loads(arguments) for _, arguments in sorted(cursor.fetchall())]


_jobs: dict[str, Job] = {}


def job(name: str, *, every: str | None = None) -> Callable[[Callable[..., None]], Job]:
    """Declare background work; `every` is a cron expression for work by the clock."""

    def declare(function: Callable[..., None]) -> Job:
        def run(timestamp: int | None = None, **arguments: Any) -> None:  # noqa: ARG001  the cron tick is not ours
            refresh()
            function(**arguments)

        task = procrastinate.task(name=name, retry=AGAIN)(run)
        if every:
            procrastinate.periodic(cron=every, periodic_id=name)(task)
        _jobs[name] = Job(name, function, task, every)
        return _jobs[name]

    return declare


def jobs() -> dict[str, Job]:
    """All background work by name."""
    return dict(_jobs)


@contextmanager
def apart(queue: str) -> Iterator[None]:
    """Within the block work goes into a queue of its own, and `run_next` does nobody else's."""
    token = _queue.set(queue)
    try:
        yield
    finally:
        _queue.reset(token)


def run_next() -> bool:
    """Run the first job that is due in this process and connection; False when none is due."""
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs WHERE status = 'todo'"
                " AND queue_name = %s AND (scheduled_at IS NULL OR scheduled_at <= %s)"
                " ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING task_name, args::text",
                [_queue.get(), now()],
            )
            found = cursor.fetchone()
        if found:
            _jobs[found[0]].function(**{k: v for k, v in json.loads(found[1]).items() if k != "timestamp"})
    return found is not None


def run_worker(concurrency: int = 4, *, wait: bool = True) -> None:
    """Work on jobs until told to stop, or without `wait` until none is found.

    The worker fetches jobs and hears of them by connections of its own, around a pooler; what a job defers goes through
    Django's connection as everywhere, so that it is part of the job's transaction.
    """
    app = DjangoApp(connector=PsycopgConnector(kwargs=direct.parameters()))
    app.tasks, app.periodic_registry = procrastinate.tasks, leaping(procrastinate.periodic_registry)
    app.run_worker(
        concurrency=concurrency,
        update_heartbeat_interval=HEARTBEAT.total_seconds(),
        stalled_worker_timeout=STALLED.total_seconds(),
        delete_jobs="successful",
        listen_notify=wait,
        wait=wait,
    )


@job("kernel.rescue_stalled_jobs", every="* * * * * */10")
def rescue_stalled_jobs() -> None:
    """Give the jobs of workers that died to those that live."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, last_heartbeat FROM procrastinate_workers"
            " WHERE last_heartbeat NOT BETWEEN now() - %(stalled)s::interval AND now() + %(stalled)s::interval",
            {"stalled": str(STALLED)},
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, attempts = attempts + 1"
            " WHERE status = 'doing' AND (worker_id IS NULL OR worker_id = ANY(%s))",
            [silent(cursor.fetchall(), steady())],
        )


_last_seen: dict[int, tuple[datetime, float]] = {}


def silent(suspects: Iterable[tuple[int, datetime]], passed: float) -> list[int]:
    """The workers that gave no sign while time really passed: after a leap of the clock the living look dead, too."""
    before = dict(_last_seen)
    _last_seen.clear()
    for worker, beat in suspects:
        known = before.get(worker)
        _last_seen[worker] = known if known and known[0] == beat else (beat, passed)
    return [worker for worker, (_, seen) in _last_seen.items() if passed - seen > HEARTBEAT.total_seconds() * 1.5]
