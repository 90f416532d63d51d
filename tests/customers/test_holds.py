"""Silence is written down by whoever knows why, once, and ends."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.customers.holds.models import Hold
from guanxi.customers.holds.operations import lift_from, lift_hold, place_hold
from guanxi.customers.holds.queries import in_force
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_source_places_a_hold_once_and_lifts_it():
    jane = make.customer()
    first = place_hold(SYSTEM, customer=jane.pk, reason="complaint", source="ticket:1", purposes=["marketing"])
    assert place_hold(SYSTEM, customer=jane.pk, reason="complaint", source="ticket:1").pk == first.pk
    assert [hold.pk for hold in lift_from(SYSTEM, "ticket:1")] == [first.pk]
    assert lift_from(SYSTEM, "ticket:1") == []
    with nothing_changes(), pytest.raises(Conflict, match="hold.already_lifted"):
        lift_hold(SYSTEM, first.pk)
    again = place_hold(SYSTEM, customer=jane.pk, reason="complaint", source="ticket:1")
    assert again.pk != first.pk
    told = EventEntry.objects.filter(name__startswith="customers.hold").order_by("id").values_list("name", flat=True)
    assert list(told) == ["customers.hold_placed", "customers.hold_lifted", "customers.hold_placed"]


@pytest.mark.parametrize(
    ("values", "purpose", "after", "stops"),
    [
        ({}, "marketing", 1, True),
        ({"purposes": ["marketing"]}, "marketing", 1, True),
        ({"purposes": ["marketing"]}, "survey", 1, False),
        ({"purposes": ["marketing"]}, "", 1, True),
        ({"until": DAY + timedelta(days=2)}, "marketing", 1, True),
        ({"until": DAY + timedelta(days=2)}, "marketing", 2, False),
        ({}, "marketing", -1, False),
    ],
)
def test_what_a_hold_stops_and_when(values, purpose, after, stops):
    with frozen(DAY):
        hold = make.hold(**values)
    other = make.customer()
    found = in_force([hold.customer_id, other.pk], purpose, at=DAY + timedelta(days=after))
    assert found == ({hold.customer_id: [hold]} if stops else {})


def test_a_lifted_hold_was_in_force_until_then():
    with frozen(DAY):
        hold = make.hold()
    with frozen(DAY + timedelta(days=3)):
        lift_hold(SYSTEM, hold.pk)
    at = [bool(in_force([hold.customer_id], at=DAY + timedelta(days=n))) for n in (1, 2, 3, 4)]
    assert at == [True, True, False, False]


def test_a_time_that_is_over_and_a_missing_grant_place_nothing():
    jane, analyst = make.customer(), workspace.actor("analyst")
    with frozen(DAY), nothing_changes(), pytest.raises(Invalid, match="hold.already_over"):
        place_hold(SYSTEM, customer=jane.pk, reason="holiday", until=DAY)
    with nothing_changes(), pytest.raises(Forbidden):
        place_hold(analyst, customer=jane.pk, reason="holiday")
    assert not Hold.objects.exists()
