"""The verbs of orders."""

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Max
from pydantic import BaseModel, ConfigDict, Field

from guanxi.commerce.orders import rules
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.purchases.operations import add_up
from guanxi.events.commerce import OrderCancelled, OrderCorrected, OrderPlaced
from guanxi.kernel.access import get, require_reach
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import emit
from guanxi.kernel.operations import operation
from guanxi.kernel.parts import write_parts
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create, create_many
from guanxi.workspace.company.operations import CURRENCY


class Line(BaseModel):
    """One line as it is ordered."""

    model_config = ConfigDict(extra="forbid")

    quantity: Decimal = Field(max_digits=16, decimal_places=4)
    unit_price: Decimal = Field(max_digits=20, decimal_places=4)
    product: UUID | None = None
    description: str = Field(default="", max_length=300)


@operation("commerce.order.place")
def place_order(
    actor: Actor,
    *,
    number: str,
    lines: list[Line],
    customer: UUID | None = None,
    kind: rules.Kind = "sale",
    ordered_at: datetime | None = None,
    currency: str = "",
    country: str = "",
    channel: str = "",
    **added: Any,
) -> Order:
    """Note what somebody ordered, with its lines."""
    rules.require_lines(lines, kind)
    ordered_at = ordered_at or now()
    rules.require_placed(ordered_at, now())
    order = create(
        actor, Order, using="commerce.order.place", number=number.strip(), customer_id=customer, kind=kind,
        ordered_at=ordered_at, currency=currency or CURRENCY.get(), country=country, channel=channel,
        total=rules.total(lines), **added,
    )  # fmt: skip
    _write_lines(actor, "commerce.order.place", order, lines)
    add_up([order.customer_id])
    emit(actor, told(order), at=order.ordered_at)
    return order


class CorrectedLine(Line):
    """One line as it should have been written: one that is there, by its id, or a new one."""

    id: UUID | None = None


@operation("commerce.order.correct")
def correct_order(actor: Actor, order_id: UUID, *, lines: list[CorrectedLine]) -> Order:
    """Write the lines of an order as they should have been; those of which nothing is said are removed."""
    using = "commerce.order.correct"
    with change(Order, order_id, by=actor, using=using) as order:
        rules.require_correctable(order.kind, cancelled=Order.objects.filter(cancels=order).exists())
        rules.require_lines(lines, order.kind)
        last = OrderLine.objects.filter(order=order).aggregate(last=Max("ordinal"))["last"] or 0
        places = count(last + 1)
        said = [(line.id, {**_said(line), **({} if line.id else {"ordinal": next(places)})}) for line in lines]
        if write_parts(actor, OrderLine, order, said, using=using):
            order.total = rules.total(lines)
            order.emit(OrderCorrected(**_named(order)))
    add_up([order.customer_id])
    return order


@operation("commerce.order.cancel", asks=True)
def cancel_order(actor: Actor, order_id: UUID) -> Order:
    """Take an order back by a document of its own; the order itself stays as it was."""
    order = get(actor, Order, order_id)
    require_reach(actor, "commerce.order.cancel", order)
    rules.require_cancellable(order.kind, cancelled=Order.objects.filter(cancels=order).exists())
    using = "commerce.order.cancel"
    taken_back = create(
        actor, Order, using=using, number=f"C{order.number}"[:80], customer_id=order.customer_id, kind="cancellation",
        ordered_at=now(), currency=order.currency, country=order.country, channel=order.channel, total=-order.total,
        cancels=order,
    )  # fmt: skip
    lines = OrderLine.objects.filter(order=order).order_by("ordinal")
    create_many(actor, OrderLine, [_reversed(taken_back, line) for line in lines], using=using)
    add_up([order.customer_id])
    emit(actor, OrderCancelled(**_named(order)))
    return taken_back


def _write_lines(actor: Actor, using: str, order: Order, lines: list[Line]) -> None:
    rows = [{"order_id": order.pk, "ordinal": n, **_said(line)} for n, line in enumerate(lines, start=1)]
    create_many(actor, OrderLine, rows, using=using)


def _said(line: Line) -> dict[str, object]:
    return {
        "product_id": line.product, "description": line.description, "quantity": line.quantity,
        "unit_price": line.unit_price, "amount": rules.amount(line.quantity, line.unit_price),
    }  # fmt: skip


def _reversed(order: Order, line: OrderLine) -> dict[str, object]:
    return {
        "order_id": order.pk, "ordinal": line.ordinal, "product_id": line.product_id, "description": line.description,
        "quantity": -line.quantity, "unit_price": line.unit_price, "amount": -line.amount,
    }  # fmt: skip


def told(order: Order) -> OrderPlaced:
    """What an order says of itself when it is there."""
    return OrderPlaced(**_named(order))


def _named(order: Order) -> dict[str, Any]:
    """What every event of an order says of it."""
    return {
        "order_id": order.pk, "customer_id": order.customer_id, "number": order.number, "total": order.total,
        "currency": order.currency,
    }  # fmt: skip
