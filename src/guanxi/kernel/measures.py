"""The catalogue of measures: one definition, one number everywhere, with the cases behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import FloatField, QuerySet, Value

from guanxi.kernel.access import visible
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import (
    Asked,
    Measure,
    Question,
    Subjects,
    Unit,
    cases_of,
    counts,
    held_by_top_fifth,
    judged,
    put_together,
    require_fields_read,
    subjects_of,
    worth,
)
from guanxi.kernel.models import CLOCK, WORKDAYS
from guanxi.kernel.records import RecordType, type_of
from guanxi.lib.calendar import workdays_between, working_between
from guanxi.lib.errors import Invalid, Unknown


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with what a reader needs to trust it. Durations in seconds; `share` of those that could be judged."""

    key: str | None
    cases: int
    kept: int
    missed: int
    open: int
    share: float | None
    mean: float | None
    p50: float | None
    p90: float | None
    sum: Decimal | None


_measures: dict[str, Measure] = {}


def measure(
    name: str, *, unit: Unit, dimensions: tuple[str, ...] = (), standard: str | None = None
) -> Callable[[Callable[[], Subjects]], Callable[[], Subjects]]:
    """Declare a figure over a queryset of cases."""

    def declare(function: Callable[[], Subjects]) -> Callable[[], Subjects]:
        if name in _measures:
            raise LookupError(f"measure {name} is declared twice")
        _measures[name] = Measure(name=name, unit=unit, dimensions=dimensions, standard=standard, function=function)
        return function

    return declare


def measures() -> dict[str, Measure]:
    """The catalogue: every figure by name."""
    return dict(_measures)


def of_name(name: str) -> Measure:
    """A measure by name."""
    if name not in _measures:
        raise Unknown("measure.unknown", name, _measures, measure=name)
    return _measures[name]


def noun_of(name: str) -> RecordType:
    """The noun whose rows the cases of a figure are: what a condition on them speaks of."""
    return subjects_of(of_name(name)).record


def total(actor: Actor, name: str, question: Question) -> Figure:
    """The figure over all cases, in one statement."""
    found = _figures(_asked(actor, name, replace(question, by=None)), brief=False)
    return found[0] if found else _figure(of_name(name), None, _NOTHING)


def groups(actor: Actor, name: str, question: Question, *, brief: bool = False) -> list[Figure]:
    """The figure by a dimension or a period, in one statement, in the order of the keys; `brief` only counts."""
    return _figures(_asked(actor, name, question), brief=brief)


def _figures(asked: Asked, *, brief: bool) -> list[Figure]:
    """What was asked for; of whoever has rows in several groups, each of them counts."""
    found = counts(asked, brief=brief)
    figures = [_figure(asked.measure, _moment(row.get("group_key"), asked.question), row) for row in found]
    if asked.measure.unit != "top_fifth":
        return figures
    held = held_by_top_fifth(asked)
    return [replace(one, share=held.get(row.get("group_key"))) for one, row in zip(figures, found, strict=True)]


def adds_up(name: str) -> bool:
    """Whether every case is in one group alone."""
    return subjects_of(of_name(name)).per is None


def added(name: str, parts: Sequence[Figure]) -> Figure:
    """The counts of groups as one figure; what lies between the cases (a mean, a median) is not in them."""
    counts = {
        "figure_all": sum(one.cases for one in parts),
        "figure_kept": sum(one.kept for one in parts),
        "figure_missed": sum(one.missed for one in parts),
    }
    return _figure(of_name(name), None, counts)


def _moment(key: Any, question: Question) -> Any:
    """A key as it is; the beginning of a period as it is said in the zone that was asked for."""
    return key.astimezone(ZoneInfo(question.zone)) if isinstance(key, datetime) else key


def cases(actor: Actor, name: str, question: Question, *, missed: bool | None = None) -> QuerySet[Any]:
    """The cases behind a figure that the actor may see, newest first, with `case_value` and `case_open`."""
    asked = _asked(actor, name, replace(question, by=None))
    if asked.subjects.per:
        return _whoever(asked, missed)
    rows: QuerySet[Any] = cases_of(asked).annotate(**worth(asked)).filter(visible(actor, asked.subjects.record))
    if missed is not None:
        rows = rows.filter(judged(asked, missed=missed))
    return rows.order_by(f"-{asked.subjects.at}", "-pk")


def passed(name: str, rows: Sequence[Any], counted_in: str) -> list[Any]:
    """What each of these cases is worth: of a length of time as much of it as is counted, as the figure tells it."""
    subjects = subjects_of(of_name(name))
    if counted_in == CLOCK or not rows or of_name(name).unit != "seconds":
        return [row.case_value for row in rows]
    begun = [getattr(row, subjects.at) for row in rows]
    if subjects.hours is None:
        raise Invalid("measure.not_in_office_hours", measure=name)
    office = subjects.hours(min(begun))

    def counted(at: datetime, seconds: float | None) -> float | None:
        if seconds is None:
            return None
        ended = at + timedelta(seconds=seconds)
        if counted_in == WORKDAYS:
            return workdays_between(at, ended, office) * 86400.0
        return working_between(at, ended, office).total_seconds()

    return [counted(at, row.case_value) for row, at in zip(rows, begun, strict=True)]


def _asked(actor: Actor, name: str, question: Question) -> Asked:
    wanted = of_name(name)
    actor.require(name)
    asked = Asked(actor=actor, measure=wanted, question=question)
    require_fields_read(asked)
    return asked


def _whoever(asked: Asked, missed: bool | None) -> QuerySet[Any]:
    """Whoever the rows have in common, as records the actor may see."""
    per = asked.subjects.per or ""
    rows = put_together(asked)
    if missed is not None:
        rows = rows.filter(case_value__lte=0) if missed else rows.filter(case_value__gt=0)
    model: Any = asked.subjects.rows.model
    for name in per.split("__"):
        model = model._meta.get_field(name).related_model
    seen = visible(asked.actor, type_of(model))
    unsaid = Value(None, output_field=FloatField())
    whose: QuerySet[Any] = model._default_manager.filter(seen, pk__in=rows.values(per))
    whose = whose.annotate(case_value=unsaid, case_open=Value(False))
    return whose.order_by("-created_at", "-pk")


_NOTHING: dict[str, Any] = dict.fromkeys(("figure_all", "figure_kept", "figure_missed"), 0)


def _figure(wanted: Measure, key: Any, found: Mapping[str, Any]) -> Figure:
    kept, missed = found["figure_kept"], found["figure_missed"]
    judged = kept + missed
    has_limit = wanted.unit == "share" or wanted.standard is not None
    return Figure(
        key=None if key is None else key.isoformat() if isinstance(key, datetime) else str(key),
        cases=found["figure_all"],
        kept=kept,
        missed=missed,
        open=found["figure_all"] - judged,
        share=kept / judged if judged and has_limit else None,
        mean=found.get("figure_mean"),
        p50=found.get("figure_p50"),
        p90=found.get("figure_p90"),
        sum=found.get("figure_sum"),
    )
