"""What happened to a record and what it looked like before."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from guanxi.kernel.actor import Actor
from guanxi.kernel.events import events, load
from guanxi.kernel.models import ChangeSet, EventEntry, HistoryEntry, Row
from guanxi.kernel.records import RecordType, of_name
from guanxi.kernel.rows import labels
from guanxi.kernel.words import say, words
from guanxi.lib import money
from guanxi.lib.errors import Invalid
from guanxi.lib.money import Money


def history_of(actor: Actor, record: RecordType, row: Row) -> dict[str, Any]:
    """Every change of a record, newest first, with who and by which operation; the creation stands last."""
    entries = list(
        HistoryEntry.objects.filter(record=record.name, record_id=row.pk).order_by("-id").select_related("change_set")
    )
    people = _people([entry.change_set for entry in entries])
    changes = [
        {
            "at": entry.at,
            "by": people.get(entry.change_set.actor_id or row.pk, ""),
            "operation": entry.change_set.operation,
            "change_set": entry.change_set_id,
            "diff": {
                name: {"from": old, "to": new, "label": say(f"{record.name}.{name}", actor.language)}
                for name, (old, new) in entry.diff.items()
                if name in record.fields
            },
        }
        for entry in entries
    ]
    return {"changes": changes, "created": {"at": row.created_at, "change_set": row.created_in, "origin": row.origin}}


def _people(sets: list[ChangeSet]) -> dict[UUID, str]:
    ids = {one.actor_id for one in sets if one.actor_id}
    return dict(labels(of_name("workspace.user"), ids)) if ids else {}


def timeline_of(actor: Actor, row: Row, *, cursor: str, kinds: str, limit: int) -> dict[str, Any]:
    """What happened with a record, newest first, each as a sentence in the reader's language."""
    entries = EventEntry.objects.filter(subjects__contains=[row.pk])
    if kinds:
        wanted = Q()
        for kind in kinds.split(","):
            wanted |= Q(name=kind) | Q(name__startswith=f"{kind}.")
        entries = entries.filter(wanted)
    if cursor:
        try:
            last = EventEntry.objects.get(pk=UUID(cursor))
        except (ValueError, EventEntry.DoesNotExist) as problem:
            raise Invalid("list.wrong_cursor") from problem
        entries = entries.filter(Q(occurred_at__lt=last.occurred_at) | Q(occurred_at=last.occurred_at, pk__lt=last.pk))
    some = list(entries.order_by("-occurred_at", "-id")[: limit + 1])
    return {
        "rows": [_told(actor, entry) for entry in some[:limit]],
        "next": str(some[limit - 1].pk) if len(some) > limit else None,
    }


def _told(actor: Actor, entry: EventEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "at": entry.occurred_at,
        "kind": entry.name,
        "origin": entry.origin,
        "sentence": say(entry.name, actor.language, **_worded(actor, entry)),
        "values": entry.payload,
        "by": entry.actor_id,
    }


def _worded(actor: Actor, entry: EventEntry) -> dict[str, Any]:
    """The values of an event as a sentence says them: times by the reader's clock, money and choices in their words."""
    happened = load(entry) if entry.name in events() else None
    typed = {name: getattr(happened, name, value) for name, value in entry.payload.items()}
    return {name: _value(actor, entry.name, name, value, typed.get("currency")) for name, value in typed.items()}


def _value(actor: Actor, event: str, name: str, value: Any, currency: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(actor.zone)).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal) and currency:
        return money.format(Money(value, currency), language=cast(money.Language, actor.language))
    known = words(actor.language)
    return known.get(f"{event}.{name}.{value}") or known.get(f"value.{name}.{value}", value)
