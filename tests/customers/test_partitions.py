"""A company's own classes of everybody: named in its language, counted before they are kept, used as a filter."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.jobs import refresh_segments_of_the_day
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import archive
from tests.client import Api
from tests.factories import commerce, workspace
from tests.factories import customers as make

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
LEEDS = {"field": "city", "op": "is", "value": "Leeds"}
NEAR = [
    {"class": "本地客户", "condition": LEEDS},
    {"class": "英国", "condition": {"field": "country", "op": "is", "value": "GB"}},
]
GONE = [
    {"class": "new", "condition": {"field": "orders_count", "op": "is", "value": 0}},
    {"class": "gone", "condition": {"field": "last_order_on", "op": "older_than", "value": {"days": 90}}},
]


@pytest.fixture(autouse=True)
def only_ours():
    Segment.objects.all().delete()


@pytest.fixture
def api():
    return Api(workspace.user("owner"))


def told(segment: str) -> list[tuple]:
    """What was told of a segment but how it was filled: entered or left, which class, why."""
    entries = EventEntry.objects.filter(name__startswith="customers.segment_", payload__segment_id=segment)
    return [
        (one.name.rpartition("_")[2], one.payload["class_name"], one.payload["cause"])
        for one in entries.exclude(origin="backfill").order_by("id")
    ]


def test_classes_in_any_script_are_counted_before_and_kept_with_since_and_cause(api):
    make.customer("Ann", city="Leeds", country="GB")
    make.customer("Bob", country="GB")
    archive(SYSTEM, type(make.customer("Cid")), make.customer("Dan", city="Leeds").pk)
    asked = {"classes": NEAR, "otherwise": "其他"}
    counts = {"本地客户": 1, "英国": 1, "其他": 1}
    assert api.post("segments/preview_classes", asked)["counts"] == counts
    segment = api.post("segments", {"name": "远近", "kind": "partition", **asked}, status=201)
    held = Membership.objects.filter(segment=segment["id"]).values_list("customer__name", "class_name", "cause")
    cause = "customers.segment.put"
    assert sorted(held) == [("Ann", "本地客户", cause), ("Bob", "英国", cause), ("Cid", "其他", cause)]
    where = {
        "and": [
            {"field": "segment", "op": "is", "value": segment["id"]},
            {"field": "class_name", "op": "is", "value": "英国"},
        ]
    }
    found = api.get("customers", where={"related": "memberships", "aggregate": "exists", "where": where})["rows"]
    assert [one["name"] for one in found] == ["Bob"]


def test_counting_costs_one_statement_however_many_classes(api):
    def cost(n: int) -> int:
        classes = [{"class": f"c{i}", "condition": {"field": "city", "op": "is", "value": f"{i}"}} for i in range(n)]
        with CaptureQueriesContext(connection) as asked:
            api.post("segments/preview_classes", {"classes": classes, "otherwise": "rest"})
        return len(asked)

    assert cost(2) == cost(15)


def test_the_order_of_classes_decides_and_can_be_changed(api):
    make.customer("Ann", city="Leeds", country="GB")
    segment = api.post(
        "segments", {"name": "Near", "kind": "partition", "classes": NEAR, "otherwise": "-x"}, status=201
    )
    api.post(f"segments/{segment['id']}/define", {"classes": NEAR[::-1], "otherwise": "-x"})
    assert Membership.objects.get(segment=segment["id"]).class_name == "英国"


def test_a_border_of_90_days_is_passed_with_no_write_at_all_and_a_sale_leads_back(api):
    with frozen(DAY) as clock:
        ann = make.customer("Ann")
        commerce.order(customer=ann.pk)
        given = {"name": "Buyers", "kind": "partition", "classes": GONE, "otherwise": "buying"}
        segment = api.post("segments", given, status=201)["id"]
        drain()
        for days in (89, 1, 1):
            clock.advance(timedelta(days=days))
            refresh_segments_of_the_day.function()
            refresh_segments_of_the_day.function()
        assert told(segment) == [("left", "buying", "time"), ("entered", "gone", "time")]
        held = Membership.objects.get(segment=segment)
        assert (held.class_name, held.since.date()) == ("gone", (DAY + timedelta(days=90)).date())
        commerce.order(customer=ann.pk)
        drain()
        refresh_segments_of_the_day.function()
        cause = "commerce.order_placed"
        assert told(segment)[2:] == [("left", "gone", cause), ("entered", "buying", cause)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"classes": [], "otherwise": "x"}, "segment.needs_classes"),
        ({"classes": [{"class": "", "condition": LEEDS}], "otherwise": "x"}, "segment.wrong_class"),
        ({"classes": [{"class": "a", "condition": {}}], "otherwise": "x"}, "segment.class_without_condition"),
        ({"classes": [{"class": "a", "condition": {"field": "none"}}], "otherwise": "x"}, "record.unknown_field"),
        ({"classes": [{"class": "a", "condition": LEEDS}], "otherwise": "a"}, "segment.class_twice"),
    ],
)
def test_a_count_of_nonsense_is_refused(api, given, code):
    assert api.post("segments/preview_classes", given, status=422)["code"] == code


def test_customers_are_held_in_the_order_of_their_ids_before_their_class_is_written():
    """As whoever changes many at once holds them: in another order the two would wait for each other for ever."""
    people = [make.customer(f"Person {n}") for n in range(4)]
    for one in people[::2]:
        commerce.order(customer=one.pk)
    bought = {"related": "orders", "aggregate": "count", "op": "gte", "value": 1}
    classes = [{"class": "purchase", "condition": bought}]
    with CaptureQueriesContext(connection) as asked:
        put_segment(SYSTEM, name="Stage", key="lifecycle", kind="partition", classes=classes, otherwise="contact")
        drain()
    written = [one["sql"] for one in asked if '"lifecycle_since" =' in one["sql"]]
    held = [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"] and "customers_customer" in one["sql"]]
    assert written and held
    assert "ORDER BY 1 ASC" in held[-1]
    said = [one["sql"] for one in asked]
    assert said.index(held[-1]) < said.index(written[0])
    assert {row.name: row.lifecycle for row in Customer.objects.all()}["Person 0"] == "purchase"
