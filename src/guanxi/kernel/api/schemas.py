"""The types of what goes in and out, made from the catalogue of records."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model

from guanxi.kernel.access import grantable
from guanxi.kernel.custom import PREFIX
from guanxi.kernel.inputs import Day, Extended, Moment
from guanxi.kernel.records import Field, RecordType


class Reference(BaseModel):
    """A record referred to, with what it is called."""

    id: UUID
    label: str


class Amount(BaseModel):
    """An amount of money; the number as text, so that nothing is rounded on the way."""

    amount: str
    currency: str


class Count(BaseModel):
    """How many; `exact` is false where there are more than are worth counting."""

    n: int
    exact: bool


_OUT: dict[str, Any] = {
    "integer": int, "decimal": str, "money": Amount, "boolean": bool, "date": date, "datetime": datetime,
    "duration": float, "reference": Reference, "json": Any, "list": list[Any], "id": UUID,
}  # fmt: skip
_IN: dict[str, Any] = {**_OUT, "decimal": Decimal, "money": Decimal, "reference": UUID, "datetime": Moment, "date": Day}


def _choice(field: Field) -> Any:
    if field.kind not in ("choice", "language") or not field.choices:
        return str
    return Literal[(*field.choices, "")] if field.stored.blank else Literal[field.choices]


def _name(record: RecordType) -> str:
    return record.model.__name__


def out(record: RecordType) -> type[BaseModel]:
    """A row as it is read; what a role may close is null for whoever does not read it."""
    closed = grantable(record)
    fields: dict[str, Any] = {"id": (UUID, ...), "label": (str, ...), "can": (list[str], ...)}
    for field in record.declared.values():
        kind = _OUT.get(field.kind) or _choice(field)
        fields[field.name] = (kind | None if field.stored.null or field.name in closed else kind, ...)
    open_to_more = (
        ConfigDict(json_schema_extra={"patternProperties": {f"^{PREFIX}": {}}}) if record.extensible else None
    )
    return create_model(f"{_name(record)}Out", __config__=open_to_more, **fields)


def page(record: RecordType, row: type[BaseModel]) -> type[BaseModel]:
    """A page of a list."""
    fields: dict[str, Any] = {"rows": (list[row], ...), "next": (str | None, ...), "count": (Count | None, ...)}  # type: ignore[valid-type]
    return create_model(f"{_name(record)}Page", **fields)


def create_in(record: RecordType) -> type[BaseModel]:
    """What a new row is written from."""
    fields: dict[str, Any] = {}
    for field in record.declared.values():
        if field.writable:
            kind = _IN.get(field.kind) or _choice(field)
            kind = kind | None if field.stored.null else kind
            fields[field.name] = (kind, ... if field.required else _default(field))
    return _strict(record, "In", fields)


def change_in(record: RecordType) -> type[BaseModel]:
    """What may be changed; only what is given is."""
    fields: dict[str, Any] = {}
    for field in record.declared.values():
        if field.writable:
            fields[field.name] = ((_IN.get(field.kind) or _choice(field)) | None, None)
    return _strict(record, "Change", fields)


def _strict(record: RecordType, name: str, fields: dict[str, Any]) -> type[BaseModel]:
    """An input that refuses what it does not know."""
    if record.extensible:
        return create_model(f"{_name(record)}{name}", __base__=Extended, **fields)
    return create_model(f"{_name(record)}{name}", __config__=ConfigDict(extra="forbid"), **fields)


def reveal_in(record: RecordType, names: tuple[str, ...]) -> type[BaseModel]:
    """Which field is looked at."""
    fields: dict[str, Any] = {"field": (_named(record, names), ...)}
    return create_model(f"{_name(record)}Reveal", __config__=ConfigDict(extra="forbid"), **fields)


def blind_index_in(record: RecordType, names: tuple[str, ...]) -> type[BaseModel]:
    """A value that is looked for in a sensitive field."""
    fields: dict[str, Any] = {"field": (_named(record, names), ...), "value": (str, ...)}
    return create_model(f"{_name(record)}BlindIndex", __config__=ConfigDict(extra="forbid"), **fields)


def _named(record: RecordType, names: tuple[str, ...]) -> Any:
    """The name of one of these fields, or of one that the company added."""
    if not record.extensible:
        return Literal[names]
    return Literal[names] | str if names else str


def headers(*names: str) -> dict[str, Any]:
    """What a route hears beside its address and its body, for its description."""
    said = {
        "Idempotency-Key": "The same request under the same key is done once and answered alike.",
        "If-Match": "The version (ETag) that was read; refused with 412 when the record has changed since.",
    }
    alike = {"in": "header", "required": False, "schema": {"type": "string"}}
    return {"parameters": [{"name": name, "description": said[name], **alike} for name in names]}


def _default(field: Field) -> Any:
    return None if field.stored.null else field.stored.get_default()
