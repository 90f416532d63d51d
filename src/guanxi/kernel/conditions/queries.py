"""From a condition to one SQL expression over a noun's table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from guanxi.kernel.access import EVERYTHING, read, require_readable, visible
from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions import rules
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.models import HistoryEntry, Row
from guanxi.kernel.records import Field, RecordType, records, relations, type_of
from guanxi.kernel.time import now
from guanxi.lib.errors import Forbidden, Invalid, Unknown

_LOOKUPS = {"lt": "lt", "lte": "lte", "gt": "gt", "gte": "gte", "contains": "icontains", "starts_with": "istartswith"}
NOBODY = Q(pk__in=())
EVERYBODY = ~NOBODY
FEW = 5_000
"""So many rows of a change-set are named one by one: the indexes find them, wherever they stand in a list."""
_AGGREGATES = {"count": Count, "sum": Sum, "min": Min, "max": Max}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Who asks a condition and when: a point in time and the zone whose days count."""

    actor: Actor
    at: datetime
    zone: str
    past: bool
    among: tuple[UUID, ...] | None = None
    """The only rows that are asked about: what is related to others is not even read."""
    kept: bool = False
    """Whether the condition is kept, to be asked of all rows, whoever its author is."""

    @property
    def day(self) -> date:
        """The calendar day of the moment."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()


def compiled(
    actor: Actor,
    condition: Condition | None,
    record: RecordType,
    *,
    as_of: datetime | None = None,
    zone: str = "UTC",
    among: Iterable[UUID] | None = None,
    kept: bool = False,
) -> Q:
    """One expression for the rows of a noun that fulfil a condition, as things were at `as_of`.

    Of what a condition leads to, only what the actor sees counts: else it would tell of what may not be read.
    `among` promises that only these rows are asked about, so that nothing related to others has to be read.
    What is `kept` is asked later of all rows: its author has to see all of them, and all that it leads to; to ask
    nothing of them means them all as well.
    """
    if kept:
        require_all_seen(actor, record)
    if not condition:
        return Q()
    rules.require_bounded(condition)
    some = None if among is None else tuple(among)
    past = as_of is not None
    moment = Moment(actor=actor, at=as_of or now(), zone=zone, past=past, among=some, kept=kept)
    return _part(condition, record, moment)


def matching(
    actor: Actor, condition: Condition | None, record: RecordType, *, as_of: datetime | None = None, zone: str = "UTC"
) -> QuerySet[Row]:
    """The rows of a noun that fulfil a condition."""
    return record.model._default_manager.filter(compiled(actor, condition, record, as_of=as_of, zone=zone))


def matches(actor: Actor, condition: Condition | None, row: Row, *, zone: str = "UTC") -> bool:
    """Whether one stored row fulfils a condition."""
    record = type_of(type(row))
    return record.model._default_manager.filter(
        compiled(actor, condition, record, zone=zone, among=[row.pk]), pk=row.pk
    ).exists()


def resolve(record: RecordType, path: str) -> tuple[str, Field]:
    """A field path such as `customer.city` as the ORM's path and the field at its end."""
    if not isinstance(path, str):
        raise Invalid("condition.wrong_field", field=str(path))
    *through, last = path.split(".")
    prefix = ""
    for name in through:
        field = record.field(name)
        if field.to is None:
            raise Invalid("condition.not_a_reference", field=name)
        prefix += f"{name}__"
        record = type_of(field.to)
    if last == "id":
        key = Field(name="id", kind="id", stored=record.model._meta.pk, writable=False)
        return f"{prefix}pk", key
    if last == rules.WRITTEN_IN:
        stored: Any = record.model._meta.get_field("created_in")
        return f"{prefix}pk", Field(name=last, kind="change_set", stored=stored, writable=False)
    field = record.field(last)
    return prefix + field.column, field


def require_all_seen(actor: Actor, record: RecordType) -> None:
    """Refuse to keep what is asked of all rows of a noun where its author sees only some of them."""
    if visible(actor, record) != EVERYTHING:
        raise Forbidden("condition.not_all_seen", record=record.name, permission=read(record))


def _visible(moment: Moment, record: RecordType, *, prefix: str = "") -> Q:
    """What the author sees of a noun, which is all of it where the condition is kept."""
    if moment.kept:
        require_all_seen(moment.actor, record)
    return visible(moment.actor, record, prefix=prefix)


