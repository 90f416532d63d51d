"""What customers bought so far: written down with the orders, undone with them, and equal to a recount."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection

from guanxi.commerce.orders.models import Order
from guanxi.commerce.orders.operations import cancel_order
from guanxi.commerce.purchases.models import Purchases
from guanxi.commerce.purchases.operations import add_up_all
from guanxi.commerce.purchases.queries import differing
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.drain import drain
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.records import of_name
from guanxi.kernel.settings import choose
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import create_many
from guanxi.workspace.company.operations import CURRENCY, ZONE
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.operations import prepare_import, start_import
from tests.client import Api
from tests.contracts.test_field_rights import reader
from tests.factories import commerce, customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
FIELDS = ("orders_count", "revenue", "first_order_on", "last_order_on")
NOTHING = (0, 0, None, None)
FILE = """number,ordered_at,customer,product,quantity,unit_price,currency
N1,2026-01-05 10:00,K1,P1,2,10,EUR
N1,2026-01-05 10:00,K1,P2,1,5,EUR
N2,2026-03-01 10:00,K1,P1,1,10,EUR
CN2,2026-03-02 10:00,K1,P1,-1,10,EUR
N3,2026-02-01 10:00,K2,P1,4,2.5,EUR
N4,2026-02-01 10:00,,P1,1,1,EUR
"""


def kept(customer: Customer) -> tuple:
    """What is written down of a customer."""
    return Purchases.objects.values_list(*FIELDS).get(customer=customer.pk)


def recount() -> dict[str, tuple]:
    """What the rows of orders come to, added up in plain Python."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, kind, total, currency, ordered_at FROM commerce_order")
        rows = cursor.fetchall()
        cursor.execute("SELECT id FROM customers_customer")
        found = {str(id): NOTHING for (id,) in cursor.fetchall()}
    days, spent = defaultdict(list), defaultdict(Decimal)
    for customer, kind, total, currency, at in rows:
        spent[str(customer)] += total if currency == "EUR" else 0
        days[str(customer)] += [at.date()] if kind == "sale" else []
    for id in found:
        some = days[id]
        found[id] = (len(some), spent[id], min(some, default=None), max(some, default=None))
    return found


