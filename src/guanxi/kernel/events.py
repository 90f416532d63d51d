"""The catalogue of events: what happened, told once, heard by handlers in batches with receipts."""

import math
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from pydantic import TypeAdapter

from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.jobs import job
from guanxi.kernel.live import announced
from guanxi.kernel.making import put_together
from guanxi.kernel.models import EventEntry, Failure, Receipt, new_id
from guanxi.kernel.outages import is_passing
from guanxi.kernel.records import records
from guanxi.kernel.storing import Call, Put, add, add_together
from guanxi.kernel.time import now

CHUNK = 500
ATTEMPTS = 10
FEW = 5
LIVE_ONLY = frozenset({Origin.LIVE})
WORKING = frozenset({Origin.LIVE, Origin.SIMULATION})
ALL = frozenset(Origin)


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What is known of a recorded event beside its own values."""

    id: UUID
    occurred_at: datetime
    origin: Origin
    actor_id: UUID | None
    change_set: UUID | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened: ids and the few values a listener may not have to look up."""

    name: ClassVar[str]
    adapter: ClassVar[TypeAdapter[Any]]
    tells: ClassVar[Mapping[str, str]] = {}
    """The field by its whole name that a value tells where it is called otherwise: who may not read it is not told."""

    def subjects(self) -> list[UUID]:
        """The records it is about: every `…_id` of it, once."""
        found = (getattr(self, f.name) for f in fields(self) if f.name.endswith("_id"))
        return list(dict.fromkeys(value for value in found if isinstance(value, UUID)))

    @property
    def meta(self) -> Meta:
        """When, by whom and from where; only a recorded event knows."""
        known: Meta = self.__dict__["_meta"]
        return known

    @property
    def system(self) -> Actor:
        """The system itself, acting because of this event and under its origin; a sample company is one change-set."""
        acting = SYSTEM.as_origin(self.meta.origin)
        together = self.meta.origin is Origin.SIMULATION and self.meta.change_set
        return acting.under(together) if together else acting


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A reaction to events, named by its effect."""

    name: str
    types: tuple[type[Event], ...]
    origins: frozenset[Origin]
    function: Callable[[Any], None]
    as_set: bool
    wanted: str = ""


_events: dict[str, type[Event]] = {}
_handlers: dict[str, Handler] = {}


def event(name: str) -> Callable[[type[E]], type[E]]:
    """Declare a frozen dataclass as an event under its catalogue name; stands above `@dataclass`."""

    def declare(cls: type[E]) -> type[E]:
        if name in _events:
            raise LookupError(f"event {name} is declared twice")
        cls.name = name
        cls.adapter = TypeAdapter(cls)
        _events[name] = cls
        return cls

    return declare


def on(
    *types: type[Event],
    origins: frozenset[Origin] = LIVE_ONLY,
    set: bool = False,
    wanted: str = "",
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """React to events after they are committed; with `set` the handler gets a list.

    Whoever listens to everything says with `wanted`, in SQL with a place for the name of an event, whether anybody
    cares for it just now: the others cost nothing.
    """

    def declare(function: Callable[[Any], None]) -> Callable[[Any], None]:
        domain = function.__module__.removeprefix("guanxi.").removesuffix(".handlers")
        name = f"{domain}.{function.__name__}"
        if name in _handlers:
            raise LookupError(f"handler {name} is declared twice")
        _listening.cache_clear()
        _handlers[name] = Handler(name=name, types=types, origins=origins, function=function, as_set=set, wanted=wanted)
        return function

    return declare


def events() -> dict[str, type[Event]]:
    """The catalogue: every kind of event by name."""
    return dict(_events)


def noun_of(name: str, payload: Mapping[str, Any]) -> str | None:
    """The noun that a value of an event refers to: `ticket_id` to tickets, `record_id` to what `record` says."""
    if not name.endswith("_id"):
        return None
    if name == "record_id":
        return str(payload["record"])
    bare = name.removesuffix("_id")
    return next((noun for noun in records() if noun.rpartition(".")[2] == bare and bare != "team"), None)


def handlers() -> dict[str, Handler]:
    """Every reaction by name."""
    return dict(_handlers)


def emit(actor: Actor, *happened: Event, at: datetime | None = None) -> None:
    """Record what happened in this transaction and queue what reacts to it."""
    record(actor, [(event, at) for event in happened])


def record(
    actor: Actor,
    happened: Sequence[tuple[Event, datetime | None]],
    *,
    beside: Sequence[models.Model | Put] = (),
    topics: Iterable[str] = (),
) -> None:
    """Record many events, each with the time it occurred (now, where none is given), and queue what reacts to them.

    The end of a write goes to the database at once: rows beside the events, and topics for open pages.
    """
    moment = now()
    entries = [
        put_together(
            EventEntry,
            {
                "id": new_id(),
                "name": event.name,
                "occurred_at": at or moment,
                "recorded_at": moment,
                "origin": actor.origin,
                "actor_kind": actor.kind,
                "actor_id": actor.id,
                "change_set": actor.change_set,
                "subjects": event.subjects(),
                "payload": event.adapter.dump_python(event, mode="json"),
            },
        )
        for event, at in happened
    ]
    heard: dict[Handler, dict[str, list[str]]] = {}
    for entry, (event, _) in zip(entries, happened, strict=True):
        for handler in _listening(actor.origin, event.name):
            heard.setdefault(handler, {}).setdefault(entry.name, []).append(str(entry.id))
    _write([*beside, *entries], *_queued(heard), *announced(topics))


def _queued(heard: dict[Handler, dict[str, list[str]]]) -> list[Call]:
    """What is to be called so that these handlers react: where somebody wants an event only now and then, if so."""
    always, sometimes = [], []
    for handler, named in heard.items():
        if handler.wanted:
            for name, ids in named.items():
                sometimes += deliver.queued(_calls(handler, ids), only_if=(handler.wanted, [name]))
        else:
            always += _calls(handler, [id for ids in named.values() for id in ids])
    return [*deliver.queued(always), *sometimes]


def _calls(handler: Handler, ids: list[str]) -> list[dict[str, Any]]:
    return [{"handler": handler.name, "events": ids[i : i + CHUNK]} for i in range(0, len(ids), CHUNK)]


def _write(rows: Sequence[models.Model | Put], *calls: Call) -> None:
    new = [row for row in rows if not isinstance(row, Put)]
    if len(new) > FEW:
        for model in dict.fromkeys(type(row) for row in new):
            add(model, [row for row in new if type(row) is model])
        rows = [row for row in rows if isinstance(row, Put)]
    if rows or calls:
        add_together(rows, *calls)


@cache
def _listening(origin: Origin, name: str) -> tuple[Handler, ...]:
    """Whoever may care for events of a kind and origin."""
    return tuple(one for one in _handlers.values() if origin in one.origins and issubclass(_events[name], one.types))


def by_system(happened: Iterable[E]) -> Iterable[tuple[Actor, list[E]]]:
    """Events with the system that acts because of them: those of one origin and one sample company together."""
    found: dict[tuple[Origin, UUID | None], tuple[Actor, list[E]]] = {}
    for one in happened:
        acting = one.system
        found.setdefault((acting.origin, acting.change_set), (acting, []))[1].append(one)
    return found.values()


def load(entry: EventEntry) -> Event:
    """The event an entry of the log tells of."""
    event: Event = _events[entry.name].adapter.validate_python(entry.payload)
    return _as_recorded(event, entry.id, entry.occurred_at, entry.origin, entry.actor_id, entry.change_set)


def _as_recorded(
    event: Event, id: UUID, occurred_at: datetime, origin: str, actor_id: UUID | None, change_set: UUID | None
) -> Event:
    meta = Meta(id=id, occurred_at=occurred_at, origin=Origin(origin), actor_id=actor_id, change_set=change_set)
    object.__setattr__(event, "_meta", meta)
    return event


@job("kernel.deliver_events")
def deliver(handler: str, events: list[str], again: bool = False) -> None:
    """Let one handler react to a chunk of events: each effect once, an error retries that event alone."""
    reaction = _handlers[handler]
    with transaction.atomic(savepoint=False):
        if reaction.as_set:
            events = _with_those_that_wait(handler, events)
        happened = _signed_for(handler, events)
        if reaction.as_set and happened and _tried(reaction, happened):
            return
        for one in happened:
            if not _tried(reaction, [one]):
                _retry_later(reaction, one)
            elif again or reaction.as_set:
                Failure.objects.filter(handler=handler, event_id=one.meta.id).delete()


def _with_those_that_wait(handler: str, events: list[str]) -> list[str]:
    """A handler of many takes along what was told one by one meanwhile: a thousand letters are two chunks, not all."""
    alike = max(len(events), 1)  # as many as were told at once here will have been told at once there
    while (left := CHUNK - len(events)) > 0 and (
        calls := deliver.take_along(min(50, math.ceil(left / alike)), handler=handler)
    ):
        events = [*events, *(id for call in calls for id in call["events"])]
    return events


def _tried(reaction: Handler, happened: list[Event]) -> bool:
    """Whether the handler dealt with these events; what it wrote before an error is taken back."""
    try:
        with transaction.atomic():
            reaction.function(happened if reaction.as_set else happened[0])
    except Exception as problem:
        if is_passing(problem):
            raise  # no handler's fault: the job is done again until the database can
        if len(happened) == 1:
            _note_failure(reaction, happened[0], traceback.format_exc(limit=-8))
        return False
    return True


def _note_failure(reaction: Handler, event: Event, error: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_failure (event_id, handler, attempts, error, at) VALUES (%s, %s, 1, %s, %s)"
            " ON CONFLICT (event_id, handler) DO UPDATE SET attempts = kernel_failure.attempts + 1,"
            " error = excluded.error, at = excluded.at",
            [event.meta.id, reaction.name, error, now()],
        )


def _retry_later(reaction: Handler, event: Event) -> None:
    Receipt.objects.filter(event_id=event.meta.id, handler=reaction.name).delete()
    attempts = Failure.objects.get(event_id=event.meta.id, handler=reaction.name).attempts
    if attempts < ATTEMPTS:
        wait = timedelta(seconds=min(5 * 2**attempts, 3600))
        deliver.defer(handler=reaction.name, events=[str(event.meta.id)], again=True, at=now() + wait)


def _signed_for(handler: str, events: Iterable[str]) -> list[Event]:
    """Write the receipts that are not there yet and fetch these events, in the order in which they occurred."""
    known = list(events)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH fresh AS (INSERT INTO kernel_receipt (event_id, handler, at)"
            " SELECT id, %s, %s FROM unnest(%s::uuid[]) AS e(id) ON CONFLICT DO NOTHING RETURNING event_id)"
            " SELECT e.name, e.payload::text, e.id, e.occurred_at, e.origin, e.actor_id, e.change_set"
            " FROM kernel_evententry e JOIN fresh ON fresh.event_id = e.id"
            " WHERE e.id BETWEEN %s AND %s ORDER BY e.occurred_at, e.id",  # only in the months these are of
            [handler, now(), known, min(known, default=None), max(known, default=None)],
        )
        found = cursor.fetchall()
    return [_as_recorded(_events[name].adapter.validate_json(told), *known_of) for name, told, *known_of in found]
