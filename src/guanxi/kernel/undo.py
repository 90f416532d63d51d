"""Undo: a change-set replayed backwards, or a plain list of what cannot be taken back and why."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction

from guanxi.kernel import clocks
from guanxi.kernel.access import EVERYTHING, covers, has_power, owned_through, shared_for, visible
from guanxi.kernel.actor import Actor, Level, Origin, Reach
from guanxi.kernel.change_sets import begin, whole
from guanxi.kernel.custom import PREFIX
from guanxi.kernel.events import emit
from guanxi.kernel.fields import OnceField, SecretField
from guanxi.kernel.live import touch
from guanxi.kernel.making import put_together
from guanxi.kernel.models import ChangeSet, CustomField, HistoryEntry, Row
from guanxi.kernel.occurrences import Undone
from guanxi.kernel.operations import making
from guanxi.kernel.records import RecordType, of_name, records, type_of
from guanxi.kernel.removals import put_back, remove, was_put_back, was_removed
from guanxi.kernel.time import now
from guanxi.kernel.uses import in_use, named_ids
from guanxi.kernel.writes import change_many
from guanxi.lib.errors import Conflict, NotFound

TRIES = 3
RIGHT = "kernel.undo"
OWN_FOR = timedelta(days=1)
"""How long somebody takes back what they did themselves, without the right to take back what others did."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A row that stays as it is, and why."""

    record: str
    id: UUID
    reason: str


@dataclass(kw_only=True)
class Report:
    """What an undo takes back and what it leaves."""

    change_set: UUID
    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)

    def keep(self, record: str, **why: Collection[UUID]) -> None:
        """Note rows that stay, by reason."""
        self.kept += [Kept(record=record, id=id, reason=reason) for reason, ids in why.items() for id in ids]

    def kept_by_reason(self) -> dict[str, int]:
        """How many rows stay, by noun and reason."""
        return dict(Counter(f"{one.record}:{one.reason}" for one in self.kept))


def undo(actor: Actor, change_set: UUID, *, dry_run: bool = False) -> Report:
    """Take back what a change-set wrote: rows touched or used since stay and are listed with their reason."""
    with transaction.atomic() if dry_run else whole(actor):
        # Held, so that of two undos at once the second finds the first one done.
        opened = ChangeSet.objects.select_for_update(no_key=True).filter(pk=change_set).first()
        if opened is None or not _own(actor, opened):
            actor.require(RIGHT)
        if opened is None:
            raise NotFound("undo.unknown", id=str(change_set))
        # Who may not do it does not undo it either: an undo of a demotion is a promotion.
        actor.require(opened.operation)
        if ChangeSet.objects.filter(undoes=opened).exists():
            raise Conflict("undo.already", id=str(change_set))
        acting = begin(actor.as_origin(Origin.UNDO), RIGHT)
        ChangeSet.objects.filter(pk__in=[acting.change_set]).update(undoes=opened)
        if dry_run:
            report = _taken_back(acting, opened)
            transaction.set_rollback(True)
        else:
            report = _taken_back_at_last(acting, opened)
    return report


def may_undo(actor: Actor, opened: ChangeSet) -> bool:
    """Whether somebody may take a change-set back that has not been taken back yet."""
    return (actor.may(RIGHT) or _own(actor, opened)) and actor.may(opened.operation)


def _own(actor: Actor, opened: ChangeSet) -> bool:
    return (opened.actor_kind, opened.actor_id) == (actor.kind, actor.id) and opened.at > now() - OWN_FOR


