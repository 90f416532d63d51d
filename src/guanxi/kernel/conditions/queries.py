"""From a condition to one SQL expression over a noun's table."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from guanxi.kernel.access import EVERYTHING, read, require_readable, sees_all, visible
from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions import rules
from guanxi.kernel.conditions.moments import Moment, in_time
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.models import HistoryEntry, Row
from guanxi.kernel.records import Field, RecordType, records, relation_of, type_of
from guanxi.kernel.time import now
from guanxi.lib.errors import Forbidden, Invalid, Unknown

_LOOKUPS = {"lt": "lt", "lte": "lte", "gt": "gt", "gte": "gte", "contains": "icontains", "starts_with": "istartswith"}
_OPPOSITE = {"is_not": "is", "not_in": "in", "not_empty": "empty"}
NOBODY = Q(pk__in=())
EVERYBODY = ~NOBODY
FEW = 5_000
"""So many rows of a change-set are named one by one: the indexes find them, wherever they stand in a list."""
_AGGREGATES = {"min": Min, "max": Max}


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


def operators_of(field: Field) -> tuple[str, ...]:
    """The operators a field takes."""
    return rules.operators(field.kind, field.to._meta.label if field.to else "")


def require_all_seen(actor: Actor, record: RecordType) -> None:
    """Refuse to keep what is asked of all rows of a noun where its author sees only some of them."""
    if not sees_all(actor, record):
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
        return _without(part["not"], record, moment)
    # An empty Q vanishes from `|` and `~`, so that everybody and nobody are said outright.
    if kind == "and":
        groups = rules.together(part["and"])
        return reduce(and_, (_together(group, record, moment) for group in groups), EVERYBODY)
    if kind == "or":
        return reduce(or_, (_part(one, record, moment) for one in part["or"]), NOBODY)
    if kind == "related":
        return _related([part], record, moment)
    return _field(part, record, moment)


def _without(part: Condition, record: RecordType, moment: Moment) -> Q:
    """The opposite; that there is none of something is asked as such, for which the database has a plan."""
    if rules.shape(part) == "related" and part.get("aggregate", "exists") == "exists":
        return _related([{**part, "op": "true" if part.get("op") == "false" else "false"}], record, moment)
    return ~_part(part, record, moment)


def _together(group: list[Condition], record: RecordType, moment: Moment) -> Q:
    return _related(group, record, moment) if len(group) > 1 else _part(group[0], record, moment)


def _field(part: Condition, record: RecordType, moment: Moment) -> Q:
    path, field = resolve(record, part["field"])
    op = part.get("op", "is")
    rules.require_operator(op, operators_of(field), field=part["field"], kind=field.kind)
    return _asked(path, field, op, part, moment) & _seen(moment, record, part["field"])


def _asked(path: str, field: Field, op: str, part: Condition, moment: Moment) -> Q:
    if field.kind == "change_set":
        id = rules.value_for(field.kind, (), part.get("value"), field=part["field"])
        written = _written(path, type_of(field.stored.model), id, moment)  # type: ignore[arg-type]
        return written if op == "is" else ~written
    if op in ("true", "false"):
        return Q(**{path: op == "true"})
    if op == "empty":
        return _empty(path, field)
    if op in ("me", "my_team"):
        return _own(path, op, moment)
    opposite = _OPPOSITE.get(op)
    if opposite:
        return ~_asked(path, field, opposite, part, moment)
    if op in rules.MOVING:
        asked = in_time(path, field.kind, op, part.get("value"), moment)
    else:
        asked = _compared(path, field, op, part)
    # of an added field Django does not know that it may be nothing, whose opposite is true of everything
    return asked & Q(**{f"{path}__isnull": False}) if field.custom and field.stored.null else asked


def _own(path: str, op: str, moment: Moment) -> Q:
    """Of whoever asks; what is kept is asked by nobody in particular."""
    if moment.kept or moment.actor.id is None:
        raise Invalid("condition.needs_a_reader", op=op)
    return Q(**{path: moment.actor.id}) if op == "me" else Q(**{f"{path}__in": moment.actor.teams})


def _compared(path: str, field: Field, op: str, part: Condition) -> Q:
    def known(value: Any) -> Any:
        return rules.value_for(field.kind, field.choices, value, field=part["field"])

    value = part.get("value")
    if op in ("in", "between"):
        values = [known(v) for v in rules.listed(op, value, field=part["field"])]
        return Q(
            **{f"{path}__gte": values[0], f"{path}__lte": values[1]} if op == "between" else {f"{path}__in": values}
        )
    if op == "contains_any":
        asked = [_compared(path, field, "contains", {**part, "value": v}) for v in rules.listed(op, value, field=path)]
        return reduce(or_, asked, NOBODY)
    if field.kind == "list" or field.kind == "json":
        if not isinstance(value, bool):
            rules.value_for("decimal" if isinstance(value, int | float) else "text", (), value, field=part["field"])
        return Q(**{f"{path}__contains": [value]})
    if field.kind == "sensitive":
        return Q(**{f"{path}__blind__in": rules.sought(known(value))[0]}) & ~Q(**{path: ""})  # as its index says it
    if op in _LOOKUPS:
        return Q(**{f"{path}__{_LOOKUPS[op]}": known(value)})
    return Q(**{path: known(value)})


def _empty(path: str, field: Field) -> Q:
    nothing = Q(**{f"{path}__isnull": True})
    if rules.family(field.kind) in ("text", "choice", "sensitive"):
        return nothing | Q(**{path: ""})
    return nothing


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


def _related(group: list[Condition], record: RecordType, moment: Moment) -> Q:
    """What holds of the records that point here; several figures of the same ones are worked out together."""
    part = group[0]
    relation = relation_of(record, part["related"])
    rows = _rows(part, relation.child, replace(moment, among=None)).filter(**{f"{relation.through}__isnull": False})
    if moment.among is not None:
        rows = rows.filter(**{f"{relation.through}__among": moment.among})
    through = f"{relation.through}_id"
    aggregate = part.get("aggregate", "exists")
    if aggregate not in rules.AGGREGATES:
        raise Unknown("condition.unknown_aggregate", aggregate, rules.AGGREGATES, aggregate=str(aggregate))
    if aggregate == "exists":
        none = part.get("op") == "false"
        return Q(~Exists(rows.filter(**{through: OuterRef("pk")}))) if none else Q(pk__in=rows.values(through))
    if aggregate in rules.ENDS:
        return _at_an_end(moment, part, relation.child, rows, through)
    return _having(moment, group, relation.child, rows, through)


def _rows(part: Condition, child: RecordType, moment: Moment) -> QuerySet[Row]:
    moment.actor.require(read(child))
    rows = child.model._default_manager.filter(_visible(moment, child))
    rows = rows.filter(_part(part["where"], child, moment)) if part.get("where") else rows
    within = [key for key in rules.WITHIN if part.get(key)]
    if within or moment.past:
        occurred = _occurred(child)
        for key in within:
            rows = rows.filter(in_time(occurred, "datetime", key, part[key], moment))
        if moment.past:
            rows = rows.filter(**{f"{occurred}__lte": moment.at})
    return rows


def _occurred(child: RecordType) -> str:
    if child.occurred is None:
        raise Invalid("condition.no_time", record=child.name)
    return child.occurred


def _at_an_end(moment: Moment, part: Condition, child: RecordType, rows: QuerySet[Row], through: str) -> Q:
    """What holds of the first or the latest of the related records; of those at the same time the last written."""
    occurred, than = _occurred(child), "gt" if part["aggregate"] == "latest" else "lt"
    same = Q(**{occurred: OuterRef(occurred), "pk__gt": OuterRef("pk")})
    beyond = rows.filter(Q(**{f"{occurred}__{than}": OuterRef(occurred)}) | same, **{through: OuterRef(through)})
    asked = {"field": part.get("of", ""), "op": part.get("op", "is"), "value": part.get("value")}
    ends = rows.filter(_field(asked, child, moment), ~Exists(beyond), **{f"{occurred}__isnull": False})
    return Q(pk__in=ends.values(through))


def _having(moment: Moment, group: list[Condition], child: RecordType, rows: QuerySet[Row], through: str) -> Q:
    for part in group:
        if part["aggregate"] != "count":
            resolve(child, part.get("of", ""))
            rows = rows.filter(_seen(moment, child, part["of"]))
    grouped: Any = rows.order_by().values(through)
    whole, held, counted = EVERYBODY, Q(), grouped
    for n, part in enumerate(group):
        name, op = f"figure_{n}", part.get("op", "gte")
        figure, kind = _aggregated(part, child)
        holds = _held(part, op, kind, name, moment)
        if part["aggregate"] in ("count", "sum") and rules.holds_for_nothing(op, part.get("value")):
            whole &= ~Q(pk__in=grouped.annotate(**{name: figure}).filter(~holds).values(through))
        else:
            counted, held = counted.annotate(**{name: figure}), held & holds
    return whole & Q(pk__in=counted.filter(held).values(through)) if held else whole


def _held(part: Condition, op: str, kind: str, name: str, moment: Moment) -> Q:
    """How a figure is compared."""
    aggregate, value = part["aggregate"], part.get("value")
    rules.require_operator(op, rules.figure_operators(kind, aggregate), field=part["related"], kind=aggregate)
    if op in rules.MOVING:
        return in_time(name, kind, op, value, moment)
    of = str(part.get("of", aggregate))
    values = rules.listed(op, value, field=of) if op == "between" else [value]
    checked = [rules.value_for(kind, (), v, field=of) for v in values]
    if op == "between":
        return Q(**{f"{name}__gte": checked[0], f"{name}__lte": checked[1]})
    if op in ("is", "is_not"):
        return Q(**{name: checked[0]}) if op == "is" else ~Q(**{name: checked[0]})
    return Q(**{f"{name}__{op}": checked[0]})


def _aggregated(part: Condition, child: RecordType) -> tuple[Any, str]:
    """The figure of related records, and of which kind it is."""
    aggregate = part["aggregate"]
    if aggregate == "count":
        return Count("*"), "integer"  # of the index alone, where it holds all that is asked
    path, field = resolve(child, part.get("of", ""))
    group = rules.family(field.kind)
    if group not in rules.COMPARABLE or (aggregate == "sum" and group != "number"):
        raise Invalid("condition.not_a_number", field=str(part.get("of")))
    if aggregate != "sum":
        return _AGGREGATES[aggregate](path), field.kind
    return Coalesce(Sum(path), Value(0, IntegerField()), output_field=field.stored), field.kind
