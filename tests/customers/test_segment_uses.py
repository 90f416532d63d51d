"""Where a segment is used: named on its page and by whatever refuses to archive it."""

from decimal import Decimal

import pytest

from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.operations import archive_segment, put_segment, restore_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.writes import archive
from guanxi.lib.errors import Conflict
from guanxi.outreach.strategies.models import Strategy
from tests.client import Api
from tests.factories import customers as make
from tests.factories import outreach, protocols, workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def inside(segment: Segment) -> dict:
    """The condition to be in a segment."""
    where = {"field": "segment", "op": "is", "value": str(segment.pk)}
    return {"related": "memberships", "aggregate": "exists", "where": where}


@pytest.fixture
def used():
    """A segment that a strategy, another segment, a partition and a clause are made from."""
    segment = make.segment(name="Leeds")
    outreach.strategy(name="Spring", segment=segment.pk)
    make.segment(inside(segment), name="Not Leeds")
    classes = [{"class": "here", "condition": inside(segment)}]
    put_segment(SYSTEM, name="Places", kind="partition", classes=classes, otherwise="there")
    promise = {"measure": "customers.contactable", "target_share": Decimal("0.9")}
    protocols.clause(scope=inside(segment), text={"en": "We reach them."}, **promise)
    return segment


def called(api: Api, segment: Segment) -> list[tuple[str, str]]:
    return sorted((one["record"], one["label"]) for one in api.get(f"segments/{segment.pk}/uses")["uses"])


def test_what_uses_a_segment_is_named(used):
    api = Api(workspace.user("owner"))
    clause, *others = called(api, used)
    assert clause[0] == "clauses"
    assert others == [("segments", "Not Leeds"), ("segments", "Places"), ("strategies", "Spring")]
    assert api.get(f"segments/{make.segment().pk}/uses") == {"uses": [], "hidden": 0}


def test_who_does_not_see_a_use_learns_only_that_there_is_one(used):
    person = workspace.holder({"customers.segment.read": 4, "customers.customer.read": 4})
    found = Api(person).get(f"segments/{used.pk}/uses")
    assert ([one["label"] for one in found["uses"]], found["hidden"]) == (["Not Leeds", "Places"], 2)


def test_what_is_used_is_not_archived_and_the_refusal_names_what_uses_it(used):
    api = Api(workspace.user("owner"))
    with nothing_changes():
        said = api.post(f"segments/{used.pk}/archive", status=409)
    assert said["code"] == "segment.in_use"
    assert all(name in said["message"] for name in ("Spring", "Not Leeds", "Places"))
    kept = api.post("segments/bulk/archive", {"ids": [str(used.pk)]})["kept"]
    assert [one["code"] for one in kept] == ["segment.in_use"]


def test_what_nothing_living_uses_is_archived_and_comes_back_up_to_date():
    segment = make.segment(name="Leeds")
    strategy = outreach.strategy(segment=segment.pk)
    with pytest.raises(Conflict, match=r"segment\.in_use"):
        archive_segment(SYSTEM, segment.pk)
    archive(SYSTEM, Strategy, strategy.pk)
    archive_segment(SYSTEM, segment.pk)
    ann = make.customer("Ann", city="Leeds")
    assert not Membership.objects.filter(segment=segment).exists()
    restore_segment(SYSTEM, segment.pk)
    assert Membership.objects.get(segment=segment).customer_id == ann.pk


def test_a_partition_that_is_a_field_of_customers_stays():
    lifecycle = put_segment(
        SYSTEM, name="Stage", key="lifecycle", kind="partition", otherwise="contact",
        classes=[{"class": "purchase", "condition": {"field": "city", "op": "is", "value": "Leeds"}}],
    )  # fmt: skip
    with nothing_changes(), pytest.raises(Conflict, match=r"segment\.is_a_field"):
        archive_segment(SYSTEM, lifecycle.pk)
