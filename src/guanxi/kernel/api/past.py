"""What happened to a record: its story, told of what the reader sees."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from guanxi.kernel import settings
from guanxi.kernel.access import EVERYTHING, veiled, visible
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.events import events, load, noun_of
from guanxi.kernel.masks import BEHIND
from guanxi.kernel.models import EventEntry, Row
from guanxi.kernel.records import of_name
from guanxi.kernel.words import say, words
from guanxi.lib import dates, money
from guanxi.lib.errors import Invalid
from guanxi.lib.money import Money


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
    seen = _seen(actor, some[:limit])
    home = _home(seen)
    return {
        "rows": [_told(actor, entry, home) for entry in seen],
        "next": str(some[limit - 1].pk) if len(some) > limit else None,
    }


def _seen(actor: Actor, entries: list[EventEntry]) -> list[EventEntry]:
    """Those events all of whose records the reader sees: they are told of what happened to others nowhere."""
    named: dict[str, set[UUID]] = {}
    for entry in entries:
        for noun, id in _named(entry):
            named.setdefault(noun, set()).add(id)
    hidden: set[tuple[str, UUID]] = set()
    for noun, ids in named.items():
        record = of_name(noun)
        within = visible(actor, record)
        if within != EVERYTHING:
            seen = set(record.model._default_manager.filter(within, pk__in=ids).values_list("pk", flat=True))
            hidden |= {(noun, id) for id in ids - seen}
    return [entry for entry in entries if hidden.isdisjoint(_named(entry))]


def _named(entry: EventEntry) -> list[tuple[str, UUID]]:
    """The records an event names, with their nouns; colleagues and teams are no secret."""
    found = ((noun_of(name, entry.payload), value) for name, value in entry.payload.items() if value)
    return [(noun, UUID(value)) for noun, value in found if noun]


def _home(entries: list[EventEntry]) -> str:
    """The company's currency, where something that happened has one."""
    some = any("currency" in entry.payload for entry in entries)
    return str(settings.of_name("workspace.company.currency").get()) if some else ""


def _told(actor: Actor, entry: EventEntry, home: str) -> dict[str, Any]:
    hidden = _behind(actor, entry)
    return {
        "id": entry.pk,
        "at": entry.occurred_at,
        "kind": entry.name,
        "origin": entry.origin,
        "sentence": say(entry.name, actor.language, **_worded(actor, entry, home) | hidden),
        "values": entry.payload | hidden,
        "by": entry.actor_id,
    }


def _behind(actor: Actor, entry: EventEntry) -> dict[str, str]:
    """What an event says of its records in fields that the reader does not read."""
    if not actor.fields:
        return {}
    veils = [veiled(actor, of_name(noun)) for noun, _ in _named(entry)]
    kind = events().get(entry.name)
    closed = {name for name, field in (kind.tells if kind else {}).items() if actor.level(field) < Level.READ}
    return {name: BEHIND for name in entry.payload if name in closed or any(name in veil for veil in veils)}


def _worded(actor: Actor, entry: EventEntry, home: str) -> dict[str, Any]:
    """The values of an event as a sentence says them: times by the reader's clock, money and choices in their words."""
    happened = load(entry) if entry.name in events() else None
    typed = {name: getattr(happened, name, value) for name, value in entry.payload.items()}
    paid = typed.get("currency")
    if paid:
        for name, value in typed.items():
            if isinstance(value, Decimal):
                typed[name] = money.format(Money(value, paid), language=cast(money.Language, actor.language), home=home)
    return {name: _value(actor, entry.name, name, value) for name, value in typed.items()}


def _value(actor: Actor, event: str, name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return dates.written(value.astimezone(ZoneInfo(actor.zone)), actor.language)
    known = words(actor.language)
    return known.get(f"{event}.{name}.{value}") or known.get(f"value.{name}.{value}", value)
