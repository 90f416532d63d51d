"""Lists: condition, words, sort and a cursor that costs the same on every page."""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db.models import F, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce
from orjson import Fragment

from guanxi.kernel.access import EVERYTHING, require_readable, veiled, visible, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition, moving, parts, personal
from guanxi.kernel.custom import generation
from guanxi.kernel.models import Row
from guanxi.kernel.records import UNSORTABLE, Field, RecordType
from guanxi.kernel.rows import shown_by
from guanxi.kernel.search import found
from guanxi.kernel.texts import Statement, kept
from guanxi.lib.errors import Invalid

MOST = 200
CHEAP = 10_000
LONGEST = 1_000
NEWEST = "-created_at"
_LEAST: dict[str, Any] = {
    "integer": -(2**31),
    "decimal": Decimal("-1e15"),
    "money": Decimal("-1e15"),
    "datetime": datetime(1, 1, 2, tzinfo=UTC),
    "date": date(1, 1, 1),
    "reference": UUID(int=0),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list shows."""

    where: Condition | None = None
    words: str = ""
    sort: str = ""
    cursor: str = ""
    limit: int = 50
    archived: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows and where the next ones begin."""

    rows: list[Fragment]
    next: str | None


def require_limit(limit: int) -> None:
    """Refuse to show none, or too many at a time."""
    if not 0 < limit <= MOST:
        raise Invalid("list.wrong_limit", most=MOST)


def selected(actor: Actor, record: RecordType, wanted: Wanted) -> QuerySet[Row]:
    """All rows of a list, unsorted."""
    words = wanted.words.strip()
    rows: QuerySet[Any] = found(actor, record, words) if words and record.search else visible_to(actor, record.model)
    if words and not record.search:  # few there are of them, such as segments: by a part of what they are called
        require_readable(actor, record, record.title)
        rows = rows.filter(**{f"{_titled(record)}__icontains": words.replace("\x00", "")})
    fits = compiled(actor, wanted.where, record, zone=actor.zone)
    return rows.filter(fits & Q(archived_at__isnull=not wanted.archived) if record.has("archived_at") else fits)


def _titled(record: RecordType) -> str:
    if record.title not in record.fields or record.fields[record.title].kind not in ("text", "long_text", "email"):
        raise Invalid("list.not_searchable", record=record.name)
    return record.fields[record.title].column


def page(actor: Actor, record: RecordType, wanted: Wanted) -> Page:
    """One page by keyset: the next begins after the last row, wherever that is."""
    require_limit(wanted.limit)
    try:
        if _alike(actor, record, wanted):
            asked = (record.name, wanted.sort, wanted.archived, wanted.limit, repr(wanted.where), generation())
            text = kept(asked, lambda: _text(actor, record, wanted))
        else:
            text = _text(actor, record, wanted)
    except EmptyResultSet:
        return Page(rows=[], next=None)
    some = shown_by(actor, record, *text)
    more = len(some) > wanted.limit
    some = some[: wanted.limit]
    return Page(rows=[one.json for one in some], next=cursor_after(some[-1].key, some[-1].id) if more else None)


def _alike(actor: Actor, record: RecordType, wanted: Wanted) -> bool:
    """Whether the first page is asked for alike by everybody who sees all rows, at any time."""
    if wanted.words.strip() or wanted.cursor or visible(actor, record) != EVERYTHING:
        return False
    if moving(wanted.where) or personal(wanted.where):
        return False
    if veiled(actor, record):  # what one may not sort or filter by is refused to them alone
        return False
    if len(repr(wanted.where)) > LONGEST:  # nobody fills the memory with conditions
        return False
    return not any("related" in part or "." in str(part.get("field")) for part in parts(wanted.where or {"and": []}))


def _text(actor: Actor, record: RecordType, wanted: Wanted) -> Statement:
    ordered, _ = in_order(actor, record, wanted)
    sql, values = ordered[: wanted.limit + 1].values_list("pk", "sort_key").query.sql_with_params()
    return sql, tuple(values)


def in_order(actor: Actor, record: RecordType, wanted: Wanted) -> tuple[QuerySet[Any], bool]:
    """The rows of a list from its cursor on, each with its `sort_key`; whether they go down."""
    column, field, down = _sort(actor, record, wanted.sort)
    key = Coalesce(F(column), Value(_least(field))) if field.stored.null else F(column)
    rows: QuerySet[Any] = selected(actor, record, wanted)
    if field.beside:  # there is one beside each, so that the list may begin there, with an index
        rows = rows.filter(**{f"{field.beside}__isnull": False})
    rows = rows.annotate(sort_key=key)
    if wanted.cursor:
        value, id = _read_cursor(wanted.cursor, field)
        beyond = "lt" if down else "gt"
        rows = rows.filter(
            Q(**{f"sort_key__{beyond}e": value}) & (Q(**{f"sort_key__{beyond}": value}) | Q(**{f"pk__{beyond}": id}))
        )
    return rows.order_by("-sort_key", "-pk") if down else rows.order_by("sort_key", "pk"), down


def count(actor: Actor, record: RecordType, wanted: Wanted) -> tuple[int, bool]:
    """How many rows a list has: exact up to 10,000, beyond that only that there are more."""
    some = selected(actor, record, wanted).order_by().values("pk")[: CHEAP + 1].count()
    return min(some, CHEAP), some <= CHEAP


def sort_of(actor: Actor, record: RecordType, wanted: str) -> str:
    """What a list is sorted by, with a minus before it where it goes down: as it is wanted, else as is usual."""
    usual = NEWEST if record.sort.removeprefix("-") in veiled(actor, record) else record.sort
    return wanted or usual


def _sort(actor: Actor, record: RecordType, wanted: str) -> tuple[str, Field, bool]:
    sort = sort_of(actor, record, wanted)
    name = sort.removeprefix("-")
    field = record.field(name)
    require_readable(actor, record, name)
    if field.kind in UNSORTABLE:
        raise Invalid("list.not_sortable", field=name)
    column = record.sort_column(name)
    if column != field.column:
        stored: Any = record.model._meta.get_field(column)
        field = Field(name=column, kind="text", stored=stored, writable=False)
    return column, field, sort.startswith("-")


def _least(field: Field) -> Any:
    """What stands for nothing where a list is sorted: some ids are no reference to a noun."""
    return _LEAST["reference"] if isinstance(field.stored, UUIDField) else _LEAST.get(field.kind, "")


def cursor_after(key: str, id: UUID) -> str:
    """Where a list goes on behind a row: by the JSON of what it is sorted by, and its id."""
    return base64.urlsafe_b64encode(f'[{key},"{id}"]'.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, field: Field) -> tuple[Any, UUID]:
    try:
        value, id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return field.stored.to_python(value), UUID(id)
    except Exception as problem:
        raise Invalid("list.wrong_cursor") from problem
