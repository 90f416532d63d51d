"""The shape of a plan: what a journey may consist of and how one walks through it. No tables here."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from guanxi.lib.errors import Conflict, Invalid
from guanxi.lib.moments import speakable

Plan = list[dict[str, Any]]
StepKind = Literal["wait", "branch", "operation", "stop"]
OFFICE_OPENS = "office_opens"
"""What a wait may be until: the next moment when the office is open, which may be this one."""
STEP_KINDS: tuple[StepKind, ...] = ("wait", "branch", "operation", "stop")
STARTS = ("event", "condition", "audience", "date", "none")
NEXT = {
    "draft": {"running"},
    "running": {"paused", "ended"},
    "paused": {"running", "ended"},
    "ended": set[str](),
}
MOST_STEPS = 100
DEEPEST = 6
UNITS = ("minutes", "hours", "days", "weeks")
LONGEST = timedelta(days=40_000)
LEAST_ROUND = timedelta(hours=1)
"""So long an audience is left before it is looked at again: each round is an event that stays."""
_KEYS: dict[str, set[str]] = {
    "event": {"event", "subject", "where", "once"},
    "condition": {"condition", "present"},
    "audience": {"audience", "every", "times"},
    "date": {"date", "before", "after"},
    "none": set(),
}


def require_move(status: str, to: str) -> None:
    """Refuse a status a journey cannot take now."""
    if to not in NEXT[status]:
        raise Conflict("journey.wrong_status", frm=status, to=to)


def start_kind(start: Mapping[str, Any]) -> str:
    """By what a journey begins: an event, a condition that became true, an audience, a date, or only by a call."""
    if not isinstance(start, Mapping):
        raise Invalid("journey.wrong_start", keys=type(start).__name__)
    kind = next((name for name in STARTS if name in start), "none")
    if set(start) - _KEYS[kind]:
        raise Invalid("journey.wrong_start", keys=", ".join(sorted(map(str, start))))
    for name in ("every", "before", "after"):
        if start.get(name) is not None:
            span(start[name])
    _require_times(start)
    return kind


def _require_times(start: Mapping[str, Any]) -> None:
    """Refuse a number of rounds that is none, or that has no rhythm."""
    times = start.get("times")
    if times is not None and (type(times) is not int or times < 1 or start.get("every") is None):
        raise Invalid("journey.wrong_times", times=str(times)[:80])


def last_round(start: Mapping[str, Any], number: int) -> bool:
    """Whether no further round follows this one."""
    times = start.get("times")
    return start.get("every") is None or (times is not None and number >= times)


def span(value: Any) -> timedelta:
    """A length of time such as {"days": 7}."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((unit, count),) = value.items()
        whole = isinstance(count, int | float) and not isinstance(count, bool)
        if unit in UNITS and whole and 0 <= count <= LONGEST.days and (found := timedelta(**{unit: count})) <= LONGEST:
            return found
    raise Invalid("journey.wrong_span", value=str(value)[:80])


