"""The lifecycle that ships: everybody in exactly one stage, with day and cause, and both ways possible."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.app import starter
from guanxi.app.starter import fitting
from guanxi.channels.conversations.operations import log_call
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.jobs import refresh_segments_of_the_day
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.operations import define_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.records import type_of
from guanxi.kernel.time import frozen
from guanxi.kernel.words import words
from guanxi.workspace.company.operations import first_run
from tests.factories import commerce, customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    with frozen(BEGIN) as clock:
        starter.load()
        yield clock


def stage(customer):
    customer.refresh_from_db()
    held = Membership.objects.get(customer=customer, segment__key="lifecycle")
    assert (held.class_name, held.since, held.cause) == (
        customer.lifecycle, customer.lifecycle_since, customer.lifecycle_cause,
    )  # fmt: skip
    return customer.lifecycle, customer.lifecycle_since, customer.lifecycle_cause


def test_a_customer_walks_through_all_stages_and_comes_back(clock):
    jane = customers.customer("Jane")
    drain()
    assert stage(jane) == ("contact", BEGIN, "customers.customer_created")

    def later(days, happens=None):
        clock.advance(timedelta(days=days))
        if happens:
            happens()
        drain()
        refresh_segments_of_the_day.function()
        return stage(jane)

    def spoke():
        log_call(SYSTEM, customer=jane.pk, result="reached", text="She asked about prices.")

    def bought():
        commerce.order(customer=jane.pk, ordered_at=clock.at)

    name, since, cause = later(1, spoke)
    assert (name, since) == ("interaction", clock.at)
    assert cause.startswith("channels.")
    assert later(30, bought) == ("purchase", clock.at, "commerce.order_placed")
    assert later(30, bought) == ("maintenance", clock.at, "commerce.order_placed")
    assert later(179)[0] == "maintenance"
    assert later(1) == ("churn", clock.at, "time")
    assert later(20, spoke)[0] == "interaction"
    assert later(20, bought) == ("maintenance", clock.at, "commerce.order_placed")


def test_what_only_we_said_keeps_nobody(clock):
    jane = customers.customer("Jane")
    log_call(SYSTEM, customer=jane.pk, result="no_answer", text="Rang for a minute.")
    drain()
    assert stage(jane)[0] == "contact"


def test_everybody_is_in_exactly_one_stage(clock):
    for i in range(12):
        one = customers.customer()
        for _ in range(i % 4):
            commerce.order(customer=one.pk, ordered_at=clock.at - timedelta(days=50 * i))
    drain()
    held = Membership.objects.filter(segment__key="lifecycle")
    assert held.count() == held.values("customer").distinct().count() == Customer.objects.count() == 12
    assert Segment.objects.get(key="lifecycle").size == 12


def test_all_of_it_can_be_asked_and_every_stage_has_words(clock):
    lifecycle = Segment.objects.get(key="lifecycle")
    assert [one["class"] for one in lifecycle.classes] == ["maintenance", "purchase", "churn", "interaction"]
    assert [fitting(one["condition"], type_of(Customer)) for one in lifecycle.classes] == [
        one["condition"] for one in lifecycle.classes
    ]
    for name in ("contact", *(one["class"] for one in lifecycle.classes)):
        assert f"customers.customer.lifecycle.{name}" in words("en")


def test_a_lifecycle_that_somebody_changed_stays_theirs(clock):
    lifecycle = Segment.objects.get(key="lifecycle")
    loyal = [{"class": "maintenance", "condition": {"related": "orders", "last": {"days": 30}}}]
    define_segment(make.actor("owner"), lifecycle.pk, classes=loyal, otherwise="contact")
    starter.load()
    lifecycle.refresh_from_db()
    assert lifecycle.classes == loyal


@pytest.mark.parametrize(
    ("language", "said"), [("zh-Hans", "从初次接触"), ("zh-Hant", "從初次接觸"), ("en", "From the first contact")]
)
def test_what_ships_speaks_the_language_of_the_house_once_it_is_known(language, said):
    starter.load()
    first_run(
        company="茶", language=language, zone="Asia/Shanghai", currency="CNY", line_of_work="shop", name="Wang Fang",
        email="wang@tea.example", password="correct horse battery",
    )  # fmt: skip
    drain()
    assert Segment.objects.get(key="lifecycle").description.startswith(said)


CITY = {"field": "city", "op": "is", "value": "Leeds"}
NOWHERE = {"related": "moon_landings"}


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        (CITY, CITY),
        (NOWHERE, False),
        ({"not": NOWHERE}, True),
        ({"and": [CITY, NOWHERE]}, False),
        ({"and": [CITY, {"not": NOWHERE}]}, CITY),
        ({"or": [CITY, NOWHERE]}, CITY),
        ({"or": [CITY, {"not": NOWHERE}]}, True),
        ({"not": {"or": [CITY, NOWHERE]}}, {"not": CITY}),
        ({"or": [CITY, CITY, NOWHERE]}, {"or": [CITY, CITY]}),
        ({"and": []}, True),
    ],
)
def test_nobody_has_anything_of_a_floor_that_is_not_installed(condition, left):
    assert fitting(condition, type_of(Customer)) == left
