"""Orders, their cancellation, and the figures of what was bought, each against a recount in plain Python."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from guanxi.commerce.orders import rules
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.orders.operations import CorrectedLine, cancel_order, correct_order
from guanxi.commerce.purchases.models import Purchases
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.cases import Question
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.drain import drain
from guanxi.kernel.models import ChangeSet, EventEntry, HistoryEntry
from guanxi.kernel.records import of_name
from guanxi.kernel.time import now
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Conflict, Invalid
from tests.client import Api
from tests.factories import commerce, customers
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
SOLD = {
    "and": [
        {"field": "order.kind", "op": "is", "value": "sale"},
        {"field": "quantity", "op": "gt", "value": 0},
        {"field": "unit_price", "op": "gt", "value": 0},
    ]
}


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("3", "2.5500", "7.6500"), ("0.3333", "0.3", "0.1000"), ("-2", "4.25", "-8.5000"), ("1", "0.00005", "0.0001")],
)
def test_a_line_comes_to_quantity_times_price(quantity, price, amount):
    assert rules.amount(Decimal(quantity), Decimal(price)) == Decimal(amount)


def test_an_order_is_noted_with_its_lines_and_told():
    customer = customers.customer()
    order = commerce.order(customer=customer.pk, lines=[(2, 3.5), (1, 4)])
    assert order.total == Decimal("11")
    assert [line.amount for line in OrderLine.objects.filter(order=order).order_by("ordinal")] == [7, 4]
    event = EventEntry.objects.get(name="commerce.order_placed")
    assert set(event.subjects) == {order.pk, customer.pk}


def test_an_order_of_nothing_is_refused():
    with nothing_changes(), pytest.raises(Invalid, match="order.needs_lines"):
        rules.require_lines([], "sale")
    with nothing_changes(), pytest.raises(Invalid, match="order.sale_of_nothing"):
        commerce.order(lines=[(0, 5)])


def test_an_order_of_a_day_that_is_not_yet_or_in_no_currency_is_refused():
    with nothing_changes(), pytest.raises(Invalid, match=r"order\.in_the_future"):
        commerce.order(ordered_at=now() + timedelta(days=2))
    with nothing_changes(), pytest.raises(Invalid, match=r"record\.invalid"):
        commerce.order(currency="ZZZ")
    assert commerce.order(ordered_at=now() + timedelta(hours=14), currency="TWD").currency == "TWD"


def test_a_number_is_there_once():
    commerce.order(number="N-1")
    with nothing_changes(), pytest.raises(Conflict, match="constraint.order_number_is_unique"):
        commerce.order(number="N-1")


def test_a_cancellation_is_a_document_of_its_own_and_happens_once():
    order = commerce.order(lines=[(2, 3)])
    back = cancel_order(SYSTEM, order.pk)
    assert (back.total, back.kind, Order.objects.get(pk=order.pk).total) == (-6, "cancellation", 6)
    with nothing_changes(), pytest.raises(Conflict, match="order.already_cancelled"):
        cancel_order(SYSTEM, order.pk)


@pytest.fixture
def placed():
    """An order of three lines by a customer, its owner's client, and its lines as they are said."""
    customer = customers.customer()
    order = commerce.order(customer=customer.pk, lines=[(2, 3), (1, 4), (5, 1)], currency="EUR")
    api = Api(make.user("owner"))
    lines = api.get(f"orders/{order.pk}/lines")["rows"]
    return (
        api,
        order,
        [{"id": x["id"], "quantity": x["quantity"], "unit_price": x["unit_price"]["amount"]} for x in lines],
    )


def test_lines_are_corrected_and_stand_in_the_history_of_their_order(placed):
    api, order, (first, _, third) = placed
    said = {"lines": [{**first, "quantity": "3"}, third, {"quantity": "1", "unit_price": "10", "description": "Pot"}]}
    assert api.post(f"orders/{order.pk}/correct", said)["total"]["amount"] == "24"
    now_ = list(OrderLine.objects.filter(order=order).order_by("ordinal").values_list("ordinal", "quantity", "amount"))
    assert now_ == [(1, 3, 9), (3, 5, 5), (4, 1, 10)]
    assert Purchases.objects.get(pk=order.customer_id).revenue == 24
    [change] = api.get(f"orders/{order.pk}/history")["changes"]
    assert [Decimal(change["diff"]["total"][side]) for side in ("from", "to")] == [15, 24]
    assert sorted(part["what"] for part in change["parts"]) == ["added", "changed", "removed"]
    told = EventEntry.objects.get(name="commerce.order_corrected")
    assert set(told.subjects) == {order.pk, order.customer_id}


