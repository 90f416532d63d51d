"""The catalogue of measures: one definition, one number everywhere, with the cases behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Extract, ExtractHour, ExtractIsoWeekDay, Trunc

from guanxi.kernel import settings
from guanxi.kernel.access import visible
from guanxi.kernel.actor import SYSTEM, Actor, Reach
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.models import Row
from guanxi.kernel.records import RecordType, type_of
from guanxi.kernel.time import now
from guanxi.lib.errors import Invalid

Unit = Literal["seconds", "money", "count", "share", "number", "top_fifth"]
PERIODS = ("day", "week", "month", "quarter", "year")
HOURS = ("hour", "weekday", "hour_of_week")
SECONDS = {"seconds": 1, "rings": 5, "minutes": 60, "hours": 3600, "days": 86400}


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """The cases of a figure: rows, when each belongs, its value, and which of them are not over yet."""

    rows: QuerySet[Any]
    at: str
    value: Combinable | None = None
    open_when: Q | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    per: str | None = None
    """Where a case is not a row but whoever the rows have in common: the path to that one."""
    fold: Combinable | None = None
    """What the rows of one such case come to: its value."""

    @property
    def record(self) -> RecordType:
        """The noun the cases are rows of."""
        return type_of(self.rows.model)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure: what is counted, in which unit, against which standard."""

    name: str
    unit: Unit
    dimensions: tuple[str, ...]
    standard: str | None
    function: Callable[[], Subjects]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a measure: a time from (included) to (excluded), a condition on the cases, a dimension."""

    start: datetime | None = None
    end: datetime | None = None
    where: Condition | None = None
    by: str | None = None
    as_of: datetime | None = None
    zone: str = "UTC"


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
        raise Invalid("measure.unknown", measure=name)
    return _measures[name]


def total(actor: Actor, name: str, question: Question) -> Figure:
    """The figure over all cases, in one statement."""
    wanted, subjects = _asked(actor, name)
    rows = _cases(actor, wanted, subjects, question)
    if subjects.per:
        rows = _folded(rows, subjects)
    (found,) = _counted(wanted, subjects, rows) or [_NOTHING]
    if wanted.unit == "top_fifth":
        return replace(_figure(wanted, None, found), share=_held_by_top_fifth(rows))
    return _figure(wanted, None, found)


def groups(actor: Actor, name: str, question: Question, *, brief: bool = False) -> list[Figure]:
    """The figure by a dimension or a period, in one statement, in the order of the keys; `brief` only counts."""
    wanted, subjects = _asked(actor, name)
    if subjects.per:
        return _groups_of_folded(actor, wanted, subjects, question)
    rows = _cases(actor, wanted, subjects, question).annotate(group_key=_dimension(subjects, question))
    found = _counted(wanted, subjects, rows, by=True, brief=brief)
    return [_figure(wanted, _moment(row["group_key"], question), row) for row in found]


def adds_up(name: str) -> bool:
    """Whether every case is in one group alone."""
    return of_name(name).function().per is None


def added(name: str, parts: Sequence[Figure]) -> Figure:
    """The counts of groups as one figure; what lies between the cases (a mean, a median) is not in them."""
    counts = {
        "figure_all": sum(one.cases for one in parts),
        "figure_kept": sum(one.kept for one in parts),
        "figure_missed": sum(one.missed for one in parts),
    }
    return _figure(of_name(name), None, counts)


def _moment(key: Any, question: Question) -> Any:
    """A key as it is; the beginning of a period is one in the zone that was asked for."""
    return key.replace(tzinfo=ZoneInfo(question.zone)) if isinstance(key, datetime) and key.tzinfo is None else key


def cases(actor: Actor, name: str, question: Question, *, missed: bool | None = None) -> QuerySet[Any]:
    """The cases behind a figure that the actor may see, newest first, with `case_value` and `case_open`."""
    wanted, subjects = _asked(actor, name)
    if subjects.per:
        return _folded_cases(actor, subjects, _cases(actor, wanted, subjects, question), missed)
    rows: QuerySet[Any] = _cases(actor, wanted, subjects, question).filter(visible(actor, subjects.record))
    if missed is not None:
        rows = rows.filter(_missed(wanted) if missed else _kept(wanted))
    return rows.order_by(f"-{subjects.at}", "-pk")


def _asked(actor: Actor, name: str) -> tuple[Measure, Subjects]:
    wanted = of_name(name)
    actor.require(name)
    return wanted, wanted.function()


def _cases(actor: Actor, wanted: Measure, subjects: Subjects, question: Question) -> Any:
    """The cases as far as the right to the figure reaches, and the condition, as far as the asker may ask it."""
    rows = subjects.rows
    if actor.reach(wanted.name) < Reach.ALL:
        rows = rows.filter(visible(actor, subjects.record, permission=wanted.name))
    where = compiled(actor, question.where, subjects.record, as_of=question.as_of, zone=question.zone)
    rows = rows.filter(where)
    moment = question.as_of or now()
    rows = rows.filter(**{f"{subjects.at}__lte": moment})
    if question.start:
        rows = rows.filter(**{f"{subjects.at}__gte": question.start})
    if question.end:
        rows = rows.filter(**{f"{subjects.at}__lt": question.end})
    if subjects.per:
        return rows
    still_open = subjects.open_when
    opened = Case(When(still_open, then=Value(True)), default=Value(False)) if still_open is not None else Value(False)
    rows = rows.annotate(case_open=opened, case_value=_value(wanted, subjects))
    if wanted.unit == "seconds":
        elapsed = ExpressionWrapper(Value(moment) - F(subjects.at), output_field=DurationField())
        rows = rows.annotate(case_age=Extract(elapsed, "epoch"), case_limit=_limit(wanted, subjects, question))
    return rows


def _folded(rows: Any, subjects: Subjects, *keys: str) -> Any:
    """The rows of each case put together; what a single row came to is forgotten."""
    bare = rows.order_by().values(*keys, subjects.per)
    return bare.annotate(case_rows=Count("pk"), case_value=subjects.fold, case_open=Value(False))


def _folded_cases(actor: Actor, subjects: Subjects, rows: Any, missed: bool | None) -> QuerySet[Any]:
    """Whoever the rows have in common, as records the actor may see."""
    folded = _folded(rows, subjects)
    if missed is not None:
        folded = folded.filter(case_value__lte=0) if missed else folded.filter(case_value__gt=0)
    model: Any = subjects.rows.model
    for name in (subjects.per or "").split("__"):
        model = model._meta.get_field(name).related_model
    seen = visible(actor, type_of(model))
    unsaid = Value(None, output_field=FloatField())
    whose: QuerySet[Any] = model._default_manager.filter(seen, pk__in=folded.values(subjects.per))
    whose = whose.annotate(case_value=unsaid, case_open=Value(False))
    return whose.order_by("-created_at", "-pk")


def _held_by_top_fifth(folded: Any) -> float | None:
    """Which share of the sum the fifth of the cases with the highest values holds."""
    statement, values = folded.query.sql_with_params()
    ranked = (
        "SELECT case_value AS v, row_number() OVER (ORDER BY case_value DESC) AS place, count(*) OVER () AS n"  # noqa: S608
        f" FROM ({statement}) AS folded"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(v) FILTER (WHERE place <= round(n * 0.2)), sum(v) FROM ({ranked}) r", values)  # noqa: S608
        top, whole = cursor.fetchone()
    return float(top / whole) if top is not None and whole else None


def _groups_of_folded(actor: Actor, wanted: Measure, subjects: Subjects, question: Question) -> list[Figure]:
    """Groups of a figure whose cases are put together first: a case counts in each group it has rows in."""
    rows = _cases(actor, wanted, subjects, question).annotate(group_key=_dimension(subjects, question))
    keys = rows.order_by("group_key").values_list("group_key", flat=True).distinct()
    found = []
    for key in keys:
        folded = _folded(rows.filter(group_key=key) if key is not None else rows.filter(group_key=None), subjects)
        (counted,) = _counted(wanted, subjects, folded) or [_NOTHING]
        figure = _figure(wanted, key, counted)
        top = _held_by_top_fifth(folded) if wanted.unit == "top_fifth" else figure.share
        found.append(replace(figure, share=top))
    return found


def _value(wanted: Measure, subjects: Subjects) -> Any:
    if subjects.value is None:
        return Value(1, output_field=FloatField())
    if wanted.unit == "seconds":
        return Cast(Extract(ExpressionWrapper(subjects.value, output_field=DurationField()), "epoch"), FloatField())
    return subjects.value


def _limit(wanted: Measure, subjects: Subjects, question: Question) -> Any:
    """The promise that held for a case when it began, in seconds; scoped promises before general ones."""
    if wanted.standard is None:
        return Value(None, output_field=FloatField())
    promise = settings.of_name(wanted.standard)
    size = SECONDS[promise.unit]
    values = sorted(settings.history(promise.name), key=lambda v: (v.scope is None, -v.valid_from.timestamp()))
    arms = []
    for value in values:
        holds = Q(**{f"{subjects.at}__gte": value.valid_from})
        if value.valid_to:
            holds &= Q(**{f"{subjects.at}__lt": value.valid_to})
        holds &= compiled(SYSTEM, value.scope, subjects.record, zone=question.zone)
        arms.append(When(holds, then=Value(float(value.value * size))))
    return Case(*arms, default=Value(float(promise.default * size)), output_field=FloatField())


def _kept(wanted: Measure) -> Q:
    if wanted.unit == "seconds":
        return Q(case_open=False) & (Q(case_limit=None) | Q(case_value__lte=F("case_limit")))
    return Q(case_open=False, case_value__gt=0)


def _missed(wanted: Measure) -> Q:
    if wanted.unit == "seconds":
        late = Q(case_open=False, case_value__gt=F("case_limit"))
        return late | Q(case_open=True, case_age__gt=F("case_limit"))
    return Q(case_open=False, case_value=0)


_NOTHING: dict[str, Any] = dict.fromkeys(("figure_all", "figure_kept", "figure_missed"), 0)
_TIMELY = {
    "kept": "NOT case_open AND (case_limit IS NULL OR case_value <= case_limit)",
    "missed": "NOT case_open AND case_value > case_limit OR case_open AND case_age > case_limit",
}
_GOOD = {"kept": "NOT case_open AND case_value > 0", "missed": "NOT case_open AND case_value = 0"}
_COUNTS = {
    "figure_all": "count(one)",
    "figure_kept": "count(one) FILTER (WHERE {kept})",
    "figure_missed": "count(one) FILTER (WHERE {missed})",
}
_NUMBERS = {
    "figure_mean": "avg(case_value::float8) FILTER (WHERE NOT case_open)",
    "figure_p50": "percentile_cont(0.5) WITHIN GROUP (ORDER BY case_value::float8) FILTER (WHERE NOT case_open)",
    "figure_p90": "percentile_cont(0.9) WITHIN GROUP (ORDER BY case_value::float8) FILTER (WHERE NOT case_open)",
}
_SUM = {"figure_sum": "sum(case_value::numeric(30, 4)) FILTER (WHERE NOT case_open)"}
_SUMMED = ("money", "number", "count", "top_fifth")
_OVER = "SELECT {figures} FROM ({cases}) AS cases({columns}){grouped}"
_GROUPED = " GROUP BY group_key ORDER BY group_key"


def _counted(
    wanted: Measure, subjects: Subjects, rows: Any, *, by: bool = False, brief: bool = False
) -> list[dict[str, Any]]:
    """What cases come to, in all or by their group: what a case is worth is worked out once, then counted over."""
    timed = ("case_limit", "case_age") if wanted.unit == "seconds" and not subjects.per else ()
    columns = ("case_open", "case_value", *timed, *(("group_key",) if by else ()))
    try:
        cases, values = rows.order_by().values_list(subjects.per or "pk", *columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    asked = {**_COUNTS, **({} if brief else _NUMBERS), **(_SUM if wanted.unit in _SUMMED and not brief else {})}
    named = {**({"group_key": "group_key"} if by else {}), **asked}
    figures = ", ".join(named.values()).format(**(_TIMELY if timed else _GOOD))
    grouped = _GROUPED if by else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _OVER.format(figures=figures, cases=cases, columns=", ".join(("one", *columns)), grouped=grouped), values
        )
        return [dict(zip(named, row, strict=True)) for row in cursor.fetchall()]


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


def _dimension(subjects: Subjects, question: Question) -> Any:
    zone = ZoneInfo(question.zone)
    if question.by in PERIODS:
        return Trunc(subjects.at, question.by, tzinfo=zone)
    if question.by == "hour":
        return ExtractHour(subjects.at, tzinfo=zone)
    if question.by == "weekday":
        return ExtractIsoWeekDay(subjects.at, tzinfo=zone)
    if question.by == "hour_of_week":
        return (ExtractIsoWeekDay(subjects.at, tzinfo=zone) - 1) * 24 + ExtractHour(subjects.at, tzinfo=zone)
    if question.by not in subjects.dimensions:
        known = ", ".join([*subjects.dimensions, *PERIODS, *HOURS])
        raise Invalid("measure.unknown_dimension", dimension=str(question.by), known=known)
    return F(subjects.dimensions[question.by or ""])


def case_rows(rows: QuerySet[Any]) -> list[tuple[Row, float | None, bool]]:
    """Cases as (row, value, still open)."""
    return [(row, row.case_value, row.case_open) for row in rows]
