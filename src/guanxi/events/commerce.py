"""What happens when customers buy."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("commerce.order_placed")
@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """Somebody ordered."""

    order_id: UUID
    customer_id: UUID | None
    number: str
    total: Decimal
    currency: str


@event("commerce.order_corrected")
@dataclass(frozen=True, kw_only=True)
class OrderCorrected(Event):
    """The lines of an order were written as they should have been; what it comes to now."""

    order_id: UUID
    customer_id: UUID | None
    number: str
    total: Decimal
    currency: str


@event("commerce.order_cancelled")
@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """An order was taken back."""

    order_id: UUID
    customer_id: UUID | None
    number: str
    total: Decimal
    currency: str