def test_a_correction_is_undone_with_its_lines_and_again(placed):
    api, order, (first, second, _) = placed
    before = list(OrderLine.objects.order_by("ordinal").values_list("pk", "ordinal", "quantity", "amount"))
    api.post(f"orders/{order.pk}/correct", {"lines": [second, {**first, "quantity": "9"}]})
    after = list(OrderLine.objects.order_by("ordinal").values_list("pk", "ordinal", "quantity", "amount"))
    corrected = ChangeSet.objects.filter(operation="commerce.order.correct").latest("at")
    report = undo(SYSTEM, corrected.pk)
    assert (report.kept, Order.objects.get().total) == ([], 15)
    assert list(OrderLine.objects.order_by("ordinal").values_list("pk", "ordinal", "quantity", "amount")) == before
    drain()
    assert Purchases.objects.get(pk=order.customer_id).revenue == 15
    undo(SYSTEM, ChangeSet.objects.latest("at").pk)
    assert list(OrderLine.objects.order_by("ordinal").values_list("pk", "ordinal", "quantity", "amount")) == after
    assert Order.objects.get().total == 31


def test_who_corrects_what_somebody_else_corrected_meanwhile_is_told_though_it_comes_to_the_same(placed):
    api, order, (first, second, third) = placed
    swapped = [{**first, "quantity": "4"}, {**second, "unit_price": "1"}, {**third, "unit_price": "0.4"}]
    assert sum(float(x["quantity"]) * float(x["unit_price"]) for x in swapped) == 15
    api.post(f"orders/{order.pk}/correct", {"lines": swapped}, if_match='"1"')
    assert Order.objects.get().version == 2
    with nothing_changes():
        api.post(f"orders/{order.pk}/correct", {"lines": [first]}, status=412, if_match='"1"')
    undo(SYSTEM, ChangeSet.objects.filter(operation="commerce.order.correct").latest("at").pk)
    assert (Order.objects.get().version, Order.objects.get().total) == (3, 15)
    assert OrderLine.objects.get(pk=first["id"]).quantity == 2


def test_a_correction_that_says_the_same_changes_nothing(placed):
    _, order, lines = placed
    correct_order(SYSTEM, order.pk, lines=[CorrectedLine(**line) for line in lines])
    assert Order.objects.get().version == 1
    assert not HistoryEntry.objects.exists()
    assert not EventEntry.objects.filter(name="commerce.order_corrected").exists()


def test_what_cannot_be_corrected_is_said(placed):
    api, order, (first, *_) = placed
    another = commerce.order(lines=[(1, 1)])
    strange = str(OrderLine.objects.get(order=another).pk)
    for lines, status, code in (
        ([], 422, "order.needs_lines"), ([{**first, "quantity": "0"}], 422, "order.sale_of_nothing"),
        ([{**first, "id": strange}], 404, "record.not_found"), ([first, first], 422, "record.part_said_twice"),
    ):  # fmt: skip
        with nothing_changes():
            assert api.post(f"orders/{order.pk}/correct", {"lines": lines}, status=status)["code"] == code
    back = cancel_order(SYSTEM, order.pk)
    for one, code in ((order, "order.already_cancelled"), (back, "order.takes_another_back")):
        with nothing_changes():
            assert api.post(f"orders/{one.pk}/correct", {"lines": [first]}, status=409)["code"] == code


def test_who_sees_masks_does_not_write_them_over_what_stands_behind(placed):
    _, order, lines = placed
    narrow = Api(make.reader("commerce.order_line.description", level=Level.MASKED))
    with nothing_changes():
        refused = narrow.post(f"orders/{order.pk}/correct", {"lines": lines[:1]}, status=403)
    assert refused["code"] == "field.not_readable"


def test_orders_and_lines_are_read_over_http():
    customer = customers.customer()
    order = commerce.order(customer=customer.pk, lines=[(2, 3.5)])
    api = Api(make.user("owner"))
    assert api.get(f"customers/{customer.pk}/orders")["rows"][0]["total"] == {"amount": "7", "currency": "GBP"}
    assert api.get(f"orders/{order.pk}/lines")["rows"][0]["amount"] == {"amount": "7", "currency": "GBP"}
    given = {"number": "HTTP-1", "currency": "GBP", "lines": [{"quantity": "2", "unit_price": "1.25"}]}
    assert api.post("orders", given, status=201)["total"]["amount"] == "2.5"


