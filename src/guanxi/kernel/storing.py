"""Rows into tables as they are: one by a statement that is written once, many by COPY. Nothing is checked or told."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection, models

M = TypeVar("M", bound=models.Model)
Call = tuple[str, Sequence[Any]]
"""A function of the database with places for its arguments, and these."""
_INSERT = "INSERT INTO {table} ({columns}) VALUES ({places})"
_HOLD = "SELECT {columns} FROM {table} WHERE id = ({seen}) FOR NO KEY UPDATE"
_UPDATE = "UPDATE {table} SET {named} WHERE id = %s"


def add(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write new rows: many by COPY, which takes a tenth of the time of statements full of parameters."""
    if len(rows) == 1:
        add_together(rows)
    elif rows:
        names = [f.attname for f in _columns(model)]
        add_values(model, ([row.__dict__[name] for name in names] for row in rows))
        _are_there(rows)


def add_together(rows: Sequence[models.Model], *calls: Call) -> None:
    """Write a few new rows, of any tables, and call functions, in one statement: what costs is the way there."""
    inserts, fields = _inserts(tuple(type(row) for row in rows))
    last = f"SELECT {', '.join(call for call, _ in calls)}" if calls else inserts[-1]
    before = inserts if calls else inserts[:-1]
    named = ", ".join(f"also_{n} AS ({insert})" for n, insert in enumerate(before))
    values = [_stored(f, getattr(row, f.attname)) for row, own in zip(rows, fields, strict=True) for f in own]
    values += [value for _, given in calls for value in given]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {last}" if named else last, values)
    _are_there(rows)


def add_values(model: type[models.Model], rows: Iterable[Sequence[Any]]) -> None:
    """The same for rows that are no objects: for each the values of all columns, in the order of the fields."""
    fields = _columns(model)
    adapted = [(place, f) for place, f in enumerate(fields) if not _goes_as_it_is(f)]
    statement = f"COPY {_table(model)} ({', '.join(map(_name, fields))}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            values = list(row)
            for place, f in adapted:
                values[place] = f.get_db_prep_save(values[place], connection)
            stream.write_row(values)


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


def put(row: models.Model, fields: "Sequence[models.Field[Any, Any]]") -> None:
    """Write these fields of a row that is there."""
    named = ", ".join(f"{_name(f)} = %s" for f in fields)
    values = [_stored(f, getattr(row, f.attname)) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE.format(table=_table(type(row)), named=named), [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.db_table} {row.pk} is not there")


@cache
def _inserts(tables: tuple[type[models.Model], ...]) -> "tuple[list[str], list[list[models.Field[Any, Any]]]]":
    fields = [_columns(table) for table in tables]
    inserts = [
        _INSERT.format(table=_table(table), columns=", ".join(map(_name, own)), places=", ".join(["%s"] * len(own)))
        for table, own in zip(tables, fields, strict=True)
    ]
    return inserts, fields


def _are_there(rows: Iterable[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


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
