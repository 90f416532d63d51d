"""Where a record is used: what refers to it, and the conditions that name it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from guanxi.kernel.access import read, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.fields import ConditionField, LineWithBlanks, TextWithBlanks
from guanxi.kernel.models import CustomField, Row
from guanxi.kernel.records import RecordType, of_name, records
from guanxi.kernel.rows import labels

NAMING = (ConditionField, LineWithBlanks, TextWithBlanks)
"""What names fields of records in what it holds."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A record that would be something else without another."""

    record: RecordType
    id: UUID
    label: str


@dataclass(frozen=True, kw_only=True)
class Uses:
    """What uses a record, as far as somebody sees it, and how many more there are."""

    seen: tuple[Use, ...]
    hidden: int

    def __bool__(self) -> bool:
        return bool(self.seen or self.hidden)


def uses_of(actor: Actor, record: RecordType, id: UUID) -> Uses:
    """What uses a record, noun by noun; what is archived or goes along with it does not count."""
    seen: list[Use] = []
    hidden = 0
    for other in records().values():
        rows = _using(other, record, id)
        if rows is None:
            continue
        ids = list(rows.order_by("created_at", "pk").values_list("pk", flat=True))
        theirs = (
            set(visible_to(actor, other.model).filter(pk__among=ids).values_list("pk", flat=True)) if ids else set()
        )
        shown = [one for one in ids if one in theirs] if actor.may(read(other)) else []
        called = labels(actor, other, shown) if shown else {}
        seen += [Use(record=other, id=one, label=str(called.get(one) or "")) for one in shown]
        hidden += len(ids) - len(shown)
    return Uses(seen=tuple(seen), hidden=hidden)


_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def named_ids(*, but: UUID) -> set[UUID]:
    """The records that living conditions name by their ids; those of rows that were made in one change-set aside."""
    found: set[UUID] = set()
    for other in records().values():
        if stored := list(_stored(other, ConditionField)):
            rows: QuerySet[Any] = other.model._default_manager.exclude(created_in=but)
            rows = rows.filter(archived_at=None) if other.has("archived_at") else rows
            texts = rows.values_list(*(Cast(one, TextField()) for one in stored))
            found |= {UUID(id) for row in texts for text in row if text for id in _ID.findall(text)}
    return found


def in_use(field: CustomField) -> bool:
    """Whether a field that the company added is named somewhere, or some record says something in it."""
    rows: Any = of_name(field.noun).model._default_manager
    return rows.filter(custom__has_key=field.name).exists() or any(naming(field.name))


def naming(name: str) -> Iterator[tuple[RecordType, list[UUID]]]:
    """The living rows whose conditions or blanks name a field, noun by noun."""
    for other in records().values():
        named = {f"{stored}_named": Cast(stored, TextField()) for stored in _stored(other, *NAMING)}
        if not named:
            continue
        parts = [Q(**{f"{one}__iregex": rf"""["'.]{re.escape(name)}(?![a-z0-9_])"""}) for one in named]
        rows: QuerySet[Any] = other.model._default_manager.annotate(**named).filter(reduce(or_, parts))
        rows = rows.filter(archived_at=None) if other.has("archived_at") else rows
        if ids := list(rows.values_list("pk", flat=True)):
            yield other, ids


def _using(other: RecordType, record: RecordType, id: UUID) -> QuerySet[Row] | None:
    """The living rows of a noun that use a record of another; None where none can."""
    named = {f"{name}_named": Cast(name, TextField()) for name in _stored(other, ConditionField)}
    parts = [Q(**{f"{name}__contains": str(id)}) for name in named]
    parts += [Q(**{field: id}) for field in _references(other, record)]
    if not parts:
        return None
    rows: QuerySet[Any] = other.model._default_manager.annotate(**named).filter(reduce(or_, parts)).exclude(pk=id)
    return rows.filter(archived_at=None) if other.has("archived_at") else rows


def _stored(other: RecordType, *kinds: type[models.Field]) -> Iterator[str]:  # type: ignore[type-arg]
    return (stored.name for stored in other.model._meta.concrete_fields if isinstance(stored, kinds))


def _references(other: RecordType, record: RecordType) -> Iterator[str]:
    """What refers to a record and does not go along with it."""
    for field in other.references:
        relation = field.stored.remote_field
        if field.to is record.model and relation and relation.on_delete is not models.CASCADE:
            yield field.column
