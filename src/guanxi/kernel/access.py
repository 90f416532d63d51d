"""Who may see and change which rows, and which fields of them: one expression, the same everywhere."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.kernel.actor import Actor, Level, Reach
from guanxi.kernel.fields import ConditionField
from guanxi.kernel.models import Row
from guanxi.kernel.records import GIVEN, KEPT, RecordType, type_of
from guanxi.lib.errors import Forbidden, NotFound, Problem, Unknown

M = TypeVar("M", bound=Row)
EVERYTHING = Q()
NOTHING = Q(pk__in=())
NOT_SHARED = (".share", ".share.withdraw", ".archive", ".reveal")
"""What a share opens to nobody, however far it goes."""


def read(record: RecordType) -> str:
    """The permission to see a noun."""
    return f"{record.name}.read"


def visible(actor: Actor, record: RecordType, *, permission: str | None = None, prefix: str = "") -> Q:
    """The rows of a noun an actor reaches, as one expression; EVERYTHING has no condition."""
    reached = _reached(actor, record, permission=permission, prefix=prefix)
    closed = asking_of(actor)
    if record.told_by is None or not closed:
        return reached
    through = f"{prefix}{record.told_by}"
    model = record.model._meta.get_field(record.told_by).related_model if record.told_by else record.model
    asked = [f.name for f in model._meta.concrete_fields if isinstance(f, ConditionField)]  # type: ignore[union-attr]
    if not record.told_by:
        return reached & ~reduce(or_, (Q(**{f"{prefix}{name}__regex": closed}) for name in asked))
    telling = reduce(or_, (Q(**{f"{name}__regex": closed}) for name in asked))
    return reached & ~Q(**{f"{through}__in": model._default_manager.filter(telling).values("pk")})  # type: ignore[union-attr]


def asking_of(actor: Actor) -> str:
    """An expression for conditions, as their text, that ask of a field which the actor does not read; else nothing."""
    closed = sorted({name.rpartition(".")[2] for name, level in actor.fields.items() if level < Level.READ})
    return rf'"(field|of)": "([a-z0-9_]+\.)*({"|".join(closed)})["\.]' if closed else ""


def _reached(actor: Actor, record: RecordType, *, permission: str | None, prefix: str) -> Q:
    reach = actor.reach(permission or read(record))
    if reach == Reach.NONE:
        return Q(**{f"{prefix}pk__in": ()})
    if record.seen_with:
        parent = type_of(record.model._meta.get_field(record.seen_with).related_model)  # type: ignore[arg-type]
        seen = visible(actor, parent, prefix=f"{prefix}{record.seen_with}__")
        if seen == EVERYTHING:
            return EVERYTHING
        unattached = Q(**{f"{prefix}{record.seen_with}__isnull": True})
        return seen | unattached if reach == Reach.ALL else seen
    if reach == Reach.ALL or not record.has("owner"):
        return EVERYTHING
    mine = Q(**{f"{prefix}owner_id": actor.id})
    if shared := actor.shared.get(record.name):  # one array beside the owner, so that each has its index
        mine |= Q(**{f"{prefix}pk__among": list(shared)})
    if reach == Reach.OWN or not record.has("team"):
        return mine
    return mine | Q(**{f"{prefix}team_id__in": actor.teams if reach == Reach.TEAM else actor.below})


def visible_to(actor: Actor, model: type[M], *, permission: str | None = None) -> QuerySet[M]:
    """The rows of a table an actor may see."""
    return model._default_manager.filter(visible(actor, type_of(model), permission=permission))


def hidden_from(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The rows of a table an actor may not see; no statement for who sees all."""
    seen = visible(actor, type_of(model))
    return model._default_manager.none() if seen == EVERYTHING else model._default_manager.exclude(seen)


def sees_all(actor: Actor, record: RecordType) -> bool:
    """Whether an actor sees every row there is and will be; of what closed fields tell it counts what there is."""
    if visible(actor, record) == EVERYTHING:
        return True
    if visible(replace(actor, fields={}), record) != EVERYTHING:
        return False
    return not hidden_from(actor, record.model).exists()


