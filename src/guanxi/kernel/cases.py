"""The cases of a figure as SQL: what each is worth is worked out once, then counted over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    FloatField,
    Func,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable, RawSQL

from guanxi.kernel import promises, settings
from guanxi.kernel.access import require_readable, visible
from guanxi.kernel.actor import SYSTEM, Actor, Reach
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.rules import Condition, moving
from guanxi.kernel.expressions import fields_read
from guanxi.kernel.grouping import dimensions_of, group_of
from guanxi.kernel.models import CLOCK, OFFICE, WORKDAYS, SettingValue
from guanxi.kernel.office_time import (
    OPEN_STRETCHES,
    Hours,
    arrays,
    until_workdays,
    until_worked,
    workdays_in,
    worked_in,
)
from guanxi.kernel.records import RecordType, type_of
from guanxi.kernel.texts import Statement, kept
from guanxi.kernel.time import now
from guanxi.lib.errors import Invalid

Unit = Literal["seconds", "money", "count", "share", "number", "top_fifth"]
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
    moves: bool = False
    """Whether what a case is worth depends on the day or on a setting, too, so that it is written anew each time."""
    hours: Hours | None = None
    """When the office is open, where a length of time may be counted in its hours."""

    @property
    def record(self) -> RecordType:
        """The noun the cases are rows of."""
        return type_of(self.rows.model)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a measure: a time from (included) to (excluded), a condition on the cases, a dimension."""

    start: datetime | None = None
    end: datetime | None = None
    where: Condition | None = None
    by: str | None = None
    as_of: datetime | None = None
    zone: str = "UTC"
    counted_in: str = CLOCK
    """How a length of time is told; in working days as seconds of as many. If it was kept is judged as promised."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure: what is counted, in which unit, against which standard."""

    name: str
    unit: Unit
    dimensions: tuple[str, ...]
    standard: str | None
    function: Callable[[], Subjects]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of somebody about the cases of one figure."""

    actor: Actor
    measure: Measure
    question: Question

    @cached_property
    def subjects(self) -> Subjects:
        """What the figure is over."""
        return subjects_of(self.measure)

    @property
    def moment(self) -> datetime:
        """Up to when things are counted."""
        return self.question.as_of or now()

    @property
    def timed(self) -> bool:
        """Whether a case is a length of time that may exceed a limit."""
        return self.measure.unit == "seconds" and not self.subjects.per

    @cached_property
    def promised(self) -> list[SettingValue]:
        """What was ever promised of such cases: scoped promises before general ones, of each the latest first."""
        return promises.ever(self.measure.standard) if self.timed and self.measure.standard else []

    @property
    def by_calendar(self) -> list[SettingValue]:
        """What was promised in office hours or working days."""
        return promises.by_calendar(self.promised)

    @property
    def told_by_calendar(self) -> bool:
        """Whether the lengths of time are told in office hours or working days."""
        return self.timed and self.question.counted_in != CLOCK


_subjects: dict[Measure, Subjects] = {}


def subjects_of(measure: Measure) -> Subjects:
    """What a figure is over; said once, unless it depends on the day or on a setting."""
    if measure not in _subjects:
        found = measure.function()
        if found.moves:
            return found
        _subjects[measure] = found
    return _subjects[measure]


def require_fields_read(asked: Asked) -> None:
    """Refuse a figure worked out of a field that the asker does not read, or split by one: one case would tell."""
    if not asked.actor.fields:
        return
    subjects = asked.subjects
    split = [subjects.dimensions[one] for one in dimensions_of(asked.question.by or "") if one in subjects.dimensions]
    for expression in (subjects.value, subjects.fold, *map(F, split)):
        for record, name in fields_read(subjects.rows, expression):
            require_readable(asked.actor, record, name)


def cases_of(asked: Asked) -> Any:
    """The rows a figure is over, as far as the right to it reaches, of the time and condition that were asked for."""
    at, question = asked.subjects.at, asked.question
    rows = _of_all_times(asked).filter(**{f"{at}__lte": asked.moment})
    if question.start:
        rows = rows.filter(**{f"{at}__gte": question.start})
    return rows.filter(**{f"{at}__lt": question.end}) if question.end else rows


def put_together(asked: Asked, *keys: str) -> Any:
    """Rows put together by whoever they have in common, who is the case then."""
    rows = cases_of(asked).order_by()
    if keys:
        rows = rows.annotate(group_key=_group(asked))
    bare = rows.values(*keys, asked.subjects.per)
    return bare.annotate(case_rows=Count("pk"), case_value=asked.subjects.fold, case_open=Value(False))


def worth(asked: Asked) -> dict[str, Any]:
    """What is said of each row: `case_value` (of a length of time its seconds) and `case_open`."""
    value = asked.subjects.value
    if value is None:
        value = Value(1, output_field=FloatField())
    elif asked.measure.unit == "seconds":
        value = Func(value, template="date_part('epoch', %(expressions)s)", output_field=FloatField())
    still = asked.subjects.open_when
    opened = Value(False) if still is None else Case(When(still, then=Value(True)), default=Value(False))
    return {"case_open": opened, "case_value": value}


def judged(asked: Asked, *, missed: bool) -> Q:
    """Of rows: those that were missed, or those that were kept."""
    cases = _statement(asked)
    if cases is None:
        return Q(pk__in=())
    verdict = _judgement(asked)["missed" if missed else "kept"]
    return Q(pk__in=RawSQL(f"SELECT one FROM ({cases[0]}) AS cases WHERE {verdict}", cases[1]))  # noqa: S608, S611


def counts(asked: Asked, *, brief: bool = False) -> list[dict[str, Any]]:
    """What the cases come to, in all or by their group; `brief` counts alone. In one statement."""
    cases = _statement(asked)
    if cases is None:
        return []
    by = {"group_key": "group_key"} if asked.question.by else {}
    mean = {"figure_mean": f"({_EXACT.get(asked.measure.unit, _ANY)})::float8"}
    more = {} if brief else {**mean, **_MIDDLE, **(_SUM if asked.measure.unit in _SUMMED else {})}
    named = {**by, **_COUNTS, **more}
    figures = ", ".join(named.values()).format(**_judgement(asked))
    grouped = " GROUP BY group_key ORDER BY group_key" if by else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {figures} FROM ({cases[0]}) AS cases{grouped}", cases[1])  # noqa: S608
        return [dict(zip(named, row, strict=True)) for row in cursor.fetchall()]


def held_by_top_fifth(asked: Asked) -> dict[Any, float]:
    """Which share of the sum the fifth of the cases with the highest values holds, by group (None: in all)."""
    cases = _statement(asked)
    if cases is None:
        return {}
    key = "group_key" if asked.question.by else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(_TOP_FIFTH.format(key=key, cases=cases[0]), cases[1])
        return {key: float(top / whole) for key, top, whole in cursor.fetchall() if top is not None and whole}


_TIMELY = {
    "kept": "NOT case_open AND (case_limit IS NULL OR {took} <= case_limit)",
    "missed": "NOT case_open AND {took} > case_limit OR case_open AND case_age > case_limit",
}
_GOOD = {"kept": "NOT case_open AND case_value > 0", "missed": "NOT case_open AND case_value = 0"}
_COUNTS = {
    "figure_all": "count(one)",
    "figure_kept": "count(one) FILTER (WHERE {kept})",
    "figure_missed": "count(one) FILTER (WHERE {missed})",
}
_EXACT = {
    "seconds": "avg(round(case_value * 1000000)::bigint) FILTER (WHERE NOT case_open) / 1000000",
    "share": "avg(case_value) FILTER (WHERE NOT case_open)",
}
"""A mean must not depend on which case is read first, as that of floats does unless they are whole numbers."""
_ANY = "avg(case_value::numeric) FILTER (WHERE NOT case_open)"
_MIDDLE = {
    "figure_p50": "percentile_cont(0.5) WITHIN GROUP (ORDER BY case_value::float8) FILTER (WHERE NOT case_open)",
    "figure_p90": "percentile_cont(0.9) WITHIN GROUP (ORDER BY case_value::float8) FILTER (WHERE NOT case_open)",
}
_SUM = {"figure_sum": "sum(case_value::numeric(30, 4)) FILTER (WHERE NOT case_open)"}
_SUMMED = ("money", "number", "count", "top_fifth")
_TOP_FIFTH = (
    "SELECT key, sum(v) FILTER (WHERE place <= round(n * 0.2)), sum(v) FROM (SELECT key, v, "
    "row_number() OVER (PARTITION BY key ORDER BY v DESC) AS place, count(*) OVER (PARTITION BY key) AS n "
    "FROM (SELECT {key} AS key, case_value AS v FROM ({cases}) AS cases) AS cases) AS ranked GROUP BY key"
)
# OFFSET 0 keeps PostgreSQL from working out a value again wherever it stands.
_WITHIN = "SELECT {wanted} FROM ({cases}) AS cases({columns}){office} WHERE {when} OFFSET 0"
_AGE = "date_part('epoch', %s::timestamptz - case_at) AS case_age"


def _judgement(asked: Asked) -> dict[str, str]:
    if not asked.timed:
        return _GOOD
    took = "case_took" if asked.told_by_calendar else "case_value"
    return {verdict: text.format(took=took) for verdict, text in _TIMELY.items()}


def _statement(asked: Asked) -> Statement | None:
    """The cases that were asked for, a row each: key, value, group, limit, age. None where there can be none."""
    try:
        return _together(asked) if asked.subjects.per else _each(asked)
    except EmptyResultSet:
        return None


def _together(asked: Asked) -> Statement:
    group = ("group_key",) if asked.question.by else ()
    rows = put_together(asked, *group).values_list(asked.subjects.per, "case_open", "case_value", *group)
    sql, values = rows.query.sql_with_params()
    columns = ", ".join(("one", "case_open", "case_value", *group))
    return f"SELECT * FROM ({sql}) AS cases({columns})", values  # noqa: S608


def _each(asked: Asked) -> Statement:
    (sql, values), question = _text_for(asked), asked.question
    bounds = {"case_at <= %s": asked.moment, "case_at >= %s": question.start, "case_at < %s": question.end}
    given = {bound: moment for bound, moment in bounds.items() if moment is not None}
    columns = _columns(asked)
    open_stretches = _open_stretches(asked)
    written = _WITHIN.format(
        wanted=", ".join(_wanted(asked, columns)), cases=sql, columns=", ".join(("case_at", *columns)),
        office=f", {OPEN_STRETCHES}" if open_stretches else "", when=" AND ".join(given),
    )  # fmt: skip
    return written, (*([asked.moment] if asked.timed else []), *values, *open_stretches, *given.values())


def _wanted(asked: Asked, columns: list[str]) -> list[str]:
    """What is read of each case: by the calendar its limit where that was promised so, its value where it is asked."""
    wanted = dict(zip(columns, columns, strict=True))
    if asked.by_calendar:
        ways = {OFFICE: until_worked, WORKDAYS: until_workdays}
        whens = " ".join(f"WHEN '{way}' THEN {until('case_limit')}" for way, until in ways.items())
        wanted["case_limit"] = f"CASE case_counted_in {whens} ELSE case_limit END AS case_limit"
    if asked.told_by_calendar:
        passed = workdays_in if asked.question.counted_in == WORKDAYS else worked_in
        wanted["case_value"] = f"case_value AS case_took, {passed('case_value')} AS case_value"
    return [*wanted.values(), *([_AGE] if asked.timed else [])]


def _open_stretches(asked: Asked) -> tuple[list[float], ...]:
    """When the office was open since the first case that is counted by it; nothing where none is."""
    if not asked.by_calendar and not asked.told_by_calendar:
        return ()
    if asked.subjects.hours is None:
        raise Invalid("measure.not_in_office_hours", measure=asked.measure.name)
    promised = min((value.valid_from for value in asked.by_calendar), default=now())
    start = asked.question.start or promised
    if asked.told_by_calendar:
        begins = asked.question.start or _first(asked)
    else:
        begins = max(start, promised)
    return arrays(asked.subjects.hours, begins, now())


def _first(asked: Asked) -> datetime:
    """When the first case began, where no time is asked for."""
    first = asked.subjects.rows.order_by().aggregate(first=Min(asked.subjects.at))["first"]
    return first or now()


def _columns(asked: Asked) -> list[str]:
    timed = ["case_limit", *(["case_counted_in"] if asked.by_calendar else [])] if asked.timed else []
    return ["one", "case_open", "case_value", *timed, *(["group_key"] if asked.question.by else [])]


def _text_for(asked: Asked) -> Statement:
    """The cases of all times. Their text is written once for all who may see them all, unless time changes it."""
    question, promised = asked.question, asked.promised
    theirs = question.where and asked.actor is not SYSTEM
    moves = asked.subjects.moves or any(moving(one) for one in (question.where, *(value.scope for value in promised)))
    if asked.actor.reach(asked.measure.name) < Reach.ALL or theirs or moves or question.as_of:
        return _text(asked)
    said = [(one.value, one.counted_in, one.valid_from, one.valid_to, one.scope) for one in promised]
    key = (asked.measure, question.by, question.zone, repr((question.where, said)))
    return kept(key, lambda: _text(asked))


def _text(asked: Asked) -> Statement:
    at = asked.subjects.at
    rows = _of_all_times(asked).annotate(case_at=F(at), **worth(asked))
    if not isinstance(rows.query.annotations["case_at"].output_field, DateTimeField):
        raise ValueError(f"{asked.measure.name}: a case belongs to a moment, a DateTimeField, which {at} is not")
    if asked.timed:
        rows = rows.annotate(**_limits(asked))
    if asked.question.by:
        rows = rows.annotate(group_key=_group(asked))
    _, *columns = _columns(asked)
    sql, values = rows.order_by().values_list("case_at", "pk", *columns).query.sql_with_params()
    return sql, tuple(values)


def _limits(asked: Asked) -> dict[str, Any]:
    """The promise that held for a case when it began: in seconds, and how these are counted."""
    if asked.measure.standard is None:
        return {"case_limit": Value(None, output_field=FloatField())}
    promise = settings.of_name(asked.measure.standard)

    def held(value: SettingValue) -> Q:
        return promises.held(value, asked.subjects.at, asked.subjects.record, asked.question.zone)

    limit, counted_in = promises.by_case(promise.default, asked.promised, held, size=SECONDS[promise.unit])
    return {"case_limit": limit, **({"case_counted_in": counted_in} if asked.by_calendar else {})}


def _of_all_times(asked: Asked) -> Any:
    actor, question, record = asked.actor, asked.question, asked.subjects.record
    rows = asked.subjects.rows
    if actor.reach(asked.measure.name) < Reach.ALL:
        rows = rows.filter(visible(actor, record, permission=asked.measure.name))
    if question.where and actor is not SYSTEM:  # or whoever may know the figure would learn of single cases
        rows = rows.filter(visible(actor, record))
    return rows.filter(compiled(actor, question.where, record, as_of=question.as_of, zone=question.zone))


def _group(asked: Asked) -> Any:
    subjects, question = asked.subjects, asked.question
    return group_of(question.by or "", subjects.at, subjects.dimensions, question.zone)
