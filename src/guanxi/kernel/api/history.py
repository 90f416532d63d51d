"""What a record and its parts looked like before: every change with who made it and by which operation."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from guanxi.kernel.access import asking_of, read, veiled
from guanxi.kernel.actor import Actor
from guanxi.kernel.fields import ConditionField
from guanxi.kernel.masks import BEHIND
from guanxi.kernel.models import ChangeSet, HistoryEntry, Row
from guanxi.kernel.records import RecordType, of_name, parts_of
from guanxi.kernel.removals import was_put_back, was_removed
from guanxi.kernel.rows import labels
from guanxi.kernel.sensitive import Sealed
from guanxi.kernel.undo import may_undo
from guanxi.kernel.words import say

PLACE = "ordinal"
"""The field by which the parts of a document are counted."""


def history_of(actor: Actor, record: RecordType, row: Row) -> dict[str, Any]:
    """Every change of a record, newest first, with what became of its parts by it; the creation stands last."""
    kinds = {kind.name: kind for kind in parts_of(record) if actor.may(read(kind))}
    asked = Q(record=record.name, record_id=row.pk)
    if kinds:
        asked |= Q(part_of=row.pk, record__in=kinds)
    entries = list(HistoryEntry.objects.filter(asked).order_by("-version").select_related("change_set__undone_by"))
    own = [entry for entry in entries if entry.record == record.name]
    parts: dict[UUID, list[dict[str, Any]]] = {}
    for name, kind in kinds.items():
        touched = [entry for entry in entries if entry.record == name]
        for change_set, part in _parts(actor, kind, row, touched):
            parts.setdefault(change_set, []).append(part)
    known = {entry.change_set_id: entry.change_set for entry in entries}
    if unknown := parts.keys() - known.keys():
        known |= ChangeSet.objects.select_related("undone_by").in_bulk(unknown)
    people, veil = _people(actor, known.values()), veiled(actor, record)
    changes = [
        _change(actor, entry.change_set, people, _diff(actor, record, entry.diff, veil))
        | {"at": entry.at, "parts": parts.pop(entry.change_set_id, [])}
        for entry in own
    ]
    alone = [_change(actor, known[one], people, {}) | {"parts": some} for one, some in parts.items() if one in known]
    changes = sorted([*changes, *alone], key=lambda change: change["at"], reverse=True) if alone else changes
    return {"changes": changes, "created": {"at": row.created_at, "change_set": row.created_in, "origin": row.origin}}


def _change(actor: Actor, by: ChangeSet, people: Mapping[UUID, str], diff: dict[str, Any]) -> dict[str, Any]:
    undone = hasattr(by, "undone_by")
    return {
        "at": by.at,
        "by": people.get(by.actor_id, "") if by.actor_id else "",
        "operation": by.operation,
        "change_set": by.pk,
        "undone": undone,
        "undoable": not undone and may_undo(actor, by),
        "diff": diff,
    }


def _parts(
    actor: Actor, kind: RecordType, whole: Row, entries: list[HistoryEntry]
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """What became of the parts of one noun, each under its change-set; those that came with the whole are no change."""
    veil, names = veiled(actor, kind), [kind.title, *([PLACE] if kind.has(PLACE) else [])]
    fresh = Q(created_in__isnull=False) & ~Q(created_in=whole.created_in)
    rows = kind.model._default_manager.filter(Q(pk__in={one.record_id for one in entries}) | fresh)
    rows = rows.filter(**{str(kind.seen_with): whole.pk}).order_by("pk")
    there = {id: (made, dict(zip(names, rest, strict=True))) for id, made, *rest in rows.values_list(
        "pk", "created_in", *names
    )}  # fmt: skip
    gone = {one.record_id: one.diff for one in entries if was_removed(one) and one.record_id not in there}

    def told(id: UUID, what: str, diff: dict[str, Any]) -> dict[str, Any]:
        values = there[id][1] if id in there else {name: gone[id].get(name, [None])[0] for name in names}
        return {
            "record": kind.plural,
            "id": id,
            "label": say(f"{kind.name}.one", actor.language),
            "place": values.get(PLACE),
            "name": _then(kind, kind.title, values[kind.title], veil),
            "what": what,
            "diff": diff,
        }

    made = {id: one for id, (one, _) in there.items()}
    made |= {id: UUID(born) for id, diff in gone.items() if (born := diff.get("created_in", [None])[0])}
    for id, born in made.items():
        if born and born != whole.created_in:
            yield born, told(id, "added", {})
    for entry in entries:
        if entry.record_id in there or entry.record_id in gone:
            what = "removed" if was_removed(entry) else "added" if was_put_back(entry) else "changed"
            wanted = entry.diff if what == "changed" else {n: entry.diff[n] for n in kind.columns if n in entry.diff}
            yield entry.change_set_id, told(entry.record_id, what, _diff(actor, kind, wanted, veil))


def _diff(actor: Actor, record: RecordType, diff: Mapping[str, Any], veil: Collection[str]) -> dict[str, Any]:
    veil = {*veil, *_asking(actor, record, diff)}
    return {
        name: {
            "from": _then(record, name, old, veil),
            "to": _then(record, name, new, veil),
            "label": say(record.message(name), actor.language),
        }
        for name, (old, new) in ((record.now_called(name), pair) for name, pair in diff.items())
        if name in record.fields
    }


def _asking(actor: Actor, record: RecordType, diff: Mapping[str, Any]) -> Iterator[str]:
    """The conditions that ask, or asked, of a field which the reader does not read."""
    if not (closed := asking_of(actor)):
        return
    for name, pair in diff.items():
        field = record.fields.get(record.now_called(name))
        if field and isinstance(field.stored, ConditionField) and re.search(closed, json.dumps(pair)):
            yield field.name


def _then(record: RecordType, name: str, value: Any, veil: Collection[str]) -> Any:
    """A value of before as far as the reader sees the field now; of a sensitive one its mask."""
    if name in veil and value:
        return BEHIND
    sealed = Sealed.of(value) if isinstance(value, str) and record.fields[name].kind == "sensitive" else None
    return sealed.mask if sealed else value


def _people(actor: Actor, sets: Iterable[ChangeSet]) -> dict[UUID, str]:
    ids = {one.actor_id for one in sets if one.actor_id}
    return labels(actor, of_name("workspace.user"), ids) if ids else {}
