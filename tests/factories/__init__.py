"""The smallest valid record of each table: `make.user("agent")`. A test states all that it relies on."""

import re
from importlib import import_module
from typing import Any

from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType


def one(record: RecordType, **values: Any) -> Row:
    """The smallest valid record of a noun: `tests.factories.<domain>.<model_in_snake_case>`."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", record.model.__name__).lower()
    made: Row = getattr(import_module(f"tests.factories.{record.domain}"), name)(**values)
    return made
