"""Rows as they are read from outside: JSON made by the database, names of what they refer to, what may be done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from guanxi.kernel.access import (
    EVERYTHING,
    asking_of,
    covers,
    owned_through,
    shared_for,
    veiled,
    visible,
    visible_to,
)
from guanxi.kernel.actor import Actor, Level, Reach
from guanxi.kernel.custom import COLUMN, Definition, generation
from guanxi.kernel.fields import ConditionField
from guanxi.kernel.masks import Mask, masked
from guanxi.kernel.models import Row
from guanxi.kernel.operations import of_noun
from guanxi.kernel.records import Field, RecordType, derived_of, of_name, type_of
from guanxi.kernel.sensitive import mask_in

Plain = dict[str, Any]
TEXTUAL = ("text", "long_text", "email", "phone")
_Sql = tuple[str, tuple[Any, ...]]
_SHOWN = (
    "SELECT k.id, to_json(k.key)::text, (SELECT row_to_json(j) FROM (SELECT {columns}) j)::text"
    " FROM (SELECT q.*, row_number() OVER () AS place FROM ({keys}) q(id, key)) k"
    " JOIN {table} r USING (id){beside} ORDER BY k.place"
)

_ONE = "SELECT %s::uuid, NULL::text"
_GIVEN = "SELECT id, NULL::text FROM unnest(%s::uuid[]) WITH ORDINALITY given(id, place) ORDER BY place"


@dataclass(frozen=True)
class Shown:
    """A row as it is shown: its JSON, and as JSON the value its list is sorted by."""

    id: UUID
    key: str
    json: orjson.Fragment


def shown(actor: Actor, record: RecordType, rows: QuerySet[Any], *, key: str = "pk") -> list[Shown]:
    """Rows in their order as JSON, in one statement; `key` is a column or annotation to go on from.

    The database writes the JSON: a model, a dict and an encoder for each value would take five times as long.
    """
    try:
        return shown_by(actor, record, *rows.values_list("pk", key).query.sql_with_params())
    except EmptyResultSet:
        return []


def shown_by(actor: Actor, record: RecordType, keys: str, wanted: Sequence[Any]) -> list[Shown]:
    """Rows whose ids and keys a statement finds, in its order."""
    columns, called = _columns(actor, record)
    table = connection.ops.quote_name(record.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            _SHOWN.format(columns=columns, keys=keys, table=table, beside=_beside(record.name)), (*called, *wanted)
        )
        found = cursor.fetchall()
    can = allowed(actor, record, [id for id, _, _ in found])
    return [Shown(id, at, orjson.Fragment(text[:-1] + _ending(can[id]))) for id, at, text in found]


def one(actor: Actor, row: Row, **more: Any) -> orjson.Fragment:
    """One row as JSON, for whoever has just written it, with what else there is to say; its own fields go before."""
    record = type_of(type(row))
    found = shown_by(actor, record, _ONE, [row.pk])[0].json
    return _with(
        orjson.dumps(found).decode(), **{name: value for name, value in more.items() if name not in record.fields}
    )


def _with(row: str, **more: Any) -> orjson.Fragment:
    """A JSON object that says something more."""
    return orjson.Fragment(f"{row[:-1]},{orjson.dumps(more).decode()[1:]}" if more else row)


def plain(actor: Actor, rows: Sequence[Row]) -> list[Plain]:
    """Rows of one noun, in their order, as whoever adds something to them takes them."""
    if not rows:
        return []
    found = shown_by(actor, type_of(type(rows[0])), _GIVEN, [[row.pk for row in rows]])
    return [orjson.loads(orjson.dumps(each.json)) for each in found]


@cache
def _ending(can: tuple[str, ...]) -> str:
    """How the JSON of a row ends: few sets of verbs there are, and many rows."""
    return f',"can":{orjson.dumps(can).decode()}}}'


def allowed(actor: Actor, record: RecordType, ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What the actor may do with each of these rows, by id."""
    through = owned_through(record)
    verbs = [(name, actor.reach(name)) for name in _verbs(record.name)]
    verbs = [(name, reach if through is not None else Reach.ALL) for name, reach in verbs if reach]
    if all(reach == Reach.ALL for _, reach in verbs):
        return dict.fromkeys(ids, tuple(name for name, _ in verbs))
    there, owner, team = through or ("pk", "pk", "pk")
    rows = record.model._default_manager.filter(pk__among=ids).values("pk", there, owner, team)
    shared = {name: shared_for(actor, record, name) for name, _ in verbs}
    return {
        row["pk"]: tuple(
            name
            for name, far in verbs
            if covers(actor, far, row[owner], row[team], there=row[there] is not None) or row[there] in shared[name]
        )
        for row in rows
    }


@cache
def _verbs(noun: str) -> tuple[str, ...]:
    """What can be done with a row of a noun by anybody."""
    record = of_name(noun)
    names = [operation.name for operation in of_noun(noun) if operation.subject]
    if record.changeable:
        names.append(f"{noun}.change")
    if record.has("archived_at"):
        names.append(f"{noun}.archive")
    return tuple(dict.fromkeys(names))


