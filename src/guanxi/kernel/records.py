"""The catalogue of records: how a noun appears to the whole system."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from guanxi.kernel.custom import COLUMN, Definition, added_to
from guanxi.kernel.fields import Kind, MoneyField, kind_of
from guanxi.kernel.models import Row
from guanxi.kernel.sensitive import SensitiveField
from guanxi.lib.errors import Unknown

Tokens = Literal["words", "phone", "email", "name", "contact"]
M = TypeVar("M", bound=Row)
GIVEN = ("owner", "team")
KEPT = ("created_at", "updated_at", "version", "origin", "archived_at")
UNSORTABLE: tuple[Kind, ...] = ("json", "list", "long_text", "sensitive")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a record as people see it."""

    name: str
    kind: Kind
    stored: "models.Field[Any, Any]"
    writable: bool
    beside: str = ""
    """The way from the row to the table beside it, where a floor above keeps the value."""
    custom: Definition | None = None
    """What the company said of it, where it added the field."""

    @property
    def required(self) -> bool:
        """Whether a new record must have it."""
        return self.writable and not (self.stored.blank or self.stored.null or self.stored.has_default())

    @property
    def column(self) -> str:
        """The name the ORM knows the value by: `owner_id` for `owner`, `totals__revenue` for what stands beside."""
        place = COLUMN if self.custom else self.beside
        return f"{place}__{self.stored.attname}" if place else str(self.stored.attname)

    @property
    def given_as(self) -> str:
        """The name by which a write is given the value."""
        return self.name if self.custom else self.column

    def value_of(self, row: Row) -> Any:
        """The value in a row, or in the one beside it."""
        if self.custom:
            return self.custom.value(getattr(row, COLUMN))
        return getattr(getattr(row, self.beside) if self.beside else row, self.stored.attname)

    def differs(self, row: Row, value: Any) -> bool:
        """Whether a value is another one than the row has."""
        if self.custom:
            return self.custom.differs(getattr(row, COLUMN), value)
        held = getattr(row, self.column)
        return not self.stored.unchanged(held, value) if isinstance(self.stored, SensitiveField) else held != value

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
    part: bool = False
    occurred: str | None = None
    create: Callable[..., Any] | Literal["generic", "never"] = "generic"
    personal: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    """What fields and relations are called now, by what they were called: what is kept by name goes on, such as
    conditions, views, the narrowed fields of roles and the past."""
    told_by: str | None = None
    """What the rows tell something of: their own conditions (`""`), or those of what a field refers to.

    Whoever does not read a field that is asked there does not see them.
    """
    power: Callable[[Any, Any], None] | None = None
    """What refuses an actor who is below a row that has rights of its own, such as a colleague or a role."""

    @property
    def domain(self) -> str:
        """The domain the noun belongs to."""
        return self.name.partition(".")[0]

    @property
    def fields(self) -> dict[str, Field]:
        """Every visible field by name: those that are declared, and those that the company added."""
        return self._as_known[1]

    @property
    def added(self) -> dict[str, Field]:
        """The fields that the company added."""
        return self._as_known[2]

    @cached_property
    def declared(self) -> dict[str, Field]:
        """The fields of the table, and those that floors above keep beside it: the same in every company."""
        return {**self.own, **{f.name: f for one in derived_of(self) for f in one.named()}}

    @property
    def _as_known(self) -> "tuple[Mapping[str, Definition], dict[str, Field], dict[str, Field]]":
        """All fields and those that the company added, put together once for the same definitions."""
        known = added_to(self.name)
        if not known:
            return known, self.declared, {}
        kept = _extended.get(self.name)
        if kept is None or kept[0] is not known:
            added = {
                name: Field(name=name, kind=one.kind, stored=one.stored, writable=True, custom=one)
                for name, one in known.items()
            }
            kept = _extended[self.name] = (known, {**self.own, **added, **self.declared}, added)
        return kept

    @cached_property
    def extensible(self) -> bool:
        """Whether the company may add fields."""
        return self.has(COLUMN)

    @property
    def changeable(self) -> bool:
        """Whether anything may be changed by hand."""
        return bool(self.writable) or self.extensible

    @cached_property
    def own(self) -> dict[str, Field]:
        """The fields of the table in the order in which one asks after them: what it is called by, what its list tells,
        what else is known; then whose it is, and when it was written."""
        known = [*self.writable, *self.readonly]
        whose = [name for name in GIVEN if name not in known]
        kept = [name for name in KEPT if name not in self.readonly]
        told = [name for name in (self.title, *self.columns) if name in known and name not in GIVEN]
        last = [*(name for name in known if name in GIVEN), *whose, *kept]
        own = [*self.writable, *whose]
        return {
            name: Field(name=name, kind=kind_of(stored), stored=stored, writable=name in own)
            for name in dict.fromkeys([*told, *(name for name in known if name not in last), *last])
            if self.has(name)
            for stored in [self.model._meta.get_field(name)]
            if isinstance(stored, models.Field)
        }

    @cached_property
    def references(self) -> tuple[Field, ...]:
        """The fields that point to rows of other nouns."""
        return tuple(field for field in self.own.values() if field.kind == "reference")

    def has(self, name: str) -> bool:
        """Whether the table has a column of this name."""
        try:
            self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    def now_called(self, name: str) -> str:
        """What a field or relation is called now that was called so once."""
        return self.was.get(name, name)

    def field(self, name: str) -> Field:
        """A field by name, or by what it was called; an unknown one is refused by name."""
        found = self.fields.get(self.now_called(name))
        if found is None:
            raise Unknown("record.unknown_field", name, self.fields, record=self.name, field=name)
        return found

    def message(self, name: str) -> str:
        """The message id of what a field is called; what every noun has is called alike."""
        name = self.now_called(name)
        return f"field.{name}" if name in (*GIVEN, *KEPT) else f"{self.name}.{name}"

    def whole_of(self, row: Row) -> UUID | None:
        """The id of the record of which a row is a part, where the noun is one: its past is told there too."""
        return getattr(row, self.fields[self.seen_with].column) if self.part and self.seen_with else None

    def label(self, row: Row) -> str:
        """How a row is called in a sentence."""
        return str(getattr(row, self.title))

    def sort_column(self, name: str) -> str:
        """The column a list sorts by for a field: names sort by their pinyin."""
        field = self.field(name)
        return "name_sort" if field.name == self.title and self.has("name_sort") else field.column


