"""The mirror says true sentences: each equals its recount and opens exactly the people it speaks of."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.commerce.orders.models import Order
from guanxi.customers.customers.operations import create_customer
from guanxi.kernel.actor import SYSTEM, Level, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import create
from guanxi.workspace.imports.models import ImportRun
from tests.client import Api
from tests.factories import commerce, customers
from tests.factories import workspace as make
from tests.recounts import mirror as recount
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAMES = ("Ann Smith", "ann smith", "Bob Jones", "张伟", "Cid")


@pytest.fixture(autouse=True)
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def house():
    """Sixty customers with a purchase history, numbers and birthdays by chance; the same every time."""
    dice = random.Random(7)
    for n in range(60):
        born = date(1960 + n % 40, dice.randint(1, 12), dice.randint(1, 28)) if dice.random() < 0.8 else None
        who = customers.customer(dice.choice(NAMES), birthday=born, postcode=dice.choice(["", "LS1", "LS2", "LS3"]))
        for _ in range(dice.choice([0, 0, 1, 2, 5, 9])):
            days = dice.randint(0, 40) * dice.choice([1, 3, 9])
            kind = "sale" if dice.random() < 0.9 else "adjustment"
            price = dice.randint(1, 500) ** 2 / 100
            commerce.order(customer=who.pk, kind=kind, ordered_at=AT - timedelta(days=days), lines=[(1, price)])
        if dice.random() < 0.6:
            value = dice.choice(["12", f"+4420794601{n:02}"])
            customers.contact_point(who, kind="phone", value=value)
    commerce.order(ordered_at=AT, lines=[(1, 9999)])
    return Api(make.user("owner"))


def everything(api, plural):
    rows, cursor = [], ""
    while cursor is not None:
        page = api.get(plural, limit=200, cursor=cursor)
        rows, cursor = rows + page["rows"], page["next"]
    return rows


def said(api):
    return {one["kind"]: one for one in api.get("mirror")["sentences"]}


def opened(api, sentence):
    return {one["id"] for one in api.get("customers", where=sentence["condition"], limit=200)["rows"]}


def test_the_best_fifth(house):
    sentence = said(house)["top_share"]
    share, people, buyers = recount.top_share(everything(house, "orders"), AT)
    assert sentence["values"] == {"share": share, "people": people, "buyers": buyers}
    assert len(opened(house, sentence)) == people > 3
    assert sentence["text"] == f"Your top 20% bring {share}% of revenue: {people} of {buyers} customers."


def test_the_silent_ones(house):
    sentence = said(house)["silent"]
    who, worth = recount.silent(everything(house, "orders"), AT)
    assert (sentence["n"], sentence["values"]["worth"]) == (len(who), f"€{worth:,.0f}")
    assert sentence["keep"] and len(who) >= 3
    kept = house.post("mirror/keep", {"kind": "silent"})
    assert {one["customer"]["id"] for one in house.get(f"segments/{kept['id']}/members", limit=200)["rows"]} == who


def test_birthdays(house):
    sentence = said(house)["birthdays"]
    n = recount.birthdays(everything(house, "customers"), AT.date())
    assert sentence["n"] == len(opened(house, sentence)) == n > 0


def test_phone_numbers(house):
    sentence = said(house)["phones"]
    impossible, unverified, numbers, people = recount.phones(everything(house, "contact_points"))
    assert sentence["values"] == {
        "impossible": impossible, "unverified": unverified, "numbers": numbers, "people": people,
    }  # fmt: skip
    assert len(opened(house, sentence)) == people > 3


def test_probable_twins(house):
    sentence = said(house)["twins"]
    who = recount.twins(everything(house, "customers"))
    assert sentence["n"] == len(who) > 3
    kept = house.post("mirror/keep", {"kind": "twins"})
    assert {one["customer"]["id"] for one in house.get(f"segments/{kept['id']}/members", limit=200)["rows"]} == who


def test_kept_again_the_segment_follows(house, clock):
    first = house.post("mirror/keep", {"kind": "silent"})
    clock.advance(timedelta(days=400))
    commerce.order(ordered_at=clock.at)
    second = house.post("mirror/keep", {"kind": "silent"})
    who, _ = recount.silent(everything(house, "orders"), clock.at)
    assert (second["id"], second["size"]) == (first["id"], len(who)) and len(who) > first["size"]


@pytest.mark.parametrize(
    ("days_ago", "silence", "expected"),
    [
        ((20, 10, 0), 0, 0),
        ((30, 20, 10), 10, 0),
        ((40, 30, 20), 20, 0),
        ((41, 31, 21), 21, 1),
        ((90, 80), 80, 0),
        ((90, 90, 80), 80, 0),
        ((300, 200, 190, 180), 180, 1),
    ],
)
def test_silent_is_longer_than_twice_the_middle_of_the_gaps_of_three_days_or_more(days_ago, silence, expected):
    who = customers.customer("Ann")
    for days in days_ago:
        commerce.order(customer=who.pk, ordered_at=AT - timedelta(days=days))
    commerce.order(ordered_at=AT)
    assert said(Api(make.user("owner")))["silent"]["n"] == expected


def test_old_data_is_looked_at_as_it_was_at_its_last_order():
    who = customers.customer("Ann")
    for day in (1, 11, 21):
        commerce.order(customer=who.pk, ordered_at=datetime(2011, 12, day, 12, tzinfo=UTC))
    found = Api(make.user("owner")).get("mirror")
    assert found["as_of"].startswith("2011-12-21")
    assert found["sentences"][1]["n"] == 0


def test_an_empty_house_has_five_sentences_too():
    found = Api(make.user("owner")).get("mirror")
    assert [one["n"] for one in found["sentences"]] == [0] * 5
    assert all(one["text"] and "{" not in one["text"] for one in found["sentences"])


def test_one_sees_one_s_own_customers_only(house):
    seller = make.user("seller")
    found = Api(seller).get("mirror")
    assert found["rows"] == 0 and [one["n"] for one in found["sentences"]] == [0] * 5


def test_what_the_reader_does_not_see_counts_nowhere():
    seller = make.holder({"customers.*": 4, "commerce.order.read": 1})
    people = [customers.customer() for _ in range(3)]
    sold = [commerce.order(customer=who.pk, ordered_at=AT, lines=[(1, 10 * n)]) for n, who in enumerate(people, 1)]
    Order.objects.filter(pk__in=[one.pk for one in sold]).update(owner=seller)
    commerce.order(customer=people[0].pk, ordered_at=AT, lines=[(1, 98765)])
    best = said(Api(seller))["top_share"]
    assert (best["values"], float(best["condition"]["value"])) == ({"share": 50.0, "people": 1, "buyers": 3}, 30.0)


def test_sentences_about_what_the_reader_may_not_read_are_left_out():
    commerce.order(customer=customers.customer().pk, ordered_at=AT, lines=[(1, 10)])
    assert set(said(Api(make.holder({"customers.customer.read": 4})))) == {"birthdays", "twins"}


@pytest.mark.parametrize(
    ("field", "silenced"),
    [
        ("commerce.order.total", {"top_share", "silent"}),
        ("commerce.order.kind", {"top_share", "silent"}),
        ("customers.customer.birthday", {"birthdays", "twins"}),
        ("customers.customer.postcode", {"twins"}),
        ("customers.customer.email", {"twins"}),
        ("customers.contact_point.verdict", {"phones"}),
        ("customers.customer.city", set()),
    ],
)
def test_nor_is_anything_said_that_is_worked_out_of_a_closed_field(house, field, silenced):
    """Of whoever sees a single customer, the edge of the best fifth is what this one bought for."""
    reader = Api(make.reader(field, level=Level.MASKED))
    assert set(said(reader)) == set(said(house)) - silenced
    for kind in silenced:
        with nothing_changes():
            assert reader.post("mirror/keep", {"kind": kind}, status=403)["code"] == "field.not_readable"


def test_it_costs_the_same_for_many_as_for_few(house):
    with CaptureQueriesContext(connection) as statements:
        house.get("mirror")
    assert len(statements) <= 14, [one["sql"][:90] for one in statements]


def test_an_import_narrows_it_to_those_it_brought_or_sold_to(house):
    from_file = begin(SYSTEM.as_origin(Origin.IMPORT), "workspace.import.run")
    old = customers.customer("Old")
    create_customer(from_file, name="New")
    line = commerce.Line(quantity=commerce.Decimal(1), unit_price=commerce.Decimal(5))
    commerce.place_order(from_file, number="file-1", customer=old.pk, currency="GBP", lines=[line])
    given = {"noun": "orders", "file_name": "a.csv", "file": "x", "encoding": "utf-8", "delimiter": ","}
    run = create(SYSTEM, ImportRun, change_set=from_file.change_set, **given)
    found = house.get("mirror", **{"import": str(run.pk)})
    assert (found["rows"], found["sentences"][0]["values"]["buyers"]) == (2, 1)


@pytest.mark.parametrize("kind", ["weather", ""])
def test_what_it_does_not_know_is_refused(kind):
    api = Api(make.user("owner"))
    with nothing_changes():
        assert api.post("mirror/keep", {"kind": kind}, status=422)["code"] == "mirror.unknown"
    assert api.get("mirror?import=x", status=422)["code"] == "mirror.no_import"
