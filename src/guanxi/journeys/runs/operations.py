"""How runs begin, take their steps, wake up and end. Only the engine calls this: a run is nobody's to write.

A run's steps and their receipts are its history, so it is written under its own lock and not through `change()`.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from guanxi.events.journeys import RunDue, RunFailed, SubjectsHeldOut
from guanxi.journeys.journeys import rules
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.operations import halt
from guanxi.journeys.journeys.queries import missing_right
from guanxi.journeys.runs import queries
from guanxi.journeys.runs.models import Run, StepTaken
from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.events import emit
from guanxi.kernel.live import touch
from guanxi.kernel.operations import done_together, perform, perform_together
from guanxi.kernel.storing import add, put_many
from guanxi.kernel.time import now
from guanxi.kernel.words import said
from guanxi.lib.errors import Conflict, Forbidden, Invalid, Problem
from guanxi.workspace.tokens.queries import actor_of

log = logging.getLogger(__name__)
MOST_TOLD = 100
NOT_GRANTED = "access.not_granted"

# Time-ordered ids as everywhere, but made where the rows are: an audience of 100,000 begins in one statement.
_UUID7 = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING"
    " substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1),"
    " 53, 1), 'hex')::uuid"
)
_INSERT = f"""
INSERT INTO journeys_run (id, created_at, updated_at, version, created_in, origin, journey_id, subject_id, start_key,
                          status, step, waiting_for, context, outcome, ended_at)
SELECT {_UUID7}, %(now)s::timestamptz, %(now)s::timestamptz, 1, %(set)s::uuid, %(origin)s::text, %(journey)s::uuid,
       s.id, s.key, CASE WHEN s.held THEN 'held_out' ELSE 'active' END, %(step)s::text, '', s.context, '',
       CASE WHEN s.held THEN %(now)s::timestamptz END
FROM (SELECT u.id, u.key, u.context,
             ('x' || substr(encode(sha256(convert_to(%(journey)s::text || ':' || u.id::text, 'UTF8')), 'hex'), 1, 8)
             )::bit(32)::bigint / 4294967296.0 < %(share)s::float8 AS held
      FROM ({{source}}) AS u(id, key, context)) AS s
