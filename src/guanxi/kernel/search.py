"""One search over every noun that can be found: words, characters, pinyin, the tail of a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from guanxi.kernel.access import read, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType, records, relations
from guanxi.lib import tokens
from guanxi.lib.errors import Invalid

CAP = 500
SHOWN = 8
HINTING = ("text", "email", "phone")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something found: what it is called and what tells it from others."""

    id: UUID
    label: str
    hint: str


def found(actor: Actor, record: RecordType, text: str) -> QuerySet[Row]:
    """The rows of a noun that fit the words, at most 500 of them."""
    wanted = tokens.tsquery_text(text)
    rows: QuerySet[Any] = visible_to(actor, record.model)
    if not wanted:
        return rows.none()
    if not record.search:
        raise Invalid("list.not_searchable", record=record.name)
    if not record.found_by:
        return rows.filter(search__fits=wanted)
    own: QuerySet[Any] = cast(Any, record.model)._default_manager.filter(search__fits=wanted)
    return rows.filter(pk__in=own.values("pk").union(*_parents_of_found(actor, record, wanted)))


def _parents_of_found(actor: Actor, record: RecordType, wanted: str) -> Iterator[QuerySet[Any]]:
    """The rows whose related ones fit: a customer by any number. A union keeps to the indexes, an OR does not."""
    for relation in map(relations(record).__getitem__, record.found_by):
        if not actor.may(read(relation.child)):
            continue
        fitting: QuerySet[Any] = cast(Any, relation.child.model)._default_manager.filter(search__fits=wanted)
        yield fitting.filter(**{f"{relation.through}__isnull": False}).values(f"{relation.through}_id")


def everywhere(actor: Actor, text: str) -> dict[str, list[Hit]]:
    """The best hits of each noun the actor may see, by plural."""
    hits: dict[str, list[Hit]] = {}
    for record in records().values():
        if not record.search or not actor.may(read(record)):
            continue
        rows = _not_found_as_parent(record, found(actor, record, text))[:CAP]
        ranked = record.model._default_manager.filter(pk__in=rows.values("pk")).order_by(*_rank(record, text))[:SHOWN]
        if here := [_hit(record, row) for row in ranked]:
            hits[record.plural] = here
    return hits


def _not_found_as_parent(record: RecordType, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Leave out what already finds the record it belongs to: nobody is shown twice."""
    for parent in records().values():
        for relation in map(relations(parent).__getitem__, parent.found_by):
            if relation.child is record:
                rows = rows.filter(**{f"{relation.through}__isnull": True})
    return rows


def _rank(record: RecordType, text: str) -> list[Any]:
    """Exact before beginning before the rest, then the newest."""
    exact, beginning = Q(**{f"{record.title}__iexact": text}), Q(**{f"{record.title}__istartswith": text})
    order = Case(When(exact, then=Value(0)), When(beginning, then=Value(1)), default=Value(2))
    return [order, "-created_at"]


def _hit(record: RecordType, row: Row) -> Hit:
    said = dict.fromkeys([*record.search, *(name for name in record.columns if record.fields[name].kind in HINTING)])
    hints = [str(getattr(row, name) or "") for name in said if name != record.title]
    return Hit(id=row.pk, label=record.label(row), hint=" · ".join(filter(None, hints)))
