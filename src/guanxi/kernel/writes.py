"""The one write path: what the actor may see, locked, the difference noted, saved and told in one transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, IntegrityError, models, transaction
from psycopg.errors import NotNullViolation

from guanxi.kernel.access import (
    EVERYTHING,
    beyond,
    grantable,
    require_not_lent,
    require_not_taken,
    require_power,
    require_reach,
    require_reach_to_add,
    require_writable,
    seen_through,
    visible,
    visible_to,
)
from guanxi.kernel.actor import Actor, Origin
from guanxi.kernel.change_sets import begin, opened, whole
from guanxi.kernel.custom import COLUMN, CustomValuesField, changes, put_all
from guanxi.kernel.events import Event, record
from guanxi.kernel.fields import SecretField
from guanxi.kernel.fitting import NONE, fitting, unfit
from guanxi.kernel.live import touch
from guanxi.kernel.making import beside, built, derive, finished, fresh, planned, put_together
from guanxi.kernel.models import HistoryEntry, Row, new_id
from guanxi.kernel.outages import is_passing
from guanxi.kernel.records import Field, RecordType, derived_of, type_of
from guanxi.kernel.sensitive import set_anew
from guanxi.kernel.storing import Put, add_alike, add_values, hold, put_many
from guanxi.kernel.time import now
from guanxi.lib.errors import Conflict, Invalid, NotFound, Outdated, Problem

M = TypeVar("M", bound=Row)


def create(actor: Actor, model: type[M], /, *, using: str | None = None, tell: Any = None, **values: Any) -> M:
    """Write a new row: granted, checked, its references visible to the actor, under a change-set.

    The event that `tell`, a function, makes of it goes to the database along with the row.
    """
    kind = type_of(model)
    permission = using or f"{kind.name}.create"
    actor.require(permission)
    with whole(actor):
        actor, new = opened(actor, permission)
        row = fresh(actor, kind, values)
        _require_open(actor, permission, kind, [row.__dict__])
        _require_referred(actor, permission, kind, [row.__dict__])
        check(row)
        derive(kind, row.__dict__)
        if tell:
            row.emit(tell(row))
        with named_constraints(kind):
            _tell(actor, kind, [row], beside=[*new, row, *beside(kind, row)])
    return row  # type: ignore[return-value]


def create_many(
    actor: Actor, model: type[M], rows: Iterable[Mapping[str, Any]], *, using: str | None = None, checked: bool = False
) -> list[M]:
    """Write many new rows at once by COPY; `checked` when each was checked by the caller, who reports row by row."""
    return list(built(model, _write_many(actor, type_of(model), rows, using, checked=checked)))


def insert_many(actor: Actor, model: type[M], rows: Iterable[Mapping[str, Any]], *, using: str | None = None) -> None:
    """The same for checked rows, of which nobody needs an object."""
    _write_many(actor, type_of(model), rows, using, checked=True)


def _write_many(
    actor: Actor, kind: RecordType, rows: Iterable[Mapping[str, Any]], using: str | None, *, checked: bool
) -> list[dict[str, Any]]:
    permission = using or f"{kind.name}.create"
    actor.require(permission)
    given = list(rows)
    if not given:
        return []
    with whole(actor):
        actor = begin(actor, permission)
        made = list(planned(actor, kind, given))
        _require_open(actor, permission, kind, made)
        _require_referred(actor, permission, kind, made)
        for row in () if checked else made:
            _check(kind, row)
        with named_constraints(kind):
            add_values(kind.model, finished(kind, made))
            beside_rows(kind, [row["id"] for row in made])
        touch(_topics(kind, made[:100]))
    return made


@contextmanager
def change(
    model: type[M], id: UUID, *, by: Actor, using: str | None = None, versions: Collection[int] | None = None
) -> Iterator[M]:
    """Lock a row, let the block set its fields, then save, keep the difference and tell; a refusal changes nothing.

    With `versions` it is met in one of these or not at all.
    """
    kind = type_of(model)
    permission = using or f"{kind.name}.change"
    by.require(permission)
    with whole(by):
        row = _locked(by, model, id)
        if row is None:
            raise NotFound("record.not_found", record=kind.name, id=str(id))
        require_reach(by, permission, row)
        require_power(by, row)
        _require_version(kind, row, versions)
        before = _snapshot(row)
        yield row
        _save_changed(by, permission, kind, [(row, before)])


@contextmanager
def held(actor: Actor, model: type[M], id: UUID, versions: Collection[int]) -> Iterator[M]:
    """A row in one of these versions, which nobody else changes while the block does all of something or nothing."""
    kind = type_of(model)
    with transaction.atomic():
        row = _locked(actor, model, id)
        if row is None:
            raise NotFound("record.not_found", record=kind.name, id=str(id))
        _require_version(kind, row, versions)
        yield row


@contextmanager
def change_each(
    model: type[M], ids: Collection[UUID], *, by: Actor, using: str | None = None
) -> Iterator[tuple[list[M], dict[UUID, Problem]]]:
    """Lock many rows in the order of their ids and let the block set fields, then save all at once, as `change` does.

    Handed on are those that may be changed, and why each of the others may not.
    """
    kind = type_of(model)
    permission = using or f"{kind.name}.change"
    by.require(permission)
    through = seen_through(kind)
    with whole(by):
        rows = visible_to(by, model).filter(pk__among=ids).order_by("pk").select_for_update(of=("self",))
        seen = {row.pk: row for row in (rows.select_related(through) if through else rows)}
        kept: dict[UUID, Problem] = {
            id: NotFound("record.not_found", record=kind.name, id=str(id)) for id in ids if id not in seen
        }
        kept |= {id: problem for id, row in seen.items() if (problem := beyond(by, permission, row))}
        pairs = [(row, _snapshot(row)) for row in seen.values() if row.pk not in kept]
        yield [row for row, _ in pairs], kept
        _save_changed(by, permission, kind, pairs)


def change_many(
    actor: Actor, model: type[M], values: Mapping[UUID, Mapping[str, Any]], *, using: str | None = None
) -> list[M]:
    """Set fields of many rows, or none where a part of it is another one; a row that may not be changed refuses all."""
    with change_each(model, values, by=actor, using=using) as (rows, kept):
        for problem in kept.values():
            raise problem
        for row in rows:
            if not values[row.pk]:
                row.changes_in_part()
            put_all(row, values[row.pk])
    return rows


def archive(actor: Actor, model: type[M], id: UUID) -> M:
    """Hide a record from lists; nothing is lost."""
    with change(model, id, by=actor, using=f"{type_of(model).name}.archive") as row:
        row.archived_at = now()  # type: ignore[attr-defined]
    return row


def restore(actor: Actor, model: type[M], id: UUID) -> M:
    """Show an archived record again."""
    with change(model, id, by=actor, using=f"{type_of(model).name}.archive") as row:
        row.archived_at = None  # type: ignore[attr-defined]
    return row


def check(row: Row, *, only: Collection[str] | None = None, also: Mapping[str, Problem] = NONE) -> None:
    """Refuse values that their fields do not take, each by its field; references are asked for together."""
    _check(type_of(type(row)), row.__dict__, only=only, also=also)


def _check(
    kind: RecordType, row: dict[str, Any], *, only: Collection[str] | None = None, also: Mapping[str, Problem] = NONE
) -> None:
    left_out = {f.name for f in kind.references if row[f.column] is not None}
    asked = (f for f in kind.model._meta.concrete_fields if only is None or f.name in only)
    wrong = unfit((f for f in asked if f.name not in left_out), row)
    if only is None and row.get(COLUMN):
        row[COLUMN], also = fitting(kind, row[COLUMN])
    if wrong := {**wrong, **also}:
        raise Invalid("record.invalid", fields=wrong, record=kind.name)


def _by_field(actor: Actor, permission: str, kind: RecordType) -> bool:
    """Whether a write sets whatever fields it is given; what a verb sets is what the right to the verb is about."""
    by_hand = permission in (f"{kind.name}.create", f"{kind.name}.change")
    return bool(actor.fields) and (by_hand or actor.origin == Origin.IMPORT)


def _require_open(actor: Actor, permission: str, kind: RecordType, made: Sequence[Mapping[str, Any]]) -> None:
    """Refuse new rows that say something in a field the actor may not write."""
    if not actor.fields:
        return
    for row in made:
        require_writable(actor, kind, row.get(COLUMN) or ())  # which any verb that makes one takes along
        if not _by_field(actor, permission, kind):
            continue
        told = (f for f in kind.own.values() if f.stored.editable)  # the others are written down by the house
        given = (f for f in told if row[f.column] not in (f.stored.get_default(), None, ""))
        require_writable(actor, kind, [f.name for f in given if f.name in grantable(kind)])


def _require_version(kind: RecordType, row: Row, versions: Collection[int] | None) -> None:
    if versions is not None and row.version not in versions:
        raise Outdated("record.changed_meanwhile", record=kind.name, version=row.version)


def _locked(actor: Actor, model: type[M], id: UUID) -> M | None:
    """A row the actor may see, which nobody else changes before this transaction ends."""
    if visible(actor, type_of(model)) == EVERYTHING:
        return hold(model, "%s", [id])
    try:
        seen, values = visible_to(actor, model).filter(pk=id).values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return hold(model, seen, values)


def _fit(kind: RecordType, row: Any, before: Mapping[str, Any]) -> dict[str, Problem]:
    """Bring what a row says in fields that the company added into its form; returns what does not fit."""
    if not kind.extensible or row.custom == before[COLUMN]:
        return {}
    row.custom, wrong = fitting(kind, row.custom, before[COLUMN])
    return wrong


def _snapshot(row: Row) -> dict[str, Any]:
    values = row.__dict__
    return {f.attname: values[f.attname] if f.attname in values else getattr(row, f.attname)
            for f in row._meta.concrete_fields}  # fmt: skip


def _save_changed(actor: Actor, permission: str, kind: RecordType, pairs: Sequence[tuple[Row, dict[str, Any]]]) -> None:
    """Save what differs from the snapshots: changed columns only, one history entry a row, then what happened."""
    history: list[HistoryEntry] = []
    changed: list[Row] = []
    columns: set[str] = set()
    moment = now()
    for row, before in pairs:
        unfitting, values = _fit(kind, row, before), row.__dict__
        touched = [f for f in row._meta.concrete_fields if values[f.attname] is not before[f.attname]]
        differing = {f.attname: f for f in touched if set_anew(f, row, before[f.attname])}
        if not differing and not unfitting and not values.pop("_in_part", False):
            continue
        check(row, only={f.name for f in differing.values()}, also=unfitting)
        added = list(changes(before[COLUMN], values[COLUMN])) if COLUMN in differing else []
        require_writable(actor, kind, [name for name, _, _ in added])
        if _by_field(actor, permission, kind):
            require_writable(actor, kind, [f.name for f in differing.values()])
        require_not_taken(actor, permission, kind, before, differing)
        if differing.keys() & {*kind.search, kind.title}:
            derive(kind, row.__dict__)
        row.version += 1
        row.updated_at = moment
        columns |= {name for name, value in before.items() if values[name] is not value and values[name] != value}
        told = [f for f in differing.values() if not isinstance(f, CustomValuesField)]
        diff = {f.name: [_told(f, before[f.attname]), _told(f, getattr(row, f.attname))] for f in told}
        diff |= {name: [old, new] for name, old, new in added}
        history.append(noted(kind, row, row.version, diff))
        changed.append(row)
    if not changed and not any(row.__dict__.get("_pending") for row, _ in pairs):
        return
    actor, new = opened(actor, permission)
    _require_referred(actor, permission, kind, [row.__dict__ for row in changed], only=columns)
    with named_constraints(kind):
        puts: list[Put] = []
        written = tuple(f for f in kind.model._meta.concrete_fields if f.attname in columns)
        if len(changed) == 1:
            puts.append(Put(changed[0], written))
        elif changed:
            put_many(changed, written)
        _tell(actor, kind, [row for row, _ in pairs], beside=[*new, *puts, *dated(actor, history)])


def noted(kind: RecordType, row: Row, version: int, diff: Mapping[str, Any]) -> HistoryEntry:
    """What a row looked like before, as history keeps it: of a part, with what it is a part of."""
    whole = kind.whole_of(row)
    return put_together(HistoryEntry, {
        "id": new_id(), "change_set_id": None, "record": kind.name, "record_id": row.pk, "version": version,
        "at": now(), "diff": diff, "part_of": whole,
    })  # fmt: skip


def dated(actor: Actor, entries: list[HistoryEntry]) -> list[HistoryEntry]:
    """Entries of history under the change-set of the write, all of one moment."""
    moment = now()
    for entry in entries:
        entry.change_set_id, entry.at = actor.change_set, moment  # type: ignore[assignment]
    return entries


def _tell(actor: Actor, kind: RecordType, rows: Sequence[Row], *, beside: Sequence[models.Model | Put] = ()) -> None:
    """Record what happened, with what is written along with it, and tell open pages."""
    happened: list[Event] = [event for row in rows for event in row.__dict__.pop("_pending", ())]
    subjects = [f"subject:{id}" for event in happened[:100] for id in event.subjects()]
    topics = [*_topics(kind, [row.__dict__ for row in rows[:100]]), *subjects]
    record(actor, [(event, None) for event in happened], beside=beside, topics=topics)


def _topics(kind: RecordType, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What pages that show rows hear of, and those that show what the rows are parts of, with its past."""
    topics = [kind.name, *(f"{kind.name}:{row['id']}" for row in rows)]
    if not kind.part or kind.seen_with is None:
        return topics
    through = kind.fields[kind.seen_with]
    whole = type_of(through.to)  # type: ignore[arg-type]
    return topics + sorted({f"{whole.name}:{row[through.column]}" for row in rows if row[through.column]})