def written() -> dict[str, tuple]:
    """What is written down of everybody."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, {', '.join(FIELDS)} FROM commerce_purchases")
        return {str(id): tuple(rest) for id, *rest in cursor.fetchall()}


def test_everybody_has_a_row_from_the_first_however_they_came():
    one = customers.customer()
    many = create_many(SYSTEM, Customer, [{"name": "Ann"}, {"name": "Ben"}])
    assert [kept(each) for each in (one, *many)] == [NOTHING] * 3


def test_an_order_and_its_cancellation_are_added_up_at_once_and_leave_no_trace():
    customer = customers.customer()
    before = (customer.version, customer.updated_at, HistoryEntry.objects.count())
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    first = commerce.order(customer=customer.pk, lines=[(2, 5)], ordered_at=at, currency="EUR")
    commerce.order(customer=customer.pk, lines=[(1, 7)], ordered_at=at + timedelta(days=9), currency="EUR")
    commerce.order(lines=[(1, 7)], currency="EUR")
    assert kept(customer) == (2, 17, date(2026, 3, 4), date(2026, 3, 13))
    cancel_order(SYSTEM, first.pk)
    assert kept(customer) == (2, 7, date(2026, 3, 4), date(2026, 3, 13))
    customer.refresh_from_db()
    assert (customer.version, customer.updated_at, HistoryEntry.objects.count()) == before


def test_a_day_is_that_of_the_company_and_an_amount_in_its_currency():
    customer = customers.customer()
    commerce.order(customer=customer.pk, ordered_at=datetime(2026, 3, 4, 23, tzinfo=UTC), currency="EUR")
    commerce.order(customer=customer.pk, ordered_at=datetime(2026, 3, 4, 23, tzinfo=UTC), currency="USD")
    assert kept(customer) == (2, 10, date(2026, 3, 4), date(2026, 3, 4))
    choose(SYSTEM, ZONE.name, "Asia/Shanghai")
    choose(SYSTEM, CURRENCY.name, "USD")
    assert differing() == [customer.pk] and add_up_all() == 1
    assert kept(customer) == (2, 10, date(2026, 3, 5), date(2026, 3, 5))
    assert Purchases.objects.get(customer=customer.pk).currency == "USD"


def test_they_stand_among_the_fields_and_lists_sort_and_filter_by_them():
    people = [customers.customer(name=name) for name in ("Ann", "Ben", "Cem")]
    for customer, prices in zip(people, ([5], [], [2, 2]), strict=True):
        for price in prices:
            commerce.order(customer=customer.pk, lines=[(1, price)], currency="EUR")
    api = Api(make.user("owner"))
    meta = api.get("meta")["records"]["customers"]["fields"]
    assert {name: (meta[name]["writable"], meta[name]["sortable"]) for name in FIELDS} == dict.fromkeys(
        FIELDS, (False, True)
    )
    row = api.get(f"customers/{people[0].pk}")
    assert (row["orders_count"], row["revenue"]) == (1, {"amount": "5", "currency": "EUR"})
    assert api.get(f"customers/{people[1].pk}")["revenue"] is None

    def names(**asked):
        return [one["name"] for one in api.get("customers", **asked)["rows"]]

    assert names(sort="-revenue") == ["Ann", "Cem", "Ben"]
    assert names(sort="orders_count") == ["Ben", "Ann", "Cem"]
    assert names(sort="-last_order_on")[-1] == "Ben" and names(sort="last_order_on")[0] == "Ben"
    assert names(where={"field": "orders_count", "op": "lt", "value": 1}) == ["Ben"]
    assert names(where={"field": "last_order_on", "op": "empty"}) == ["Ben"]
    assert names(where={"not": {"field": "orders_count", "op": "is", "value": 2}}, sort="name") == ["Ann", "Ben"]
    bought = {"field": "customer.revenue", "op": "gte", "value": 5}
    assert len(api.get("orders", where=bought)["rows"]) == 1
    first = api.get("customers", sort="-revenue", limit=1)
    assert [one["name"] for one in api.get("customers", sort="-revenue", cursor=first["next"])["rows"]] == [
        "Cem",
        "Ben",
    ]


def test_nobody_writes_them():
    customer, api = customers.customer(), Api(make.user("owner"))
    api.patch(f"customers/{customer.pk}", {"orders_count": 7}, status=422)
    assert kept(customer) == NOTHING


def test_they_are_closed_like_any_field():
    customer = customers.customer()
    commerce.order(customer=customer.pk, currency="EUR")
    api = Api(reader("customers.customer.revenue", level=Level.HIDDEN))
    assert (api.get(f"customers/{customer.pk}")["revenue"], api.get(f"customers/{customer.pk}")["orders_count"]) == (
        None,
        1,
    )
    assert api.get("customers", sort="revenue", status=403)["code"] == "field.not_readable"
    where = {"field": "customer.revenue", "op": "gt", "value": 1}
    assert api.get("orders", where=where, status=403)["code"] == "field.not_readable"


def test_a_segment_follows_them_as_they_change():
    customer = customers.customer()
    loyal = put_segment(SYSTEM, name="Loyal", condition={"field": "orders_count", "op": "gte", "value": 2})
    for expected in (0, 1):
        commerce.order(customer=customer.pk, currency="EUR")
        drain()
        loyal.refresh_from_db()
        assert loyal.size == expected


def imported(tmp_path, settings) -> running.ImportRun:
    """The small file, written."""
    settings.HOME = tmp_path
    (tmp_path / "orders.csv").write_text(FILE)
    file = files.keep(SYSTEM, files.of_path(tmp_path / "orders.csv"))
    mapping = {name: name for name in FILE.split("\n")[0].split(",")}
    run = prepare_import(SYSTEM, noun="orders", file=file, file_name="orders.csv", mapping=mapping, order="ymd")
    return running.write(start_import(SYSTEM, run.pk).pk)


def test_an_import_and_its_undo_keep_them_right(tmp_path, settings):
    before = customers.customer(key="K2")
    commerce.order(customer=before.pk, lines=[(1, 3)], ordered_at=datetime(2025, 5, 5, tzinfo=UTC), currency="EUR")
    run = imported(tmp_path, settings)
    assert (run.rows_created, Order.objects.count()) == (6, 6)
    assert kept(Customer.objects.get(key="K1")) == (2, 25, date(2026, 1, 5), date(2026, 3, 1))
    assert kept(before) == (2, 13, date(2025, 5, 5), date(2026, 2, 1))
    drain()
    undo(SYSTEM, run.change_set)
    drain()
    assert kept(before) == (1, 3, date(2025, 5, 5), date(2025, 5, 5))
    assert list(Customer.objects.values_list("key", flat=True)) == ["K2"]
    assert (differing(), written()) == ([], recount())


def test_what_is_written_down_equals_a_recount():
    dice = Random(11)
    people = [customers.customer() for _ in range(12)]
    for _ in range(60):
        who = dice.choice([*people[:9], None])
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(24 * 300))
        lines = [(dice.randint(1, 5), dice.randint(1, 90))]
        order = commerce.order(
            customer=who and who.pk, lines=lines, ordered_at=at, currency=dice.choice(("EUR", "EUR", "USD"))
        )
        if dice.random() < 0.2:
            cancel_order(SYSTEM, order.pk)
    assert (differing(), written()) == ([], recount())
    asked = {
        "and": [{"field": "orders_count", "op": "gte", "value": 3}, {"field": "revenue", "op": "gt", "value": 100}]
    }
    found = {str(row.pk) for row in matching(SYSTEM, asked, of_name("customers.customer"))}
    assert found == {id for id, (n, spent, _, _) in recount().items() if n >= 3 and spent > 100}
