"""A look behind a mask: one field of one record, and everybody can see afterwards who looked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from guanxi.kernel import limits
from guanxi.kernel.access import get, require_reach
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.change_sets import begun
from guanxi.kernel.events import emit
from guanxi.kernel.occurrences import FieldRevealed
from guanxi.kernel.records import RecordType
from guanxi.kernel.rows import one
from guanxi.lib.errors import Forbidden

MOST, PER = 200, timedelta(hours=1)
"""How often somebody may look: more than a day's work needs, less than a list of customers has."""


def permission(record: RecordType) -> str:
    """The right to look behind the masks of a noun."""
    return f"{record.name}.reveal"


def reveal(actor: Actor, record: RecordType, id: UUID, name: str) -> Any:
    """The value of a masked field as its row's JSON has it; the look is told in the story of the record."""
    actor.require(permission(record))
    field = record.field(name)
    if actor.level(f"{record.name}.{name}") == Level.HIDDEN:
        raise Forbidden("field.not_readable", record=record.name, field=record.message(name))
    row = get(actor, record.model, id)
    require_reach(actor, permission(record), row)
    limits.take(f"reveal:{actor.id}", most=MOST, per=PER, code="field.revealed_too_often")
    with begun(actor, permission(record)) as acting:
        emit(acting, FieldRevealed(record=record.name, record_id=id, field=record.message(field.name)))
    return orjson.loads(orjson.dumps(one(replace(actor, fields={}), row)))[name]
