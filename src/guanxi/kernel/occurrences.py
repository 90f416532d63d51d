"""What the kernel itself tells: that a record was changed by hand, that a change-set was taken back."""

from dataclasses import dataclass
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("kernel.record_changed")
@dataclass(frozen=True, kw_only=True)
class RecordChanged(Event):
    """Fields of a record were changed by hand, by no verb that says more."""

    record: str
    record_id: UUID
    fields: tuple[str, ...]
    """Message ids of what the fields are called."""


@event("kernel.field_revealed")
@dataclass(frozen=True, kw_only=True)
class FieldRevealed(Event):
    """Somebody looked behind the mask of one field of one record."""

    record: str
    record_id: UUID
    field: str
    """The message id of what the field is called."""


@event("kernel.undone")
@dataclass(frozen=True, kw_only=True)
class Undone(Event):
    """A change-set was taken back: what is derived from its rows has to be derived anew."""

    undone: UUID
    records: tuple[str, ...]