def require_rhythm(start: Mapping[str, Any]) -> None:
    """Refuse rounds that follow each other too fast."""
    if start.get("every") is not None and span(start["every"]) < LEAST_ROUND:
        raise Invalid("journey.too_often", least=LEAST_ROUND // timedelta(minutes=1))


def kind_of(step: Any) -> StepKind:
    """What a step does."""
    if isinstance(step, Mapping) and len(step) == 1:
        for kind in STEP_KINDS:
            if kind in step:
                return kind
    raise Invalid("journey.wrong_step", step=str(step)[:80])


@dataclass(frozen=True)
class Placed:
    """A step and where it stands in the plan."""

    path: str
    kind: StepKind
    body: Any


def walk(steps: Any, prefix: str = "", depth: int = 0) -> Iterator[Placed]:
    """Every step of a plan with its path, in the order it is written."""
    if not isinstance(steps, list) or depth > DEEPEST:
        raise Invalid("journey.wrong_steps", deepest=DEEPEST)
    for index, step in enumerate(steps):
        path, kind = f"{prefix}{index}", kind_of(step)
        yield Placed(path, kind, step[kind])
        if kind == "branch":
            for arm in ("then", "else"):
                yield from walk(_branch(step[kind]).get(arm, []), f"{path}.{arm}.", depth + 1)


def placed(steps: Plan) -> list[Placed]:
    """All steps of a plan; one that is too long or wrongly made is refused."""
    found = []
    for step in walk(steps):
        found.append(step)
        if len(found) > MOST_STEPS:
            raise Invalid("journey.too_many_steps", most=MOST_STEPS)
        _CHECKS[step.kind](step.body)
    return found


def _branch(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, Mapping) or "condition" not in body or set(body) - {"condition", "then", "else"}:
        raise Invalid("journey.wrong_step", step=str(body)[:80])
    return body


def _wait(body: Any) -> None:
    if not isinstance(body, Mapping) or len(body) != 1 or set(body) - {"for", "until"}:
        raise Invalid("journey.wrong_step", step=str(body)[:80])
    if "for" in body:
        require_length(body["for"])
    elif isinstance(body["until"], Mapping) and "event" in body["until"]:
        if set(body["until"]) != {"event", "at_most"}:
            raise Invalid("journey.wrong_step", step=str(body)[:80])
        require_length(body["until"]["at_most"])


def require_length(value: Any) -> None:
    """Refuse what is neither a span nor a standard less a span."""
    if isinstance(value, Mapping) and "standard" in value:
        if set(value) - {"standard", "less"} or not isinstance(value["standard"], str):
            raise Invalid("journey.wrong_span", value=str(value)[:80])
        span(value.get("less", {"days": 0}))
    else:
        span(value)


def _operation(body: Any) -> None:
    if not isinstance(body, Mapping) or not isinstance(body.get("name"), str) or set(body) - {"name", "on", "input"}:
        raise Invalid("journey.wrong_step", step=str(body)[:80])
    if not isinstance(body.get("input", {}), Mapping):
        raise Invalid("journey.wrong_step", step=str(body)[:80])


def _stop(body: Any) -> None:
    if not isinstance(body, str) or not body or len(body) > 120:
        raise Invalid("journey.wrong_step", step=str(body)[:80])


_CHECKS = {"branch": _branch, "wait": _wait, "operation": _operation, "stop": _stop}


def step_at(steps: Plan, path: str) -> Placed | None:
    """The step at a path; None where the plan is at its end."""
    at: Any = steps
    for part in path.split("."):
        if part.isdigit():
            if not isinstance(at, list) or int(part) >= len(at):
                return None
            at = at[int(part)]
        else:
            at = at["branch"].get(part, [])
    kind = kind_of(at)
    return Placed(path, kind, at[kind])


def after(steps: Plan, path: str) -> str:
    """The path of what follows a step: the next beside it, else what follows the branch it stands in; "" at the end."""
    while path:
        *outer, index = path.split(".")
        following = ".".join([*outer, str(int(index) + 1)])
        if step_at(steps, following):
            return following
        path = ".".join(outer[:-1])
    return ""


def into(steps: Plan, path: str, arm: str) -> str:
    """The path of the first step of a branch's arm; what follows the branch where the arm is empty."""
    inner = f"{path}.{arm}.0"
    return inner if step_at(steps, inner) else after(steps, path)


def first(steps: Plan) -> str:
    """The path of the first step."""
    return "0" if steps else ""


def on_its_day(field: str) -> dict[str, Any]:
    """The condition under which a date comes round on a day."""
    return {"field": field, "op": "anniversary_within", "value": {"days": 1}}


def held_out(journey: UUID, subject: UUID, share: float) -> bool:
    """Whether a subject belongs to the share that is left alone; the same answer every time, everywhere."""
    digest = hashlib.sha256(f"{journey}:{subject}".encode()).hexdigest()
    return int(digest[:8], 16) / 2**32 < share


def subject_field(record: str, start: Mapping[str, Any]) -> str:
    """The field of an event that names the subject: `customer_id` for customers, unless the beginning names another."""
    return str(start.get("subject") or f"{record.rpartition('.')[2]}_id")


_BLANK = re.compile(r"\{([a-z_.0-9]+)\}")


def blanks(text: str) -> list[str]:
    """The names of the blanks in a text."""
    return _BLANK.findall(text)


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A text with its blanks filled."""
    return _BLANK.sub(lambda found: str(values[found[1]]), text)


NAMED = ("run.id", "run.start_key", "journey.id", "journey.name", "owner.id", "owner.name")


def named(value: Any) -> list[str]:
    """The names that an input speaks of: in blanks of texts and where a value comes from."""
    if isinstance(value, list):
        return [name for inner in value for name in named(inner)]
    if not isinstance(value, Mapping):
        return []
    if set(value) == {"from"}:
        return [str(value["from"])]
    if set(value) == {"text"}:
        return blanks(str(value["text"]))
    if set(value) == {"moment"}:
        _moment(value["moment"])
    return [name for inner in value.values() for name in named(inner)]


def _moment(value: Any) -> None:
    whole = isinstance(value, Mapping) and "for" in value and not set(value) - {"after", "for"}
    if not whole or value.get("after", "now") not in ("now", "start"):
        raise Invalid("journey.wrong_value", value=str(value)[:80])
    require_length(value["for"])


def delay(value: Mapping[str, Any], seconds_of: Mapping[str, float]) -> timedelta:
    """How long to wait: a span, or a standard of the company less a span."""
    if "standard" not in value:
        return span(value)
    whole = timedelta(seconds=seconds_of[str(value["standard"])])
    return max(whole - span(value.get("less", {"days": 0})), timedelta())


def standards(value: Any) -> list[str]:
    """The standards that a part of a plan names."""
    if isinstance(value, Mapping):
        own = [str(value["standard"])] if "standard" in value else []
        return own + [name for inner in value.values() for name in standards(inner)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [name for inner in value for name in standards(inner)]
    return []


def moment(value: Any) -> datetime:
    """A point in time as written in a plan."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as problem:
        raise Invalid("journey.wrong_moment", value=str(value)[:80]) from problem
    if found.tzinfo is None or not speakable(found):
        raise Invalid("journey.wrong_moment", value=str(value)[:80])
    return found
