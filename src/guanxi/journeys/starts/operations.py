"""Letting journeys begin: for what happened, for whom a condition became true, for a round, for a day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.events.journeys import RoundDue
from guanxi.journeys.journeys import rules
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.runs import operations as runs
from guanxi.journeys.runs.models import Holding, Run, StepTaken
from guanxi.journeys.starts import queries
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.events import Event
from guanxi.kernel.occurrences import OfAnyRecord
from guanxi.kernel.records import of_name
from guanxi.kernel.time import now, today
from guanxi.workspace.company.operations import ZONE

LATER = timedelta(hours=1)


def by_events(journey: Journey, owners: runs.Owners, happened: Sequence[Event], origin: Origin) -> list[UUID]:
    """Begin, wake and stop what these events mean to a journey; returns the runs that go on now."""
    actor, lost = owners.of(journey)
    if lost:
        runs.stand_still(journey, lost)
        return []
    own = _own_doing(journey, happened)
    others = [event for event in happened if event.meta.id not in own]
    begun: list[UUID] = []
    kind = rules.start_kind(journey.start)
    if actor and kind == "event":
        begun = runs.begin_runs_by_events(journey, _beginnings(journey, others), origin=origin)
    elif actor and kind == "condition":
        subjects = _subjects(journey, journey.start, others)
        begun = became_true(journey, queries.of_condition(journey, actor), among=subjects, origin=origin)
    return [*begun, *_woken(journey, happened), *_stopped(journey, happened)]


def became_true(
    journey: Journey, fulfilling: QuerySet[Any], *, among: Sequence[UUID] | None, origin: Origin, begin: bool = True
) -> list[UUID]:
    """Begin for those for whom the condition holds and did not before; forget those for whom it holds no longer."""
    if among is not None:
        fulfilling = fulfilling.filter(pk__in=among)
    held = Holding.objects.filter(Q() if among is None else Q(subject_id__in=among), journey=journey)
    held.exclude(subject_id__in=fulfilling.order_by().values("pk")).delete()
    since = now()
    fresh = _newly_held(journey, fulfilling, since)
    key = f"true:{since:%Y-%m-%dT%H:%M:%S.%f}"
    model = of_name(journey.record).model
    return (
        runs.begin_runs(journey, model._default_manager.filter(pk__in=fresh), key=key, origin=origin) if begin else []
    )


def note_present(actor: Actor, journey: Journey, happened: Sequence[Event]) -> None:
    """Note for whom of these the condition holds, without beginning for anybody."""
    subjects = _subjects(journey, journey.start, happened)
    fulfilling = queries.of_condition(journey, actor)
    became_true(journey, fulfilling, among=subjects, origin=Origin.LIVE, begin=False)


def hold_round(journey: Journey, owners: runs.Owners, number: int, origin: Origin) -> list[UUID]:
    """Begin for the next round of an audience, or for a day, and set the clock for the one after it."""
    kind = rules.start_kind(journey.start)
    actor, lost = owners.of(journey)
    if kind not in ("audience", "condition", "date"):
        return []
    if actor is None or lost or journey.status != Journey.Status.RUNNING:
        if journey.status == Journey.Status.RUNNING:
            runs.stand_still(journey, lost)
        _next(journey, number, now() + LATER, origin)
        return []
    if kind == "audience":
        if not rules.last_round(journey.start, number):
            _next(journey, number + 1, now() + max(rules.span(journey.start["every"]), rules.LEAST_ROUND), origin)
        return runs.begin_runs(journey, queries.of_audience(journey, actor), key=f"round:{number}", origin=origin)
    day = date.fromordinal(number)
    _next(journey, number + 1, queries.next_day(day, greeting=kind == "date"), origin)
    if kind == "condition":
        return became_true(journey, queries.of_condition(journey, actor), among=None, origin=origin)
    key = f"day:{queries.anniversary(journey.start, day):%Y}"
    return runs.begin_runs(journey, queries.of_day(journey, actor, day), key=key, origin=origin)


def open_journey(journey: Journey, owners: runs.Owners, origin: Origin) -> list[UUID]:
    """What begins with the start itself: the first round, the first day, those for whom the condition holds already."""
    kind, actor = rules.start_kind(journey.start), owners.of(journey)[0]
    number = 1 if kind == "audience" else today(ZONE.get()).toordinal()
    if kind == "condition" and actor and not journey.start.get("present"):
        became_true(journey, queries.of_condition(journey, actor), among=None, origin=origin, begin=False)
    return hold_round(journey, owners, number, origin)


def close_journey(journey_id: UUID) -> None:
    """Stop everything that is under way in a journey and the clock of its rounds."""
    clocks.stop(queries.clock(journey_id))
    runs.stop_runs(Run.objects.filter(journey_id=journey_id), outcome="journey_ended")


def _newly_held(journey: Journey, fulfilling: QuerySet[Any], since: datetime) -> list[UUID]:
    try:
        inner, parameters = fulfilling.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journeys_holding (journey_id, subject_id, since)"  # noqa: S608  no value is written into it
            f" SELECT %s::uuid, q.id, %s::timestamptz FROM ({inner}) AS q(id) ON CONFLICT DO NOTHING"
            " RETURNING subject_id",
            [str(journey.pk), since, *parameters],
        )
        return [row[0] for row in cursor.fetchall()]


def _next(journey: Journey, number: int, at: datetime, origin: Origin) -> None:
    clocks.start(queries.clock(journey.pk), at, RoundDue(journey_id=journey.pk, number=number), origin=origin)


def _subject(journey: Journey, named: dict[str, Any], event: Event) -> UUID | None:
    if isinstance(event, OfAnyRecord):
        return event.record_id if event.record == journey.record else None
    found = getattr(event, rules.subject_field(journey.record, named), None)
    return found if isinstance(found, UUID) else None


def _subjects(journey: Journey, named: dict[str, Any], happened: Iterable[Event]) -> list[UUID]:
    return list(dict.fromkeys(id for event in happened if (id := _subject(journey, named, event))))


def _fulfilling(journey: Journey, named: dict[str, Any], subjects: list[UUID]) -> set[UUID]:
    """Those of the subjects that a rule's `where` lets through; who drew it was asked whether they may ask that."""
    kind = of_name(journey.record)
    rows = kind.model._default_manager.filter(
        compiled(SYSTEM, named.get("where"), kind, zone=ZONE.get()), pk__in=subjects
    )
    return set(rows.values_list("pk", flat=True))


