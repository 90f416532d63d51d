"""A plan held against the catalogues: whether everything it names exists, and what it listens to."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.db.models import QuerySet

from guanxi.journeys.journeys import rules
from guanxi.journeys.journeys.models import Journey
from guanxi.kernel import settings
from guanxi.kernel.access import read, require_readable, sees_all
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import SECONDS
from guanxi.kernel.conditions.queries import compiled, require_all_seen, resolve
from guanxi.kernel.events import Event, events, noun_of
from guanxi.kernel.occurrences import RecordChanged
from guanxi.kernel.operations import Operation, operations
from guanxi.kernel.records import Field, RecordType, of_name, type_of
from guanxi.lib.errors import Forbidden, Invalid, Problem, Unknown


def running() -> QuerySet[Journey]:
    """The journeys that run now."""
    return Journey.objects.filter(status=Journey.Status.RUNNING)


def require_sound(actor: Actor, record: str, start: Mapping[str, Any], steps: rules.Plan, stops: Any) -> None:
    """Refuse a plan that names what does not exist or cannot be done."""
    kind = of_name(record)
    require_all_seen(actor, kind)
    for name in {*rules.standards(steps), *rules.standards(start)}:
        promised(name)
    _start(actor, kind, start)
    rules.require_rhythm(start)
    for step in rules.placed(steps):
        _step(actor, kind, step)
        if step.kind == "operation":
            _names_known(actor, kind, start, [step.body.get("on"), *step.body.get("input", {}).values()])
    if not isinstance(stops, list):
        raise Invalid("journey.wrong_stop", stop=str(stops)[:80])
    for stop in stops:
        _stop(actor, kind, stop)


def promised(name: str) -> settings.Setting:
    """A standard that one can wait for: a length of time the company promises."""
    found = settings.of_name(name)
    if found.unit not in SECONDS:
        raise Invalid("journey.not_a_length", standard=name)
    return found


def require_rights(actor: Actor, steps: rules.Plan) -> None:
    """Refuse to run what the actor may not do alone."""
    for name in operation_names(steps):
        if not actor.may(name):
            raise Forbidden("journey.not_granted", permission=name)


def missing_right(actor: Actor, journey: Journey) -> str:
    """The right that a plan asks for and the actor does not have, or has no more; nothing where none is missing."""
    try:
        require_rights(actor, journey.steps)
        require_sound(actor, journey.record, journey.start, journey.steps, journey.stops)
    except Forbidden as problem:
        return str(problem.values.get("permission") or problem.values["field"])
    except Problem:  # what is not there any more fails the runs that come to it, each with its reason
        return ""
    return ""


def operation_names(steps: rules.Plan) -> list[str]:
    """The operations of a plan, each once."""
    return list(dict.fromkeys(step.body["name"] for step in rules.placed(steps) if step.kind == "operation"))


def hears(record: str, start: Mapping[str, Any], steps: rules.Plan, stops: list[dict[str, Any]]) -> list[str]:
    """The names of the events a journey listens to: its beginning, its waits and its stop rules."""
    heard = {stop["event"] for stop in stops if "event" in stop}
    kind = rules.start_kind(start)
    if kind == "event":
        heard.add(start["event"])
    if kind == "condition":
        heard |= {RecordChanged.name} | {name for name, one in events().items() if _tells_of(one, record)}
    for step in rules.placed(steps):
        until = step.body.get("until") if step.kind == "wait" else None
        if isinstance(until, Mapping) and "event" in until:
            heard.add(until["event"])
    return sorted(heard)


def _tells_of(event: type[Event], record: str) -> bool:
    """Whether an event says something about records of a kind; what journeys say of themselves begins none."""
    return not event.name.startswith("journeys.") and rules.subject_field(record, {}) in _names(event)


def _names(event: type[Event]) -> set[str]:
    return {field.name for field in fields(event)}


def _event(actor: Actor, kind: RecordType, named: Mapping[str, Any]) -> None:
    known = events().get(named["event"])
    if known is None:
        raise Unknown("journey.unknown_event", named["event"], events(), event=str(named["event"]))
    field = rules.subject_field(kind.name, named)
    if field not in _names(known):
        raise Invalid("journey.event_without_subject", event=known.name, field=field)
    _require_all_heard(actor, kind, known)
    compiled(actor, named.get("where"), kind, kept=True)


def _require_all_heard(actor: Actor, kind: RecordType, event: type[Event]) -> None:
    """An event tells of every record that it names: only whoever sees all of these, and reads what it says, listens."""
    for field in fields(event):
        noun = noun_of(field.name, {"record": kind.name})
        if noun:
            require_readable(actor, of_name(noun), *sorted(_names(event)))
        if noun and not sees_all(actor, of_name(noun)):
            permission = read(of_name(noun))
            raise Forbidden("journey.not_all_heard", event=f"{event.name}.label", record=noun, permission=permission)
    for told in event.tells.values():
        noun, _, name = told.rpartition(".")
        require_readable(actor, of_name(noun), name)


def _start(actor: Actor, kind: RecordType, start: Mapping[str, Any]) -> None:
    shape = rules.start_kind(start)
    if shape == "event":
        _event(actor, kind, start)
    elif shape in ("condition", "audience"):
        compiled(actor, start[shape], kind, kept=True)
    elif shape == "date":
        _date(actor, kind, start["date"])
        compiled(actor, rules.on_its_day(start["date"]), kind, kept=True)


def _stop(actor: Actor, kind: RecordType, stop: Any) -> None:
    if isinstance(stop, Mapping) and "event" in stop and not set(stop) - {"event", "subject", "where"}:
        _event(actor, kind, stop)
    elif isinstance(stop, Mapping) and set(stop) == {"condition"}:
        compiled(actor, stop["condition"], kind, kept=True)
    else:
        raise Invalid("journey.wrong_stop", stop=str(stop)[:80])


def _step(actor: Actor, kind: RecordType, step: rules.Placed) -> None:
    if step.kind == "branch":
        compiled(actor, step.body["condition"], kind, kept=True)
    elif step.kind == "operation":
        _operation(kind, step.body)
    elif step.kind == "wait" and isinstance(step.body.get("until"), Mapping):
        until = step.body["until"]
        if "event" in until:
            _event(actor, kind, {"event": until["event"]})
        elif "field" in until and not set(until) - {"field", "before", "after"}:
            _date(actor, kind, until["field"])
            for name in ("before", "after"):
                rules.span(until.get(name, {"days": 0}))
        else:
            raise Invalid("journey.wrong_step", step=str(step.body)[:80])
    elif step.kind == "wait" and step.body.get("until", rules.OFFICE_OPENS) != rules.OFFICE_OPENS:
        rules.moment(step.body["until"])


def _date(actor: Actor, kind: RecordType, path: str) -> None:
    if _read(actor, kind, path).kind not in ("date", "datetime"):
        raise Invalid("journey.not_a_date", field=str(path))


def _read(actor: Actor, kind: RecordType, path: str) -> Field:
    """The field at the end of a path; it has to be read, and the nouns it leads through."""
    found = resolve(kind, path)[1]
    *through, last = path.split(".")
    for name in through:
        require_readable(actor, kind, name)
        kind = type_of(kind.field(name).to)  # type: ignore[arg-type]
        actor.require(read(kind))
    require_readable(actor, kind, last)
    if found.kind == "sensitive":  # what a journey writes down is read by others
        raise Forbidden("field.not_readable", record=kind.name, field=kind.message(last))
    return found


def _names_known(actor: Actor, kind: RecordType, start: Mapping[str, Any], given: list[Any]) -> None:
    """Refuse a blank that nothing fills."""
    for name in rules.named(given):
        head, _, rest = name.partition(".")
        if head == "subject" and rest not in ("label", "id"):
            if _read(actor, kind, rest).kind == "change_set":
                raise Invalid("journey.wrong_value", value=name[:80])
        elif head == "event" and "event" in start and rest in _names(events()[start["event"]]):
            continue
        elif head != "subject" and name not in rules.NAMED:
            raise Invalid("journey.wrong_value", value=name[:80])


def _operation(kind: RecordType, body: Mapping[str, Any]) -> None:
    wanted: Operation | None = operations().get(body["name"])
    if wanted is None:
        raise Unknown("operation.unknown", body["name"], operations(), operation=body["name"])
    if wanted.human_only:
        raise Invalid("journey.human_only", operation=wanted.name)
    if wanted.subject and "on" not in body and wanted.noun != kind.name:
        raise Invalid("journey.needs_a_record", operation=wanted.name, record=wanted.noun)
    given, known = set(body.get("input", {})), wanted.input.model_fields
    for name in given - set(known):
        raise Unknown("journey.unknown_input", name, known, operation=wanted.name, field=name)
    for name, field in known.items():
        if field.is_required() and name not in given:
            raise Invalid("journey.missing_input", operation=wanted.name, field=name)
