"""Bringing the database to this version, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guanxi.app import starter
from guanxi.kernel import months

LOCK = 0x6775616E7869  # "guanxi": the advisory lock of whoever migrates


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


def migrate(*, verbosity: int = 0) -> None:
    """Apply what is pending and write what ships; a second process waits and then finds nothing to do."""
    with alone():
        call_command("migrate", interactive=False, verbosity=verbosity)
        months.prepare()
        starter.load()
