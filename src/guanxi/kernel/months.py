"""Tables that only grow stand in a part for each month: a month is vacuumed, copied and let go alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from guanxi.kernel.jobs import job
from guanxi.kernel.time import now
from guanxi.lib.timed_ids import first_of

TABLES = ("kernel_evententry", "kernel_historyentry")
AHEAD = timedelta(days=62)
PATIENCE = "2s"
"""How long a table is waited for that somebody reads, such as a backup: all that come after would wait behind us."""


@job("kernel.prepare_months", every="23 3 * * *")
def prepare_months() -> None:
    """Be ready for the months to come."""
    prepare()


def prepare() -> None:
    """Make the parts of this month and the next two; what was written before its part was there moves into it.

    Where a table is read for long, its parts wait for another day: until then it has room for everything.
    """
    for table in TABLES:
        for month, after in months(now(), now() + AHEAD):
            try:
                _prepare(table, month, after)
            except OperationalError as problem:
                if not isinstance(problem.__cause__, LockNotAvailable):
                    raise


def months(first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The months from one moment to another, each as its beginning in UTC and the next one's."""
    month = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month <= last:
        after = (month + timedelta(days=32)).replace(day=1)
        yield month, after
        month = after


def _prepare(table: str, month: datetime, after: datetime) -> None:
    part, rest = f"{table}_{month:%Y_%m}", f"{table}_rest"
    first, beyond = f"'{first_of(month)}'", f"'{first_of(after)}'"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [part])
        if cursor.fetchone() != (None,):
            return
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"CREATE TABLE {part} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute(f"LOCK TABLE {rest} IN ACCESS EXCLUSIVE MODE")
        late = f"DELETE FROM {rest} WHERE id >= {first} AND id < {beyond} RETURNING *"  # noqa: S608  names of ours
        cursor.execute(f"WITH late AS ({late}) INSERT INTO {part} SELECT * FROM late")  # noqa: S608
        cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({first}) TO ({beyond})")