def _taken_back_at_last(actor: Actor, opened: ChangeSet) -> Report:
    """Take it back; what somebody else began to refer to meanwhile is in use, which the next try sees."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                report = _taken_back(actor, opened)
                connection.check_constraints()
            return report
        except IntegrityError:
            continue
    raise Conflict("undo.used_meanwhile", id=str(opened.pk))


def _taken_back(actor: Actor, opened: ChangeSet) -> Report:
    report = Report(change_set=opened.pk)
    _restore_changed(actor, opened, report)
    _remove_created(actor, opened, report)
    written = sorted({name for name, n in (report.removed + report.restored).items() if n})
    emit(actor, Undone(undone=opened.pk, records=tuple(written)))
    touch(written)
    return report


def _restore_changed(actor: Actor, opened: ChangeSet, report: Report) -> None:
    entries = HistoryEntry.objects.filter(change_set=opened).order_by("-id")
    by_record: dict[str, dict[UUID, list[HistoryEntry]]] = {}
    for entry in entries.iterator():
        by_record.setdefault(entry.record, {}).setdefault(entry.record_id, []).append(entry)
    for name, rows in by_record.items():
        for own in rows.values():
            own.sort(key=lambda entry: entry.version, reverse=True)  # ids of two machines need not order as it happened
        kind = of_name(name)
        if removed := [rows.pop(id)[0] for id in list(rows) if was_removed(rows[id][0])]:
            _bring_back(actor, opened, kind, removed, report)
        if returned := [rows.pop(id)[0] for id in list(rows) if was_put_back(rows[id][0])]:
            _take_away(actor, opened, kind, returned, report)
        last = dict(
            HistoryEntry.objects.filter(record=name, record_id__among=rows)
            .values_list("record_id")
            .annotate(last=models.Max("version"))
        )
        created_here = set(
            kind.model._default_manager.filter(pk__among=rows, created_in=opened.pk).values_list("pk", flat=True)
        )
        since = {id for id, own in rows.items() if last[id] != own[0].version} - created_here
        hidden, forbidden = _beyond(actor, opened, kind, set(rows) - created_here, "change")
        forbidden |= (_narrowed(actor, kind, rows) | _above(actor, kind, rows)) - created_here
        report.keep(name, not_seen=hidden, changed_since=since - hidden, not_allowed=forbidden - hidden - since)
        free = rows.keys() - created_here - since - hidden - forbidden
        replaced = _with_secrets(kind, rows) & free
        report.keep(name, secret_replaced=replaced)
        free -= replaced
        report.keep(name, in_use=(named := _named(opened, kind, _hiding(rows, free))))
        free -= named
        values = {id: {k: v for entry in rows[id] for k, v in _old(kind, entry).items()} for id in free}
        in_part = {id for id in free if not any(entry.diff for entry in rows[id])}
        ended = {id for id, old in values.items() if not old} - in_part
        report.keep(name, ended_once=ended)
        values = {id: values[id] for id in values.keys() - ended}
        right = _permission(opened, kind, "change") if _own(actor, opened) else RIGHT
        change_many(actor, kind.model, values, using=right)
        clocks.set_anew(name, values)
        report.restored[name] += len(values)


def _bring_back(actor: Actor, opened: ChangeSet, kind: RecordType, entries: list[HistoryEntry], report: Report) -> None:
    """Rows that were deleted, by whoever deleted them or may take back whatever anybody did to any of them."""
    right = _permission(opened, kind, "change")
    if not _own(actor, opened) and min(actor.reach(RIGHT), actor.reach(right)) < Reach.ALL:
        report.keep(kind.name, not_allowed={entry.record_id for entry in entries})
        return
    with transaction.atomic():  # whose a deleted row was can be asked of it only when it is there again
        put_back(actor, kind, entries)
        hidden, forbidden = _beyond(actor, opened, kind, {entry.record_id for entry in entries}, "change")
        if beyond := hidden | forbidden:
            transaction.set_rollback(True)
    if beyond:
        report.keep(kind.name, not_seen=hidden, not_allowed=forbidden - hidden)
        entries = [entry for entry in entries if entry.record_id not in beyond]
        put_back(actor, kind, entries)
    clocks.set_anew(kind.name, {entry.record_id for entry in entries})
    report.restored[kind.name] += len(entries)


def _take_away(actor: Actor, opened: ChangeSet, kind: RecordType, entries: list[HistoryEntry], report: Report) -> None:
    """Rows that an undo put back: taken back itself, it deletes them once more."""
    right = _permission(opened, kind, "change") if _own(actor, opened) else RIGHT
    for entry in entries:
        remove(actor, kind.model, entry.record_id, using=right)
    clocks.stop_all_of(entry.record_id for entry in entries)
    report.removed[kind.name] += len(entries)


def _narrowed(actor: Actor, kind: RecordType, rows: dict[UUID, list[HistoryEntry]]) -> set[UUID]:
    """Those of the rows of which a field was changed that the actor may not write."""
    closed = {name for name in kind.fields if actor.level(f"{kind.name}.{name}") < Level.WRITE}
    return {id for id, own in rows.items() if any(closed & set(map(kind.now_called, entry.diff)) for entry in own)}


def _above(actor: Actor, kind: RecordType, rows: Mapping[UUID, list[HistoryEntry]]) -> set[UUID]:
    """Those of the rows that have more rights than the actor, or would have them once more: oneself, too."""
    above: set[UUID] = set()
    for row in kind.model._default_manager.filter(pk__among=rows) if kind.power else ():
        old = {k: v for entry in rows[row.pk] for k, v in _old(kind, entry).items()}
        own = row.pk == actor.id and not old.keys() - set(kind.writable)
        after = put_together(kind.model, {**row.__dict__, **old})
        if not own and not all(has_power(actor, kind, one) for one in (row, after)):
            above.add(row.pk)
    return above


def _hiding(rows: dict[UUID, list[HistoryEntry]], ids: set[UUID]) -> set[UUID]:
    """Those of the rows that would be archived once more."""
    return {id for id in ids if any((entry.diff.get("archived_at") or [None])[0] for entry in rows[id])}


def _with_secrets(kind: RecordType, rows: dict[UUID, list[HistoryEntry]]) -> set[UUID]:
    """Those of the rows that got another secret: what it was before nobody knows, and it belongs to what was said with
    it, as a password to where a mailbox is."""
    secrets = {f.name for f in kind.model._meta.concrete_fields if isinstance(f, SecretField)}
    return {id for id, own in rows.items() if any(secrets & entry.diff.keys() for entry in own)}


def _old(kind: RecordType, entry: HistoryEntry) -> dict[str, Any]:
    values = {}
    for name, (before, _) in ((kind.now_called(name), pair) for name, pair in entry.diff.items()):
        if name.startswith(PREFIX):
            one = kind.added.get(name)
            values[name] = before if one is None or before is None else one.stored.to_python(before)
            continue
        stored = kind.model._meta.get_field(name)
        if isinstance(stored, models.Field) and not isinstance(stored, OnceField):
            values[stored.attname] = stored.to_python(before) if not stored.is_relation else before and UUID(before)
    return values


def _remove_created(actor: Actor, opened: ChangeSet, report: Report) -> None:
    for kind in _children_first():
        model = kind.model
        made = model._default_manager.filter(created_in=opened.pk)
        ids = set(made.values_list("pk", flat=True))
        if not ids:
            continue
        touched = set(
            HistoryEntry.objects.filter(record=kind.name, record_id__among=ids)
            .exclude(change_set=opened)
            .values_list("record_id", flat=True)
        )
        hidden, forbidden = _beyond(actor, opened, kind, ids, "create")
        forbidden |= _above(actor, kind, {id: [] for id in ids})
        used = _used(model, ids - touched - hidden - forbidden) | _named(opened, kind, ids - touched)
        report.keep(
            kind.name, not_seen=hidden, changed_since=touched - hidden, not_allowed=forbidden - hidden - touched,
            in_use=used,
        )  # fmt: skip
        free = ids - touched - used - hidden - forbidden
        _remove_parts(model, free)
        made.filter(pk__among=free)._raw_delete(using=made.db)
        clocks.stop_all_of(free)
        report.removed[kind.name] += len(free)


def _beyond(
    actor: Actor, opened: ChangeSet, kind: RecordType, ids: set[UUID], verb: str
) -> tuple[set[UUID], set[UUID]]:
    """Those of the rows that the actor does not see, and those that a right needed to write them does not reach."""
    rows = kind.model._default_manager.filter(pk__among=ids)
    seen = visible(actor, kind)
    hidden = set() if seen == EVERYTHING else ids - set(rows.filter(seen).values_list("pk", flat=True))
    reach = actor.reach(_permission(opened, kind, verb))
    if not _own(actor, opened):
        reach = min(actor.reach(RIGHT), reach)
    through = owned_through(kind)
    if reach == Reach.ALL or (reach and not through):
        return hidden, set()
    there, owner, team = through or ("pk", "pk", "pk")
    found = rows.values_list("pk", there, owner, team)
    shared = shared_for(actor, kind, _permission(opened, kind, verb)) if reach and _own(actor, opened) else ()
    return hidden, {
        pk
        for pk, up, whose, of in found
        if up not in shared and not covers(actor, reach, whose, of, there=up is not None)
    }


def _permission(opened: ChangeSet, kind: RecordType, verb: str) -> str:
    """By which right a row was written: that of the operation; an import asks for each row as if it came alone."""
    first = opened
    while first.undoes is not None:
        first = first.undoes
    if first.origin != Origin.IMPORT:
        return first.operation
    while kind.seen_with:
        kind = type_of(kind.field(kind.seen_with).to)  # type: ignore[arg-type]
    if verb == "change" and kind.changeable:
        return f"{kind.name}.change"
    return made.name if (made := making(kind)) else f"{kind.name}.create"


def _used(model: type[Row], ids: set[UUID]) -> set[UUID]:
    """Those of the rows that some other row still points to; derived parts, which go along, do not count."""
    used: set[UUID] = set()
    for relation in _pointing_to(model):
        if relation.on_delete is not models.CASCADE:
            through = relation.field.attname
            pointing = relation.related_model._default_manager.filter(**{f"{through}__among": ids})
            used |= set(pointing.values_list(through, flat=True))
    return used


def _named(opened: ChangeSet, kind: RecordType, ids: set[UUID]) -> set[UUID]:
    """Those of the rows that something else names: in a condition, or, as a field of the company, anywhere."""
    if kind.model is CustomField:
        return {field.pk for field in CustomField.objects.filter(pk__in=ids) if in_use(field)}
    return ids & named_ids(but=opened.pk) if ids else set()


def _remove_parts(model: type[Row], ids: set[UUID]) -> None:
    """Delete what is derived from rows and goes with them."""
    for relation in _pointing_to(model):
        if relation.on_delete is models.CASCADE:
            parts = relation.related_model._default_manager.filter(**{f"{relation.field.attname}__among": ids})
            parts._raw_delete(using=parts.db)


def _pointing_to(model: type[Row]) -> list[Any]:
    found = model._meta.get_fields(include_hidden=True)
    return [relation for relation in found if isinstance(relation, models.ManyToOneRel) and relation.related_model]


def _children_first() -> list[RecordType]:
    """Nouns so ordered that whatever points to another comes before it."""
    waiting = {kind.model: kind for kind in records().values()}
    ordered: list[RecordType] = []

    def visit(model: type[Row], trail: frozenset[type[Row]]) -> None:
        if model in trail or model not in waiting:
            return
        for other in list(waiting):
            points = (f for f in other._meta.concrete_fields if f.is_relation and f.related_model is model)
            if other is not model and any(points):
                visit(other, trail | {model})
        if model in waiting:
            ordered.append(waiting.pop(model))

    for model in list(waiting):
        visit(model, frozenset())
    return ordered
