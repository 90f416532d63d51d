"""Where a long list may be entered far down: a hundred places, each with what the list is sorted by there."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, F, Value

from guanxi.kernel.actor import Actor
from guanxi.kernel.lists import Wanted, cursor_after, in_order, sort_of
from guanxi.kernel.records import RecordType

PLACES = 100
MOST = 100_000
"""Of a list of up to so many rows each is looked at, of a longer one those among about so many of the table."""
# Sampled are whole pages of the table, whichever they are. A table that was never counted is looked at as a whole.
_PLACED = """
WITH few(id, sort_key, shown) AS MATERIALIZED ({every} LIMIT {most} + 1),
n AS MATERIALIZED (SELECT count(*) AS n FROM few),
chosen AS (SELECT * FROM few WHERE (SELECT n FROM n) <= {most}
         UNION ALL SELECT * FROM ({sampled}) s(id, sort_key, shown) WHERE (SELECT n FROM n) > {most}),
placed AS (SELECT chosen.*, row_number() OVER (ORDER BY sort_key {way}, id {way}) AS place,
                  count(*) OVER () AS size FROM chosen)
SELECT id, to_json(sort_key)::text, to_json(shown)::text, place::float / size, (SELECT n FROM n) <= {most} FROM placed
WHERE place %% greatest(size / {places}, 1) = 0 AND place < size ORDER BY place
"""
_SHARE = (
    "least(100, greatest(1, 100.0 * {most} / greatest(1, (SELECT reltuples FROM pg_class"
    " WHERE oid = '{table}'::regclass))))"
)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A place in a list: behind which share of the rows, how to go on from it, and what it is sorted by there."""

    share: float
    cursor: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Places of a list in its order, the field it is sorted by, and whether they are exact."""

    sort: str
    bounds: list[Bound]
    exact: bool


def bounds_of(actor: Actor, record: RecordType, wanted: Wanted) -> Bounds:
    """About a hundred places of a list, from the rows that the actor sees of it, in one statement."""
    ordered, down = in_order(actor, record, replace(wanted, cursor=""))
    shown = sort_of(actor, record, wanted.sort).removeprefix("-")
    field = record.fields[shown]
    told = Value(None, CharField()) if field.to else F(field.column)  # what is pointed at may be seen by others only
    rows = ordered.order_by().annotate(shown=told)
    try:
        every, values = rows.values_list("pk", "sort_key", "shown").query.sql_with_params()
    except EmptyResultSet:
        return Bounds(sort=shown, bounds=[], exact=True)
    with connection.cursor() as cursor:
        cursor.execute(_text(record, every, down), [*values, *values])
        found = cursor.fetchall()
    places = [
        Bound(share=share, cursor=cursor_after(key, id), value=orjson.loads(value or "null"))
        for id, key, value, share, _ in found
    ]
    return Bounds(sort=shown, bounds=places, exact=all(exact for *_, exact in found))


def _text(record: RecordType, every: str, down: bool) -> str:
    table = connection.ops.quote_name(record.model._meta.db_table)
    share = _SHARE.format(most=MOST, table=record.model._meta.db_table)
    head, at, rest = every.partition(f" FROM {table}")
    assert at, every
    return _PLACED.format(
        every=every,
        sampled=f"{head}{at} TABLESAMPLE SYSTEM ({share}){rest}",
        most=MOST,
        places=PLACES,
        way="DESC" if down else "ASC",
    )