def _seen(moment: Moment, record: RecordType, path: str) -> Q:
    """What a path leads through has to be seen and read; a record that is not seen fulfils nothing."""
    seen, prefix = EVERYTHING, ""
    *through, last = path.split(".")
    for name in through:
        require_readable(moment.actor, record, name)
        target = record.field(name).to
        assert target is not None
        record, prefix = type_of(target), f"{prefix}{name}__"
        moment.actor.require(read(record))
        seen &= _visible(moment, record, prefix=prefix)
    require_readable(moment.actor, record, last)
    return seen


def _part(part: Condition, record: RecordType, moment: Moment) -> Q:
    kind = rules.shape(part)
    if kind == "not":
        return ~_part(part["not"], record, moment)
    if kind in ("and", "or"):
        # An empty Q vanishes from `|` and `~`, so that everybody and nobody are said outright.
        whole = EVERYBODY if kind == "and" else NOBODY
        for inner in part[kind]:
            one = _part(inner, record, moment)
            whole = whole & one if kind == "and" else whole | one
        return whole
    if kind == "related":
        return _related(part, record, moment)
    return _field(part, record, moment)


def _field(part: Condition, record: RecordType, moment: Moment) -> Q:
    path, field = resolve(record, part["field"])
    op = part.get("op", "is")
    rules.require_operator(op, rules.operators(field.kind), field=part["field"], kind=field.kind)
    return _asked(path, field, op, part, moment) & _seen(moment, record, part["field"])


def _asked(path: str, field: Field, op: str, part: Condition, moment: Moment) -> Q:
    if field.kind == "change_set":
        id = rules.value_for(field.kind, (), part.get("value"), field=part["field"])
        written = _written(path, type_of(field.stored.model), id, moment)  # type: ignore[arg-type]
        return written if op == "is" else ~written
    if op in ("true", "false"):
        return Q(**{path: op == "true"})
    if op in ("empty", "not_empty"):
        empty = _empty(path, field)
        return empty if op == "empty" else ~empty
    if op in ("last", "older_than", "next", "anniversary_within"):
        return _in_time(path, field, op, part.get("value"), moment)
    return _compared(path, field, op, part)


def _compared(path: str, field: Field, op: str, part: Condition) -> Q:
    def known(value: Any) -> Any:
        return rules.value_for(field.kind, field.choices, value, field=part["field"])

    value = part.get("value")
    if op in ("in", "not_in", "between"):
        values = [known(v) for v in rules.listed(op, value, field=part["field"])]
        if op == "between":
            return Q(**{f"{path}__gte": values[0], f"{path}__lte": values[1]})
        return Q(**{f"{path}__in": values}) if op == "in" else ~Q(**{f"{path}__in": values})
    if field.kind == "list" or field.kind == "json":
        if not isinstance(value, bool):
            rules.value_for("decimal" if isinstance(value, int | float) else "text", (), value, field=part["field"])
        return Q(**{f"{path}__contains": [value]})
    if field.kind == "sensitive":
        return Q(**{f"{path}__blind__in": rules.sought(known(value))[0]}) & ~Q(**{path: ""})  # as its index says it
    if op in _LOOKUPS:
        return Q(**{f"{path}__{_LOOKUPS[op]}": known(value)})
    return Q(**{path: known(value)}) if op == "is" else ~Q(**{path: known(value)})


def _empty(path: str, field: Field) -> Q:
    nothing = Q(**{f"{path}__isnull": True})
    if rules.family(field.kind) in ("text", "choice", "sensitive"):
        return nothing | Q(**{path: ""})
    return nothing


def _in_time(path: str, field: Field, op: str, value: Any, moment: Moment) -> Q:
    if op == "anniversary_within":
        return _anniversary(path, value, moment)
    edge: Any = rules.forth(moment.at, value) if op == "next" else rules.back(moment.at, value)
    centre: Any = moment.at
    if field.kind == "date":
        edge, centre = edge.astimezone(ZoneInfo(moment.zone)).date(), moment.day
    if op == "last":
        return Q(**{f"{path}__gt": edge, f"{path}__lte": centre})
    if op == "next":
        return Q(**{f"{path}__gte": centre, f"{path}__lte": edge})
    return Q(**{f"{path}__lte": edge})


def _anniversary(path: str, value: Any, moment: Moment) -> Q:
    """Days whose month and day come round within the window; 29 February counts on the 28th of other years."""
    ((unit, count),) = rules.window(value).items()
    length = (rules.forth(datetime.combine(moment.day, time()), {unit: count}).date() - moment.day).days
    days = [moment.day + timedelta(days=i) for i in range(min(length, 366))]
    wanted = {(d.month, d.day) for d in days}
    if (2, 28) in wanted and not any((d.month, d.day) == (2, 29) for d in days):
        wanted.add((2, 29))
    by_month: dict[int, list[int]] = {}
    for month, day in wanted:
        by_month.setdefault(month, []).append(day)
    whole = Q(pk__in=())
    for month, of_month in by_month.items():
        whole |= Q(**{f"{path}__month": month, f"{path}__day__in": sorted(of_month)})
    return whole