def _beginnings(journey: Journey, happened: Sequence[Event]) -> list[tuple[UUID, str, dict[str, Any]]]:
    start = journey.start
    fitting = [event for event in happened if event.name == start["event"]]
    allowed = _fulfilling(journey, start, _subjects(journey, start, fitting))
    found = []
    for event in fitting:
        subject = _subject(journey, start, event)
        if subject in allowed and subject is not None:
            payload = event.adapter.dump_python(event, mode="json")
            context = {"event": payload, "at": event.meta.occurred_at.isoformat()}
            found.append((subject, "once" if start.get("once") else f"event:{event.meta.id}", context))
    return found


def _own_doing(journey: Journey, happened: Sequence[Event]) -> set[UUID]:
    """The events that this journey itself caused: they do not begin it again."""
    sets = {event.meta.change_set for event in happened if event.meta.change_set}
    done = StepTaken.objects.filter(change_set__in=list(sets), run__journey=journey)
    own = set(done.values_list("change_set", flat=True))
    return {event.meta.id for event in happened if event.meta.change_set in own}


def _woken(journey: Journey, happened: Sequence[Event]) -> list[UUID]:
    woken: list[UUID] = []
    for event in happened:
        subject = _subject(journey, {}, event)
        if subject:
            waiting = runs.under_way([journey.pk], [subject], before=event.meta.occurred_at)
            ids = list(waiting.filter(waiting_for=event.name).values_list("pk", flat=True))
            woken += runs.wake(ids, why="happened") if ids else []
    return woken


def _stopped(journey: Journey, happened: Sequence[Event]) -> list[UUID]:
    """Stop those to whom something happened that ends it; nobody goes on by that."""
    for stop in journey.stops:
        ending = [event for event in happened if event.name == stop.get("event")]
        for event in ending:
            subjects = _fulfilling(journey, stop, _subjects(journey, stop, [event]))
            under_way = runs.under_way([journey.pk], list(subjects), before=event.meta.occurred_at)
            runs.stop_runs(under_way, outcome=event.name)
    return []
