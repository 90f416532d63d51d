"""What the customers of the demo firm buy, each by their own rhythm."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from guanxi.analytics.rfm.operations import score_everybody
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.orders.operations import Line, place_order, told
from guanxi.commerce.products.models import Product
from guanxi.commerce.purchases.operations import add_up
from guanxi.kernel.actor import Actor, Origin
from guanxi.kernel.events import record
from guanxi.kernel.models import new_id
from guanxi.kernel.writes import create_many
from guanxi.simulation.firm import texts
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.people import Person
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.todos.models import Todo

ASKED_FOR = timedelta(days=100)
PRICES = {code: Decimal(price) for code, _, _, price in texts.PRODUCTS}
CALLED = {code: name for code, name, _, _ in texts.PRODUCTS}


def trade(actor: Actor, firm: Firm, ids: Mapping[int, UUID]) -> None:
    """Write down a year of orders, oldest first."""
    dice = firm.dice("orders")
    shelf = dict(Product.objects.filter(code__in=PRICES).values_list("code", "pk"))
    bought = [(days, who) for who in firm.people for days in order_days(dice, who)]
    bought.sort(key=lambda one: -one[0])
    currency = CURRENCY.get()
    orders, lines = [], []
    for number, (days, who) in enumerate(bought, start=1):
        order = _order(firm, dice, number, days, who) | {"customer_id": ids[who.number], "currency": currency}
        of_order = _lines(dice, order["id"], who, shelf)
        order["total"] = sum(line["amount"] for line in of_order)
        orders.append(order)
        lines += of_order
    placed = create_many(actor, Order, orders)
    create_many(actor, OrderLine, lines)
    add_up([order.customer_id for order in placed])
    score_everybody(origin=Origin.SIMULATION)
    record(actor, [(told(order), order.ordered_at) for order in placed])
    create_many(actor, Todo, list(_follow_ups(firm, orders)), using="workspace.todo.add")


def because_of(actor: Actor, campaign: str, who: Person, customer: UUID, dice: Random) -> Callable[[], object]:
    """What somebody buys because a strategy reached them."""
    code = dice.choice(list(PRICES))
    line = Line(
        product=Product.objects.get(code=code).pk, description=CALLED[code], quantity=Decimal(dice.choice((1, 2))),
        unit_price=PRICES[code],
    )  # fmt: skip
    number, country = f"{campaign}:{who.key}", "CN" if who.chinese else "GB"
    return lambda: place_order(actor, number=number, customer=customer, lines=[line], country=country)


def _follow_ups(firm: Firm, orders: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """After the orders of the last months nearly everybody was asked how it is, most of them in time."""
    dice, end = firm.dice("follow-ups"), firm.end
    lately = (one for one in orders if one["ordered_at"] > end - ASKED_FOR and one["kind"] == "sale")
    for order in lately:
        late = dice.random() > firm.truths.followed_up_share
        done = order["ordered_at"] + timedelta(days=dice.uniform(8, 15) if late else dice.uniform(2, 6.8))
        if done < end:
            yield {
                "subject": dice.choice(texts.ASKED),
                "kind": "follow_up",
                "customer_id": order["customer_id"],
                "about": "commerce.order",
                "about_id": order["id"],
                "due_at": order["ordered_at"] + timedelta(days=7),
                "done_at": done,
                "result": dice.choice(texts.ASKED_RESULTS),
                "created_at": order["ordered_at"],
            }


def order_days(dice: Random, who: Person) -> list[float]:
    """How many days ago somebody ordered, by their own rhythm; some fall silent for good."""
    found: list[float] = []
    left = who.since_days - dice.expovariate(1 / 9)
    stops = dice.uniform(0, who.since_days) if dice.random() < 0.3 else 0.0
    while who.buys and left > stops:
        found.append(left)
        left -= max(2.0, dice.gauss(who.rhythm_days, who.rhythm_days * 0.3))
    return found


def _order(firm: Firm, dice: Random, number: int, days: float, who: Person) -> dict[str, Any]:
    at = firm.end - timedelta(days=days)
    return {
        "id": new_id(),
        "number": f"MJ{number:05}",
        "kind": "cancellation" if dice.random() < 0.02 else "sale",
        "ordered_at": at,
        "country": "CN" if who.chinese else "GB",
    }


def _lines(dice: Random, order: UUID, who: Person, shelf: dict[str, UUID]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    spent, limit = Decimal(0), Decimal(str(round(who.basket * dice.uniform(0.5, 1.5), 2)))
    codes = list(PRICES)
    while not found or (spent < limit and len(found) < 8):
        code = dice.choice(codes)
        quantity = dice.choice((1, 1, 1, 2, 2, 3)) * (4 if who.organisation else 1)
        amount = PRICES[code] * quantity
        spent += amount
        found.append(
            {
                "order_id": order,
                "ordinal": len(found) + 1,
                "product_id": shelf[code],
                "description": CALLED[code],
                "quantity": quantity,
                "unit_price": PRICES[code],
                "amount": amount,
            }
        )
    return found