def _written(path: str, record: RecordType, change_set: UUID, moment: Moment) -> Q:
    """Created or changed in a change-set, or given something there that is seen with it, such as a number."""
    made = record.model._default_manager.filter(created_in=change_set)
    changed = HistoryEntry.objects.filter(change_set=change_set, record=record.name)
    parts = [
        (f"{child.seen_with}_id", child.model._default_manager.filter(_visible(moment, child), created_in=change_set))
        for child in records().values()
        if child.seen_with and child.field(child.seen_with).to is record.model
    ]
    pointing: list[tuple[str, QuerySet[Any]]] = [("record_id", changed), *parts]
    found = made.values("pk").union(*(rows.values(through) for through, rows in pointing), all=True)
    some = [row["pk"] for row in found[: FEW + 1]]
    if len(some) <= FEW:
        return Q(**{f"{path}__among": some})
    here = Q(**{f"{path.removesuffix('pk')}created_in": change_set})
    return reduce(or_, (Exists(rows.filter(**{through: OuterRef(path)})) for through, rows in pointing), here)


def _related(part: Condition, record: RecordType, moment: Moment) -> Q:
    known = relations(record)
    if not isinstance(part["related"], str) or part["related"] not in known:
        name = str(part["related"])
        raise Unknown("condition.unknown_relation", name, known, relation=name, record=record.name)
    relation = known[part["related"]]
    rows = _rows(part, relation.child, replace(moment, among=None)).filter(**{f"{relation.through}__isnull": False})
    if moment.among is not None:
        rows = rows.filter(**{f"{relation.through}__among": moment.among})
    through = f"{relation.through}_id"
    aggregate = part.get("aggregate", "exists")
    if aggregate not in rules.AGGREGATES:
        raise Unknown("condition.unknown_aggregate", aggregate, rules.AGGREGATES, aggregate=str(aggregate))
    if aggregate == "exists":
        found = Q(pk__in=rows.values(through))
        return ~found if part.get("op") == "false" else found
    return _having(moment, part, relation.child, rows, through, aggregate)


def _rows(part: Condition, child: RecordType, moment: Moment) -> QuerySet[Row]:
    moment.actor.require(read(child))
    rows = child.model._default_manager.filter(_visible(moment, child))
    rows = rows.filter(_part(part["where"], child, moment)) if part.get("where") else rows
    if part.get("last") or moment.past:
        if child.occurred is None:
            raise Invalid("condition.no_time", record=child.name)
        rows = rows.filter(**{f"{child.occurred}__lte": moment.at})
        if part.get("last"):
            rows = rows.filter(**{f"{child.occurred}__gt": rules.back(moment.at, part["last"])})
    return rows


def _having(moment: Moment, part: Condition, child: RecordType, rows: QuerySet[Row], through: str, aggregate: str) -> Q:
    op, value = part.get("op", "gte"), part.get("value")
    rules.require_operator(op, rules.COMPARING, field=part["related"], kind=aggregate)
    kind: str = "integer"
    figure: Any = Count("pk")
    if aggregate != "count":
        path, field = resolve(child, part.get("of", ""))
        rows = rows.filter(_seen(moment, child, part["of"]))
        kind, figure = field.kind, _AGGREGATES[aggregate](path)
        if kind == "sensitive" or (aggregate == "sum" and rules.family(kind) != "number"):
            raise Invalid("condition.not_a_number", field=str(part.get("of")))
        if aggregate == "sum":
            figure = Coalesce(figure, Value(0, IntegerField()), output_field=field.stored)
    of = str(part.get("of", aggregate))
    values = rules.listed(op, value, field=of) if op == "between" else [value]
    checked = [rules.value_for(kind, (), v, field=of) for v in values]
    holds = {
        "is": Q(figure=checked[0]),
        "is_not": ~Q(figure=checked[0]),
        "between": Q(figure__gte=checked[0], figure__lte=checked[-1]),
    }.get(op) or Q(**{f"figure__{op}": checked[0]})
    grouped = rows.order_by().values(through).annotate(figure=figure)
    if aggregate in ("count", "sum") and rules.holds_for_nothing(op, value):
        return ~Q(pk__in=grouped.filter(~holds).values(through))
    return Q(pk__in=grouped.filter(holds).values(through))
