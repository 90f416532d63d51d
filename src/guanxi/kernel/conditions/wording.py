"""A condition as a sentence a person would say, in the reader's language."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.conditions import rules
from guanxi.kernel.conditions.queries import operators_of, resolve
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.models import ChangeSet
from guanxi.kernel.records import Field, RecordType, relation_of, type_of
from guanxi.kernel.rows import labels
from guanxi.kernel.time import now
from guanxi.kernel.words import say, words
from guanxi.lib import money
from guanxi.lib.errors import Invalid

_OPPOSITE = {
    "is": "is_not", "in": "not_in", "empty": "not_empty", "true": "false",
    "is_not": "is", "not_in": "in", "not_empty": "empty", "false": "true",
}  # fmt: skip
_JOINT = re.compile(r"(?<=[\u4e00-\u9fff])(?=[-+]?[A-Za-z0-9£$€¥])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")
_AS_WRITTEN = "\u2060"
"""Stands within what is quoted, where no space is put between Chinese and Latin."""


def sentence(condition: Condition | None, record: RecordType, *, actor: Actor, currency: str) -> str:
    """What a condition asks, as a sentence without its full stop; what the reader may not see is not named.

    Amounts of a condition are in the company's currency, which is given.
    """
    if not condition:
        return say("condition.everybody", actor.language, many=_small(say(f"{record.name}.many", actor.language)))
    rules.require_bounded(condition)
    said = _JOINT.sub(" ", _Voice(actor, currency).part(condition, record)).replace(_AS_WRITTEN, "")
    return said[:1].upper() + said[1:]


def _as_written(text: str) -> str:
    """What people or files call something keeps its own spaces."""
    return _JOINT.sub(_AS_WRITTEN, text)


class _Voice:
    """Says the parts of a condition in one language."""

    def __init__(self, actor: Actor, currency: str) -> None:
        self.actor = actor
        self.currency = currency
        self.language = actor.language

    def say(self, key: str, /, **values: Any) -> str:
        return say(f"condition.{key}", self.language, **values)

    def part(self, part: Condition, record: RecordType) -> str:
        kind = rules.shape(part)
        if kind == "not":
            return self.denied(part["not"], record)
        if kind in ("and", "or"):
            return self.joined(kind, part[kind], record)
        if kind == "related":
            return self.related([part], record)
        return self.field(part, record)

    def denied(self, part: Condition, record: RecordType) -> str:
        """Say the opposite plainly where there is one."""
        kind = rules.shape(part)
        if kind == "not":
            return self.part(part["not"], record)
        if kind == "field" and part.get("op", "is") in _OPPOSITE:
            return self.field({**part, "op": _OPPOSITE[part.get("op", "is")]}, record)
        if kind == "related" and part.get("aggregate", "exists") == "exists":
            op = "true" if part.get("op") == "false" else "false"
            return self.related([{**part, "op": op}], record)
        return self.say("not", inner=self.part(part, record))

    def joined(self, kind: str, parts: Sequence[Condition], record: RecordType) -> str:
        """Join what holds together; figures of the same related records become one phrase."""
        groups = _together(parts) if kind == "and" else [[part] for part in parts]
        said = []
        for group in groups:
            one = self.related(group, record) if len(group) > 1 else self.part(group[0], record)
            nested = rules.shape(group[0]) in ("and", "or") and len(next(iter(group[0].values()))) > 1
            said.append(self.say("group", inner=one) if nested and len(groups) > 1 else one)
        return self.folded(kind, said) if said else self.say("everybody", many=self.called(f"{record.name}.many"))

    def folded(self, key: str, said: Sequence[str]) -> str:
        whole = said[0]
        for one in said[1:]:
            whole = self.say(key, a=whole, b=one)
        return whole

    def listed(self, values: Sequence[str], last: str = "list_or") -> str:
        """A, B or C."""
        head = self.folded("list_comma", values[:-1]) if len(values) > 1 else ""
        return self.say(last, a=head, b=values[-1]) if head else "".join(values)

    def reads(self, record: RecordType, path: str) -> bool:
        """Whether the reader reads what a path leads through, and the field at its end."""
        for name in path.split("."):
            if self.actor.level(f"{record.name}.{record.now_called(name)}") < Level.READ:
                return False
            field = record.fields.get(record.now_called(name))
            record = type_of(field.to) if field and field.to else record
        return True

    def field(self, part: Condition, record: RecordType, *, of: str = "") -> str:
        _, field = resolve(record, part["field"])
        if not self.reads(record, part["field"]):
            return self.say("closed")
        op, value, label = part.get("op", "is"), part.get("value"), self.label(record, part["field"])
        label = self.say("path", inner=label, outer=of) if of else label
        rules.require_operator(op, operators_of(field), field=part["field"], kind=field.kind)
        if field.kind == "change_set":
            return self.written(op, record, part)
        if op in rules.MOVING:
            return self.in_time(label, op, value)
        if op == "contains_any":
            options = [_as_written(str(one)) for one in value or ()]
            return self.say("op.includes", field=label, value=self.listed(options))
        if op in ("in", "not_in"):
            options = [self.value(field, record, part["field"], one) for one in value or ()]
            key = "is_not" if op == "not_in" and len(options) == 1 else op
            last = "list_nor" if op == "not_in" else "list_or"
            return self.say(f"op.{key}", field=label, value=self.listed(options, last))
        return self.compared(field, label, op, value, place=(record, part["field"]))

    def in_time(self, label: str, op: str, value: Any) -> str:
        """When a day lies, seen from now."""
        if op in ("this", "previous", "anniversary_this"):
            return self.say(f"time.{op}", field=label, period=self.period(op, value))
        unit = "ago" if op == "older_than" else "window"
        return self.say(f"time.{op}", field=label, window=self.window(value, unit))

    def within(self, part: Condition) -> str:
        """In which time related records lie."""
        said = [self.say("last", window=self.window(part["last"]))] if part.get("last") else []
        named = (key for key in ("this", "previous") if part.get(key))
        return "".join([*said, *(self.say("within", period=self.period(key, part[key])) for key in named)])

    def written(self, op: str, record: RecordType, part: Condition) -> str:
        """By which operation, on which day."""
        id = rules.value_for("change_set", (), part.get("value"), field=part["field"])
        opened = ChangeSet.objects.filter(pk=id).first()
        if opened is None:
            said = self.say(f"written_in.{op}_none", id=id)
        else:
            day = self.day(opened.at.astimezone(ZoneInfo(self.actor.zone)).date())
            said = self.say(f"written_in.{op}", what=say(opened.operation, self.language), day=day)
        through = part["field"].rpartition(".")[0]
        return self.say("written_in.of", outer=self.label(record, through), inner=said) if through else said

    def compared(self, field: Field, label: str, op: str, value: Any, *, place: tuple[RecordType, str]) -> str:
        style = "time" if rules.family(field.kind) == "date" and op in rules.COMPARING else "op"
        if op == "between":
            a, b = (self.value(field, *place, one) for one in value)
            return self.say(f"{style}.between", field=label, a=a, b=b)
        if field.kind in ("list", "json") and op == "contains":
            return self.say("op.includes", field=label, value=_as_written(str(value)))
        said = (
            "" if op in ("empty", "not_empty", "true", "false", "me", "my_team") else self.value(field, *place, value)
        )
        return self.say(f"{style}.{op}", field=label, value=said)

    def related(self, parts: Sequence[Condition], record: RecordType) -> str:
        """What was done, in which time, how often, for how much."""
        first = parts[0]
        relation = relation_of(record, first["related"])
        child, verb = relation.child, f"{record.name}.{relation.name}"
        spoken = f"{verb}.did" in words(self.language)
        common = {
            "last": self.within(first),
            "where": self.say("where", inner=self.part(first["where"], child)) if first.get("where") else "",
        }
        counts = [part for part in parts if part.get("aggregate", "exists") in ("count", "exists")]
        if first.get("aggregate") in rules.ENDS:
            return self.at_an_end(first, child, common)
        figured = [part for part in parts if part not in counts]
        figures = "".join(self.figure(part, child, spoken=spoken) for part in figured)
        if figured and rules.family(resolve(child, figured[0].get("of", ""))[1].kind) != "date" and not _told(counts):
            figures = figures.removeprefix(",")
        return self.deed(verb, child, counts, figures, common)

    def deed(
        self, verb: str, child: RecordType, counts: Sequence[Condition], figures: str, common: dict[str, str]
    ) -> str:
        many = self.called(f"{child.name}.many")
        has_verb = f"{verb}.did" in words(self.language)
        telling = _told(counts)
        if any(_never(part) for part in counts):
            if has_verb:
                return self.say("did_not", did_not=say(f"{verb}.did_not", self.language), **common)
            return self.say("has_no", many=many, **common)
        if has_verb:
            times = self.listed([self.times(part) for part in telling], "list_and") if telling else ""
            return self.say("did", did=say(f"{verb}.did", self.language), times=times, figures=figures, **common)
        if telling:
            count = self.listed([self.counted("count", part) for part in telling], "list_and")
            return self.say("has_many", count=count, many=many, figures=figures, **common)
        return self.say("has", many=many, figures=figures, **common)

    def times(self, part: Condition) -> str:
        value = part.get("value")
        n = value if isinstance(value, int) else None
        named = f"n_times.{n}" if n in (1, 2) else "n_times"
        return self.counted("times", part, times=self.say(named, n=n))

    def counted(self, key: str, part: Condition, **more: Any) -> str:
        op, value = part.get("op", "gte"), part.get("value")
        a, b = value if isinstance(value, list) else (value, value)
        return self.say(f"{key}.{op}", a=self.number(a), b=self.number(b), n=self.number(a), **more)

    def at_an_end(self, part: Condition, child: RecordType, common: dict[str, str]) -> str:
        """What holds of the first or the latest of the related records."""
        asked = {"field": part.get("of", ""), "op": part.get("op", "is"), "value": part.get("value")}
        one = self.say(f"end.{part['aggregate']}", one=self.called(f"{child.name}.one"), **common)
        return self.field(asked, child, of=one)

    def figure(self, part: Condition, child: RecordType, *, spoken: bool) -> str:
        """The sum, least or most of a field of the related records."""
        _, field = resolve(child, part.get("of", ""))
        if not self.reads(child, part["of"]):
            return self.say("closed")
        aggregate, op, value = part["aggregate"], part.get("op", "gte"), part.get("value")
        label = self.label(child, part["of"])
        if op in rules.MOVING:
            key = "earliest" if aggregate == "min" else "latest"
            return self.say(key, figure=self.in_time(label, op, value))
        values = value if isinstance(value, list) else [value, value]
        a, b = (self.value(field, child, part["of"], one) for one in values)
        if aggregate == "sum" and field.kind == "money" and spoken:
            return self.say(f"sum.{op}", field=label, value=a, a=a, b=b)
        if rules.family(field.kind) == "date":
            key = "earliest" if aggregate == "min" else "latest"
            return self.say(key, figure=self.say(f"time.{op}", field=label, value=a, a=a, b=b))
        key = "total" if aggregate == "sum" else aggregate
        return self.say(key, figure=self.say(f"figure.{op}", field=label, value=a, a=a, b=b))

    def label(self, record: RecordType, path: str) -> str:
        """What a field is called within a sentence; over a reference: city of the customer."""
        *through, last = path.split(".")
        labels = []
        for name in through:
            labels.append(self.called(record.message(name)))
            record = type_of(record.field(name).to)  # type: ignore[arg-type]
        whole = self.called(f"{record.name}.one" if last == "id" else record.message(last))
        for outer in reversed(labels):
            whole = self.say("path", inner=whole, outer=outer)
        return whole

    def called(self, key: str) -> str:
        label = say(key, self.language)
        return _small(label) if self.language == "en" else label

    def window(self, value: Any, form: str = "window") -> str:
        ((unit, n),) = rules.window(value).items()
        return self.say(f"{form}.{unit}", n=n)

    def period(self, op: str, value: Any) -> str:
        """This month, last year."""
        known = rules.period(op, value, at=now(), zone="UTC")
        return self.say(f"{'previous' if op == 'previous' else 'this'}.{known.grain}")

    def value(self, field: Field, record: RecordType, path: str, value: Any) -> str:
        """A value as people write it."""
        known = rules.value_for(field.kind, field.choices, value, field=path)
        if isinstance(known, UUID):
            return self.name(type_of(field.to) if field.to else record, known)
        if field.kind == "sensitive":
            return rules.sought(known)[1]
        if field.kind == "money":
            return self.amount(known)
        if isinstance(known, Decimal):
            return self.number(known)
        if isinstance(known, datetime):
            return self.day(known.astimezone(ZoneInfo(self.actor.zone)).date())
        if isinstance(known, date):
            return self.day(known)
        if field.kind == "language":
            return say(f"language.{known}", self.language)
        return self.choice(field, record, path, str(known)) if field.choices else _as_written(str(known))

    def choice(self, field: Field, record: RecordType, path: str, value: str) -> str:
        for name in path.split(".")[:-1]:
            record = type_of(record.field(name).to)  # type: ignore[arg-type]
        prefix = field.name if field.name == "origin" else f"{record.name}.{field.name}"
        return say(f"{prefix}.{value}", self.language)

    def name(self, record: RecordType, id: UUID) -> str:
        label = labels(self.actor, record, [id]).get(id)
        return _as_written(str(label)) if label else self.say("unknown")

    def amount(self, value: Decimal) -> str:
        said = money.format(money.Money(value, self.currency), language=_language(self.language), home=self.currency)
        return said.removesuffix(".00")

    def number(self, value: Any) -> str:
        try:
            return f"{Decimal(str(value)).normalize():,f}"
        except ArithmeticError as problem:
            raise Invalid("condition.wrong_value", field="value", value=str(value)[:80], kind="number") from problem

    def day(self, day: date) -> str:
        month = self.say("month").split(",")[day.month - 1]
        said = self.say("date", day=day.day, month=month, year=day.year)
        return said if self.language == "en" else f"{_AS_WRITTEN}{_as_written(said)}"  # one word: 2026年11月26日


def _together(parts: Iterable[Condition]) -> list[list[Condition]]:
    """Parts about the same related records in the same time, side by side."""
    groups: list[list[Condition]] = []
    for part in parts:
        alike = [
            group
            for group in groups
            if rules.shape(part) == "related" == rules.shape(group[0])
            and all(part.get(key) == group[0].get(key) for key in ("related", "where", *rules.WITHIN))
            and part.get("aggregate") not in rules.ENDS
            and group[0].get("aggregate") not in rules.ENDS
            and not _never(part)
            and not any(map(_never, group))
        ]
        if alike:
            alike[0].append(part)
        else:
            groups.append([part])
    return groups


def _never(part: Condition) -> bool:
    """Whether it asks for none at all."""
    aggregate, op, value = part.get("aggregate", "exists"), part.get("op", "gte"), part.get("value")
    if aggregate == "exists":
        return bool(op == "false")
    return bool(aggregate == "count") and (op, value) in (("is", 0), ("lte", 0), ("lt", 1))


def _told(counts: Sequence[Condition]) -> list[Condition]:
    """Those that say how often, beyond that it was at all."""
    return [part for part in counts if part.get("aggregate", "exists") == "count" and not _at_all(part)]


def _at_all(part: Condition) -> bool:
    """Whether it asks for one at least."""
    asked = (part.get("op", "gte"), part.get("value"))
    return asked in (("gte", 1), ("gt", 0), ("is_not", 0))


def _small(label: str) -> str:
    """A label within an English sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _language(language: str) -> money.Language:
    return "zh-Hans" if language == "zh-Hans" else "zh-Hant" if language == "zh-Hant" else "en"
