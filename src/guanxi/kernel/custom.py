"""Fields that the company adds to a noun: what they are, how their values are kept in one column and read in SQL."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import connection, models

from guanxi.kernel.fields import Kind
from guanxi.kernel.sensitive import Sealed, SensitiveField

PREFIX = "x_"
"""How the names of added fields begin: no field of ours does, so that none of ours is ever in the way of theirs."""
NAME = re.compile(r"x_[a-z0-9][a-z0-9_]{0,37}", re.ASCII)
COLUMN = "custom"
Maker = Callable[["Definition"], "models.Field[Any, Any]"]


class WholeField(models.IntegerField):  # type: ignore[type-arg]
    """A whole number; one with a fraction is refused, not cut."""

    def to_python(self, value: Any) -> Any:
        """The number, of whatever says it."""
        found = super().to_python(value)
        if isinstance(value, bool) or (isinstance(value, float | Decimal) and found != value):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return found


_STORABLE = (ProhibitNullCharactersValidator(),)
_MAYBE: dict[str, Any] = {"default": "", "blank": True}
_KINDS: dict[Kind, tuple[Maker, str]] = {
    "text": (lambda _: models.CharField(max_length=300, validators=_STORABLE, **_MAYBE), "coalesce({}, '')"),
    "long_text": (lambda _: models.TextField(validators=_STORABLE, **_MAYBE), "coalesce({}, '')"),
    "choice": (lambda one: models.CharField(max_length=80, choices=one.pairs, **_MAYBE), "coalesce({}, '')"),
    "integer": (lambda _: WholeField(null=True, blank=True), "({})::integer"),
    "decimal": (lambda _: models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True), "({})::numeric"),
    "boolean": (lambda _: models.BooleanField(default=False), "coalesce(({})::boolean, false)"),
    "date": (lambda _: models.DateField(null=True, blank=True), "({})::date"),
    "sensitive": (lambda _: SensitiveField(), "coalesce({}, '')"),
}  # fmt: skip
"""What an added field may be: the field that checks its values, and how its text in the column is read in SQL."""
KINDS = tuple(_KINDS)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A field that the company added to a noun."""

    noun: str
    name: str
    label: str
    kind: Kind
    choices: tuple[str, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What may be chosen: each is called what it is."""
        return [(one, one) for one in self.choices]

    @cached_property
    def stored(self) -> "models.Field[Any, Any]":
        """A field of no table, which knows what its values look like."""
        made = _KINDS[self.kind][0](self)
        made.set_attributes_from_name(self.name)
        made.model = apps.get_model(self.noun)
        return made

    def in_sql(self, text: str) -> str:
        """The value of its kind, of its text in the column."""
        return _KINDS[self.kind][1].format(text)

    def value(self, kept: Mapping[str, Any]) -> Any:
        """Its value among those that a row keeps."""
        found = kept.get(self.name)
        return self.stored.get_default() if found is None else self.stored.to_python(found)

    def differs(self, kept: Mapping[str, Any], value: Any) -> bool:
        """Whether a value is another one than a row keeps; one that does not fit always is."""
        held = self.value(kept)
        if isinstance(self.stored, SensitiveField):
            return not self.stored.unchanged(held, "" if value is None else value)
        try:
            return bool(held != (self.stored.get_default() if value in (None, "") else self.stored.to_python(value)))
        except (ValidationError, ValueError, TypeError, ArithmeticError):
            return True


_NONE = "0"
"""The stamp of a house to which nobody added a field."""
_known: dict[str, dict[str, Definition]] = {}
_stamp = _NONE
_generation = 0
_STAMP = "concat_ws(' ', count(*), sum(version), max(updated_at)) FROM kernel_customfield"
STAMP = f"(SELECT {_STAMP})"
"""What tells in SQL whether anything became of a definition, for whoever asks the database for something anyhow."""


def added_to(noun: str) -> Mapping[str, Definition]:
    """The fields that the company added to a noun, in the order in which it did."""
    return _known.get(noun, {})


def generation() -> int:
    """Counts how often definitions became others, for whatever is kept of them."""
    return _generation


def refresh(stamp: str | None = None) -> None:
    """Read the definitions anew where they have changed; by the `stamp` where somebody has it already."""
    if stamp is None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_STAMP}")
            (stamp,) = cursor.fetchone()
    if stamp != _stamp:
        _read(stamp)


def forget() -> None:
    """Know of no definitions, as in a new process."""
    if _stamp != _NONE:
        _take({}, _NONE)


def _read(stamp: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT noun, name, label, kind, choices FROM kernel_customfield WHERE archived_at IS NULL"
            " ORDER BY created_at, id"
        )
        found: dict[str, dict[str, Definition]] = {}
        for noun, name, label, kind, choices in cursor.fetchall():
            one = Definition(noun=noun, name=name, label=label, kind=kind, choices=tuple(choices))
            found.setdefault(noun, {})[name] = one
    _take(found, stamp)


def _take(found: dict[str, dict[str, Definition]], stamp: str) -> None:
    global _known, _stamp, _generation
    _known, _stamp, _generation = found, stamp, _generation + 1


def label(key: str) -> str | None:
    """What a message id of an added field says: what the company calls it, or the choice itself."""
    noun, found, rest = key.partition(f".{PREFIX}")
    if not found:
        return None
    name, _, choice = rest.partition(".")
    one = added_to(noun).get(f"{PREFIX}{name}")
    return None if one is None else choice or one.label


def added_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of some values that are of added fields."""
    return {name: value for name, value in values.items() if name.startswith(PREFIX)}


def put(row: models.Model, column: str, value: Any) -> None:
    """Set a value of a row by its column, or by its name where the company added the field."""
    if column.startswith(PREFIX):
        setattr(row, COLUMN, {**getattr(row, COLUMN), column: value})
    else:
        setattr(row, column, value)


def put_all(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set values of a row, each by its column or name."""
    for column, value in values.items():
        put(row, column, value)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The added fields that differ, each with what was kept and what is."""
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


def as_kept(value: Any) -> Any:
    """A value as JSON keeps it: numbers to the last digit, days as they are written."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


class CustomValuesField(models.JSONField):
    """The values of the fields that the company added, by name; what is sensitive goes into the database sealed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default": dict, "blank": True, "editable": False, **options})

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options  # to the database it is nothing else

    def get_transform(self, name: str) -> Any:
        """An added field is asked for by its name, and is of its kind."""
        found = added_to(self.model._meta.label_lower).get(name)
        return super().get_transform(name) if found is None else lambda *of, **options: Kept(found, *of, **options)

    def to_python(self, value: Any) -> Any:
        """What history kept, as it is kept."""
        return self._sealed(value, lambda _, text: Sealed.of(text) or text)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return self.to_python(found) if isinstance(expression, models.expressions.Col) or expression is None else found

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The last door: whatever way a text took here, it goes into the database sealed."""
        kept = self._sealed(value, lambda field, text: text if isinstance(text, Sealed) else field.sealed(text))
        return super().get_db_prep_value(kept, connection, prepared)

    def _sealed(self, value: Any, one: Callable[[SensitiveField, str], str]) -> Any:
        if not value or not isinstance(value, dict):
            return value
        closed = [d for d in added_to(self.model._meta.label_lower).values() if d.kind == "sensitive"]
        texts = {d.name: one(d.stored, text) for d in closed if isinstance(text := value.get(d.name), str) and text}  # type: ignore[arg-type]
        return {**value, **texts} if texts else value


class Kept(models.Transform):
    """The value of an added field, as SQL reads it."""

    def __init__(self, definition: Definition, *of: Any, **options: Any) -> None:
        super().__init__(*of, **options)
        self.definition = definition

    @property
    def output_field(self) -> Any:
        """What the value is, to whatever is asked of it."""
        return self.definition.stored

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        column, params = compiler.compile(self.lhs)
        return self.definition.in_sql(f"{column} ->> %s"), (*params, self.definition.name)
