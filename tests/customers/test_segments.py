"""Everybody is where they belong, moves are told once, and the cause is kept."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.commerce.orders.operations import Line, place_order
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.operations import create_customer
from guanxi.customers.segments import operations
from guanxi.customers.segments.jobs import refresh_all_segments, refresh_segments_of_the_day
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.operations import (
    add_members,
    define_segment,
    put_segment,
    refresh_segment,
    remove_members,
)
from guanxi.customers.segments.queries import count
from guanxi.customers.segments.rules import key_for
from guanxi.events.workspace import ImportEnded
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import emit
from guanxi.kernel.models import EventEntry, HistoryEntry
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import archive
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from tests.client import Api
from tests.factories import commerce, workspace
from tests.factories import customers as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
LEEDS = {"field": "city", "op": "is", "value": "Leeds"}
YORK = {"field": "city", "op": "is", "value": "York"}
AS_LEEDS = {"class": "a", "condition": LEEDS}
RECENT = {"related": "orders", "last": {"days": 90}}


@pytest.fixture(autouse=True)
def only_ours():
    Segment.objects.all().delete()


def members(segment):
    return set(Membership.objects.filter(segment=segment).values_list("customer__name", flat=True))


def moves(segment):
    """What was told of a segment: entered or left, who, which class, by what cause, of which origin."""
    entries = EventEntry.objects.filter(name__startswith="customers.segment_", subjects__contains=[segment.pk])
    names = dict(Customer.objects.values_list("pk", "name"))
    return [
        (e.name.rpartition("_")[2], names[e.subjects[1]], e.payload["class_name"], e.payload["cause"], e.origin)
        for e in entries.order_by("id")
    ]


def test_a_new_segment_is_filled_at_once_and_nobody_hears_it_as_live():
    make.customer("Ann", city="Leeds")
    make.customer("Bob", city="York")
    segment = make.segment(LEEDS)
    assert members(segment) == {"Ann"}
    assert (segment.size, segment.refreshed_at is not None) == (1, True)
    assert moves(segment) == [("entered", "Ann", "", "customers.segment.put", "backfill")]


def test_whoever_something_happens_to_is_looked_at_anew_once():
    segment = make.segment(LEEDS)
    ann = make.customer("Ann", city="Leeds")
    drain()
    api = Api(workspace.user("agent"))
    api.patch(f"customers/{ann.pk}", {"city": "York"})
    drain()
    api.patch(f"customers/{ann.pk}", {"note": "called"})
    drain()
    assert moves(segment) == [
        ("entered", "Ann", "", "customers.customer_created", "live"),
        ("left", "Ann", "", "kernel.record_changed", "live"),
    ]
    segment.refresh_from_db()
    assert (members(segment), segment.size, segment.version) == (set(), 0, 1)
    assert not HistoryEntry.objects.filter(record="customers.membership").exists()


def test_an_imported_order_moves_people_without_being_live():
    ann = make.customer("Ann")
    segment = make.segment(RECENT)
    drain()
    ended = {"noun": "orders", "updated": 0, "skipped": 0, "failed": 0, "succeeded": True}
    imported = SYSTEM.as_origin(Origin.IMPORT)
    place_order(
        imported, customer=ann.pk, number="N1", currency="GBP", lines=[Line(quantity=Decimal(1), unit_price=Decimal(9))]
    )
    drain()
    assert moves(segment) == []
    emit(SYSTEM, ImportEnded(import_id=uuid4(), created=1, **ended))
    drain()
    refresh_all_segments.function(cause="import", origin="import")
    assert [move for move in moves(segment) if move[3] == "import"] == [("entered", "Ann", "", "import", "import")]


def test_a_pass_over_many_holds_and_tells_some_at_a_time(monkeypatch):
    segment = put_segment(SYSTEM, name="Everybody", condition={"field": "city", "op": "is", "value": "Leeds"})
    for n in range(5):
        make.customer(name=f"N{n}", city="Leeds")
    told, real = [], operations.record
    monkeypatch.setattr(operations, "AT_ONCE", 2)
    monkeypatch.setattr(operations, "record", lambda actor, events: told.append(len(events)) or real(actor, events))
    assert operations.refresh(SYSTEM, segment, cause="import", origin=Origin.IMPORT) == 5
    assert (told, segment.size, Membership.objects.count()) == ([2, 2, 1], 5, 5)
    assert EventEntry.objects.filter(name="customers.segment_entered").values("change_set").distinct().count() == 1


def test_an_order_brings_its_customer_in():
    ann = make.customer("Ann")
    segment = make.segment(RECENT)
    drain()
    commerce.order(customer=ann.pk)
    drain()
    assert moves(segment) == [("entered", "Ann", "", "commerce.order_placed", "live")]


def test_time_alone_moves_people_once_in_a_local_day():
    with frozen(DAY) as clock:
        choose(SYSTEM, "workspace.company.zone", "Asia/Shanghai")
        ann = make.customer("Ann")
        commerce.order(customer=ann.pk)
        segment = make.segment(RECENT)
        drain()
        clock.advance(timedelta(days=91))
        refresh_segments_of_the_day.function()
        assert moves(segment)[-1] == ("left", "Ann", "", "time", "live")
        segment.refresh_from_db()
        seen = segment.refreshed_at
        clock.move(datetime(2026, 5, 31, 15, 59, tzinfo=UTC))
        refresh_segments_of_the_day.function()
        segment.refresh_from_db()
        assert segment.refreshed_at == seen
        clock.move(datetime(2026, 5, 31, 16, 1, tzinfo=UTC))
        refresh_segments_of_the_day.function()
        segment.refresh_from_db()
        assert segment.refreshed_at == clock.at


def test_an_archived_customer_is_in_no_segment():
    ann = make.customer("Ann", city="Leeds")
    segment = make.segment(LEEDS)
    archive(SYSTEM, Customer, ann.pk)
    refresh_segment(SYSTEM, segment.pk)
    assert members(segment) == set()


def partition(**values):
    classes = [{"class": "leeds", "condition": LEEDS}, {"class": "york", "condition": YORK}]
    return put_segment(SYSTEM, **{"name": "Place", "key": "place", "kind": "partition", "classes": classes,
                                  "otherwise": "elsewhere", **values})  # fmt: skip


def classes(segment):
    return dict(Membership.objects.filter(segment=segment).values_list("customer__name", "class_name"))


def test_a_partition_has_everybody_in_exactly_one_class_and_goes_both_ways():
    for name, city in (("Ann", "Leeds"), ("Bob", "York"), ("Cid", "")):
        make.customer(name, city=city)
    segment = partition()
    assert classes(segment) == {"Ann": "leeds", "Bob": "york", "Cid": "elsewhere"}
    Customer.objects.filter(name="Ann").update(city="York")
    Customer.objects.filter(name="Cid").update(city="Leeds")
    refresh_segment(SYSTEM, segment.pk)
    assert classes(segment) == {"Ann": "york", "Bob": "york", "Cid": "leeds"}
    assert sorted(moves(segment)[3:]) == [
        ("entered", "Ann", "york", "customers.segment.refresh", "live"),
        ("entered", "Cid", "leeds", "customers.segment.refresh", "live"),
        ("left", "Ann", "leeds", "customers.segment.refresh", "live"),
        ("left", "Cid", "elsewhere", "customers.segment.refresh", "live"),
    ]
    refresh_segment(SYSTEM, segment.pk)
    assert len(moves(segment)) == 7
    assert Segment.objects.get(pk=segment.pk).size == 3


def test_the_first_condition_that_holds_wins():
    make.customer("Ann", city="Leeds", country="GB")
    british = {"class": "british", "condition": {"field": "country", "op": "is", "value": "GB"}}
    leeds = {"class": "leeds", "condition": LEEDS}
    assert classes(partition(classes=[british, leeds])) == {"Ann": "british"}
    assert classes(partition(classes=[leeds, british])) == {"Ann": "leeds"}
    assert Segment.objects.count() == 1


def test_a_partition_named_as_a_column_is_written_there_without_version_or_history():
    with frozen(DAY) as clock:
        ann = make.customer("Ann", city="Leeds")
        clock.advance(timedelta(days=1))
        partition(key="lifecycle", classes=[{"class": "purchase", "condition": LEEDS}], otherwise="contact")
        ann.refresh_from_db()
        assert (ann.lifecycle, ann.lifecycle_since, ann.lifecycle_cause) == (
            "purchase", clock.at, "customers.segment.put",
        )  # fmt: skip
    assert ann.version == 1
    assert not HistoryEntry.objects.filter(record_id=ann.pk).exists()


def test_defined_anew_people_move_without_being_live():
    make.customer("Ann", city="Leeds")
    make.customer("Bob", city="York")
    segment = make.segment(LEEDS)
    define_segment(SYSTEM, segment.pk, condition=YORK)
    assert members(segment) == {"Bob"}
    assert [(m[0], m[1], m[4]) for m in moves(segment)[1:]] == [
        ("left", "Ann", "backfill"),
        ("entered", "Bob", "backfill"),
    ]


def test_a_segment_by_hand():
    ann, bob = make.customer("Ann"), make.customer("Bob")
    segment = make.segment(kind="static")
    add_members(SYSTEM, segment.pk, customers=[ann.pk, bob.pk, ann.pk])
    add_members(SYSTEM, segment.pk, customers=[ann.pk])
    assert refresh_segment(SYSTEM, segment.pk).size == 2
    remove_members(SYSTEM, segment.pk, customers=[bob.pk])
    assert members(segment) == {"Ann"}
    assert Segment.objects.get(pk=segment.pk).size == 1
    assert [m[:2] for m in moves(segment)] == [("entered", "Ann"), ("entered", "Bob"), ("left", "Bob")]
    seller = workspace.actor("seller")
    with nothing_changes(), pytest.raises((Forbidden, NotFound)):
        add_members(seller, segment.pk, customers=[bob.pk])
    other = make.segment(LEEDS)
    with nothing_changes(), pytest.raises(Conflict, match="segment.not_kept_by_hand"):
        add_members(SYSTEM, other.pk, customers=[bob.pk])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "dynamic"}, "segment.needs_a_condition"),
        ({"kind": "dynamic", "condition": LEEDS, "otherwise": "x"}, "segment.needs_a_condition"),
        ({"kind": "static", "condition": LEEDS}, "segment.static_has_no_condition"),
        ({"kind": "partition", "otherwise": "x"}, "segment.needs_classes"),
        ({"kind": "partition", "classes": [{"class": "a", "condition": LEEDS}]}, "segment.needs_classes"),
        (
            {"kind": "partition", "classes": [{"class": "a", "condition": LEEDS}] * 2, "otherwise": "x"},
            "segment.class_twice",
        ),
        (
            {"kind": "partition", "classes": [{"class": " A", "condition": LEEDS}], "otherwise": "x"},
            "segment.wrong_class",
        ),
        (
            {"kind": "partition", "classes": [{"class": "a", "condition": LEEDS}], "otherwise": "-"},
            "segment.wrong_class",
        ),
        ({"kind": "partition", "classes": [{"class": "a"}], "otherwise": "x"}, "segment.class_without_condition"),
        (
            {
                "kind": "partition",
                "key": "lifecycle",
                "classes": [{"class": "a", "condition": LEEDS}],
                "otherwise": "b",
            },
            "segment.unknown_class",
        ),
        ({"kind": "dynamic", "condition": {"field": "no_such"}}, "record.unknown_field"),
        ({"kind": "dynamic", "condition": {"related": "no_such"}}, "condition.unknown_relation"),
        ({"kind": "dynamic", "condition": LEEDS, "name": " "}, "record.invalid"),
    ],
)
def test_a_segment_that_does_not_say_who_is_in_it_is_refused(given, code):
    with nothing_changes(), pytest.raises(Invalid, match=code):
        put_segment(SYSTEM, **{"name": "Some", **given})


@pytest.mark.parametrize(
    ("name", "key"), [("Good customers, UK", "good-customers-uk"), ("老客户", "segment"), ("Café €", "cafe")]
)
def test_a_name_makes_a_key(name, key):
    assert key_for(name) == key


def test_names_without_latin_letters_get_different_keys():
    keys = [make.segment(name=name).key for name in ("老客户", "新客户", "大客户")]
    assert keys == ["segment", "segment-2", "segment-3"]


@pytest.mark.parametrize(
    ("condition", "who"), [({"and": []}, {"Ann"}), ({"or": []}, set()), ({"not": {"or": []}}, {"Ann"})]
)
def test_everybody_and_nobody_are_segments_too(condition, who):
    make.customer("Ann")
    assert members(make.segment(condition)) == who


def test_who_is_in_a_segment_is_asked_by_a_condition():
    make.customer("Ann", city="Leeds")
    make.customer("Bob", city="York")
    segment = make.segment(LEEDS)
    within = {"related": "memberships", "where": {"field": "segment", "op": "is", "value": str(segment.pk)}}
    assert count(SYSTEM, within) == 1


def test_a_pass_costs_the_same_for_ten_as_for_forty():
    def cost(n):
        for i in range(n):
            make.customer(f"{n}-{i}", city="Leeds")
        segment = Segment.objects.first() or make.segment(YORK)
        Customer.objects.filter(city="Leeds").update(city="York")
        with CaptureQueriesContext(connection) as statements:
            refresh_segment(SYSTEM, segment.pk)
        return len(statements)

    assert cost(10) == cost(40)  # up to four events go along with what they cause, in one statement


def test_the_preview_counts_says_and_shows_whom_the_asker_may_see():
    team = workspace.team()
    seller = workspace.user("seller", team=team)
    make.customer("Ann", city="Leeds", owner=seller.pk)
    make.customer("Bob", city="Leeds")
    asked = {"record": "customers", "condition": LEEDS, "as_of": None}
    said = Api(seller).post("segments/preview", asked)
    assert (said["count"], said["exact"], said["sentence"]) == (1, True, "City is Leeds")
    assert [row["name"] for row in said["sample"]] == ["Ann"]
    assert Api(workspace.user("owner")).post("segments/preview", asked)["count"] == 2
    assert (
        Api(workspace.holder({"workspace.user.change_own": 1})).post("segments/preview", asked, status=403)["code"]
        == "access.not_granted"
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"record": "unicorns"}, "record.unknown"),
        ({"condition": {"field": "no_such"}}, "record.unknown_field"),
        ({"condition": {"field": "city", "op": "is", "value": "\x00"}}, "condition.wrong_value"),
        ({"as_of": "yesterday"}, "input.invalid"),
        ({"as_of": "2026-01-01T00:00:00"}, "input.invalid"),
        ({"conditions": []}, "input.invalid"),
    ],
)
def test_a_preview_of_nonsense_is_refused(asked, code):
    api = Api(workspace.user("owner"))
    with nothing_changes():
        assert api.post("segments/preview", asked, status=422)["code"] == code


def test_the_origin_of_what_happened_goes_on():
    ann = make.customer("Ann", city="Leeds")
    segment = make.segment(YORK)
    drain()
    Customer.objects.filter(pk=ann.pk).update(city="York")
    make.add_contact_point(SYSTEM.as_origin(Origin.BACKFILL), customer=ann.pk, kind="email", value="a@x.org")
    drain()
    assert moves(segment) == [("entered", "Ann", "", "customers.contact_point_added", "backfill")]


def test_sizes_follow_what_was_taken_back():
    acting = begin(SYSTEM, "test.fill")
    gone, stays = create_customer(acting, name="Gone", city="Leeds"), make.customer("Stays", city="Leeds")
    by_hand, by_rule = make.segment(kind="static", name="Chosen"), make.segment()
    add_members(SYSTEM, by_hand.pk, customers=[gone.pk, stays.pk])
    drain()
    assert set(Segment.objects.filter(pk__in=[by_hand.pk, by_rule.pk]).values_list("size", flat=True)) == {2}
    undo(SYSTEM, acting.change_set)
    drain()
    for segment in Segment.objects.all():
        assert segment.size == Membership.objects.filter(segment=segment).count(), segment.name
