"""Sensitive values, such as the number of a passport: kept as blind index, mask and ciphertext, never in the clear."""

import re
import unicodedata
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models

from guanxi.kernel.fields import Kind
from guanxi.kernel.masks import BEHIND
from guanxi.kernel.secrets import seal, signed, unseal
from guanxi.lib.errors import Unavailable

LONGEST = 100
_INDEX = 32
_KEPT = re.compile(rf"[0-9a-f]{{{_INDEX}}}\.[^.]*\.[0-9a-f]{{8}}\.[\w=-]+")


class Sealed(str):
    """A sensitive value as it is kept: `blind index.mask.key.ciphertext`. A type: nobody's text passes for it."""

    __slots__ = ()

    @property
    def mask(self) -> str:
        """What everybody sees who sees the field."""
        return self.split(".", 2)[1]

    @property
    def key(self) -> str:
        """Which key opens it."""
        return self.split(".", 3)[2]

    def opened(self) -> str:
        """The value itself; refused when its key is gone."""
        return unseal(self.split(".", 2)[2])

    @classmethod
    def of(cls, kept: str) -> Self | None:
        """What history kept, if it is one."""
        return cls(kept) if _KEPT.fullmatch(kept) else None


class SensitiveField(models.TextField):  # type: ignore[type-arg]
    """A text that the database never sees in the clear; `shown` characters at its end tell one from another."""

    kind: Kind = "sensitive"

    def __init__(self, *, shown: int = 2, **options: Any) -> None:
        self.shown = shown
        super().__init__(**{"default": "", "blank": True, **options})

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options  # to the database it is nothing else

    def indexes_of(self, text: str) -> list[str]:
        """The blind indexes of a value, by each key: alike for what is the same but for case, spaces and dashes."""
        purpose = f"blind index of {self.model._meta.label_lower}.{self.name}"
        return [one[:_INDEX] for one in signed(purpose, bare(text))]

    def mask_of(self, text: str) -> str:
        """What may be shown of a value; nothing of one so short that its end would tell it."""
        end = "".join(c for c in bare(text) if c.isalnum())
        return BEHIND + (end[-self.shown :] if len(end) >= 2 * self.shown + 2 else "")

    def sealed(self, text: str) -> Sealed:
        """A value as it is kept."""
        return Sealed(f"{self.indexes_of(text)[0]}.{self.mask_of(text)}.{seal(text)}")

    def unchanged(self, before: Any, after: Any) -> bool:
        """Whether somebody typed what is kept already."""
        if not isinstance(before, Sealed) or not isinstance(after, str) or isinstance(after, Sealed):
            return bool(before == after)
        try:
            return before.opened() == after.strip()
        except Unavailable:
            return False

    def clean(self, value: Any, model_instance: Any) -> Any:  # noqa: ARG002  Django's signature
        """What was typed, sealed; a refusal never repeats it."""
        if isinstance(value, Sealed):
            return value
        if not isinstance(value, str) or not value.isprintable():
            raise ValidationError("", code="sensitive_unreadable")
        if BEHIND[0] in value:
            raise ValidationError("", code="sensitive_is_a_mask")
        if len(value.strip()) > LONGEST:
            raise ValidationError("", code="sensitive_too_long", params={"most": LONGEST})
        return self.sealed(value.strip()) if value.strip() else ""

    def to_python(self, value: Any) -> Any:
        """What history kept, as it is kept."""
        return (Sealed.of(value) or value) if isinstance(value, str) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:  # noqa: ARG002
        return Sealed(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """The last door: whatever way a text took here, it goes into the database sealed."""
        if not value or not isinstance(value, str):
            return value
        return str(value if isinstance(value, Sealed) else self.sealed(value))


@SensitiveField.register_lookup
class BlindIndex(models.Transform):
    """What equal values have in common, in SQL."""

    lookup_name = "blind"
    template = "split_part(%(expressions)s, '.', 1)"
    output_field = models.TextField()


def set_anew(stored: "models.Field[Any, Any]", row: models.Model, before: Any) -> bool:
    """Whether a field was set to another value; a sensitive one that was typed again stays as it is kept."""
    if getattr(row, stored.attname) == before:
        return False
    if isinstance(stored, SensitiveField) and stored.unchanged(before, getattr(row, stored.attname)):
        setattr(row, stored.attname, before)
        return False
    return True


def mask_in(column: str) -> str:
    """The mask of a kept value, in SQL."""
    return f"split_part({column}, '.', 2)"


def bare(text: str) -> str:
    """A value without what people write differently: case, width, spaces, dashes and dots."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if c.isalnum()) or folded.strip()
