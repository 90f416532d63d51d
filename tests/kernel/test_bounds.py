"""A place far down a list is entered where it says, by whoever sees the list, in one statement."""

import orjson
import pytest
from django.db import connection

from guanxi.customers.customers.models import Customer
from guanxi.kernel import bounds, lists
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.records import type_of
from guanxi.kernel.writes import create_many
from tests.client import Api
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
RECORD = type_of(Customer)


def people(n: int, **values: object) -> None:
    """So many customers, named in order."""
    create_many(SYSTEM, Customer, [{"name": f"Customer {i:05}", "kind": "person", **values} for i in range(n)])


def ids_of(page: lists.Page) -> list[str]:
    """The rows of a page."""
    return [row["id"] for row in orjson.loads(orjson.dumps(page.rows))]


def whole(actor: Actor, sort: str) -> list[str]:
    """All rows of a list, page by page."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = lists.page(actor, RECORD, lists.Wanted(sort=sort, cursor=cursor, limit=200))
        found, cursor = found + ids_of(page), page.next
    return found


@pytest.mark.parametrize("sort", ["name", "-name", "-created_at", "city"])
def test_the_list_goes_on_at_the_place_where_it_says(sort, django_assert_num_queries):
    people(500, city="York")
    rows = whole(SYSTEM, sort)
    with django_assert_num_queries(1):
        found = bounds.bounds_of(SYSTEM, RECORD, lists.Wanted(sort=sort))
    assert found.exact and len(found.bounds) == 99
    for n, place in enumerate(found.bounds, start=1):
        page = lists.page(SYSTEM, RECORD, lists.Wanted(sort=sort, cursor=place.cursor, limit=3))
        assert place.share == pytest.approx(n / 100) and ids_of(page) == rows[n * 5 : n * 5 + 3]


def test_a_place_says_what_the_list_is_sorted_by_there():
    people(200)
    found = bounds.bounds_of(SYSTEM, RECORD, lists.Wanted(sort="name"))
    assert [one.value for one in found.bounds][:2] == ["Customer 00001", "Customer 00003"]


@pytest.mark.parametrize("sort", ["name", "-created_at"])
def test_of_a_long_list_some_rows_tell_where_the_places_are(monkeypatch, sort):
    monkeypatch.setattr(bounds, "MOST", 3_000)
    people(6_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")
    rows = whole(SYSTEM, sort)
    found = bounds.bounds_of(SYSTEM, RECORD, lists.Wanted(sort=sort))
    assert not found.exact and 90 <= len(found.bounds) <= 200
    for place in found.bounds:
        page = lists.page(SYSTEM, RECORD, lists.Wanted(sort=sort, cursor=place.cursor, limit=1))
        assert abs(rows.index(ids_of(page)[0]) / len(rows) - place.share) < 0.2


def test_places_are_of_what_the_reader_sees_and_of_what_the_list_asks():
    people(300, city="York")
    seller = make.holder({"*": 1})
    own = Customer.objects.order_by("pk")[:60]
    Customer.objects.filter(pk__in=[one.pk for one in own]).update(owner=seller)
    found = Api(seller).get("customers/bounds", sort="name")
    assert len(found["bounds"]) == 59
    assert Api(seller).get("customers/bounds", where={"field": "city", "op": "is", "value": "Bath"})["bounds"] == []
    assert Api(make.holder({"customers.contact.read": 4})).get("customers/bounds", status=403)


def test_a_list_of_nothing_has_no_places():
    assert bounds.bounds_of(SYSTEM, RECORD, lists.Wanted()) == bounds.Bounds(sort="created_at", bounds=[], exact=True)