def reaches(actor: Actor, permission: str, row: Row) -> bool:
    """Whether a permission of the actor covers this row."""
    reach = actor.reach(permission)
    if reach in (Reach.NONE, Reach.ALL):
        return reach == Reach.ALL
    record = type_of(type(row))
    if record.seen_with:
        parent = getattr(row, record.seen_with)
        return parent is not None and reaches(actor, permission, parent)
    if not record.has("owner"):
        return True
    covered = covers(actor, reach, getattr(row, "owner_id", None), getattr(row, "team_id", None))
    return covered or row.pk in shared_for(actor, record, permission)


def covers(actor: Actor, reach: Reach, owner: UUID | None, team: UUID | None, *, there: bool = True) -> bool:
    """Whether a right that goes so far covers what belongs to an owner and a team; `there` unless it has no parent."""
    if reach in (Reach.NONE, Reach.ALL) or not there:
        return reach == Reach.ALL
    if owner == actor.id:
        return True
    if reach == Reach.OWN:
        return False
    return team in (actor.teams if reach == Reach.TEAM else actor.below)


def shared_for(actor: Actor, record: RecordType, permission: str) -> Collection[UUID]:
    """The records that decide about a noun and were shared with the actor for this; never to hand on or to hide."""
    if not actor.shared or permission.endswith(NOT_SHARED):
        return ()
    while record.seen_with:
        record = type_of(record.model._meta.get_field(record.seen_with).related_model)  # type: ignore[arg-type]
    wanted = Level.READ if permission.endswith(".read") else Level.WRITE
    return {id for id, level in actor.shared.get(record.name, {}).items() if level >= wanted}


def owned_through(record: RecordType) -> tuple[str, str, str] | None:
    """The paths to the row that decides who reaches a row of a noun, to its owner, to its team; None for nobody's."""
    prefix = ""
    while record.seen_with:
        prefix += f"{record.seen_with}__"
        record = type_of(record.model._meta.get_field(record.seen_with).related_model)  # type: ignore[arg-type]
    if not record.has("owner"):
        return None
    return f"{prefix}pk", f"{prefix}owner_id", f"{prefix}team_id" if record.has("team") else f"{prefix}owner_id"


def seen_through(record: RecordType) -> str:
    """The path along which a row of a noun is seen, for the ORM; nothing for what is seen by itself."""
    path = []
    while record.seen_with:
        path.append(record.seen_with)
        record = type_of(record.model._meta.get_field(record.seen_with).related_model)  # type: ignore[arg-type]
    return "__".join(path)


def require_reach(actor: Actor, permission: str, row: Row) -> None:
    """Refuse what the actor may see but not do."""
    if not reaches(actor, permission, row):
        raise Forbidden("access.not_this_one", permission=permission)


def require_power(actor: Actor, row: Row) -> None:
    """Refuse to change who has more rights than the actor; oneself everybody has in their own hands."""
    record = type_of(type(row))
    if record.power and row.pk != actor.id:
        record.power(actor, row)


def has_power(actor: Actor, record: RecordType, row: Row) -> bool:
    """Whether a row has no more rights than the actor."""
    try:
        if record.power:
            record.power(actor, row)
    except Problem:
        return False
    return True


def beyond(actor: Actor, permission: str, row: Row) -> Problem | None:
    """Why an actor may not change this row under a permission, if they may not."""
    try:
        require_reach(actor, permission, row)
        require_power(actor, row)
    except Problem as problem:
        return problem
    return None


def require_not_taken(
    actor: Actor, permission: str, record: RecordType, before: Mapping[str, Any], changed: Collection[str]
) -> None:
    """Refuse to set whose a row is, or what it hangs on, by a share alone: what was lent would be kept."""
    deciding = (record.seen_with,) if record.seen_with else GIVEN
    columns = [record.model._meta.get_field(name).attname for name in deciding if record.has(name)]  # type: ignore[union-attr]
    if not actor.shared or not set(columns).intersection(changed):
        return
    old = record.model(**{column: before[column] for column in ("id", *columns)})
    if not reaches(replace(actor, shared={}), permission, old):
        raise Forbidden("access.only_shared", record=record.name, permission=permission)


