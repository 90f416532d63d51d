"""Letters with blanks: which blanks there are, and how they are filled. Liquid with a closed set of words."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Any

from liquid import Environment, Expression, FalsyStrictUndefined, Node, RenderContext
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError
from liquid.filter import string_filter
from liquid.template import BoundTemplate

from guanxi.lib.errors import Invalid, Unknown

FIELDS: dict[str, tuple[str, ...]] = {
    "customer": ("name", "salutation", "first_name", "family_name", "city", "country", "number"),
    "company": ("name",),
    "sender": ("name", "email"),
    "matter": ("number", "subject"),
    "order": ("number", "total", "placed_on"),
    "today": (),
    "unsubscribe_url": (),
    "rating_url": (),
    "confirm_url": (),
    "code": (),
}
"""The blanks there are. Not all of them are known for every letter; one that is not known refuses the letter."""
OWN = ("customer", "company", "sender", "today", "unsubscribe_url", "rating_url")
"""What the house itself fills in, and nobody else."""
EXTENSIBLE = "customer"
"""What the company may have `added` blanks to."""

_TAGS = frozenset({"if", "unless", "case", "comment", "output", "content", "illegal", "#"})
_FILTERS = frozenset(
    {"append", "capitalize", "date", "default", "downcase", "escape", "prepend", "replace", "round", "strip",
     "truncate", "upcase"}
)  # fmt: skip
MISTAKES = (LiquidError, ArithmeticError, ValueError)
LONGEST = 20_000
LONGEST_BLANK = 500
"""So many characters between the beginning of a blank or a tag and its end."""
LONGEST_DATE = 100
_BOUNDS = re.compile(r"\{\{|\{%|\}\}|%\}")
_CLOSED_BY = {"{{": "}}", "{%": "%}"}


class _Unknown(FalsyStrictUndefined):
    """A value that is not known: it may be asked for by `if` and replaced by `default`, and fills no blank."""

    force_liquid_default = True


class _Letters(Environment):
    """Liquid that cannot loop, include or grow without end."""

    output_stream_limit = 10 * LONGEST
    loop_iteration_limit = 1
    local_namespace_limit = 1000


@cache
def _environment() -> Environment:
    environment = _Letters(undefined=_Unknown, strict_filters=True)
    for name in set(environment.tags) - _TAGS:
        del environment.tags[name]
    for name in set(environment.filters) - _FILTERS:
        del environment.filters[name]
    environment.filters["replace"] = _replace
    environment.filters["date"] = _short(environment.filters["date"])
    for name, function in environment.filters.items():
        environment.filters[name] = _bounded(function)
    return environment


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that neither takes nor makes more than a whole letter holds; chained, filters would multiply it."""

    @wraps(function)
    def run(value: Any, *given: Any, **named: Any) -> Any:
        if any(_longer(one, LONGEST) for one in (value, *given)):
            raise ResourceLimitError("more than a letter holds", token=None)
        made = function(value, *given, **named)
        if _longer(made, LONGEST):
            raise ResourceLimitError("more than a letter holds", token=None)
        return made

    return run


