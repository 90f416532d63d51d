"""Rows as they are read from outside: plain values, names of what they refer to, what may be done with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.kernel.access import reaches, visible_to
from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.models import Row
from guanxi.kernel.operations import of_noun
from guanxi.kernel.records import Field, RecordType, type_of

Plain = dict[str, Any]


def plain(actor: Actor, record: RecordType, rows: Sequence[Row], fields: Iterable[str] | None = None) -> list[Plain]:
    """Rows as JSON takes them; names of referred records are fetched once for all rows, one statement a noun."""
    shown = [record.fields[name] for name in fields] if fields else list(record.fields.values())
    labels = _labels(actor, shown, rows)
    verbs = _verbs(actor, record)
    columns = [(f.name, f.column, f if f.to or f.kind == "money" else None) for f in shown]
    return [
        {
            "id": row.pk,
            "label": record.label(row),
            **{name: _value(f, row, labels) if f else getattr(row, column) for name, column, f in columns},
            "can": [name for name, anyhow in verbs if anyhow or reaches(actor, name, row)],
        }
        for row in rows
    ]


def _verbs(actor: Actor, record: RecordType) -> list[tuple[str, bool]]:
    """What the actor may do with some row of a noun, and whether with every row."""
    names = [operation.name for operation in of_noun(record.name) if operation.subject]
    if record.writable:
        names.append(f"{record.name}.change")
    if record.has("archived_at"):
        names.append(f"{record.name}.archive")
    return [(name, actor.reach(name) == Reach.ALL) for name in dict.fromkeys(names) if actor.may(name)]


def _labels(actor: Actor, fields: list[Field], rows: Sequence[Row]) -> Mapping[type[Row], Mapping[UUID, str]]:
    wanted: dict[type[Row], set[UUID]] = {}
    for field in fields:
        if field.to:
            ids = {getattr(row, field.column) for row in rows} - {None}
            wanted.setdefault(field.to, set()).update(ids)
    return {model: labels(actor, type_of(model), ids) for model, ids in wanted.items() if ids}


def labels(actor: Actor, record: RecordType, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What those of the rows that the actor may see are called, by id."""
    title = record.fields[record.title].column if record.title in record.fields else record.title
    return dict(visible_to(actor, record.model).filter(pk__in=list(ids)).values_list("pk", title))


def _value(field: Field, row: Row, labels: Mapping[type[Row], Mapping[UUID, str]]) -> Any:
    value = getattr(row, field.column)
    if value is None:
        return None
    if field.to:
        return {"id": value, "label": str(labels.get(field.to, {}).get(value, ""))}
    if field.kind == "money":
        return {"amount": format(value.normalize(), "f"), "currency": _currency(row, field.currency_from)}
    return value


def _currency(row: Any, path: str) -> str:
    for name in path.split("__"):
        row = getattr(row, name)
    return str(row)


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
