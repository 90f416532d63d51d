"""What one change-set brought in or changed, as a condition: what an import opens afterwards."""

import json

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.customers.contact_points.operations import add_contact_point
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.operations import create_customer
from guanxi.kernel.access import read
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.change_sets import begin
from guanxi.kernel.conditions import queries
from guanxi.kernel.conditions.queries import compiled, matching
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.records import records, type_of
from guanxi.kernel.writes import change
from guanxi.lib.errors import Forbidden, Invalid
from tests import factories
from tests.client import Api
from tests.factories import commerce, customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
NOUNS = [pytest.param(record, id=record.name) for record in records().values() if not record.name.startswith("test.")]


def of(change_set, op="is"):
    return {"field": "written_in", "op": op, "value": str(change_set)}


def names(condition, actor=SYSTEM):
    return set(matching(actor, condition, type_of(Customer)).values_list("name", flat=True))


@pytest.fixture
def batch():
    """A change-set that brought one customer, changed one, gave one a number, and left one alone."""
    changed, given, _ = (customers.customer(name=name) for name in ("Changed", "Given", "Alone"))
    actor = begin(SYSTEM, "workspace.import.start")
    create_customer(actor, name="New")
    with change(Customer, changed.pk, by=actor) as held:
        held.city = "Leeds"
    for number in ("+442079460123", "+442079460124"):
        add_contact_point(actor, kind="phone", value=number, customer=given.pk)
    return actor.change_set


@pytest.mark.parametrize("few", [queries.FEW, 1])
def test_it_is_what_was_created_or_changed_or_given_a_part(batch, few, monkeypatch):
    """However many there are: few are named, many are asked for row by row."""
    monkeypatch.setattr(queries, "FEW", few)
    assert names(of(batch)) == {"New", "Changed", "Given"}
    assert names(of(batch, "is_not")) == {"Alone"}
    assert names({"not": of(batch)}) == {"Alone"}
    assert names({"and": [of(batch), {"field": "city", "op": "is", "value": "Leeds"}]}) == {"Changed"}


@pytest.mark.parametrize("few", [queries.FEW, 0])
def test_it_is_asked_of_what_a_record_leads_to_and_is_led_to_by(batch, few, monkeypatch):
    monkeypatch.setattr(queries, "FEW", few)
    new = Customer.objects.get(name="New")
    commerce.order(customer=new.pk)
    commerce.order(customer=Customer.objects.get(name="Alone").pk)
    found = matching(SYSTEM, {**of(batch), "field": "customer.written_in"}, type_of(Order))
    assert [order.customer_id for order in found] == [new.pk]
    assert names({"related": "orders", "where": of(found[0].created_in)}) == {"New"}


@pytest.mark.parametrize("record", NOUNS)
def test_every_noun_is_found_by_what_created_it(record):
    row = factories.one(record)
    row.refresh_from_db()
    if row.created_in:
        listed = Api(make.user("owner")).get(record.plural, where=of(row.created_in), limit=200)["rows"]
        assert str(row.pk) in {one["id"] for one in listed}


@pytest.mark.parametrize("few", [queries.FEW, 0])
def test_it_shows_only_rows_that_are_seen_and_tells_nothing_of_parts_that_are_not(batch, few, monkeypatch):
    """Whoever sees no numbers does not learn who got one, not even when somebody who sees them asked before."""
    monkeypatch.setattr(queries, "FEW", few)
    customer = type_of(Customer)
    whole, bare = make.user("owner"), make.holder({"*": 0, read(customer): 4})
    mine = make.holder({"*": 0, read(customer): 1, "customers.contact_point.read": 1})
    Customer.objects.filter(name="Changed").update(owner=mine)
    for reader, seen in ((whole, {"New", "Changed", "Given"}), (bare, {"New", "Changed"}), (mine, {"Changed"})):
        page = Api(reader).get("customers", where=of(batch), count=1)
        assert {row["name"] for row in page["rows"]} == seen
        assert page["count"]["n"] == len(seen)


def test_a_kept_condition_does_not_tell_of_parts_its_author_does_not_see(batch):
    reader = make.acting({"*": 0, "customers.customer.read": 4})
    with pytest.raises(Forbidden, match=r"condition\.not_all_seen"):
        compiled(reader, of(batch), type_of(Customer), kept=True)


@pytest.mark.parametrize(("op", "value"), [("is", "x"), ("is", None), ("empty", None), ("in", ["x"]), ("gt", "1")])
def test_what_is_no_change_set_is_refused(op, value):
    with pytest.raises(Invalid):
        matching(SYSTEM, {"field": "written_in", "op": op, "value": value}, type_of(Customer))


def test_a_change_set_that_is_none_wrote_nothing(batch):
    assert names(of("01a21806-0d9f-7570-a949-e9e2a692c9ca")) == set()


@pytest.mark.parametrize(
    ("language", "start"),
    [("en", "Brought in or changed by “Import” on "), ("zh-Hans", "由“导入”于"), ("zh-Hant", "由「匯入」於")],
)
def test_it_reads_as_a_sentence(batch, language, start):
    reader = make.actor("owner", language=language)
    assert sentence(of(batch), type_of(Customer), actor=reader, currency="GBP").startswith(start)
    gone = json.loads(json.dumps(of("01a21806-0d9f-7570-a949-e9e2a692c9ca", "is_not")))
    assert "01a21806" in sentence(gone, type_of(Customer), actor=reader, currency="GBP")
