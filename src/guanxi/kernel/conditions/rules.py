"""The shape of a condition and what its operators mean; no tables here."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.lib.errors import Invalid, Unknown
from guanxi.lib.periods import Grain, Period, containing

Condition = dict[str, Any]
DEEPEST = 8
MOST_PARTS = 100
MOST_VALUES = 1000
VERSION = 1

AGGREGATES = ("exists", "count", "sum", "min", "max", "first", "latest")
FIGURES = ("count", "sum", "min", "max")
COMPARABLE = ("number", "date", "text", "choice")
"""The groups of kinds that have a least and a greatest value."""
ENDS = ("first", "latest")
"""The aggregates that ask one record of the related ones: the first in time, or the latest."""
WITHIN = ("last", "this", "previous")
"""In which time related records have to lie: a length of time up to now, a calendar period, the one before it."""
WRITTEN_IN = "written_in"
"""The field that every noun has in conditions: the change-set that made a row, changed it or gave it something."""
MOVING = ("last", "older_than", "next", "this", "previous", "anniversary_within", "anniversary_this")
PERIODS: tuple[Grain, ...] = get_args(Grain)
COMPARING = ("is", "is_not", "lt", "lte", "gt", "gte", "between")
ALONE = ("empty", "not_empty", "true", "false", "me", "my_team")
"""The operators that need no value."""
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "not_in", "contains", "starts_with", "empty", "not_empty"),
    "choice": ("is", "is_not", "in", "not_in", "empty", "not_empty"),
    "number": (*COMPARING, "in", "not_in", "empty", "not_empty"),
    "boolean": ("true", "false"),
    "date": (*COMPARING, *MOVING, "empty", "not_empty"),
    "reference": ("is", "is_not", "in", "not_in", "empty", "not_empty"),
    "list": ("contains", "contains_any", "empty", "not_empty"),
    "change_set": ("is", "is_not"),
    "sensitive": ("is", "empty", "not_empty"),
}
PERSONAL = {"workspace.User": ("me",), "workspace.Team": ("my_team",)}
"""What is asked of a reference to people or teams by who asks: another question for everybody."""
_FAMILY = {
    "text": "text", "long_text": "text", "email": "text", "phone": "text", "language": "choice", "zone": "text",
    "country": "text",
    "currency": "choice", "choice": "choice", "integer": "number", "decimal": "number", "money": "number",
    "duration": "number", "boolean": "boolean", "date": "date", "datetime": "date", "reference": "reference",
    "id": "reference", "list": "list", "json": "list",
    "change_set": "change_set", "sensitive": "sensitive",
}  # fmt: skip
_SOUGHT = re.compile(r"[0-9a-f]{32}(\+[0-9a-f]{32}){0,9}~[^~]{0,20}")
WINDOWS = {"hours": 876_600, "days": 36_525, "weeks": 5_218, "months": 1_200, "years": 100}
"""The units of a length of time, and how many of them are a hundred years: more is never meant."""


def family(kind: str) -> str:
    """The group of kinds that share operators."""
    return _FAMILY[kind]


def operators(kind: str, to: str = "") -> tuple[str, ...]:
    """The operators a kind of field takes; of a reference also by the table it points to."""
    return (*OPERATORS[family(kind)], *PERSONAL.get(to, ()))


def figure_operators(kind: str, aggregate: str) -> tuple[str, ...]:
    """The operators a figure of related records takes: the first or last day of something is a day."""
    return (*COMPARING, *MOVING) if family(kind) == "date" and aggregate in ("min", "max") else COMPARING


def require_operator(op: Any, known: Sequence[str], *, field: str, kind: str) -> None:
    """Refuse an operator that is not for this kind of field."""
    if op not in known:
        raise Unknown("condition.wrong_operator", op, known, field=field, op=str(op), kind=kind)


def listed(op: str, value: Any, *, field: str) -> list[Any]:
    """The values of an operator that takes several, two of them where something lies between."""
    if not isinstance(value, list) or len(value) > MOST_VALUES:
        raise Invalid("condition.not_a_list", key=field)
    if op == "between" and len(value) != 2:
        raise Invalid("condition.not_a_pair", key=field)
    return value


Shape = Literal["and", "or", "not", "related", "field"]
_SHAPES: tuple[Shape, ...] = ("and", "or", "not", "related", "field")


def shape(part: Condition) -> Shape:
    """Which of the five shapes a part of a condition has; anything else is refused."""
    if not isinstance(part, dict):
        raise Invalid("condition.not_an_object", got=type(part).__name__)
    for name in _SHAPES:
        if name in part:
            _only(part, name)
            return name
    raise Invalid("condition.unknown_shape", keys=", ".join(sorted(map(str, part))) or "-")


_KEYS = {
    "and": {"and"},
    "or": {"or"},
    "not": {"not"},
    "field": {"field", "op", "value"},
    "related": {"related", "aggregate", "of", "where", *WITHIN, "op", "value"},
}


def _only(part: Condition, name: str) -> None:
    unknown = set(part) - _KEYS[name] - {"v"}
    if unknown:
        raise Unknown("condition.unknown_key", min(unknown), sorted(_KEYS[name]), key=", ".join(sorted(unknown)))
    if part.get("v", VERSION) != VERSION:
        raise Invalid("condition.unknown_version", version=part["v"])


def parts(part: Condition, depth: int = 0) -> Iterator[Condition]:
    """Every part of a condition, outermost first; bounded in depth and number."""
    if depth > DEEPEST:
        raise Invalid("condition.too_deep", most=DEEPEST)
    kind = shape(part)
    yield part
    if kind in ("and", "or"):
        below = part[kind]
    elif kind == "not":
        below = [part["not"]]
    else:
        below = [part["where"]] if part.get("where") else []
    if not isinstance(below, list):
        raise Invalid("condition.not_a_list", key=kind)
    for child in below:
        yield from parts(child, depth + 1)


def together(asked: list[Condition]) -> list[list[Condition]]:
    """Parts that all have to hold; those about figures of the same related records stand side by side."""
    groups: list[list[Condition]] = []
    for part in asked:
        alike = next((group for group in groups if _same_records(part, group[0])), None)
        if alike:
            alike.append(part)
        else:
            groups.append([part])
    return groups


def _same_records(one: Condition, other: Condition) -> bool:
    if not shape(one) == "related" == shape(other):
        return False
    if any(part.get("aggregate") not in FIGURES or "." in str(part.get("of")) for part in (one, other)):
        return False
    return all(one.get(key) == other.get(key) for key in ("related", "where", *WITHIN))


def moving(condition: Condition | None) -> bool:
    """Whether the condition is another expression at another time: of a window, or of what was written since."""
    asked = parts(condition or {"and": []})
    return any(one.keys() & WITHIN or one.get("op") in MOVING or _ends_in_writing(one) for one in asked)


def personal(condition: Condition | None) -> bool:
    """Whether the condition is another question for everybody who asks it."""
    return any(one.get("op") in ("me", "my_team") for one in parts(condition or {"and": []}))


def _ends_in_writing(part: Condition) -> bool:
    return str(part.get("field")).rpartition(".")[2] == WRITTEN_IN


def require_bounded(part: Condition) -> None:
    """Refuse a condition that is too large to be meant."""
    for count, _ in enumerate(parts(part), start=1):
        if count > MOST_PARTS:
            raise Invalid("condition.too_large", most=MOST_PARTS)


def window(value: Any) -> dict[str, int]:
    """A length of time such as {"days": 90}."""
    if not isinstance(value, dict) or len(value) != 1:
        raise Invalid("condition.wrong_window", value=str(value))
    ((unit, count),) = value.items()
    if unit not in WINDOWS or isinstance(count, bool) or not isinstance(count, int) or not 0 < count <= WINDOWS[unit]:
        raise Invalid("condition.wrong_window", value=str(value))
    return {unit: count}


def back(moment: datetime, value: Any) -> datetime:
    """The moment a window before another."""
    ((unit, count),) = window(value).items()
    if unit in ("months", "years"):
        months = count * (12 if unit == "years" else 1)
        year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
        for day in (moment.day, 30, 29, 28):
            try:
                return moment.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
    return moment - timedelta(**{unit: count})


def forth(moment: datetime, value: Any) -> datetime:
    """The moment a window after another."""
    ((unit, count),) = window(value).items()
    if unit in ("months", "years"):
        return moment + timedelta(days=count * (365 if unit == "years" else 30))
    return moment + timedelta(**{unit: count})


def period(op: str, value: Any, *, at: datetime, zone: str) -> Period:
    """The calendar period of a zone that a moment lies in, or the one before it."""
    if value not in PERIODS:
        raise Unknown("condition.wrong_period", str(value)[:80], PERIODS, value=str(value)[:80])
    found = containing(at, cast(Grain, value), ZoneInfo(zone))
    return containing(found.start - timedelta(hours=1), found.grain, ZoneInfo(zone)) if op == "previous" else found


def value_for(kind: str, choices: tuple[str, ...], value: Any, *, field: str) -> Any:
    """A value as the field's kind understands it, or a refusal that names the field."""
    if kind == "sensitive":
        if not isinstance(value, str) or not _SOUGHT.fullmatch(value):
            raise Invalid("condition.sensitive_in_the_clear", field=field)  # never repeated: it may be the value
        return value
    problem = Invalid("condition.wrong_value", field=field, value=str(value)[:80], kind=kind)
    group = family(kind)
    try:
        if group == "number":
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise problem
            number = Decimal(str(value))
            if not number.is_finite():
                raise problem
            return number
        if kind == "datetime":
            return _moment(value)
        if kind == "date":
            return date.fromisoformat(value)
        if group in ("reference", "change_set"):
            return UUID(str(value))
        str(value).encode()  # half a character is none
    except (ValueError, TypeError, InvalidOperation) as error:
        raise problem from error
    if not isinstance(value, str) or len(value) > 1000 or "\x00" in value or (choices and value not in choices):
        raise problem
    return value


def sought(value: str) -> tuple[list[str], str]:
    """The blind indexes by which a sensitive value is looked for, and the mask that is said of it."""
    indexes, _, mask = value.partition("~")
    return indexes.split("+"), mask


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment


def holds_for_nothing(op: str, value: Any) -> bool:
    """Whether a comparison of a count or sum already holds where there is nothing to count."""
    number = [Decimal(str(v)) for v in value] if isinstance(value, list) else Decimal(str(value))
    if op == "between" and isinstance(number, list):
        return number[0] <= 0 <= number[1]
    if isinstance(number, list):
        raise Invalid("condition.wrong_value", field="value", value=str(value), kind="number")
    return {
        "is": number == 0,
        "is_not": number != 0,
        "lt": number > 0,
        "lte": number >= 0,
        "gt": number < 0,
        "gte": number <= 0,
    }[op]
