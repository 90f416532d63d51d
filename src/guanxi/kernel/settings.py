"""Settings, typed and worded; with a unit, a scope and a validity one is a standard: a number the company promises."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Literal

from django.db.models import Q, QuerySet

from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.change_sets import begin
from guanxi.kernel.conditions.queries import matches
from guanxi.kernel.models import CLOCK, OFFICE, WORKDAYS, Row, SettingValue
from guanxi.kernel.time import now
from guanxi.lib.errors import Conflict, Invalid, Unknown

Kind = Literal["yes_no", "number", "time", "text", "list"]
Counting = Literal["clock", "office", "workdays"]
BY = "user:"
"""How the source of a value begins that somebody chose; what a clause promised names the clause."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A value that holds, and how it is counted."""

    value: Any
    counted_in: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A choice of the company, with the value that holds until somebody chooses.

    `least` and `most` bound a number. `verb` is the operation that chooses it together with others.
    `office_hours` tells that the promise may be counted in them, or in working days.
    """

    name: str
    default: Any
    unit: str = ""
    least: float | None = None
    most: float | None = None
    verb: str = ""
    office_hours: bool = False

    @property
    def standard(self) -> bool:
        """Whether it is a number the company promises."""
        return bool(self.unit)

    @property
    def countings(self) -> tuple[Counting, ...]:
        """How it may be counted; what is promised in days is not told in hours of the office."""
        if not self.office_hours:
            return (CLOCK,)
        return (CLOCK, WORKDAYS) if self.unit == "days" else (CLOCK, OFFICE, WORKDAYS)

    @property
    def kind(self) -> Kind:
        """What its values are: of the kind of the default; 21:00 is a time of day."""
        if isinstance(self.default, bool):
            return "yes_no"
        if isinstance(self.default, int | float):
            return "number"
        if isinstance(self.default, list):
            return "list"
        return "time" if _TIME.fullmatch(self.default) else "text"

    @property
    def whole(self) -> bool:
        """Whether it is counted: a number without a fraction."""
        return type(self.default) is int and not self.standard

    def require(self, value: Any) -> None:
        """Refuse a value that cannot be one."""
        numbers = isinstance(value, int | float) and not isinstance(value, bool) and self.kind == "number"
        if type(value) is not type(self.default) and not numbers:
            raise Invalid("setting.wrong_kind", setting=self.name, kind=type(self.default).__name__)
        if self.whole and value != int(value):
            raise Invalid("setting.not_whole", setting=f"setting.{self.name}")
        if self.kind == "time" and not _TIME.fullmatch(value):
            raise Invalid("setting.not_a_time", text=value[:20])
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            raise Invalid("setting.out_of_bounds", setting=f"setting.{self.name}", least=self.least, most=self.most)

    def get(self, at: datetime | None = None) -> Any:
        """The value that holds for everybody at a time."""
        return together([self], at)[0]

    def get_for(self, row: Row, at: datetime | None = None) -> Any:
        """The value that holds for one row at a time: a scoped one that fits it before the general one."""
        return self.held(row, at).value

    def held(self, row: Row | None = None, at: datetime | None = None) -> Held:
        """What holds at a time and how it is counted: for a row a scoped value that fits it before the general one."""
        known = list(self.values(at).order_by("-valid_from"))
        fitting = (one for one in known if row and one.scope is not None and matches(SYSTEM, one.scope, row))
        general = (one for one in known if one.scope is None)
        found = next(chain(fitting, general), None)
        return (
            Held(value=found.value, counted_in=found.counted_in)
            if found
            else Held(value=self.default, counted_in=CLOCK)
        )

    def values(self, at: datetime | None = None) -> QuerySet[SettingValue]:
        """The chosen values in force at a time."""
        return _in_force(at).filter(name=self.name)


def together(wanted: Sequence[Setting], at: datetime | None = None) -> list[Any]:
    """The values of several settings that hold for everybody at a time, in one statement."""
    known = _at_once.get()
    if known is None:
        chosen = _in_force(at).filter(name__in=[one.name for one in wanted], scope__isnull=True).order_by("valid_from")
        found = dict(chosen.values_list("name", "value"))
    else:
        moment = at or now()
        values = sorted(chain(*(known.get(one.name, []) for one in wanted)), key=lambda value: value.valid_from)
        found = {value.name: value.value for value in values if value.scope is None and value.holds(moment)}
    return [one.default if found.get(one.name) is None else found[one.name] for one in wanted]


_at_once: ContextVar[dict[str, list[SettingValue]] | None] = ContextVar("at_once", default=None)


@contextmanager
def at_once() -> Iterator[None]:
    """Within the block the history of all settings is read in one statement, however many are asked for."""
    if _at_once.get() is not None:
        yield
        return
    known: dict[str, list[SettingValue]] = {}
    for one in SettingValue.objects.all():
        known.setdefault(one.name, []).append(one)
    token = _at_once.set(known)
    try:
        yield
    finally:
        _at_once.reset(token)


def history(*names: str) -> list[SettingValue]:
    """Every value that settings ever had, in no order and in one statement."""
    known = _at_once.get()
    if known is None:
        return list(SettingValue.objects.filter(name__in=names))
    return [one for name in names for one in known.get(name, [])]


def _in_force(at: datetime | None) -> QuerySet[SettingValue]:
    moment = at or now()
    ended = Q(valid_to=None) | Q(valid_to__gt=moment)
    return SettingValue.objects.filter(ended, valid_from__lte=moment)


_settings: dict[str, Setting] = {}


def setting(
    name: str, *, default: Any, least: float | None = None, most: float | None = None, verb: str = ""
) -> Setting:
    """Declare a setting where it is used."""
    return _declare(Setting(name=name, default=default, least=least, most=most, verb=verb))


def standard(name: str, *, unit: str, default: float, office_hours: bool = False) -> Setting:
    """Declare a number the company promises, in its unit (seconds, minutes, hours, days, rings, percent).

    One that may be counted in `office_hours` is read with `held`, and its figures say when the office is open.
    """
    return _declare(Setting(name=name, default=default, unit=unit, office_hours=office_hours))


def _declare(one: Setting) -> Setting:
    if one.name in _settings:
        raise LookupError(f"setting {one.name} is declared twice")
    _settings[one.name] = one
    return one


def settings() -> dict[str, Setting]:
    """The catalogue: every setting by name."""
    return dict(_settings)


def of_name(name: str) -> Setting:
    """A setting by name."""
    if name not in _settings:
        raise Unknown("setting.unknown", name, _settings, setting=name)
    return _settings[name]


def choose(
    actor: Actor,
    name: str,
    value: Any,
    *,
    scope: dict[str, Any] | None = None,
    source: str = "",
    counted_in: str = CLOCK,
    since: datetime | None = None,
) -> SettingValue:
    """Set a value from now on, or since a time; what held before stays known with its dates.

    A standard changes by a clause alone.
    """
    chosen = of_name(name)
    chosen.require(value)
    _end(actor, chosen, scope, source)
    by = source or (f"{BY}{actor.id}" if actor.id else "")
    return SettingValue.objects.create(
        name=name, scope=scope, value=value, counted_in=counted_in, valid_from=since or now(), source=by
    )


def withdraw(actor: Actor, name: str, *, scope: dict[str, Any] | None = None, source: str = "") -> None:
    """Let a value hold no longer from now on: what is more general holds again, in the end the declared default."""
    _end(actor, of_name(name), scope, source)


def _end(actor: Actor, chosen: Setting, scope: dict[str, Any] | None, source: str) -> None:
    if chosen.standard and not source:
        raise Conflict("setting.standard_needs_a_clause", setting=chosen.name)
    begin(actor, f"setting.{chosen.name}")
    # Django reads scope=None as JSON's null, which is never stored.
    of_scope = Q(scope__isnull=True) if scope is None else Q(scope=scope)
    SettingValue.objects.filter(of_scope, name=chosen.name, valid_to=None).update(valid_to=now())
