"""From the cells of a row to values, by a mapping a person chose."""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import itemgetter
from typing import Any

from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.words import words
from guanxi.lib import dates, email_address, money, phone
from guanxi.lib.errors import Invalid, Problem, Unknown
from guanxi.workspace.imports.spellings import choice_words, meanings, plain
from guanxi.workspace.imports.targets import Column, Kind, Target, Wrong

Mapping_ = Mapping[str, Any]
_SEPARATORS = re.compile(r"[\s_\-./():#*、【】\[\]]+")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,}", re.IGNORECASE)
"""A long number as a spreadsheet shows it once it is rounded: whose it was, nobody can tell."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


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
    options: Sequence[str] = ()


def suggest(target: Target, headings: Sequence[str]) -> dict[str, str]:
    """Which heading probably means which column; each heading is used once, what it surely means comes first."""
    there: dict[str, str] = {}
    for bare in (_bare, _without_brackets):
        for heading in headings:
            there.setdefault(bare(heading), heading)
    there.pop("", None)
    found: dict[str, str] = {}
    for named in (_surely, _beside, _perhaps, _as_the_field):
        sure = {*found, *there}
        for name in target.columns:
            free = [there[one] for one in map(_bare, named(target, name, sure)) if one in there]
            free = [heading for heading in free if heading not in found.values()]
            if name not in found and free:
                found[name] = free[0]
    return found


def _surely(target: Target, name: str, _there: Container[str]) -> list[str]:
    return [*target.columns[name].headings, *_said(target.message(name))]


def _beside(target: Target, name: str, there: Container[str]) -> list[str]:
    """Headings that mean a column because of another that is there."""
    beside = target.columns[name].beside
    return [heading for heading, others in beside.items() if any(o in there or _bare(o) in there for o in others)]


def _perhaps(target: Target, name: str, _there: Container[str]) -> Sequence[str]:
    return target.columns[name].perhaps


def _as_the_field(target: Target, name: str, _there: Container[str]) -> list[str]:
    return [name, *(said for record in target.records for said in _said(f"{record}.{name}"))]


def _said(id: str) -> list[str]:
    return [words(language)[id] for language in LANGUAGES if id in words(language)]


def require_options(target: Target, chosen: Sequence[str]) -> list[str]:
    """Refuse to choose what there is not; each is chosen once."""
    for one in chosen:
        if one not in target.options:
            raise Unknown("import.unknown_option", one, target.options, option=one)
    return sorted(set(chosen))


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
    return [_source(target, name, given, reading) for name, given in mapping.items()]


def _source(target: Target, name: str, given: Any, reading: Reading) -> Source:
    column, known = target.columns[name], meanings(target, name)
    choices = [(choice_words(target, name, choice) or [choice])[0] for choice in column.choices]

    @lru_cache(maxsize=20_000)
    def kept(text: str) -> Any:
        bare = text.strip()
        value = understood(column, bare, reading) if bare else None
        return _meant(bare, known, choices) if bare and known else value

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
    if kind in ("text", "phone") and _ROUNDED.fullmatch(text):
        raise Invalid("import.rounded_number", text=text[:40])
    if kind == "number":
        return number(text, reading.decimal_comma)
    if kind == "place":
        return _place(number(text, reading.decimal_comma))
    if kind == "moment":
        return dates.parse_moment(text, order=reading.order, zone=reading.zone)
    if kind == "day":
        return dates.parse_day(text, order=reading.order)
    if kind == "email":
        return _address(text)
    if kind == "currency":
        return _currency(text, reading.currency)
    if kind == "phone" and not re.search(r"\d", text) and phone.normalise(text, country=reading.country) is None:
        raise Invalid("import.not_a_phone", text=text[:40])
    return text


def _meant(text: str, known: Mapping[str, Any], choices: Sequence[str]) -> Any:
    """The choice a cell means; where it is refused, `choices` are said in the words of whoever reads it."""
    said = plain(text)
    if said in known:
        return known[said]
    if choices:
        raise Invalid("import.not_a_choice", text=text[:40], known=choices)
    raise Invalid("import.not_yes_or_no", text=text[:40])


def number(text: str, decimal_comma: bool = False) -> Decimal:
    """A number as it is typed, with thousands separated or not, negative by sign or brackets."""
    bare = text.replace("\u00a0", "").replace(" ", "").replace("'", "").lstrip("¥￥$£€").rstrip("元")
    if bare.endswith("%"):
        return number(bare[:-1], decimal_comma) / 100
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
    return _SEPARATORS.sub("", plain(heading))


def _without_brackets(heading: str) -> str:
    """A heading without what it adds in brackets: a unit, an example, that it is needed."""
    return _bare(_BRACKETS.sub("", unicodedata.normalize("NFKC", heading)))