@pytest.fixture
def year():
    """Forty orders of nine customers and some guests, thrown by dice."""
    dice, start = Random(7), datetime(2026, 1, 1, tzinfo=UTC)
    people = [customers.customer() for _ in range(9)]
    for _ in range(40):
        lines = [(dice.randint(1, 5), dice.randint(1, 90)) for _ in range(dice.randint(1, 4))]
        who = dice.choice([*people, None])
        at = start + timedelta(days=dice.randrange(300))
        commerce.order(customer=who and who.pk, lines=lines, ordered_at=at, country=dice.choice(("FR", "DE")))
    return list(OrderLine.objects.select_related("order"))


def test_the_figures_equal_a_recount(year):
    sold = [line for line in year if line.order.kind == "sale" and line.quantity > 0 and line.unit_price > 0]
    spent, orders = defaultdict(Decimal), defaultdict(set)
    for line in sold:
        if line.order.customer_id:
            spent[line.order.customer_id] += line.amount
            orders[line.order.customer_id].add(line.order_id)
    top = sorted(spent.values(), reverse=True)[: round(len(spent) * 0.2)]
    asked = Question(where=SOLD)
    revenue = measures.total(SYSTEM, "commerce.revenue", asked)
    assert (revenue.cases, revenue.sum) == (len(sold), sum(line.amount for line in sold))
    assert measures.total(SYSTEM, "commerce.orders", Question()).cases == 40
    assert measures.total(SYSTEM, "commerce.buyers", asked).cases == len(spent)
    repeat = measures.total(SYSTEM, "commerce.repeat_share", asked)
    assert repeat.kept == sum(len(of) > 1 for of in orders.values())
    assert repeat.share == repeat.kept / len(spent)
    share = measures.total(SYSTEM, "commerce.top_share", asked).share
    assert share == pytest.approx(float(sum(top) / sum(spent.values())))


def test_figures_by_country_and_month_equal_a_recount(year):
    by_country, by_month = Counter(), Counter()
    for line in year:
        by_country[line.order.country] += line.amount
        by_month[line.order.ordered_at.strftime("%Y-%m")] += line.amount
    found = measures.groups(SYSTEM, "commerce.revenue", Question(by="country"))
    assert {one.key: one.sum for one in found} == by_country
    found = measures.groups(SYSTEM, "commerce.revenue", Question(by="month"))
    assert {one.key[:7]: one.sum for one in found} == by_month
    people = {c: {x.order.customer_id for x in year if x.order.country == c} - {None} for c in by_country}
    found = measures.groups(SYSTEM, "commerce.buyers", Question(by="country"))
    assert {one.key: one.cases for one in found} == {c: len(who) for c, who in people.items()}


def test_the_cases_behind_a_figure_of_people_are_people(year):
    asked = Question(where=SOLD)
    once = measures.cases(SYSTEM, "commerce.repeat_share", asked, missed=True)
    again = measures.cases(SYSTEM, "commerce.repeat_share", asked, missed=False)
    figure = measures.total(SYSTEM, "commerce.repeat_share", asked)
    assert (once.count(), again.count()) == (figure.missed, figure.kept)


def test_customers_by_what_they_bought_and_when():
    at = datetime(2026, 6, 1, tzinfo=UTC)
    keen, once, early = (customers.customer() for _ in range(3))
    for who, days in ((keen, 10), (keen, 20), (once, 5), (early, 200), (early, 150)):
        commerce.order(customer=who.pk, lines=[(1, 300)], ordered_at=at - timedelta(days=days))
    wanted = {
        "and": [
            {"related": "orders", "aggregate": "count", "last": {"days": 90}, "op": "gte", "value": 2},
            {"related": "orders", "aggregate": "sum", "of": "total", "last": {"days": 90}, "op": "gt", "value": 500},
        ]
    }
    kind = of_name("customers.customer")
    assert {c.pk for c in matching(SYSTEM, wanted, kind, as_of=at)} == {keen.pk}
    none_lately = {"related": "orders", "aggregate": "count", "last": {"days": 90}, "op": "is", "value": 0}
    assert {c.pk for c in matching(SYSTEM, none_lately, kind, as_of=at)} == {early.pk}
    longer_ago = matching(SYSTEM, wanted, kind, as_of=at - timedelta(days=140))
    assert {c.pk for c in longer_ago} == {early.pk}