@dataclass(frozen=True, kw_only=True)
class Derived:
    """Fields of a noun that a floor above works out and keeps in its own table, a row for each record from the first.

    They are read-only and touch no version and no history; the table is keyed by the record (`through`).
    """

    of: str
    model: type[models.Model]
    through: str
    fields: tuple[str, ...]

    @property
    def key(self) -> "models.OneToOneField[Any, Any]":
        """The key of the table, which is the record itself."""
        found = self.model._meta.get_field(self.through)
        if not isinstance(found, models.OneToOneField) or not found.primary_key:
            raise LookupError(f"{self.model.__name__}.{self.through} is not its key")
        return found

    @property
    def name(self) -> str:
        """What the row beside is called from the record."""
        return str(self.key.remote_field.related_name)

    def named(self) -> Iterator[Field]:
        """The fields as people see them."""
        for name in self.fields:
            stored: Any = self.model._meta.get_field(name)
            yield Field(name=name, kind=kind_of(stored), stored=stored, writable=False, beside=self.name)


@dataclass(frozen=True, kw_only=True)
class Relation:
    """The records of another noun that point to this one, under the name they have from here."""

    name: str
    child: RecordType
    through: str


_by_name: dict[str, RecordType] = {}
_by_plural: dict[str, RecordType] = {}
_by_model: dict[type[Row], RecordType] = {}
_derived: dict[str, list[Derived]] = {}
_extended: "dict[str, tuple[Mapping[str, Definition], dict[str, Field], dict[str, Field]]]" = {}


def register(record: RecordType) -> RecordType:
    """Put a noun into the catalogue."""
    for catalogue, key in ((_by_name, record.name), (_by_plural, record.plural), (_by_model, record.model)):
        if key in catalogue:
            raise LookupError(f"{key} is declared twice")
        catalogue[key] = record  # type: ignore[index]
    if record.extensible and record.name != record.model._meta.label_lower:
        raise LookupError(f"{record.name} takes fields of the company, which are known by its table")
    _relations.cache_clear()
    return record


def derive(derived: Derived) -> Derived:
    """Put fields that a floor above keeps beside a noun into the catalogue of the noun."""
    record = of_name(derived.of)
    for one in derived.named():
        if one.name in record.fields or one.kind == "reference":
            raise LookupError(f"{record.name}.{one.name} is declared twice, or refers to something")
    _derived.setdefault(derived.of, []).append(derived)
    record.__dict__.pop("declared", None)
    return derived


def derived_of(record: RecordType) -> tuple[Derived, ...]:
    """What floors above keep beside a noun, in the order in which it was declared."""
    return tuple(_derived.get(record.name, ()))


def beside(model: type[models.Model]) -> Derived | None:
    """What a table beside a noun holds; nothing for any other table."""
    return next((one for some in _derived.values() for one in some if one.model is model), None)


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


def now_named(whole: str) -> str:
    """A field by its whole name, `noun.field`, as it is called now."""
    noun, _, name = whole.rpartition(".")
    return f"{noun}.{_by_name[noun].now_called(name)}" if noun in _by_name else whole


def parts_of(record: RecordType) -> list[RecordType]:
    """The nouns whose rows are parts of this one's, such as the lines of a document."""
    return [one.child for one in relations(record).values() if one.child.part and one.child.seen_with == one.through]


def relations(record: RecordType) -> dict[str, Relation]:
    """The nouns that declare this one as their parent, by the name they have from here."""
    return dict(_relations(record.model))


def relation_of(record: RecordType, name: Any) -> Relation:
    """The records that point to one of a noun, by the name they have from there, or had; an unknown one is refused."""
    known = _relations(record.model)
    found = known.get(record.now_called(name)) if isinstance(name, str) else None
    if found is None:
        raise Unknown("condition.unknown_relation", str(name), known, relation=str(name), record=record.name)
    return found


@cache
def _relations(model: type[Row]) -> dict[str, Relation]:
    found = (
        Relation(name=relation, child=child, through=through)
        for child in _by_name.values()
        for through, relation in child.parents.items()
        if child.model._meta.get_field(through).related_model is model
    )
    return {relation.name: relation for relation in found}
