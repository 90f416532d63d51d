"""Kinds of values: what a field means to a person, beside how it is stored."""

from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from guanxi.lib.money import all_currencies
from guanxi.lib.zones import all_countries, all_zones

Kind = Literal[
    "id", "text", "long_text", "integer", "decimal", "money", "boolean", "date", "datetime", "duration",
    "choice", "reference", "email", "phone", "json", "language", "zone", "country", "currency", "list",
    "change_set", "sensitive",
]  # fmt: skip

LANGUAGES = ("en", "zh-Hans", "zh-Hant")


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """An amount; its currency stands in another field of the row, or of the row it belongs to."""

    kind: Kind = "money"

    def __init__(self, *, currency_from: str = "currency", **options: Any) -> None:
        self.currency_from = currency_from
        super().__init__(**{"max_digits": 20, "decimal_places": 4, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "currency_from": self.currency_from}


def require_currency(code: str) -> None:
    """Refuse what is no currency."""
    if code not in all_currencies():
        raise ValidationError(code, code="currency_unknown", params={"value": code[:64]})


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """An ISO 4217 code."""

    kind: Kind = "currency"
    default_validators = [require_currency]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 3, **options})


class PhoneField(models.CharField):  # type: ignore[type-arg]
    """A telephone number in its one written form."""

    kind: Kind = "phone"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, **options})


class LanguageField(models.CharField):  # type: ignore[type-arg]
    """A language the product speaks."""

    kind: Kind = "language"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 12, "default": "en", **options, "choices": [(x, x) for x in LANGUAGES]})


def require_zone(name: str) -> None:
    """Refuse what is no time zone: a day of such a person could not be worked out."""
    if name not in all_zones():
        raise ValidationError(name, code="zone_unknown", params={"value": name[:64]})


class ZoneField(models.CharField):  # type: ignore[type-arg]
    """A time zone by its tz database name."""

    kind: Kind = "zone"
    default_validators = [require_zone]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 64, **options})


def require_country(code: str) -> None:
    """Refuse what is no country."""
    if code not in all_countries():
        raise ValidationError(code, code="country_unknown", params={"value": code[:64]})


class CountryField(models.CharField):  # type: ignore[type-arg]
    """A country by its ISO 3166 code, or as a file calls it."""

    kind: Kind = "country"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 2, "default": "", "blank": True, **options})

    @property
    def validators(self) -> list[Any]:
        """A code has to exist; what a file calls a country may be anything."""
        return [*super().validators, *([require_country] if self.max_length == 2 else [])]


class ConditionField(models.JSONField):
    """Conditions as JSON, alone or among other things: whoever asks where a record is used finds those that name it."""

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options  # to the database it is nothing else


class LineWithBlanks(models.CharField):  # type: ignore[type-arg]
    """A line with blanks that name fields: whoever asks where one is used finds it."""

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class TextWithBlanks(models.TextField):  # type: ignore[type-arg]
    """A text with blanks that name fields: whoever asks where one is used finds it."""

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options


class OnceField(models.DateTimeField):  # type: ignore[type-arg]
    """The moment of what no undo takes back: what ended then does not hold again."""


class SecretField(models.TextField):  # type: ignore[type-arg]
    """A hash or a sealed secret: no noun can show it, because it has no kind, and history does not keep it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default": "", "blank": True, "editable": False, **options})


class NameSortField(models.CharField):  # type: ignore[type-arg]
    """What names sort by: pinyin and plain Latin, compared byte by byte. Written by the kernel on save."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 400, "default": "", "db_collation": "C", "editable": False, **options})


_KINDS: "tuple[tuple[type[models.Field[Any, Any]], Kind], ...]" = (
    (models.ForeignKey, "reference"),
    (models.UUIDField, "id"),
    (models.EmailField, "email"),
    (models.CharField, "text"),
    (models.TextField, "long_text"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "decimal"),
    (models.FloatField, "decimal"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.DurationField, "duration"),
    (models.JSONField, "json"),
    (ArrayField, "list"),
)


def kind_of(field: "models.Field[Any, Any]") -> Kind:
    """What a stored field means."""
    if isinstance(field, SecretField):
        raise LookupError(f"{field} is a secret")
    stated: Kind | None = getattr(field, "kind", None)
    if stated:
        return stated
    if field.choices:
        return "choice"
    for stored, kind in _KINDS:
        if isinstance(field, stored):
            return kind
    raise LookupError(f"{field} has no kind")