def _short(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of dates that leaves alone what is too long to be one, and would take long to read."""

    @wraps(function)
    def run(value: Any, *given: Any, **named: Any) -> Any:
        return value if _longer(value, LONGEST_DATE) else function(value, *given, **named)

    return run


def _longer(text: Any, most: int) -> bool:
    return issubclass(type(text), str) and len(text) > most  # what is not known refuses to be asked for its class


@string_filter
def _replace(text: str, old: object, new: object = "") -> str:
    """Liquid's `replace`, which knows how long the text will be before it makes it."""
    before, after = str(old), str(new)
    if len(text) + text.count(before) * len(after) > LONGEST:
        raise ResourceLimitError("more than a letter holds", token=None)
    return text.replace(before, after)


def check(text: str, added: Collection[str] = ()) -> tuple[str, ...]:
    """The blanks a text uses; a mistake or a blank that does not exist is refused with its place."""
    blanks = fields(added)
    if len(text) > LONGEST:
        raise Invalid("template.too_long", most=LONGEST)
    found = _parsed(text).analyze()
    for name in found.filters:
        if name not in _FILTERS:
            raise Unknown("template.unknown_filter", name, sorted(_FILTERS), filter=name)
    used = []
    for variables in found.globals.values():
        for variable in variables:
            path = [str(part) for part in variable.segments]
            known = blanks.get(path[0])
            if known is None or (path[1:] not in [[one] for one in known] if known else len(path) > 1):
                blank = ".".join(path)
                raise Unknown("template.unknown_field", blank, names(added), field=blank)
            used.append(".".join(path))
    return tuple(dict.fromkeys(used))


@lru_cache(maxsize=16)
def _parsed(text: str) -> BoundTemplate:
    """A text that may be filled, kept for the next letter: a letter to many is read once."""
    _require_closed(text)
    try:
        template = _environment().from_string(text)
    except MISTAKES as error:
        said = str(error.args[0] if error.args else error)[:200]
        raise Invalid("template.mistake", said=said, line=_line(text, error)) from None
    for expression in _expressions(template.nodes, RenderContext(template)):
        if isinstance(expression, RangeLiteral):  # looking for a word in it would count to its end
            line = text.count("\n", 0, expression.token.start_index) + 1
            raise Invalid("template.range", said=str(expression)[:200], line=line)
    return template


def _require_closed(text: str) -> None:
    """Refuse blanks and tags that are not closed before the next one: the parser would look for their ends for ever."""
    opened: re.Match[str] | None = None
    for bound in _BOUNDS.finditer(text):
        if bound[0] in _CLOSED_BY and opened is None:
            opened = bound
        elif opened is not None and (bound[0] in _CLOSED_BY or bound.start() - opened.end() > LONGEST_BLANK):
            break
        elif opened is not None and bound[0] == _CLOSED_BY[opened[0]]:
            opened = None
    if opened is not None:
        line = text.count("\n", 0, opened.start()) + 1
        raise Invalid(
            "template.not_closed", line=line, most=LONGEST_BLANK, opened=opened[0], closed=_CLOSED_BY[opened[0]]
        )


def _expressions(nodes: Iterable[Node], context: RenderContext) -> Iterator[Expression]:
    for node in nodes:
        yield from _with_parts(node.expressions())
        yield from _expressions(node.children(context, include_partials=False), context)


def _with_parts(expressions: Iterable[Expression]) -> Iterator[Expression]:
    for expression in expressions:
        yield expression
        yield from _with_parts(expression.children())


def _line(text: str, error: Exception) -> int:
    index = getattr(getattr(error, "token", None), "start_index", None)
    return text.count("\n", 0, index) + 1 if isinstance(index, int) and index >= 0 else 1


def fields(added: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The blanks there are, with those that the company added."""
    return {**FIELDS, EXTENSIBLE: (*FIELDS[EXTENSIBLE], *added)}


def names(added: Collection[str] = ()) -> list[str]:
    """The names of all blanks, as they are written in a text."""
    blanks = fields(added)
    return [f"{head}.{part}" for head, parts in blanks.items() for part in parts] + [
        head for head, parts in blanks.items() if not parts
    ]


def own_names(added: Collection[str] = ()) -> list[str]:
    """The names of the blanks that the house itself fills in."""
    return [name for name in names(added) if name.partition(".")[0] in OWN]


def value_of(name: str, values: Mapping[str, Any]) -> str:
    """What is known for a blank; nothing where it is not."""
    head, _, part = name.partition(".")
    found = values.get(head)
    return str((found.get(part) if isinstance(found, Mapping) else found) or "")


def require_given(values: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse values for what the house fills in itself, and for blanks that there are not."""
    for name, parts in values.items():
        if name in OWN:
            raise Invalid("template.own_value", name=name)
        for part in parts:
            if part not in FIELDS.get(name, ()):
                blank = f"{name}.{part}"
                raise Unknown("template.unknown_field", blank, names(), field=blank)


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its blanks filled; a blank whose value is not known refuses the letter and is named."""
    try:
        return _parsed(text).render(**_without_unknown(values))
    except UndefinedError as error:
        raise Invalid("template.missing_value", field=_field(error)) from None
    except ResourceLimitError:
        raise Invalid("template.too_long", most=LONGEST) from None
    except MISTAKES as error:
        raise Invalid("template.mistake", said=str(error)[:200], line=_line(text, error)) from None


def missing(text: str, values: Mapping[str, Any], added: Collection[str] = ()) -> tuple[str, ...]:
    """The blanks for which a value would have to be known to fill this text."""
    tried: dict[str, Any] = _without_unknown(values)
    lacking: list[str] = []
    used = check(text, added)
    for _ in used:
        try:
            fill(text, tried)
        except Invalid as problem:
            field = str(problem.values.get("field", ""))
            if problem.code != "template.missing_value" or field in lacking:
                raise
            lacking += [one for one in used if one == field or one.startswith(f"{field}.")]
            tried = _with(tried, field)
    return tuple(lacking)


def _with(values: dict[str, Any], field: str) -> dict[str, Any]:
    """The values with something in this blank; where the whole group is unknown, in all of the group."""
    head, _, part = field.partition(".")
    group = (part,) if part else FIELDS.get(head, ())
    return values | {head: dict(values.get(head, {})) | dict.fromkeys(group, "?") if group else "?"}


def _without_unknown(values: Mapping[str, Any]) -> dict[str, Any]:
    """An empty value is no value: better no letter than "Dear ,"."""
    return {
        name: _without_unknown(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if value not in (None, "")
    }


def _field(error: UndefinedError) -> str:
    """The name in "customer.city is undefined"."""
    return str(error.args[0] if error.args else error).split(" ")[0].strip("'")


@dataclass(frozen=True)
class Letter:
    """A letter ready to be sent: subject and text with all blanks filled."""

    subject: str
    text: str


def in_language(variants: Mapping[str, tuple[str, str]], wished: str, otherwise: str) -> tuple[str, tuple[str, str]]:
    """Subject and text in the wished language, else in the company's, else in any that is written."""
    written = {language: variant for language, variant in variants.items() if variant[1].strip()}
    near = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}
    for language in (wished, near.get(wished, ""), otherwise, *written):
        if language in written:
            return language, written[language]
    raise Invalid("template.empty")


def letter(variant: tuple[str, str], values: Mapping[str, Any]) -> Letter:
    """Fill the blanks of one variant."""
    return Letter(subject=" ".join(fill(variant[0], values).split()), text=fill(variant[1], values).strip())
