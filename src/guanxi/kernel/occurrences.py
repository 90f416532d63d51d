"""What the kernel itself tells: of a record of any noun, and that a change-set was taken back."""

from dataclasses import dataclass
from uuid import UUID

from guanxi.kernel.events import Event, event


@dataclass(frozen=True, kw_only=True)
class OfAnyRecord(Event):
    """Something that happened to a record of any noun; whoever listens hears it of their own noun alone."""

    record: str
    record_id: UUID


@event("kernel.record_changed")
@dataclass(frozen=True, kw_only=True)
class RecordChanged(OfAnyRecord):
    """Fields of a record were changed by hand, by no verb that says more."""

    fields: tuple[str, ...]
    """Message ids of what the fields are called."""


@event("kernel.field_revealed")
@dataclass(frozen=True, kw_only=True)
class FieldRevealed(OfAnyRecord):
    """Somebody looked behind the mask of one field of one record."""

    field: str
    """The message id of what the field is called."""


@event("kernel.undone")
@dataclass(frozen=True, kw_only=True)
class Undone(Event):
    """A change-set was taken back: what is derived from its rows has to be derived anew."""

    undone: UUID
    records: tuple[str, ...]
