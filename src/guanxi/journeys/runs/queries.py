"""What a step needs to know: its subject, and the values of its input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.journeys.journeys import rules
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.queries import promised
from guanxi.journeys.runs.models import Run
from guanxi.kernel import access
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.models import Row
from guanxi.kernel.records import Field, RecordType, of_name, type_of
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.lib.calendar import next_open
from guanxi.lib.errors import Invalid
from guanxi.workspace.office_hours.queries import falls_due, office_hours


@dataclass(frozen=True)
class Scene:
    """One run with everything its steps may speak of."""

    run: Run
    journey: Journey
    actor: Actor
    kind: RecordType
    subject: Row
    known: dict[tuple[type[Row], UUID], Row | None] = field(default_factory=dict)

    def led_to(self, row: Row, reference: Field) -> Row | None:
        """The row that a reference leads to, read once; none that the owner does not see."""
        model, id = reference.to, getattr(row, reference.column)
        if model is None:
            raise Invalid("condition.not_a_reference", field=reference.name)
        if (model, id) not in self.known:
            self.known[model, id] = id and access.visible_to(self.actor, model).filter(pk=id).first()
        return self.known[model, id]

    @property
    def began_at(self) -> datetime:
        """When what the run began with happened."""
        at = self.run.context.get("at")
        return datetime.fromisoformat(at) if at else self.run.created_at


def going(runs: Sequence[UUID]) -> set[UUID]:
    """Those of these runs that have a step to take now."""
    active = Run.objects.filter(status=Run.Status.ACTIVE, journey__status=Journey.Status.RUNNING)
    return set(active.filter(pk__among=runs).values_list("pk", flat=True))


def scene(run: Run, actor: Actor) -> Scene:
    """The run, with its subject as its owner may see it."""
    kind = of_name(run.journey.record)
    return Scene(run, run.journey, actor, kind, access.get(actor, kind.model, run.subject_id))


def scenes(runs: Sequence[Run], actor: Actor) -> list[Scene]:
    """Runs of one journey that may take a step now: whose subject is seen, there, and stopped by no rule."""
    journey, kind = runs[0].journey, of_name(runs[0].journey.record)
    rows = access.visible_to(actor, kind.model).filter(pk__among=[run.subject_id for run in runs])
    for stop in journey.stops:
        if "condition" in stop:
            rows = rows.exclude(compiled(SYSTEM, stop["condition"], kind, zone=actor.zone))
    found = {row.pk: row for row in rows if getattr(row, "archived_at", None) is None}
    return [Scene(run, journey, actor, kind, found[run.subject_id]) for run in runs if run.subject_id in found]


def fulfils(at: Scene, condition: Condition) -> bool:
    """Whether the subject of a run fulfils a condition now."""
    whole = compiled(SYSTEM, condition, at.kind, zone=at.actor.zone)
    return at.kind.model._default_manager.filter(whole, pk=at.subject.pk).exists()


def value(at: Scene, given: Any) -> Any:
    """What a part of an input means for this run; whatever is not written as a blank is meant as it stands."""
    if isinstance(given, list):
        return [value(at, one) for one in given]
    if not isinstance(given, Mapping):
        return given
    if set(given) == {"from"}:
        return _named(at, given["from"])
    if set(given) == {"text"}:
        return rules.filled(given["text"], {name: _shown(at, name) for name in rules.blanks(given["text"])})
    if "words" in given and not set(given) - {"words", "values"}:
        blanks = {name: value(at, one) for name, one in given.get("values", {}).items()}
        return say(given["words"], at.actor.language, **blanks)
    if set(given) == {"moment"}:
        return moment(at, given["moment"]).isoformat()
    return {name: value(at, one) for name, one in given.items()}


def moment(at: Scene, given: Mapping[str, Any]) -> datetime:
    """A point in time: some while after now, or after the run's beginning."""
    since = at.began_at if given.get("after") == "start" else now()
    return since + length(given["for"], since)


def length(given: Mapping[str, Any], since: datetime | None = None) -> timedelta:
    """How long from a moment on, else from now: a span, or what the company promises, less a span."""
    return rules.delay(given, {name: _seconds(name, since or now()) for name in rules.standards(given)})


def _seconds(name: str, since: datetime) -> float:
    """How long it takes from a moment on until a promise is over, also one that is counted by the office."""
    standard = promised(name)
    return (falls_due(since, standard.held(), standard.unit) - since).total_seconds()


def until(at: Scene, body: Mapping[str, Any]) -> datetime | None:
    """Until when a wait lasts; None when what it refers to is not known."""
    if "for" in body:
        return now() + length(body["for"])
    given = body["until"]
    if given == rules.OFFICE_OPENS:
        return next_open(now(), office_hours(now()))
    if not isinstance(given, Mapping):
        return rules.moment(given)
    if "event" in given:
        return now() + length(given["at_most"])
    found = _walked(at, given["field"])
    if found is None:
        return None
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, 9, tzinfo=ZoneInfo(at.actor.zone))
    nothing = {"days": 0}
    when: datetime = found - rules.span(given.get("before", nothing)) + rules.span(given.get("after", nothing))
    return when


def _named(at: Scene, path: Any) -> Any:
    head, _, rest = str(path).partition(".")
    if head == "subject":
        return _plain(at.kind.label(at.subject) if rest == "label" else _walked(at, rest))
    if head == "event" and rest in at.run.context.get("event", {}):
        return at.run.context["event"][rest]
    known = {
        "run.id": at.run.pk,
        "run.start_key": at.run.start_key,
        "journey.id": at.journey.pk,
        "journey.name": at.journey.name,
        "owner.id": at.actor.id,
        "owner.name": at.actor.label,
    }
    if path not in known:
        raise Invalid("journey.wrong_value", value=str(path)[:80])
    return _plain(known[path])


def _shown(at: Scene, path: str) -> str:
    found = _named(at, path)
    return "" if found is None else str(found)


def _walked(at: Scene, path: str) -> Any:
    """What stands at the end of a path of fields; nothing where it leads through what the owner does not see."""
    *through, last = path.split(".")
    row, kind = at.subject, at.kind
    for name in through:
        led_to = at.led_to(row, kind.field(name))
        if led_to is None:
            return None
        row, kind = led_to, type_of(type(led_to))
    return row.pk if last == "id" else kind.field(last).value_of(row)


def _plain(found: Any) -> Any:
    if isinstance(found, UUID | Decimal):
        return str(found)
    return found.isoformat() if isinstance(found, date) else found
