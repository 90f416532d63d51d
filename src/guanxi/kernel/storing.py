"""Rows into tables as they are: one by a statement that is written once, many by COPY. Nothing is checked or told."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, connections, models

M = TypeVar("M", bound=models.Model)
Call = tuple[str, Sequence[Any]]
"""A function of the database with places for its arguments, and these."""
_INSERT = "INSERT INTO {table} ({columns}) VALUES ({places})"
_INSERT_ALIKE = "INSERT INTO {table} ({columns}) SELECT {places} FROM unnest(%s::{kind}[]) v"
_HOLD = "SELECT {columns} FROM {table} WHERE id = ({seen}) FOR NO KEY UPDATE"
_UPDATE = "UPDATE {table} SET {named} WHERE id = %s"
_UPDATE_MANY = "UPDATE {table} r SET {named} FROM unnest({arrays}) v({places}) WHERE r.id = v.id"
_SIZE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Put:
    """Fields of a row that is there, and held, to be written."""

    row: models.Model
    fields: "tuple[models.Field[Any, Any], ...]"


def add(model: type[models.Model], rows: Sequence[M]) -> None:
    """Write new rows: many by COPY, which takes a tenth of the time of statements full of parameters."""
    if len(rows) == 1:
        add_together(rows)
    elif rows:
        add_values(model, map(attrgetter(*(f.attname for f in _columns(model))), rows))
        _are_there(rows)


def add_together(rows: Sequence[models.Model | Put], *calls: Call) -> None:
    """Write a few rows, of any tables, and call functions, in one statement: what costs is the way there."""
    parts = [_update(row) if isinstance(row, Put) else _insert(row) for row in rows]
    if calls:
        called = ", ".join(call for call, _ in calls)
        parts.append((f"SELECT {called}", [value for _, given in calls for value in given]))
    *before, (last, _) = parts
    named = ", ".join(f"also_{n} AS ({part})" for n, (part, _) in enumerate(before))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {last}" if named else last, [value for _, values in parts for value in values])
    _are_there(row for row in rows if not isinstance(row, Put))


def put_many(rows: Sequence[models.Model], fields: "Sequence[models.Field[Any, Any]]") -> None:
    """Write fields of many rows that are there, and held, in one statement: what is alike once, the rest as arrays."""
    model = type(rows[0])
    named, given, arrays, columns = [], [], ["%s::uuid[]"], [[row.pk for row in rows]]
    for f in fields:
        values = [getattr(row, f.attname) for row in rows]
        if all(value == values[0] for value in values):
            named.append(f"{_name(f)} = %s")
            given.append(_stored(f, values[0]))
            continue
        kind = _SIZE.sub("", f.db_type(connection) or "")  # a cast to a size would cut what is too long
        if kind.endswith("[]"):  # an array of arrays is another thing
            model._default_manager.bulk_update(rows, [f.name], batch_size=500)
            continue
        named.append(f"{_name(f)} = v.c{len(columns)}")
        arrays.append(f"%s::{kind}[]")
        columns.append([_stored(f, value) for value in values])
    if not named:
        return
    places = ", ".join(["id", *(f"c{n}" for n in range(1, len(columns)))])
    statement = _UPDATE_MANY.format(
        table=_table(model), named=", ".join(named), arrays=", ".join(arrays), places=places
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *columns])


def add_values(model: type[models.Model], rows: Iterable[Iterable[Any]]) -> None:
    """The same for rows that are no objects: for each the values of all columns, in the order of the fields."""
    fields = _columns(model)
    adapted = [(place, f) for place, f in enumerate(fields) if not _goes_as_it_is(f)]
    statement = f"COPY {_table(model)} ({', '.join(map(_name, fields))}) FROM STDIN"
    database = connections[connection.alias]  # itself: what stands for it looks for it at each value
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            values = list(row)
            for place, f in adapted:
                values[place] = f.get_db_prep_save(values[place], database)
            stream.write_row(values)


def add_alike(model: type[models.Model], column: str, values: Sequence[Any]) -> None:
    """Write new rows that differ in one column only, in one statement."""
    fields = _columns(model)
    kinds = [_SIZE.sub("", f.db_type(connection) or "") for f in fields]
    places = ["v" if f.attname == column else f"%s::{kind}" for f, kind in zip(fields, kinds, strict=True)]
    statement = _INSERT_ALIKE.format(
        table=_table(model), columns=", ".join(map(_name, fields)), places=", ".join(places),
        kind=kinds[[f.attname for f in fields].index(column)],
    )  # fmt: skip
    given = [_stored(f, f.get_default()) for f in fields if f.attname != column]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, list(values)])


def hold(model: type[M], seen: str, values: Sequence[Any]) -> M | None:
    """The row whose id a sub-select finds, locked until the transaction ends."""
    names, columns, converted = _read(model)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(columns=columns, table=_table(model), seen=seen), values)
        found = cursor.fetchone()
    if found is None:
        return None
    row = list(found)
    for place, field in converted:
        row[place] = field.from_db_value(row[place], None, connection)  # type: ignore[attr-defined]
    return model.from_db(connection.alias, names, row)


@cache
def _read(model: type[models.Model]) -> "tuple[list[str], str, list[tuple[int, models.Field[Any, Any]]]]":
    fields = list(model._meta.concrete_fields)
    converted = [(place, f) for place, f in enumerate(fields) if hasattr(f, "from_db_value")]
    return [f.attname for f in fields], ", ".join(map(_name, fields)), converted


def _update(one: Put) -> Call:
    named = ", ".join(f"{_name(f)} = %s" for f in one.fields)
    values = [_stored(f, getattr(one.row, f.attname)) for f in one.fields]
    return _UPDATE.format(table=_table(type(one.row)), named=named), [*values, one.row.pk]


def _insert(row: models.Model) -> Call:
    statement, fields = _insert_into(type(row))
    return statement, [_stored(f, getattr(row, f.attname)) for f in fields]


@cache
def _insert_into(table: type[models.Model]) -> "tuple[str, list[models.Field[Any, Any]]]":
    own = _columns(table)
    columns, places = ", ".join(map(_name, own)), ", ".join(["%s"] * len(own))
    return _INSERT.format(table=_table(table), columns=columns, places=places), own


def _are_there(rows: Iterable[models.Model]) -> None:
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _name(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(field.column or "")


def _columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """All but what the database counts by itself."""
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]


def _stored(field: "models.Field[Any, Any]", value: Any) -> Any:
    return value if _goes_as_it_is(field) else field.get_db_prep_save(value, connection)


@cache
def _goes_as_it_is(stored: "models.Field[Any, Any]") -> bool:
    """Whether the driver takes a field's values without Django's help: asking for each value costs half of the time."""
    asked = (getattr(type(stored), name) for name in ("get_prep_value", "get_db_prep_value", "get_db_prep_save"))
    return not isinstance(stored, models.JSONField) and all(
        method.__module__.startswith("django.db.models.fields") for method in asked
    )