ON CONFLICT (journey_id, subject_id, start_key) DO NOTHING
RETURNING id, status
"""  # noqa: S608  no value is written into it


@dataclass
class Owners:
    """In whose name journeys act, looked up once for a batch of runs; with the right that is missing, if one is."""

    known: dict[UUID, tuple[Actor | None, str]] = field(default_factory=dict)

    def of(self, journey: Journey) -> tuple[Actor | None, str]:
        """The owner acting as this journey, and the permission the owner has lost."""
        if journey.pk not in self.known:
            actor = actor_of(journey.owner_id, kind="journey") if journey.owner_id else None
            self.known[journey.pk] = (actor, missing_right(actor, journey) if actor else "")
        return self.known[journey.pk]


def begin_runs(journey: Journey, subjects: QuerySet[Any], *, key: str, origin: Origin = Origin.LIVE) -> list[UUID]:
    """Let a journey begin for all of these, once for each key; returns the runs that go on, not those left alone."""
    try:
        inner, parameters = subjects.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    # The parameters of a queryset stand by position, ours by name: those are named too.
    names = [f"inner_{index}" for index in range(len(parameters))]
    named = inner.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
    source = f"SELECT q.id, %(key)s::text, '{{}}'::jsonb FROM ({named}) AS q(id)"  # noqa: S608  values stay apart
    return _insert(journey, source, {"key": key, **dict(zip(names, parameters, strict=True))}, origin)


def begin_runs_by_events(
    journey: Journey, beginnings: Sequence[tuple[UUID, str, dict[str, Any]]], *, origin: Origin = Origin.LIVE
) -> list[UUID]:
    """Let a journey begin for subjects by what happened to each: (subject, key, context)."""
    if not beginnings:
        return []
    source = "SELECT * FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(contexts)s::jsonb[])"
    contexts = [orjson.dumps(context).decode() for _, _, context in beginnings]
    given = {"ids": [id for id, _, _ in beginnings], "keys": [key for _, key, _ in beginnings], "contexts": contexts}
    return _insert(journey, source, given, origin)


def _insert(journey: Journey, source: str, given: dict[str, Any], origin: Origin) -> list[UUID]:
    sample = begin(SYSTEM.as_origin(origin), "journeys.run.begin").change_set if origin is Origin.SIMULATION else None
    values = {
        "now": now(),
        "set": sample,
        "origin": str(origin),
        "journey": str(journey.pk),
        "step": rules.first(journey.steps),
        "share": journey.hold_out,
        **given,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(source=source), values)
        begun = cursor.fetchall()
    touch(["journeys.run", f"journeys.journey:{journey.pk}"])
    if any(status == Run.Status.HELD_OUT for _, status in begun):
        emit(SYSTEM.as_origin(origin), SubjectsHeldOut(journey_id=journey.pk))
    return [id for id, status in begun if status == Run.Status.ACTIVE]


def take_step(run_id: UUID, owners: Owners) -> bool:
    """Take the next step of a run with its receipt, in one transaction; True when there is another to take at once."""
    with transaction.atomic():
        run = (
            Run.objects.select_for_update(of=("self",))
            .select_related("journey")
            .filter(pk=run_id, status=Run.Status.ACTIVE, journey__status=Journey.Status.RUNNING)
            .first()
        )
        if run is None:
            return False
        actor, lost = owners.of(run.journey)
        if actor is None or lost:
            stand_still(run.journey, lost)
            return False
        try:
            with transaction.atomic():
                _step(run, actor.as_origin(Origin(run.origin)))
        except Forbidden as problem:
            if problem.code != NOT_GRANTED:
                _fail(run, actor, problem)
                return False
            stand_still(run.journey, str(problem.values.get("permission", "")))
            return False
        except Problem as problem:
            _fail(run, actor, problem)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("A step of run %s failed", run.pk)
            _fail(run, actor, Invalid("journey.unexpected"))
        return run.status == Run.Status.ACTIVE


def take_together(run_ids: Sequence[UUID], owners: Owners) -> None:
    """Take, for runs that stand alike, a step that can be taken for many at once; the others stand where they stood."""
    with transaction.atomic():
        runs = Run.objects.select_for_update(of=("self",)).select_related("journey").order_by("pk")
        alike: dict[tuple[UUID, str, str], list[Run]] = {}
        for run in runs.filter(pk__among=run_ids, status=Run.Status.ACTIVE, journey__status=Journey.Status.RUNNING):
            alike.setdefault((run.journey_id, run.step, run.origin), []).append(run)
        for some in alike.values():
            actor, lost = owners.of(some[0].journey)
            if len(some) > 1 and actor and not lost:
                _operate_together(some, actor.as_origin(Origin(some[0].origin)))


def _operate_together(runs: Sequence[Run], actor: Actor) -> None:
    journey, step = runs[0].journey, rules.step_at(runs[0].journey.steps, runs[0].step) if runs[0].step else None
    if step is None or step.kind != "operation" or not done_together(step.body["name"]) or "on" not in step.body:
        return
    scenes = queries.scenes(runs, actor)
    calls = [
        (UUID(str(queries.value(at, step.body["on"]))),
         {field: queries.value(at, one) for field, one in step.body.get("input", {}).items()})
        for at in scenes
    ]  # fmt: skip
    acting = begin(actor, step.body["name"])
    taken = [scenes[place].run for place in sorted(perform_together(acting, step.body["name"], calls))]
    receipts = [_taken(run, "operation", step.body["name"], acting.change_set) for run in taken]
    add(StepTaken, receipts)
    for run in taken:
        _place(run, rules.after(journey.steps, step.path))
    if taken:
        put_many(taken, [f for f in Run._meta.concrete_fields if f.name in _WRITTEN])
        touch([f"journeys.run:{run.pk}" for run in taken if run.ended_at][:MOST_TOLD])


def wake(run_ids: Sequence[UUID], *, why: str, at_step: dict[UUID, str] | None = None) -> list[UUID]:
    """Let waiting runs go on behind their wait; those that wait no longer, or elsewhere, stay as they are."""
    woken: list[UUID] = []
    with transaction.atomic():
        waiting = Run.objects.select_for_update(of=("self",)).select_related("journey").order_by("pk")
        for run in waiting.filter(pk__in=run_ids, status=Run.Status.WAITING):
            if at_step and at_step.get(run.pk) != run.step:
                continue
            _receipt(run, "wait", why)
            _move(run, rules.after(run.journey.steps, run.step))
            woken.append(run.pk)
        _stop_clocks(woken)
    return woken


def stop_runs(runs: QuerySet[Run], *, outcome: str) -> int:
    """End all of these that are still under way."""
    with transaction.atomic():
        under_way = runs.filter(status__in=[Run.Status.ACTIVE, Run.Status.WAITING])
        ids = list(under_way.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        moment = now()
        Run.objects.filter(pk__in=ids).update(
            status=Run.Status.STOPPED, outcome=outcome[:120], ended_at=moment, waiting_until=None, updated_at=moment
        )
        _stop_clocks(ids)
    return len(ids)


def _step(run: Run, actor: Actor) -> None:
    at = queries.scene(run, actor)
    step = rules.step_at(run.journey.steps, run.step) if run.step else None
    if getattr(at.subject, "archived_at", None) is not None:
        _end(run, Run.Status.STOPPED, "archived")
    elif any(queries.fulfils(at, stop["condition"]) for stop in run.journey.stops if "condition" in stop):
        _end(run, Run.Status.STOPPED, "stop_rule")
    elif step is None:
        _end(run, Run.Status.DONE, run.outcome or "done")
    else:
        _TAKE[step.kind](at, step)


def _operate(at: queries.Scene, step: rules.Placed) -> None:
    name = step.body["name"]
    acting = begin(at.actor, name)
    given = {field: queries.value(at, one) for field, one in step.body.get("input", {}).items()}
    subject = queries.value(at, step.body["on"]) if "on" in step.body else at.subject.pk
    perform(acting, name, UUID(str(subject)), given)
    _receipt(at.run, "operation", name, acting.change_set)
    _move(at.run, rules.after(at.journey.steps, step.path))


def _branch(at: queries.Scene, step: rules.Placed) -> None:
    arm = "then" if queries.fulfils(at, step.body["condition"]) else "else"
    _receipt(at.run, "branch", arm)
    _move(at.run, rules.into(at.journey.steps, step.path, arm))


def _wait(at: queries.Scene, step: rules.Placed) -> None:
    run, until = at.run, queries.until(at, step.body)
    if until is None or until <= now():
        _receipt(run, "wait", "over")
        _move(run, rules.after(at.journey.steps, step.path))
        return
    inner = step.body.get("until")
    run.status, run.waiting_until = Run.Status.WAITING, until
    run.waiting_for = inner["event"] if isinstance(inner, dict) and "event" in inner else ""
    _save(run)
    clocks.start(_clock(run.pk), until, RunDue(run_id=run.pk, step=step.path), origin=Origin(run.origin))


def _stop(at: queries.Scene, step: rules.Placed) -> None:
    _receipt(at.run, "stop", step.body)
    _end(at.run, Run.Status.DONE, step.body)


_TAKE = {"operation": _operate, "branch": _branch, "wait": _wait, "stop": _stop}


def _move(run: Run, path: str) -> None:
    _place(run, path)
    _save(run)
    if run.ended_at:
        touch([f"journeys.run:{run.pk}"])


def _place(run: Run, path: str) -> None:
    """Let a run stand at a step; behind the last one it is done."""
    run.step, run.status, run.waiting_until, run.waiting_for, run.updated_at = path, Run.Status.ACTIVE, None, "", now()
    if not path:
        run.status, run.outcome, run.ended_at = Run.Status.DONE, run.outcome or "done", now()


def _end(run: Run, status: str, outcome: str) -> None:
    run.status, run.outcome, run.ended_at, run.waiting_until = status, outcome[:120], now(), None
    _save(run)
    touch([f"journeys.run:{run.pk}"])


def _save(run: Run) -> None:
    run.updated_at = now()
    run.save(force_update=True, update_fields=_WRITTEN)


_WRITTEN = ("status", "step", "waiting_until", "waiting_for", "outcome", "trouble", "ended_at", "updated_at")


def _receipt(run: Run, kind: str, what: str, change_set: UUID | None = None) -> None:
    _taken(run, kind, what, change_set).save(force_insert=True)


def _taken(run: Run, kind: str, what: str, change_set: UUID | None) -> StepTaken:
    return StepTaken(run_id=run.pk, step=run.step, kind=kind, said=what[:120], change_set=change_set, at=now())


def _fail(run: Run, actor: Actor, problem: Problem) -> None:
    """What the failed step had begun is taken back; the run says why it ends here, in its owner's language."""
    run.refresh_from_db(fields=_WRITTEN)
    run.trouble = said(problem, actor.language)
    _end(run, Run.Status.FAILED, problem.code)
    failed = RunFailed(run_id=run.pk, journey_id=run.journey_id, subject_id=run.subject_id, code=problem.code)
    emit(SYSTEM.as_origin(Origin(run.origin)), failed)


def stand_still(journey: Journey, lost: str) -> None:
    """Pause a journey whose owner left or lost a right; the run at hand stays before its step."""
    try:
        halt(SYSTEM, journey.pk, reason="lost_right" if lost else "owner_left", permission=lost)
    except Conflict:
        log.info("Journey %s was paused meanwhile", journey.pk)


def _clock(run_id: UUID) -> str:
    return f"journeys.run:{run_id}"


def _stop_clocks(run_ids: Sequence[UUID]) -> None:
    clocks.stop_all(_clock(id) for id in run_ids)


def under_way(journey_ids: Sequence[UUID], subject_ids: Sequence[UUID], *, before: datetime) -> QuerySet[Run]:
    """The runs of these journeys that are under way for these subjects and had begun before a time."""
    return Run.objects.filter(
        journey_id__in=journey_ids,
        subject_id__in=subject_ids,
        status__in=[Run.Status.ACTIVE, Run.Status.WAITING],
        created_at__lte=before,
    )
