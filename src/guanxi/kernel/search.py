"""One search over every noun that can be found: words, characters, pinyin, the tail of a number."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.kernel.access import read, require_readable, veiled, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType, of_name, records, relations
from guanxi.lib import tokens
from guanxi.lib.errors import Invalid

CAP = 500
COMMON = 5_000
"""Of so many rows that fit, the newest page is found sooner by walking from the newest on."""
MOST_PARENTS = 1_000
SHOWN = 8
HINTING = ("text", "email", "phone")
_BEST = (
    "SELECT * FROM (SELECT '{plural}', row_number() OVER (ORDER BY CASE WHEN upper({title}) = upper(%s) THEN 0"
    " WHEN starts_with(upper({title}), upper(%s)) THEN 1 ELSE 2 END, created_at DESC) AS place, id, {title},"
    " concat_ws(' · ', {hint}) FROM \"{table}\" WHERE id IN ({{fitting}})) ranked WHERE place <= {shown}"
)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something found: what it is called and what tells it from others."""

    id: UUID
    label: str
    hint: str


def found(actor: Actor, record: RecordType, text: str) -> QuerySet[Row]:
    """The rows of a noun that fit the words."""
    wanted = tokens.tsquery_text(text)
    rows: QuerySet[Any] = visible_to(actor, record.model)
    if not wanted:
        return rows.none()
    if not record.search:
        raise Invalid("list.not_searchable", record=record.name)
    require_readable(actor, record, *record.search)
    if not record.found_by:
        return rows.filter(search__fits=wanted)
    own: QuerySet[Any] = cast(Any, record.model)._default_manager.filter(search__fits=wanted)
    parents = list(_parents_of_found(actor, record, wanted))
    common = " & " not in wanted or _is_common(own)
    if common and (few := _few(parents)) is not None:
        return rows.filter(Q(search__fits=wanted) | Q(pk__among=few))
    return rows.filter(pk__in=own.values("pk").union(*parents))  # keeps to the indexes, which an OR would not


def _is_common(own: QuerySet[Any]) -> bool:
    """Whether many rows fit several words together, which PostgreSQL can only guess of each by itself."""
    sql, values = own.values("pk").query.sql_with_params()
    many = (
        f"WITH own AS MATERIALIZED ({sql}) SELECT count(*) > {COMMON} FROM (SELECT FROM own LIMIT {COMMON + 1}) AS own"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(many, values)
        return bool(cursor.fetchone()[0])


def _few(parents: list[QuerySet[Any]]) -> list[UUID] | None:
    """What fits by its related rows, if it is little: with their ids PostgreSQL may walk along an index until it has
    what a page shows, instead of taking in hand all that fits. None where they are many."""
    ids: set[UUID] = set()
    for one in parents:
        ids.update(one[: MOST_PARENTS + 1])
    return list(ids) if len(ids) <= MOST_PARENTS else None


def finds(actor: Actor, record: RecordType) -> bool:
    """Whether an actor finds rows of a noun by words: who may not read a number does not find by it, digit by digit."""
    return bool(record.search) and actor.may(read(record)) and veiled(actor, record).keys().isdisjoint(record.search)


def _parents_of_found(actor: Actor, record: RecordType, wanted: str) -> Iterator[QuerySet[Any]]:
    """The rows whose related ones fit: a customer by any number."""
    for relation in map(relations(record).__getitem__, record.found_by):
        if not finds(actor, relation.child):
            continue
        fitting: QuerySet[Any] = cast(Any, relation.child.model)._default_manager.filter(search__fits=wanted)
        yield fitting.filter(**{f"{relation.through}__isnull": False}).values_list(f"{relation.through}_id", flat=True)


def everywhere(actor: Actor, text: str) -> dict[str, list[Hit]]:
    """The best hits of each noun the actor may see, by plural, in one statement beside those of `found`."""
    parts: list[str] = []
    values: list[Any] = []
    for record in records().values():
        veil = veiled(actor, record)
        if not finds(actor, record) or record.title in veil:
            continue
        rows = _not_found_as_parent(record, found(actor, record, text)).order_by()[:CAP]
        with suppress(EmptyResultSet):
            fitting, wanted = rows.values_list("pk").query.sql_with_params()
            parts.append(_best(record.name, tuple(veil)).format(fitting=fitting))
            values += [text, text, *wanted]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        hits = sorted(cursor.fetchall())
    told: dict[str, list[Hit]] = {record.plural: [] for record in records().values()}
    for plural, _, id, label, hint in hits:
        told[plural].append(Hit(id=id, label=label, hint=hint))
    return {plural: some for plural, some in told.items() if some}


@cache
def _best(noun: str, veil: tuple[str, ...]) -> str:
    """The best of the fitting rows of a noun: exact before beginning before the rest, then the newest."""
    record = of_name(noun)
    told = [record.title, *(name for name in _hints(record) if name not in veil)]
    columns = {name: str(record.model._meta.get_field(name).column) for name in told}  # type: ignore[union-attr]
    title = f'"{columns.pop(record.title)}"::text'
    hint = ", ".join(f"nullif(\"{column}\"::text, '')" for column in columns.values()) or "NULL"
    return _BEST.format(plural=record.plural, title=title, hint=hint, table=record.model._meta.db_table, shown=SHOWN)


def _hints(record: RecordType) -> list[str]:
    """What tells a row from others of the same name."""
    said = dict.fromkeys([*record.search, *(name for name in record.columns if record.fields[name].kind in HINTING)])
    return [name for name in said if name != record.title]


def _not_found_as_parent(record: RecordType, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Leave out what already finds the record it belongs to: nobody is shown twice."""
    for parent in records().values():
        for relation in map(relations(parent).__getitem__, parent.found_by):
            if relation.child is record:
                rows = rows.filter(**{f"{relation.through}__isnull": True})
    return rows
