"""What asks of a closed field tells of it: neither that, nor who fulfils it, is for whoever does not read it."""

import pytest

from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.fields import ConditionField
from guanxi.kernel.records import of_name, records
from guanxi.kernel.writes import change
from guanxi.workspace.tokens.queries import actor_of
from tests import factories
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
CUSTOMER = of_name("customers.customer")
CITY = {"field": "city", "op": "is", "value": "Leeds"}
OVER = {"related": "orders", "aggregate": "exists", "where": {"field": "customer.city", "op": "is", "value": "Leeds"}}
OPEN = {"field": "language", "op": "is", "value": "en"}
ASKING = [
    pytest.param(record, name, id=f"{record.name}.{name}")
    for record in records().values()
    if record.told_by is None and not record.name.startswith("test.")
    for name, field in record.fields.items()
    if isinstance(field.stored, ConditionField)
]


def narrow(level: Level = Level.HIDDEN):
    return make.reader("customers.customer.city", level=level)


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.MASKED])
@pytest.mark.parametrize("condition", [CITY, OVER], ids=["own", "over"])
def test_a_segment_by_a_closed_field_is_not_there(level, condition):
    ann = customers.customer("Ann", city="Leeds")
    told = put_segment(SYSTEM, name="Leeds", condition=condition)
    classes = [{"class": "here", "condition": condition}]
    parts = put_segment(SYSTEM, name="Places", kind="partition", classes=classes, otherwise="there")
    other = put_segment(SYSTEM, name="English", condition=OPEN)
    closed, owner = Api(narrow(level)), Api(make.user("owner"))
    for segment in (told, parts):
        assert owner.get(f"segments/{segment.pk}")["id"] == str(segment.pk)
        for path in ("", "/members", "/history", "/uses"):
            closed.get(f"segments/{segment.pk}{path}", status=404)
    shown = {row["name"] for row in closed.get("segments", limit=200)["rows"]}
    assert "English" in shown and not {"Leeds", "Places"} & shown
    theirs = {row["segment"]["label"] for row in closed.get(f"customers/{ann.pk}/memberships", limit=200)["rows"]}
    assert not {"Leeds", "Places"} & theirs
    inside = {"related": "memberships", "where": {"field": "segment", "op": "is", "value": str(told.pk)}}
    assert closed.get("customers", where=inside)["rows"] == []
    closed.post("segments", {"name": "Mine", "condition": inside}, status=403)
    assert closed.get(f"segments/{other.pk}")["name"] == "English"


@pytest.mark.parametrize(("record", "name"), ASKING)
def test_a_condition_that_asks_of_a_closed_field_is_not_told(record, name):
    row = factories.one(record)
    for condition, told in ((CITY, False), (OVER, False), (OPEN, True)):
        type(row)._default_manager.filter(pk=row.pk).update(**{name: condition})
        assert (Api(narrow()).get(f"{record.plural}/{row.pk}")[name] is not None) is told, condition
        assert Api(make.user("owner")).get(f"{record.plural}/{row.pk}")[name] == condition


def test_a_sentence_says_nothing_of_what_is_closed():
    both = {"and": [CITY, OVER, OPEN, {"related": "orders", "aggregate": "max", "of": "customer.city", "op": "is"}]}
    said = sentence({"and": both["and"][:3]}, CUSTOMER, actor=actor_of(narrow().pk), currency="EUR")
    assert "Leeds" not in said and "city" not in said and "English" in said
    assert "Leeds" in sentence(CITY, CUSTOMER, actor=SYSTEM, currency="EUR")


def test_a_past_condition_is_closed_too():
    strategy = factories.outreach.strategy(name="Spring")
    owner, closed = Api(make.user("owner")), Api(narrow())
    with change(type(strategy), strategy.pk, by=SYSTEM) as row:
        row.condition = CITY
    diff = closed.get(f"strategies/{strategy.pk}/history")["changes"][0]["diff"]["condition"]
    assert "Leeds" not in str(diff)
    assert "Leeds" in str(owner.get(f"strategies/{strategy.pk}/history")["changes"][0]["diff"])
