"""The catalogue of records: how a noun appears to the whole system."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from guanxi.kernel.fields import Kind, MoneyField, kind_of
from guanxi.kernel.models import Row
from guanxi.lib.errors import Unknown

Tokens = Literal["words", "phone", "email", "name", "contact"]
M = TypeVar("M", bound=Row)
GIVEN = ("owner", "team")
KEPT = ("created_at", "updated_at", "version", "origin", "archived_at")
UNSORTABLE: tuple[Kind, ...] = ("json", "list", "long_text")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a record as people see it."""

    name: str
    kind: Kind
    stored: "models.Field[Any, Any]"
    writable: bool

    @property
    def required(self) -> bool:
        """Whether a new record must have it."""
        return self.writable and not (self.stored.blank or self.stored.null or self.stored.has_default())

    @property
    def column(self) -> str:
        """The name the ORM knows the value by: `owner_id` for `owner`."""
        return str(self.stored.attname)

    @property
    def to(self) -> type[Row] | None:
        """The model a reference points to."""
        return self.stored.related_model if self.kind == "reference" else None  # type: ignore[return-value]

    @property
    def choices(self) -> tuple[str, ...]:
        """The values a choice may take."""
        return tuple(str(value) for value, _ in self.stored.choices or ())

    @property
    def currency_from(self) -> str:
        """Where the currency of an amount stands."""
        return self.stored.currency_from if isinstance(self.stored, MoneyField) else ""


@dataclass(frozen=True, kw_only=True)
class RecordType:
    """A noun: lists, pages, forms, search, import, export, rights, history, schemas and /meta live on it."""

    model: type[Row]
    name: str
    plural: str
    title: str = "name"
    writable: tuple[str, ...] = ()
    readonly: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sort: str = "-created_at"
    search: Mapping[str, Tokens] = field(default_factory=dict)
    found_by: tuple[str, ...] = ()
    parents: Mapping[str, str] = field(default_factory=dict)
    seen_with: str | None = None
    occurred: str | None = None
    create: Callable[..., Any] | Literal["generic", "never"] = "generic"
    personal: Mapping[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The domain the noun belongs to."""
        return self.name.partition(".")[0]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every visible field by name: what may be written, what is kept, whose it is and when it was written."""
        whose = (name for name in GIVEN if self.has(name) and name not in (*self.writable, *self.readonly))
        own = [*self.writable, *whose]
        kept = [*self.readonly, *(name for name in KEPT if self.has(name) and name not in self.readonly)]
        return {
            name: Field(name=name, kind=kind_of(stored), stored=stored, writable=name in own)
            for name in dict.fromkeys([*own, *kept])
            for stored in [self.model._meta.get_field(name)]
            if isinstance(stored, models.Field)
        }

    @cached_property
    def references(self) -> tuple[Field, ...]:
        """The fields that point to rows of other nouns."""
        return tuple(field for field in self.fields.values() if field.kind == "reference")

    def has(self, name: str) -> bool:
        """Whether the table has a column of this name."""
        try:
            self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    def field(self, name: str) -> Field:
        """A field by name; an unknown one is refused by name."""
        if name not in self.fields:
            raise Unknown("record.unknown_field", name, self.fields, record=self.name, field=name)
        return self.fields[name]

    def message(self, name: str) -> str:
        """The message id of what a field is called; what every noun has is called alike."""
        return f"field.{name}" if name in (*GIVEN, *KEPT) else f"{self.name}.{name}"

    def label(self, row: Row) -> str:
        """How a row is called in a sentence."""
        return str(getattr(row, self.title))

    def sort_column(self, name: str) -> str:
        """The column a list sorts by for a field: names sort by their pinyin."""
        return "name_sort" if name == self.title and self.has("name_sort") else self.field(name).column


@dataclass(frozen=True, kw_only=True)
class Relation:
    """The records of another noun that point to this one, under the name they have from here."""

    name: str
    child: RecordType
    through: str


_by_name: dict[str, RecordType] = {}
_by_plural: dict[str, RecordType] = {}
_by_model: dict[type[Row], RecordType] = {}


def register(record: RecordType) -> RecordType:
    """Put a noun into the catalogue."""
    for catalogue, key in ((_by_name, record.name), (_by_plural, record.plural), (_by_model, record.model)):
        if key in catalogue:
            raise LookupError(f"{key} is declared twice")
        catalogue[key] = record  # type: ignore[index]
    _relations.cache_clear()
    return record


def records() -> dict[str, RecordType]:
    """The catalogue: every noun by name."""
    return dict(_by_name)


def type_of(model: type[Row]) -> RecordType:
    """The noun a table is."""
    return _by_model[model]


def of_plural(plural: str) -> RecordType:
    """The noun of a URL; its whole name is understood, too."""
    found = _by_plural.get(plural) or _by_name.get(plural)
    if found is None:
        raise Unknown("record.unknown", plural, _by_plural, record=plural)
    return found


def of_name(name: str) -> RecordType:
    """The noun of a catalogue name."""
    if name not in _by_name:
        raise Unknown("record.unknown", name, _by_name, record=name)
    return _by_name[name]


def relations(record: RecordType) -> dict[str, Relation]:
    """The nouns that declare this one as their parent, by the name they have from here."""
    return dict(_relations(record.model))


@cache
def _relations(model: type[Row]) -> dict[str, Relation]:
    found = (
        Relation(name=relation, child=child, through=through)
        for child in _by_name.values()
        for through, relation in child.parents.items()
        if child.model._meta.get_field(through).related_model is model
    )
    return {relation.name: relation for relation in found}
