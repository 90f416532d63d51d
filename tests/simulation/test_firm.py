"""The demo firm: what it really did is what the figures say, the same for the same seed, and one undo takes it back."""

from datetime import UTC, datetime
from random import Random

import pytest

from guanxi.app import starter
from guanxi.commerce.orders.models import Order
from guanxi.customers.customers.models import Customer
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.measures import Question
from guanxi.kernel.models import ChangeSet, Deadline, EventEntry
from guanxi.kernel.time import frozen
from guanxi.simulation.firm.operations import fill_firm
from guanxi.simulation.firm.people import person
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
END = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def filled():
    starter.load()
    make.user("owner")
    with frozen(END):
        yield fill_firm(SYSTEM, seed=5, customers=12)


def test_the_figures_say_what_was_really_done(filled):
    with frozen(END):
        replied = measures.total(SYSTEM, "channels.first_human_reply", Question(end=END))
        assert replied.cases == filled["enquiries"] + filled.get("complaints", 0) - filled.get("given_up", 0)
        assert replied.kept == filled.get("answered_in_time", 0)
        assert measures.total(SYSTEM, "commerce.orders", Question()).cases == filled["orders"]
        assert measures.total(SYSTEM, "customers.customers", Question()).cases == filled["customers"]


def test_nothing_of_it_is_live_and_nobody_is_written_to(filled):
    assert set(EventEntry.objects.exclude(origin="simulation").values_list("name", flat=True)) <= {
        "kernel.record_changed", "protocols.version_published", "workspace.company_set_up",
    }  # fmt: skip
    assert not Deadline.objects.filter(due_at__lt=END).exists()
    assert ChangeSet.objects.filter(operation="simulation.firm.fill").count() == 1


def test_the_same_seed_makes_the_same_people(filled):
    dice = Random(5)
    thrown = [person(dice, number, END.date()) for number in range(1, 13)]
    known = Customer.objects.order_by("key").values_list("key", "name", "city")
    assert list(known) == [(who.key, who.name, who.city) for who in thrown]
    assert Order.objects.count() == filled["orders"]
