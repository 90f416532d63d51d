"""What the house is filled with: customers in two scripts with their ways, what they bought and what they said."""

import os
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import django

from bench.people import FAMILY, FIRST, GIVEN, LAST, TOWNS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.app.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from guanxi.channels.conversations.models import Conversation  # noqa: E402
from guanxi.commerce.orders.models import Order, OrderLine  # noqa: E402
from guanxi.commerce.products.models import Product  # noqa: E402
from guanxi.commerce.purchases.operations import add_up_all  # noqa: E402
from guanxi.customers.contact_points.operations import Way, add_many  # noqa: E402
from guanxi.customers.customers.models import Customer  # noqa: E402
from guanxi.kernel import custom  # noqa: E402
from guanxi.kernel.actor import SYSTEM, Origin  # noqa: E402
from guanxi.kernel.writes import create_many, insert_many  # noqa: E402
from guanxi.service.tickets.models import Ticket  # noqa: E402
from guanxi.workspace.company.operations import first_run  # noqa: E402
from guanxi.workspace.tokens.operations import create_token  # noqa: E402
from guanxi.workspace.users.models import User  # noqa: E402

NOW = datetime.now(UTC)
OWNER = "bench@guanxi.test"


def open_house() -> tuple[str, dict[str, Any]]:
    """The owner's token and where the database is; the owner is made when the house is empty."""
    if not User.objects.exists():
        first_run(
            company="Bench & Co", language="en", zone="Europe/London", currency="GBP", line_of_work="shop",
            name="Ben Ch", email=OWNER, password="correct horse battery",
        )  # fmt: skip
    custom.refresh()
    place = settings.DATABASES["default"]
    where = {"host": place["HOST"], "user": place["USER"], "dbname": place["NAME"], "port": place["PORT"] or 5432}
    return create_token(SYSTEM, name="bench", email=OWNER), where


def customers(rows: int) -> int:
    """Fill up to so many customers; returns how many were written now."""
    have = Customer.objects.count()
    dice = random.Random(have)
    began = datetime(2024, 1, 1, tzinfo=UTC)
    actor = SYSTEM.as_origin(Origin.IMPORT)
    for start in range(have, rows, 10_000):
        numbers = range(start, min(start + 10_000, rows))
        made = create_many(actor, Customer, [_customer(dice, n, began) for n in numbers], checked=True)
        add_many(actor, [(one.pk, Way(kind="email", value=f"{one.key.lower()}@bench.test")) for one in made])
        add_many(actor, [(one.pk, Way(kind="phone", value=f"+44770{one.key[1:]:>07}")) for one in made])
    _learn()
    return max(0, rows - have)


def business(rows: int) -> None:
    """An order of two lines for each of so many customers, a conversation for every fifth, a ticket for every 20th."""
    if Order.objects.exists():
        return
    dice = random.Random(rows)
    actor = SYSTEM.as_origin(Origin.IMPORT)
    known = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:rows])
    products = create_many(actor, Product, [{"code": f"P{n}", "name": f"Thing {n}"} for n in range(200)])
    for start in range(0, len(known), 10_000):
        some = known[start : start + 10_000]
        orders = create_many(actor, Order, [_order(dice, start + n, id) for n, id in enumerate(some)], checked=True)
        lines = [_line(dice, order, ordinal, products) for order in orders for ordinal in (1, 2)]
        insert_many(actor, OrderLine, lines, using="commerce.order.place")
        create_many(actor, Conversation, [_talk(dice, id) for id in some[::5]], checked=True)
        create_many(actor, Ticket, [_ticket(dice, start + n, id) for n, id in enumerate(some[::20])], checked=True)
    add_up_all()
    _learn()


def statements(token: str, method: str, path: str, body: bytes | None = None) -> int:
    """How many statements a request takes, signing in included; what opens and ends transactions is not counted."""
    client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
    with CaptureQueriesContext(connection) as asked:
        said = client.generic(method, path, body or b"", content_type="application/json")
    if said.status_code >= 300:
        raise SystemExit(f"{method} {path}: {said.status_code} {said.content[:500]!r}")
    return sum(not one["sql"].startswith(_NO_WORK) for one in asked)


_NO_WORK = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _learn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _order(dice: random.Random, n: int, customer: UUID) -> dict[str, Any]:
    at = NOW - timedelta(minutes=dice.randrange(2 * 365 * 24 * 60))
    return {"number": f"O{n}", "customer_id": customer, "ordered_at": at, "currency": "GBP", "total": Decimal(50)}


def _line(dice: random.Random, order: Order, ordinal: int, products: list[Product]) -> dict[str, Any]:
    product = dice.choice(products)
    return {
        "order_id": order.pk, "ordinal": ordinal, "product_id": product.pk, "description": product.name,
        "quantity": Decimal(1), "unit_price": Decimal(25), "amount": Decimal(25),
    }  # fmt: skip


def _talk(dice: random.Random, customer: UUID) -> dict[str, Any]:
    at = NOW - timedelta(minutes=dice.randrange(60 * 24 * 60))
    waits = dice.random() < 0.05
    return {
        "customer_id": customer, "channel": "email", "subject": "A question", "with_name": "Ann", "messages": 1,
        "status": "open" if waits else "closed", "waiting_since": at if waits else None, "last_message_at": at,
        "received_at": at, "closed_at": None if waits else at,
    }  # fmt: skip


def _ticket(dice: random.Random, n: int, customer: UUID) -> dict[str, Any]:
    at = NOW - timedelta(minutes=dice.randrange(60 * 24 * 60))
    due, replied = at + timedelta(hours=24), at + timedelta(hours=dice.randrange(1, 40))
    return {
        "number": f"T{n}", "customer_id": customer, "subject": "Something broke", "kind": "request", "status": "closed",
        "channel": "email", "received_at": at, "first_human_reply_at": replied, "reply_due_at": due,
        "solve_due_at": due, "solved_at": replied, "closed_at": replied,
    }  # fmt: skip


def _customer(dice: random.Random, n: int, began: datetime) -> dict[str, Any]:
    chinese = dice.random() < 0.3
    if chinese:
        name = dice.choice(FAMILY) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2))))
    else:
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}{dice.choice(('', '-' + dice.choice(LAST)))}"
    return {
        "name": name,
        "key": f"B{n}",
        "city": dice.choice(TOWNS),
        "language": "zh-Hans" if chinese else "en",
        "email": f"b{n}@bench.test",
        "created_at": began + timedelta(minutes=n),
    }