def require_not_lent(actor: Actor, record: RecordType, parents: Collection[UUID | None]) -> None:
    """Refuse to hang a row on what the actor sees by a share to read alone: to read is not to add either."""
    lent = [id for some in actor.shared.values() for id, level in some.items() if level < Level.WRITE]
    if not lent or not record.seen_with:
        return
    parent = type_of(record.model._meta.get_field(record.seen_with).related_model)  # type: ignore[arg-type]
    if not (through := owned_through(parent)):
        return
    rows = parent.model._default_manager.filter(**{"pk__in": set(parents) - {None}, f"{through[0]}__in": lent})
    seen = visible(replace(actor, shared={}), parent)
    if seen != EVERYTHING and rows.exclude(pk__in=rows.filter(seen).values("pk")).exists():
        raise Forbidden("access.only_to_read", record=parent.name)


def require_reach_to_add(actor: Actor, permission: str, record: RecordType, parents: Collection[UUID | None]) -> None:
    """Refuse to hang a row on what is seen but what the right to add such rows does not reach.

    What was made in the same change-set is whoever's it was made for. Verbs of other nouns, such as an answer that
    leaves a message behind, ask for their own rows.
    """
    reach = actor.reach(permission)
    if reach == Reach.ALL or not record.seen_with or permission.rpartition(".")[0] != record.name:
        return
    parent = type_of(record.model._meta.get_field(record.seen_with).related_model)  # type: ignore[arg-type]
    if not (through := owned_through(parent)):
        return
    wanted = [id for id in parents if id is not None]
    rows = parent.model._default_manager.filter(pk__among=wanted).exclude(created_in=actor.change_set)
    shared = shared_for(actor, parent, permission)
    for up, whose, of in rows.values_list(*through):
        if up not in shared and not covers(actor, reach, whose, of, there=up is not None):
            raise Forbidden("access.not_this_one", permission=permission)


def grantable(record: RecordType) -> tuple[str, ...]:
    """The fields of a noun that a role may open less than wholly: not what decides who sees a row, or what is kept."""
    deciding = {*GIVEN, *KEPT, *record.parents, record.seen_with, record.occurred}
    return tuple(name for name in record.fields if name not in deciding)


def veiled(actor: Actor, record: RecordType) -> dict[str, Level]:
    """The fields of a noun that an actor does not read as they stand, and how much of them is shown."""
    if not actor.fields:
        return {}
    levels = {name: actor.level(f"{record.name}.{name}") for name in record.fields}
    return {name: level for name, level in levels.items() if level < Level.READ}


def require_readable(actor: Actor, record: RecordType, *names: str) -> None:
    """Refuse to sort, filter, count or fill in by what the actor may not read: the order alone would tell."""
    for name in map(record.now_called, names):
        if actor.level(f"{record.name}.{name}") < Level.READ:
            raise Forbidden("field.not_readable", record=record.name, field=record.message(name))


def require_writable(actor: Actor, record: RecordType, names: Iterable[str]) -> None:
    """Refuse to write what the actor may at most read."""
    for name in names:
        if actor.level(f"{record.name}.{name}") < Level.WRITE:
            raise Forbidden("field.not_writable", record=record.name, field=record.message(name))


def require_no_guess(actor: Actor, record: RecordType, names: Iterable[str]) -> None:
    """Refuse to write what the actor cannot read as it stands, be it the same: that nothing changed would tell it."""
    for name in map(record.now_called, names):
        level, field = actor.level(f"{record.name}.{name}"), record.field(name)
        if level < Level.READ or (level < Level.WRITE and field.kind == "sensitive"):
            raise Forbidden("field.not_writable", record=record.name, field=record.message(name))


def as_told(actor: Actor, problem: Problem) -> Problem:
    """A refusal as the actor is told it: where it offers names of fields, none of those that are hidden.

    Which noun it speaks of stands in it, or its names are those of fields of any noun.
    """
    if not isinstance(problem, Unknown) or not actor.fields:
        return problem
    noun = problem.values.get("record")
    hidden = {whole.rpartition(".") for whole, level in actor.fields.items() if level == Level.HIDDEN}
    return problem.without({name for of, _, name in hidden if noun in (None, of)})


def get(actor: Actor, model: type[M], id: UUID, *, using: str | None = None) -> M:
    """One row the actor may see, and with `using` may do this with; what may not be seen does not exist."""
    row = visible_to(actor, model).filter(pk=id).first()
    if row is None:
        raise NotFound("record.not_found", record=type_of(model).name, id=str(id))
    if using:
        require_reach(actor, using, row)
    return row
