"""Rows that are deleted, and put back by an undo as they were: all of a row stays in history."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models, transaction

from guanxi.kernel.access import get, require_power, require_reach
from guanxi.kernel.actor import Actor
from guanxi.kernel.change_sets import begin
from guanxi.kernel.fields import SecretField
from guanxi.kernel.live import touch
from guanxi.kernel.models import HistoryEntry, Row
from guanxi.kernel.records import RecordType, type_of
from guanxi.kernel.storing import add
from guanxi.kernel.writes import beside_rows, dated, named_constraints, noted, plain
from guanxi.lib.errors import Conflict

WRITTEN = ("id", "version", "updated_at")
"""What an entry of history says beside the difference, or every write says anew."""
BORN = "created_at"
"""A row has it from the first: an entry in whose difference it stands tells that a row was deleted or put back."""


def remove(actor: Actor, model: type[Row], *ids: UUID, using: str) -> None:
    """Delete rows that nothing refers to; the last state stays in history."""
    kind = type_of(model)
    actor.require(using)
    with transaction.atomic():
        rows = [get(actor, model, id) for id in ids]
        for row in rows:
            require_reach(actor, using, row)
            require_power(actor, row)
        actor = begin(actor, using)
        told = [noted(kind, row, row.version + 1, _gone(row)) for row in rows]
        try:
            model._default_manager.filter(pk__among=ids).delete()
        except (models.ProtectedError, models.RestrictedError) as problem:
            raise Conflict("record.in_use", record=kind.name) from problem
        _note(actor, kind, told)


def _gone(row: Row) -> dict[str, list[Any]]:
    """All of a row, as history says that nothing of it is left."""
    return {f.name: [plain(f, getattr(row, f.attname)), None] for f in _kept(type(row))}


def was_removed(entry: HistoryEntry) -> bool:
    """Whether it tells that the row was deleted."""
    return BORN in entry.diff and entry.diff[BORN][1] is None


def was_put_back(entry: HistoryEntry) -> bool:
    """Whether it tells that a deleted row was put back."""
    return BORN in entry.diff and entry.diff[BORN][0] is None


def put_back(actor: Actor, kind: RecordType, entries: Iterable[HistoryEntry]) -> None:
    """Write deleted rows again as they were last, under their ids."""
    fields, rows, told = _kept(kind.model), [], []
    for entry in entries:
        diff = {kind.now_called(name): pair for name, pair in entry.diff.items()}
        values = {f.attname: f.to_python(diff[f.name][0]) for f in fields if f.name in diff}
        row = kind.model(id=entry.record_id, version=entry.version + 1, **values)
        back = {name: [None, was] for name, (was, _) in entry.diff.items()}
        rows.append(row)
        told.append(noted(kind, row, row.version, back))
    with named_constraints(kind):
        add(kind.model, rows)
        beside_rows(kind, [row.pk for row in rows])
    _note(actor, kind, told)


def _note(actor: Actor, kind: RecordType, entries: list[HistoryEntry]) -> None:
    add(HistoryEntry, dated(actor, entries))
    touch([kind.name, *(f"{kind.name}:{entry.record_id}" for entry in entries)])


def _kept(model: type[Row]) -> "list[models.Field[Any, Any]]":
    return [f for f in model._meta.concrete_fields if f.name not in WRITTEN and not isinstance(f, SecretField)]
