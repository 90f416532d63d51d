"""Many rows in one go: fields changed, hidden, a verb done to each; one change-set, and why some stay as they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from guanxi.kernel.access import read, require_no_guess
from guanxi.kernel.actor import Actor
from guanxi.kernel.change_sets import begin
from guanxi.kernel.custom import put as put_in
from guanxi.kernel.lists import Wanted, selected
from guanxi.kernel.models import ChangeSet, Row
from guanxi.kernel.occurrences import RecordChanged
from guanxi.kernel.operations import Operation, understood
from guanxi.kernel.records import RecordType
from guanxi.kernel.time import now
from guanxi.kernel.writes import change_each
from guanxi.lib.errors import Conflict, Invalid, Problem, TooMany

MOST_CHANGED = 5_000
MOST_DONE = 1_000
MOST_CLASHING = 50
GOES_ON = timedelta(hours=1)


@dataclass(kw_only=True)
class Outcome:
    """What became of many rows."""

    change_set: UUID | None = None
    done: int = 0
    unchanged: int = 0
    kept: dict[UUID, Problem] = field(default_factory=dict)


def chosen(actor: Actor, record: RecordType, ids: Sequence[UUID] | None, found: Wanted | None, most: int) -> list[UUID]:
    """The rows that were named, or all that a list finds, in the order in which they are locked."""
    actor.require(read(record))
    if (ids is None) == (found is None):
        raise Invalid("bulk.not_chosen")
    if found:
        ids = selected(actor, record, found).order_by().values_list("pk", flat=True)[: most + 1]  # type: ignore[assignment]
    wanted = sorted(set(ids or ()))
    if len(wanted) > most:
        raise Invalid("bulk.too_many", most=most)
    return wanted


def change_chosen(actor: Actor, record: RecordType, ids: Sequence[UUID], values: Mapping[str, Any]) -> Outcome:
    """Set the same fields of many rows; each that differs tells that it was changed."""
    require_no_guess(actor, record, values)

    def put(row: Row) -> bool:
        changed = [name for name, value in values.items() if record.field(name).differs(row, value)]
        for name in changed:
            put_in(row, record.fields[name].given_as, values[name])
        if changed:
            labels = tuple(record.message(name) for name in changed)
            row.emit(RecordChanged(record=record.name, record_id=row.pk, fields=labels))
        return bool(changed)

    return _written(actor, record, ids, f"{record.name}.change", put)


def archive_chosen(actor: Actor, record: RecordType, ids: Sequence[UUID], *, hidden: bool) -> Outcome:
    """Hide many rows from lists, or show them again."""
    moment = now() if hidden else None

    def put(row: Any) -> bool:
        if (row.archived_at is not None) == hidden:
            return False
        row.archived_at = moment
        return True

    return _written(actor, record, ids, f"{record.name}.archive", put)


def do_to_chosen(
    actor: Actor, operation: Operation, ids: Sequence[UUID], given: dict[str, Any], *, under: UUID | None = None
) -> Outcome:
    """Do a verb to many rows, to each wholly or not at all; `under` goes on with what was begun with others."""
    actor.require(operation.name)
    values = understood(operation, given)
    outcome = Outcome(change_set=under)
    with transaction.atomic():
        acting = _going_on(actor, operation.name, under) if under else begin(actor, operation.name)
        for id in ids:
            try:
                with transaction.atomic():
                    operation.function(acting, id, **values)
            except Problem as problem:
                if problem.status >= 500 or isinstance(problem, TooMany):
                    raise
                outcome.kept[id] = problem
            else:
                outcome.done += 1
        _ended(acting, outcome)
    return outcome


def _going_on(actor: Actor, operation: str, change_set: UUID) -> Actor:
    """The actor writing into a change-set that they themselves began with the same verb a short while ago."""
    own = ChangeSet.objects.filter(actor_kind=actor.kind, actor_id=actor.id, operation=operation, origin=actor.origin)
    recent = own.filter(pk=change_set, at__gt=now() - GOES_ON)
    if recent.select_for_update(no_key=True).first() is None or ChangeSet.objects.filter(undoes=change_set).exists():
        raise Conflict("bulk.cannot_go_on")
    return actor.under(change_set)


def _ended(acting: Actor, outcome: Outcome) -> None:
    """Where nothing was done, nothing stays of it."""
    if outcome.done:
        outcome.change_set = acting.change_set
    else:
        transaction.set_rollback(True)


def _written(
    actor: Actor, record: RecordType, ids: Sequence[UUID], permission: str, put: Callable[[Row], bool]
) -> Outcome:
    actor.require(permission)
    outcome = Outcome()
    with transaction.atomic():
        acting = begin(actor, permission)
        _put(acting, record, ids, permission, put, outcome)
        _ended(acting, outcome)
    return outcome


def _put(
    acting: Actor, record: RecordType, ids: Sequence[UUID], permission: str, put: Callable[[Row], bool], told: Outcome
) -> None:
    """Write these rows together; a row that a promise of the table keeps as it is, is found by halving."""
    try:
        with transaction.atomic(), change_each(record.model, ids, by=acting, using=permission) as (rows, kept):
            changed = sum([put(row) for row in rows])
    except Conflict as problem:
        clashing = sum(isinstance(one, Conflict) for one in told.kept.values())
        if clashing == MOST_CLASHING:  # nearly all would be kept: the change itself is what does not fit
            raise
        if len(ids) == 1:
            told.kept[ids[0]] = problem
            return
        for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            _put(acting, record, half, permission, put, told)
        return
    told.done += changed
    told.unchanged += len(rows) - changed
    told.kept |= kept
