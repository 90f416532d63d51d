"""One search over every noun that can be found: words, characters, pinyin, the tail of a number."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from guanxi.kernel.access import read, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType, records
from guanxi.lib import tokens

CAP = 500
SHOWN = 8


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
    return rows.filter(search__fits=wanted) if wanted else rows.none()


def everywhere(actor: Actor, text: str) -> dict[str, list[Hit]]:
    """The best hits of each noun the actor may see, by plural."""
    hits: dict[str, list[Hit]] = {}
    for record in records().values():
        if not record.search or not actor.may(read(record)):
            continue
        rows = found(actor, record, text)[:CAP]
        ranked = record.model._default_manager.filter(pk__in=rows.values("pk")).order_by(*_rank(record, text))[:SHOWN]
        if here := [_hit(record, row) for row in ranked]:
            hits[record.plural] = here
    return hits


def _rank(record: RecordType, text: str) -> list[Any]:
    """Exact before beginning before the rest, then the newest."""
    exact, beginning = Q(**{f"{record.title}__iexact": text}), Q(**{f"{record.title}__istartswith": text})
    order = Case(When(exact, then=Value(0)), When(beginning, then=Value(1)), default=Value(2))
    return [order, "-created_at"]


def _hit(record: RecordType, row: Row) -> Hit:
    hints = [str(getattr(row, name) or "") for name in record.search if name != record.title]
    return Hit(id=row.pk, label=record.label(row), hint=" · ".join(filter(None, hints)))
