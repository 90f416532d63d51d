"""New rows as they are made: whose they are, from where, under which change-set; many of them by one plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from guanxi.kernel.actor import Actor
from guanxi.kernel.custom import COLUMN, PREFIX, added_in
from guanxi.kernel.fields import NameSortField
from guanxi.kernel.models import Row, TokensField
from guanxi.kernel.records import RecordType, derived_of
from guanxi.lib import names, tokens

M = TypeVar("M", bound=models.Model)


def fresh(actor: Actor, kind: RecordType, values: Mapping[str, Any]) -> Row:
    """One new row, the actor's own where nobody else is named."""
    row = kind.model(**_gathered(kind, values))
    row.created_in, row.origin = actor.change_set, actor.origin
    if kind.has("owner") and actor.kind in ("user", "token", "journey"):
        if "owner" not in values and "owner_id" not in values:
            row.owner_id = actor.id  # type: ignore[attr-defined]
        if "team" not in values and "team_id" not in values and actor.teams:
            row.team_id = actor.teams[0]  # type: ignore[attr-defined]
    return row


def planned(actor: Actor, kind: RecordType, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """New rows as the values of all columns, in the order of the fields; by one plan for all rows of the same keys."""
    kept: dict[str, Any] = {"created_in": actor.change_set, "origin": actor.origin}
    if kind.has("owner") and actor.kind in ("user", "token", "journey"):
        kept |= {"owner_id": actor.id, "team_id": actor.teams[0] if actor.teams else None}
    plans: dict[tuple[str, ...], _Plan] = {}
    for given in rows:
        values = _gathered(kind, given)
        keys = tuple(values)
        if keys not in plans:
            plans[keys] = _plan(kind, keys, kept)
        alike, made = plans[keys]
        row = alike.copy()
        row.update(values)
        for column, make in made:
            row[column] = make()
        yield row


def _gathered(kind: RecordType, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values by column, those of fields that the company added together in theirs."""
    if not kind.extensible or not any(name.startswith(PREFIX) for name in values):
        return values
    added = {kind.field(name).name: value for name, value in added_in(values).items()}
    return {name: value for name, value in values.items() if name not in added} | {COLUMN: added}


_Plan = tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]


def _plan(kind: RecordType, keys: Sequence[str], kept: Mapping[str, Any]) -> _Plan:
    """What is alike in all rows (they are written at one moment), and what is made for each."""
    fields = kind.model._meta.concrete_fields
    unknown = set(keys) - {f.attname for f in fields}
    if unknown:
        raise TypeError(f"many rows of {kind.name} are given by column, and {sorted(unknown)[0]} is none")
    alike = {f.attname: kept[f.attname] if f.attname in kept else f.get_default() for f in fields}
    made = [
        (f.attname, f.get_default)
        for f in fields
        if f.attname not in keys and (f.primary_key or isinstance(alike[f.attname], list | dict))
    ]
    return alike, made


def built(model: type[M], rows: Iterable[dict[str, Any]]) -> Iterator[M]:
    """The rows of these values, which are there, as they are: Django's own way there takes many times as long."""
    alias = connection.alias
    for values in rows:
        row = put_together(model, values)
        row._state.adding, row._state.db = False, alias
        yield row


def put_together(model: type[M], values: dict[str, Any]) -> M:
    """A row of these values, one for each column in the order of the fields."""
    row = model.__new__(model)
    row.__dict__ = values
    row._state = ModelState()
    return row


def beside(kind: RecordType, row: Row) -> list[models.Model]:
    """What stands beside a new row from the first: nothing yet of what floors above work out."""
    return [one.model(**{one.key.attname: row.pk}) for one in derived_of(kind)]


def finished(kind: RecordType, rows: Iterable[dict[str, Any]]) -> Iterable[Iterable[Any]]:
    """The values of new rows, each finished while the database writes those before it."""
    if not _derived(kind.model):
        return map(dict.values, rows)
    return (derive(kind, row).values() for row in rows)


def derive(kind: RecordType, row: dict[str, Any]) -> dict[str, Any]:
    """Write what the kernel keeps beside the values: search tokens and the sort key of names."""
    for stored in _derived(kind.model):
        if isinstance(stored, TokensField):
            found: set[str] = set()
            for name, tokens_of in kind.search.items():
                found |= tokens.tokens(str(row[name] or ""), tokens_of)
            row[stored.attname] = tokens.tsvector_text(found)
        else:
            row[stored.attname] = names.sort_key(str(row[kind.title]))[:400]
    return row


@cache
def _derived(model: type[Row]) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(f for f in model._meta.concrete_fields if isinstance(f, TokensField | NameSortField))