def _require_referred(
    actor: Actor,
    permission: str,
    kind: RecordType,
    rows: Sequence[Mapping[str, Any]],
    *,
    only: Collection[str] | None = None,
) -> None:
    """Refuse rows that refer to what the actor cannot see, or hang on what the right does not reach."""
    fields = [field for field in kind.references if only is None or field.column in only]
    referred = [(field, {row[field.column] for row in rows}) for field in fields]
    _require_visible(actor, kind, referred)
    for ids in (ids for field, ids in referred if field.name == kind.seen_with):
        require_reach_to_add(actor, permission, kind, ids)


def _require_visible(actor: Actor, kind: RecordType, referred: Iterable[tuple[Field, set[Any]]]) -> None:
    """Refuse a reference to what the actor cannot see or what does not exist, which is the same to them."""
    for field, ids in referred:
        if actor.shared and field.name == kind.seen_with:
            require_not_lent(actor, kind, ids)
        wanted = ids - {None, actor.id, *actor.teams}
        if not wanted or field.to is None:
            continue
        seen = set(visible_to(actor, field.to).filter(pk__among=wanted).values_list("pk", flat=True))
        for missing in wanted - seen:
            problem = NotFound("record.not_found", record=type_of(field.to).name, id=str(missing))
            raise Invalid("record.invalid", fields={field.name: problem}, record=kind.name)


