"""The pages of events, figures, settings and limits: a table for each domain."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import groupby
from typing import Any

from guanxi.app.reference.tables import code, kind_of, listed, table
from guanxi.kernel.cases import Measure
from guanxi.kernel.events import Event, events, handlers
from guanxi.kernel.limits import PART, RateLimit, limits
from guanxi.kernel.measures import measures
from guanxi.kernel.settings import Setting, settings
from guanxi.kernel.words import FALLBACK, say


def events_page() -> Iterator[str]:
    """Every event with its values."""
    yield "# Events"
    yield ""
    yield "A journey may start or stop by any of them. A record's timeline tells those that name it."
    yield ""
    for domain, kinds in _by_domain(events().values()):
        yield f"## {domain}"
        yield ""
        yield from table(("event", "called", "what happened", "values", "who reacts"), map(_event, kinds))


def _by_domain(entries: Iterable[Any]) -> Iterator[tuple[str, Iterator[Any]]]:
    known = sorted(entries, key=lambda one: str(one.name))
    return groupby(known, key=lambda one: str(one.name).partition(".")[0])


def _event(kind: type[Event]) -> tuple[str, ...]:
    schema = kind.adapter.json_schema()
    values = {name: kind_of(one, schema.get("$defs", {})) for name, one in schema.get("properties", {}).items()}
    reacting = sorted(one.name for one in handlers().values() if issubclass(kind, one.types) and not one.wanted)
    told = ", ".join(f"{code(one.name)} {values[one.name]}" for one in fields(kind))
    return code(kind.name), say(f"{kind.name}.label", FALLBACK), kind.__doc__ or "", told, listed(reacting)


def measures_page() -> Iterator[str]:
    """Every figure with what it is held against."""
    yield "# Measures"
    yield ""
    yield (
        "`GET /api/measures/{name}` tells a figure over a time, `/cases` below it the cases behind it. Its name is the"
        " right to it; `by` takes a dimension, or a period: hour, weekday, day, week, month, quarter, year."
    )
    yield ""
    for domain, figures in _by_domain(measures().values()):
        yield f"## {domain}"
        yield ""
        yield from table(
            ("measure", "called", "what it says", "unit", "dimensions", "standard"), map(_measure, figures)
        )


def _measure(one: Measure) -> tuple[str, ...]:
    called, says = say(one.name, FALLBACK), say(f"{one.name}.help", FALLBACK)
    return code(one.name), called, says, one.unit, listed(one.dimensions), code(one.standard or "")


def settings_page() -> Iterator[str]:
    """Every setting, and of the standards their unit."""
    yield "# Settings and standards"
    yield ""
    yield "A setting with a unit is a standard: a number the company promises, which a published protocol changes."
    yield ""
    for domain, choices in _by_domain(settings().values()):
        yield f"## {domain}"
        yield ""
        yield from table(("setting", "what it says", "until somebody chooses", "unit"), map(_setting, choices))


def _setting(one: Setting) -> tuple[str, ...]:
    return code(one.name), say(f"setting.{one.name}", FALLBACK), _chosen(one.default), one.unit


def _chosen(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else code("" if value is None else value)


def limits_page() -> Iterator[str]:
    """Every limit, and what whoever meets one is told."""
    yield "# Limits"
    yield ""
    yield (
        "So many may happen at once; they are free again evenly over the period. Whoever is too fast gets 429 with"
        " `Retry-After` in seconds and the code below, and who waits so long gets in. Limits by actor count a person"
        f" and each kind of access apart. Those of `api` are counted in lots of one in {PART}: each web process may"
        " let through one lot more before it knows."
    )
    yield ""
    for domain, some in _by_domain(limits().values()):
        yield f"## {domain}"
        yield ""
        yield from table(("limit", "what is counted", "at once", "per", "by", "code"), map(_limit, some))


def _limit(one: RateLimit) -> tuple[str, ...]:
    minutes = int(one.per.total_seconds()) // 60
    return code(one.name), one.about, f"{one.most:,}", f"{minutes} min", one.by, code(one.code)
