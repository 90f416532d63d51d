"""About how many rows fulfil a condition, from a sample, where counting all of them would be waited for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg import sql

from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.records import RecordType

FEW = 20_000
"""So many rows of a table are counted exactly at once."""
SAMPLE = 3_000
LEAST = 10
"""A sample in which fewer fulfil the condition tells nothing of all."""
PATIENCE = "200ms"


def is_large(record: RecordType) -> bool:
    """Whether a noun has so many rows that counting them may be waited for."""
    return _known_size(record) > FEW


def estimated(
    actor: Actor, condition: Condition | None, record: RecordType, *, as_of: datetime | None = None, zone: str = "UTC"
) -> int | None:
    """About how many living rows that an actor sees fulfil a condition; None where a sample cannot tell in time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        try:
            with transaction.atomic():
                size = _known_size(record)
                some = _some(record, size)
                rows: Any = visible_to(actor, record.model).filter(pk__among=some)
                rows = rows.filter(compiled(actor, condition, record, as_of=as_of, zone=zone, among=some))
                found = (rows.filter(archived_at=None) if record.has("archived_at") else rows).count()
        except OperationalError:
            return None
        finally:
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    return _rounded(found / len(some) * size) if found >= LEAST else None


def _known_size(record: RecordType) -> int:
    """How many rows the database believes a table to have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [record.model._meta.db_table])
        return int(cursor.fetchone()[0])


def _some(record: RecordType, size: int) -> list[UUID]:
    """The rows of some pages of a table, whichever they are."""
    table = sql.Identifier(record.model._meta.db_table)
    asked: Any = sql.SQL("SELECT id FROM {} TABLESAMPLE SYSTEM (%s)").format(table)
    with connection.cursor() as cursor:
        cursor.execute(asked, [min(100, 100 * SAMPLE / max(size, 1))])
        return [id for (id,) in cursor.fetchall()]


def _rounded(number: float) -> int:
    """Three figures: what follows would pretend to be known."""
    return int(float(f"{number:.3g}"))
