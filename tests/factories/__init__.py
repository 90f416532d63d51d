"""The smallest valid record of each table: `make.user("agent")`. A test states all that it relies on."""

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType, type_of


def one(record: RecordType, **values: Any) -> Row:
    """The smallest valid record of a noun: `tests.factories.<domain>.<model_in_snake_case>`."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", record.model.__name__).lower()
    file = find_spec(f"tests.factories.{record.domain}")
    make = getattr(import_module(file.name), name, None) if file else None
    if make is None:
        raise LookupError(f"the contracts try {record.name} with `{name}()` of tests/factories/{record.domain}.py")
    made: Row = make(**values)
    return made


def deciding(row: Row) -> Row | None:
    """The row that decides whose a row is; None for what belongs to nobody."""
    found: Row | None = row
    while found is not None and (through := type_of(type(found)).seen_with):
        found = getattr(found, through)
    return found if found is not None and type_of(type(found)).has("owner") else None
