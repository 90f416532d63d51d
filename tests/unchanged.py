"""A refusal must also prove that nothing changed: rows, history, events, queued work."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection


def fingerprint() -> dict[str, tuple[int, str]]:
    """For every table: how many rows, and a digest of all of them."""
    found = {}
    tables = [m._meta.db_table for m in apps.get_models() if m._meta.managed] + ["procrastinate_jobs"]
    with connection.cursor() as cursor:
        for table in sorted(set(tables)):
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail when anything in the database differs after the block."""
    before = fingerprint()
    yield
    after = fingerprint()
    assert {t: v for t, v in after.items() if before[t] != v} == {}


@contextmanager
def nothing_changes_but_counting() -> Iterator[None]:
    """The same, where a stranger asks: how often is counted."""
    before = fingerprint()
    yield
    assert {table for table, rows in fingerprint().items() if before[table] != rows} <= {"kernel_limit"}
