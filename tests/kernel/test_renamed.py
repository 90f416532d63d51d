"""What is called something else by now: what is kept by its old name goes on, and is as closed as before."""

import orjson
import pytest

from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.api.history import history_of
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.lists import Wanted, page
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.records import of_name, records, relations, type_of
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change
from guanxi.lib.errors import Forbidden, Unknown
from guanxi.workspace.roles.models import Role
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import commerce, workspace
from tests.factories import customers as make

pytestmark = pytest.mark.django_db
CUSTOMER = of_name("customers.customer")
LEEDS = {"field": "town", "op": "is", "value": "Leeds"}


@pytest.fixture(autouse=True)
def renamed():
    """As if `city` had been called `town` once, and `orders` `purchases`."""
    object.__setattr__(CUSTOMER, "was", {"town": "city", "buys": "orders"})
    yield
    object.__setattr__(CUSTOMER, "was", {})


def test_conditions_sentences_and_sorts_go_on():
    ann, _ = make.customer("Ann", city="Leeds"), make.customer("Bo", city="York")
    commerce.order(customer=ann.pk)
    assert matching(SYSTEM, LEEDS, CUSTOMER).get() == ann
    assert matching(SYSTEM, {"related": "buys", "aggregate": "count", "op": "gte", "value": 1}, CUSTOMER).get() == ann
    over = {"field": "customer.town", "op": "is", "value": "Leeds"}
    assert matching(SYSTEM, over, of_name("commerce.order")).count() == 1
    now = {"field": "city", "op": "is", "value": "Leeds"}
    assert sentence(LEEDS, CUSTOMER, actor=SYSTEM, currency="GBP") == sentence(
        now, CUSTOMER, actor=SYSTEM, currency="GBP"
    )
    rows = [orjson.loads(orjson.dumps(row)) for row in page(SYSTEM, CUSTOMER, Wanted(where=LEEDS, sort="-town")).rows]
    assert [row["name"] for row in rows] == ["Ann"]
    with pytest.raises(Unknown, match="unknown_relation"):
        matching(SYSTEM, {"related": "sells"}, CUSTOMER)


def test_who_may_not_read_a_field_does_not_ask_for_it_by_its_old_name():
    user = workspace.holder({"customers.*": 4})
    for kept in ("town", "city"):
        Role.objects.filter(key=user.roles[0]).update(fields={f"customers.customer.{kept}": int(Level.HIDDEN)})
        actor = actor_of(user.pk)
        for wanted in (Wanted(where=LEEDS), Wanted(sort="town"), Wanted(sort="city")):
            with pytest.raises(Forbidden, match="field.not_readable"):
                page(actor, CUSTOMER, wanted)


def test_the_past_is_told_and_taken_back():
    ann = make.customer("Ann", city="Leeds")
    with change(Customer, ann.pk, by=SYSTEM) as held:
        held.city = "York"
    entry = HistoryEntry.objects.get(record_id=ann.pk)
    HistoryEntry.objects.update(diff={"town": entry.diff["city"]})
    told = history_of(SYSTEM, CUSTOMER, ann)["changes"][0]["diff"]
    assert told == {"city": {"from": "Leeds", "to": "York", "label": "City"}}
    undo(SYSTEM, entry.change_set_id)
    assert Customer.objects.get(pk=ann.pk).city == "Leeds"


def test_what_was_called_so_is_there_under_its_new_name_and_nothing_else_is_called_so():
    object.__setattr__(CUSTOMER, "was", {})
    for record in records().values():
        known = {*record.fields, *relations(record)}
        assert set(record.was.values()) <= known, record.name
        assert not record.was.keys() & known, record.name
    assert type_of(Customer) is CUSTOMER