def labels(actor: Actor, record: RecordType, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What those of the rows that the actor may see are called, by id."""
    rows, title = visible_to(actor, record.model).filter(pk__among=ids), _title(record)
    level = veiled(actor, record).get(record.title, Level.READ)
    if level == Level.HIDDEN:
        return {}
    if level == Level.MASKED:
        return dict(rows.values_list("pk", Mask(F(title))))
    return dict(rows.values_list("pk", title))


def _title(record: RecordType) -> str:
    return record.fields[record.title].column if record.title in record.fields else record.title


def _columns(actor: Actor, record: RecordType) -> _Sql:
    """What the JSON of a row consists of, in SQL over the table `r`."""
    veil = veiled(actor, record)
    parts: list[str] = list(_own(record.name, tuple(veil.items()), asking_of(actor), generation()))
    values: list[Any] = []
    for field in record.references:
        if field.name in veil:
            parts.append(f'NULL AS "{field.name}"')
            continue
        label, wanted = _label(actor, record, field)
        column = f'r."{field.stored.column}"'
        pair = f"json_build_object('id', {column}, 'label', coalesce({label}::text, ''))"
        parts.append(f'CASE WHEN {column} IS NOT NULL THEN {pair} END AS "{field.name}"')
        values += wanted
    return ", ".join(parts), tuple(values)


@lru_cache(maxsize=500)
def _own(noun: str, veil: tuple[tuple[str, Level], ...], closed: str, _generation: int) -> tuple[str, ...]:
    """Everything of a row but what it refers to: the same for whoever reads it, or as much of it as they read."""
    record, levels = of_name(noun), dict(veil)
    own = {
        name: _behind(record, field, levels[name]) if name in levels else _open(record, field, closed)
        for name, field in record.fields.items()
        if not field.to
    }
    title = f'r."{record.model._meta.get_field(record.title).column}"::text'  # type: ignore[union-attr]
    if record.title in levels:
        title = masked(title) if levels[record.title] == Level.MASKED else "''"
    return tuple(f'{value} AS "{name}"' for name, value in {"id": "r.id", "label": title, **own}.items())


@cache
def _beside(noun: str) -> str:
    """The tables that floors above keep beside that of a noun, each under the name it has from a row."""
    joined = (
        f' LEFT JOIN "{one.model._meta.db_table}" "{one.name}" ON "{one.name}"."{one.key.column}" = r.id'
        for one in derived_of(of_name(noun))
    )
    return "".join(joined)


def _behind(record: RecordType, field: Field, level: Level) -> str:
    """What is shown of a field that is not read as it stands; of what is no text nothing can be shown."""
    if field.kind == "sensitive" and level == Level.MASKED:
        return _value(record, field)
    text = field.kind in TEXTUAL
    return masked(_value(record, field)) if text and level == Level.MASKED else "NULL"


def _open(record: RecordType, field: Field, closed: str) -> str:
    """A value that is read; of a condition nothing where it asks of what is closed."""
    value = _value(record, field)
    if not closed or not isinstance(field.stored, ConditionField):
        return value
    return f"CASE WHEN r.\"{field.stored.column}\"::text !~ '{closed}' THEN {value} END"


def _value(record: RecordType, field: Field) -> str:
    if field.custom:
        return _added(field.custom)
    table = f'"{field.beside}"' if field.beside else "r"
    column = f'{table}."{field.stored.column}"'
    if field.kind == "money":
        here = f"nullif({table}.\"{field.currency_from}\", '')"
        currency = here if field.beside else _currency(record, field.currency_from)
        amount = f"json_build_object('amount', trim_scale({column})::text, 'currency', {currency})"
        return f"CASE WHEN {here if field.beside else column} IS NOT NULL THEN {amount} END"
    if field.kind == "sensitive":
        return mask_in(column)
    if field.kind == "duration":
        return f"extract(epoch FROM {column})::float8"
    return f"{column}::text" if field.kind == "decimal" else column


def _added(custom: Definition) -> str:
    kept = f"""r."{COLUMN}" ->> '{custom.name}'"""
    if custom.kind == "sensitive":
        return mask_in(custom.in_sql(kept))
    return f"({kept})" if custom.kind == "decimal" else custom.in_sql(kept)


def _currency(record: RecordType, path: str) -> str:
    """The currency of an amount, which stands in the row or in the one it belongs to."""
    head, _, rest = path.partition("__")
    stored: Any = record.model._meta.get_field(head)
    if not rest:
        return f'r."{stored.column}"'
    return _of_referred(stored.related_model._default_manager.all(), stored.column, rest)[0]


def _label(actor: Actor, record: RecordType, field: Field) -> _Sql:
    """What a referred row is called, for those who may see it."""
    assert field.to is not None
    referred = type_of(field.to)
    level = veiled(actor, referred).get(referred.title, Level.READ)
    if level == Level.HIDDEN:
        return "NULL", ()
    if level == Level.READ and visible(actor, referred) == EVERYTHING:
        return _label_for_all(record.name, field.name), ()
    title = _title(referred) if level == Level.READ else Mask(F(_title(referred)))
    try:
        return _of_referred(visible_to(actor, field.to), field.stored.column, title)
    except EmptyResultSet:
        return "NULL", ()


@cache
def _label_for_all(noun: str, name: str) -> str:
    field = of_name(noun).fields[name]
    assert field.to is not None
    return _of_referred(field.to._default_manager.all(), field.stored.column, _title(type_of(field.to)))[0]


def _of_referred(rows: QuerySet[Any], column: str | None, value: str | Mask) -> _Sql:
    """One value of the row that a column refers to, if it is among these."""
    here = RawSQL(f'r."{column}"', ())  # noqa: S611  a column of ours
    text, values = rows.filter(pk=here).order_by().values_list(value).query.sql_with_params()
    return f"({text})", values


def jsonable(value: Any) -> Any:
    """What orjson does not know by itself."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID | datetime | date):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} is not JSON")
