"""A look behind a mask, and a search for what is behind one: neither can be done often."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from guanxi.kernel.access import get, read, require_reach, require_readable
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.change_sets import begun
from guanxi.kernel.events import emit
from guanxi.kernel.limits import limit
from guanxi.kernel.occurrences import FieldRevealed
from guanxi.kernel.records import RecordType
from guanxi.kernel.rows import one
from guanxi.kernel.sensitive import LONGEST, SensitiveField
from guanxi.lib.errors import Forbidden, Invalid

LOOKS = limit(
    "field.reveal", most=200, per=timedelta(hours=1), by="actor", code="field.revealed_too_often",
    about="Looks behind masks: more than a day's work needs, less than a list of customers has.",
)  # fmt: skip
SOUGHT = limit(
    "field.blind_index", most=200, per=timedelta(hours=1), by="actor", code="field.sought_too_often",
    about="Searches for what is behind a mask: who guesses often enough finds out.",
)  # fmt: skip


def permission(record: RecordType) -> str:
    """The right to look behind the masks of a noun."""
    return f"{record.name}.reveal"


def reveal(actor: Actor, record: RecordType, id: UUID, name: str) -> Any:
    """The value of a masked field as its row's JSON has it; the look is told in the story of the record."""
    actor.require(permission(record))
    field = record.field(name)
    if actor.level(f"{record.name}.{field.name}") == Level.HIDDEN:
        raise Forbidden("field.not_readable", record=record.name, field=record.message(name))
    row = get(actor, record.model, id)
    require_reach(actor, permission(record), row)
    LOOKS.take(actor.id)
    with begun(actor, permission(record)) as acting:
        emit(acting, FieldRevealed(record=record.name, record_id=id, field=record.message(field.name)))
    kept = field.value_of(row)
    if field.kind == "sensitive":
        return kept.opened() if kept else kept
    return orjson.loads(orjson.dumps(one(replace(actor, fields={}), row)))[field.name]


def blind_index(actor: Actor, record: RecordType, name: str, text: str) -> str:
    """What a condition asks for instead of a sensitive value: no address, segment or log then holds the value.

    Asked for rarely, because who guesses often enough finds out.
    """
    actor.require(read(record))
    require_readable(actor, record, name)
    stored = record.field(name).stored
    if not isinstance(stored, SensitiveField):
        raise Invalid("field.not_sensitive", field=record.message(name))
    if not text.strip() or len(text.strip()) > LONGEST:
        raise Invalid("field.sensitive_too_long", values={"most": LONGEST, "field": name})
    SOUGHT.take(actor.id)
    return f"{'+'.join(stored.indexes_of(text))}~{stored.mask_of(text)}"
