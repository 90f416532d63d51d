"""What the customers of the demo firm buy, each by their own rhythm."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.products.models import Product
from guanxi.kernel.models import new_id
from guanxi.kernel.writes import create_many
from guanxi.simulation.firm import texts
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.truths import order_days
from guanxi.workspace.company.operations import CURRENCY

PRICES = {code: Decimal(price) for code, _, _, price in texts.PRODUCTS}


def trade(firm: Firm) -> None:
    """Write down a year of orders, oldest first."""
    shelf = dict(Product.objects.filter(code__in=PRICES).values_list("code", "pk"))
    bought = [(days, who) for who in firm.people for days in order_days(firm.dice, who)]
    bought.sort(key=lambda one: -one[0])
    orders, lines = [], []
    for number, (days, who) in enumerate(bought, start=1):
        order = _order(firm, number, days, who)
        of_order = _lines(firm, order["id"], who, shelf)
        order["total"] = sum(line["amount"] for line in of_order)
        orders.append(order)
        lines += of_order
    create_many(firm.actor, Order, orders)
    create_many(firm.actor, OrderLine, lines)
    firm.done["orders"], firm.done["order_lines"] = len(orders), len(lines)


def _order(firm: Firm, number: int, days: float, who: Person) -> dict[str, Any]:
    at = (firm.end - timedelta(days=days)).replace(minute=firm.dice.randrange(60))
    return {
        "id": new_id(),
        "number": f"MJ{number:05}",
        "customer_id": firm.ids[who.number],
        "kind": "cancellation" if firm.dice.random() < 0.02 else "sale",
        "ordered_at": at,
        "currency": CURRENCY.get(),
        "country": "CN" if who.chinese else "GB",
    }


def _lines(firm: Firm, order: UUID, who: Person, shelf: dict[str, UUID]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    spent, limit = Decimal(0), Decimal(str(round(who.basket * firm.dice.uniform(0.5, 1.5), 2)))
    codes = list(PRICES)
    while not found or (spent < limit and len(found) < 8):
        code = firm.dice.choice(codes)
        quantity = firm.dice.choice((1, 1, 1, 2, 2, 3)) * (4 if who.organisation else 1)
        amount = PRICES[code] * quantity
        spent += amount
        found.append(
            {
                "order_id": order,
                "ordinal": len(found) + 1,
                "product_id": shelf[code],
                "quantity": quantity,
                "unit_price": PRICES[code],
                "amount": amount,
            }
        )
    return found
