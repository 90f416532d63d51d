"""From the cells of a row to values, by a mapping a person chose."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import itemgetter
from typing import Any

from guanxi.lib import dates, email_address, money, phone
from guanxi.lib.errors import Invalid, Problem, Unknown
from guanxi.workspace.imports.targets import Column, Kind, Target, Wrong

Mapping_ = Mapping[str, Any]
_YES = {"yes", "y", "true", "1", "x", "是", "有", "同意", "对", "√", "✓", "ja", "oui"}
_NO = {"no", "n", "false", "0", "", "否", "无", "無", "不同意", "-", "nein", "non"}
_SEPARATORS = re.compile(r"[\s_\-./()（）:：#*]+")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How values are to be understood: the order of dates, the zone of bare times, the country of bare numbers.

    `currency` is the company's own, which a sign of several stands for.
    """

    order: dates.Order = "ymd"
    zone: str = "UTC"
    country: str = ""
    currency: str = ""
    decimal_comma: bool = False


def suggest(target: Target, headings: Sequence[str]) -> dict[str, str]:
    """Which heading probably means which column; each heading is used once."""
    free = {_bare(heading): heading for heading in headings if heading}
    found: dict[str, str] = {}
    for name, column in target.columns.items():
        for wanted in (name, *column.headings):
            if _bare(wanted) in free:
                found[name] = free.pop(_bare(wanted))
                break
    return found


def require_mapping(target: Target, mapping: Mapping_, headings: Sequence[str]) -> None:
    """Refuse a mapping of columns that are not there, or without what every row needs."""
    for name, source in mapping.items():
        if name not in target.columns:
            raise Unknown("import.unknown_column", name, target.columns, column=name)
        if isinstance(source, dict):
            constant = source.get("constant")
            if len(source) != 1 or not isinstance(constant, str) or "\x00" in constant:
                raise Invalid("import.wrong_constant", column=name, label=target.message(name))
        elif source not in headings:
            label = target.message(name)
            raise Unknown("import.unknown_heading", source, headings, column=name, label=label, heading=str(source))
    for name, column in target.columns.items():
        if column.required and name not in mapping:
            raise Invalid("import.column_needed", column=name, label=target.message(name))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a value comes from and how it is understood: None where nothing is said; what repeats is read once."""

    name: str
    required: bool
    said: Callable[[Mapping[str, str]], str]
    understood: Callable[[str], Any]


def sources(target: Target, mapping: Mapping_, reading: Reading) -> list[Source]:
    """What a mapping takes from each row."""
    return [_source(name, target.columns[name], given, reading) for name, given in mapping.items()]


def _source(name: str, column: Column, given: Any, reading: Reading) -> Source:
    @lru_cache(maxsize=20_000)
    def kept(text: str) -> Any:
        bare = text.strip()
        return understood(column, bare, reading) if bare else None

    constant = given["constant"] if isinstance(given, dict) else ""
    said = (lambda _: constant) if isinstance(given, dict) else itemgetter(given)
    return Source(name=name, required=column.required, said=said, understood=kept)


def values(wanted: Iterable[Source], cells: Mapping[str, str]) -> tuple[dict[str, Any], Wrong]:
    """The values of a row, and what cannot be understood or is missing, by column."""
    found: dict[str, Any] = {}
    wrong: Wrong = {}
    for source in wanted:
        try:
            value = source.understood(source.said(cells))
        except Problem as problem:
            wrong[source.name] = problem
            continue
        if value is not None:
            found[source.name] = value
        elif source.required:
            wrong[source.name] = Invalid("import.value_needed")
    return found, wrong


def cell(source: Any, cells: Mapping[str, str]) -> str:
    """What a row says where the mapping points to; the same for every row where it is a constant."""
    return str(source["constant"] if isinstance(source, dict) else cells.get(source, "")).strip()


def understood(column: Column, text: str, reading: Reading) -> Any:
    """A cell as its kind understands it."""
    kind: Kind = column.kind
    if "\x00" in text:
        raise Invalid("import.unstorable_text")
    if column.longest and len(text) > column.longest:
        raise Invalid("import.too_long", longest=column.longest)
    if kind == "number":
        return number(text, reading.decimal_comma)
    if kind == "place":
        return _place(number(text, reading.decimal_comma))
    if kind == "moment":
        return dates.parse_moment(text, order=reading.order, zone=reading.zone)
    if kind == "day":
        return dates.parse_day(text, order=reading.order)
    if kind == "yes_no":
        return _yes_no(text)
    if kind == "email":
        return _address(text)
    if kind == "currency":
        return _currency(text, reading.currency)
    if kind == "phone" and phone.normalise(text, country=reading.country) is None and not re.search(r"\d", text):
        raise Invalid("import.not_a_phone", text=text[:40])
    if kind == "choice" and text.casefold() not in column.choices:
        raise Invalid("import.not_a_choice", text=text[:40], known=", ".join(column.choices))
    return text.casefold() if kind == "choice" else text


def number(text: str, decimal_comma: bool = False) -> Decimal:
    """A number as it is typed, with thousands separated or not, negative by sign or brackets."""
    bare = text.replace("\u00a0", "").replace(" ", "").replace("'", "").lstrip("¥￥$£€").rstrip("元")
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    bare = bare.replace(".", "").replace(",", ".") if decimal_comma else bare.replace(",", "")
    try:
        found = Decimal(bare)
    except InvalidOperation as problem:
        raise Invalid("import.not_a_number", text=text[:40]) from problem
    if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
        raise Invalid("import.not_a_number", text=text[:40])
    return found


def _place(said: Decimal) -> int:
    if said != int(said) or not 0 < said < 2**31:
        raise Invalid("import.not_a_place", text=str(said))
    return int(said)


def _yes_no(text: str) -> bool:
    said = text.casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise Invalid("import.not_yes_or_no", text=text[:40])


def _currency(text: str, home: str) -> str:
    found = money.currency_of(text, home=home)
    if not found:
        raise Invalid("import.not_a_currency", text=text[:40])
    return found


def _address(text: str) -> str:
    found = email_address.normalise(text)
    if found is None:
        raise Invalid("import.not_an_address", text=text[:80])
    return found


def _bare(heading: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return _SEPARATORS.sub("", spaced).casefold()