def beside_rows(kind: RecordType, ids: Sequence[UUID]) -> None:
    """Write what stands beside new rows from the first: nothing yet of what floors above work out."""
    for one in derived_of(kind):
        add_alike(one.model, one.key.attname, ids)


@contextmanager
def named_constraints(kind: RecordType) -> Iterator[None]:
    """Say which promise of the table would be broken instead of a database error."""
    try:
        yield
    except IntegrityError as problem:
        said = getattr(problem.__cause__, "diag", None)
        if isinstance(problem.__cause__, NotNullViolation):
            empty = str(getattr(said, "column_name", ""))
            raise Invalid("record.invalid", fields={empty: Invalid("input.missing")}, record=kind.name) from problem
        broken = getattr(said, "constraint_name", None)
        raise Conflict(f"constraint.{broken or 'unknown'}", record=kind.name) from problem
    except DatabaseError as problem:
        if is_passing(problem):
            raise
        raise Invalid("record.not_storable", record=kind.name) from problem


def _told(stored: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as history keeps it; of a secret only that there was another."""
    return None if isinstance(stored, SecretField) else plain(stored, value)


def plain(stored: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as history keeps it: what JSON can hold."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    holder: Any = _Holder({stored.attname: value})
    return stored.value_to_string(holder)


class _Holder:
    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)
