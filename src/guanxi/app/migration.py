"""Bringing the database to this version, by one process at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from guanxi import __version__
from guanxi.app import starter
from guanxi.app.environment import Misconfigured
from guanxi.kernel import months
from guanxi.kernel.marks import mark_anew, marked

LOCK = 0x6775616E7869  # "guanxi": the advisory lock of whoever migrates
VERSION = "version"
"""The mark of the version that has the database brought to where it is."""


@contextmanager
def alone() -> Iterator[None]:
    """Within the block no other process prepares the database; the lock is that of a session, not of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s::bigint)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s::bigint)", [LOCK])


def pending() -> list[str]:
    """The migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def beyond(steps: Iterable[str]) -> list[str]:
    """Of the steps that some database has taken, those that only a newer version knows; left out are those given up."""
    loader, last = MigrationLoader(None, load=False), dict[str, str]()
    loader.load_disk()
    known = loader.disk_migrations
    for label, name in sorted(known):
        last[label] = name
    parts = (step.partition(".")[::2] for step in steps)
    return [f"{label}.{name}" for label, name in parts if (label, name) not in known and name > last.get(label, "")]


def newer() -> str:
    """What is to be done where a newer version has brought the database further than this one knows; else nothing."""
    steps = beyond(f"{label}.{name}" for label, name in MigrationRecorder(connection).applied_migrations())
    if not steps:
        return ""
    return (
        f"Guanxi {marked(VERSION) or 'of a newer version'} has brought this database further than Guanxi {__version__} "
        f"knows (first {steps[0]}), and this version could spoil it. Start the newer version again, or go back to a "
        "backup that this version made: guanxi restore FILE --replace"
    )


def require_known() -> None:
    """Refuse to touch a database that a newer version has brought further than this one knows."""
    if said := newer():
        raise Misconfigured(said)


def migrate(*, verbosity: int = 0) -> None:
    """Apply what is pending and write what ships; a second process waits and then finds nothing to do."""
    with alone():
        require_known()
        call_command("migrate", interactive=False, verbosity=verbosity)
        months.prepare()
        starter.load()
        mark_anew(VERSION, __version__)
