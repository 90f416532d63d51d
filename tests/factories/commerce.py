"""Products and orders."""

from decimal import Decimal
from itertools import count
from typing import Any

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.orders.operations import Line, place_order
from guanxi.commerce.products.models import Product
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.writes import create

_numbers = count(1)


def product(code: str = "", **values: Any) -> Product:
    """Something that can be bought."""
    return create(SYSTEM, Product, code=code or f"P{next(_numbers)}", **values)


def order(*, lines: list[tuple[float, float]] | None = None, **values: Any) -> Order:
    """An order; lines are pairs of quantity and price."""
    made = [Line(quantity=Decimal(str(q)), unit_price=Decimal(str(p))) for q, p in lines or [(1, 10)]]
    given = {"number": f"N{next(_numbers)}", "currency": "GBP", **values}
    return place_order(SYSTEM, lines=made, **given)


def order_line() -> OrderLine:
    """The only line of an order."""
    return OrderLine.objects.get(order=order())
