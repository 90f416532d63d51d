"""The past of a document tells what became of its parts, in the reader's language, and undo takes it back."""

from decimal import Decimal

import pytest

from guanxi.commerce.orders.models import OrderLine
from guanxi.kernel.access import read
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.change_sets import begun
from guanxi.kernel.drain import drain
from guanxi.kernel.models import ChangeSet
from guanxi.kernel.records import RecordType, of_name, parts_of, records
from guanxi.kernel.removals import remove
from guanxi.kernel.undo import undo
from guanxi.kernel.words import say
from guanxi.kernel.writes import change, create
from guanxi.workspace.users.models import User
from tests import factories
from tests.client import Api
from tests.contracts.test_undo import differing, house
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
USING = "commerce.order.place"
WHOLES = [record for record in records().values() if parts_of(record)]


def edited(line: OrderLine) -> ChangeSet:
    """One edit of a document that changes a line, adds one and removes one."""
    other = create(
        SYSTEM, OrderLine, using=USING, order_id=line.order_id, ordinal=9, description="Old", quantity=1, unit_price=7,
        amount=7,
    )  # fmt: skip
    with begun(SYSTEM, USING) as acting:
        with change(OrderLine, line.pk, by=acting, using=USING) as held:
            held.quantity = Decimal(5)
        create(
            acting, OrderLine, using=USING, order_id=line.order_id, ordinal=3, description="New", quantity=1,
            unit_price=2, amount=2,
        )  # fmt: skip
        remove(acting, OrderLine, other.pk, using=USING)
    return ChangeSet.objects.get(pk=acting.change_set)


def past(api: Api, line: OrderLine) -> list[dict]:
    """The changes of the document of a line."""
    return api.get(f"orders/{line.order_id}/history")["changes"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_an_edit_of_lines_is_one_change_of_the_document(language):
    line, owner = factories.one(of_name("commerce.order_line")), make.user("owner")
    User.objects.filter(pk=owner.pk).update(language=language)
    before = Decimal(OrderLine.objects.get(pk=line.pk).quantity)
    edit = edited(line)
    found = past(Api(owner), line)
    told = next(one for one in found if one["change_set"] == str(edit.pk))
    assert told["diff"] == {} and told["operation"] == USING
    said = {(part["what"], part["place"], part["name"]): part for part in told["parts"]}
    assert said.keys() == {("changed", line.ordinal, line.description), ("added", 3, "New"), ("removed", 9, "Old")}
    changed = said["changed", line.ordinal, line.description]
    assert changed["label"] == say("commerce.order_line.one", language)
    ((name, quantity),) = changed["diff"].items()
    assert name == "quantity" and quantity["label"] == say("commerce.order_line.quantity", language)
    assert (Decimal(quantity["from"]), Decimal(quantity["to"])) == (before, 5)
    assert Decimal(said["removed", 9, "Old"]["diff"]["unit_price"]["from"]) == 7
    alone = next(one for one in found if one != told and one["parts"])
    assert [(part["what"], part["name"]) for part in alone["parts"]] == [("added", "Old")]


def test_an_edit_of_lines_is_taken_back_and_that_is_told_too():
    line, api = factories.one(of_name("commerce.order_line")), Api(make.user("owner"))
    with begun(SYSTEM, USING) as acting:
        other = create(
            acting, OrderLine, using=USING, order_id=line.order_id, ordinal=9, quantity=1, unit_price=7, amount=7
        )
    drain()
    before = house()
    with begun(SYSTEM, USING) as acting:
        with change(OrderLine, line.pk, by=acting, using=USING) as held:
            held.quantity = Decimal(5)
        create(acting, OrderLine, using=USING, order_id=line.order_id, ordinal=3, quantity=1, unit_price=2, amount=2)
        remove(acting, OrderLine, other.pk, using=USING)
    undo(SYSTEM, acting.change_set)
    drain()
    assert differing(before, house()) == {}
    taken_back, edit, *_ = past(api, line)
    assert edit["undone"] and sorted(part["what"] for part in edit["parts"]) == ["changed", "removed"]
    assert sorted(part["what"] for part in taken_back["parts"]) == ["added", "changed"]


def test_lines_that_came_with_their_document_are_no_change():
    line = factories.one(of_name("commerce.order_line"))
    with begun(SYSTEM, USING) as acting:
        OrderLine.objects.filter(pk=line.pk).update(created_in=acting.change_set)
        type(line.order).objects.filter(pk=line.order_id).update(created_in=acting.change_set)
    assert past(Api(make.user("owner")), line) == []


def test_who_does_not_read_lines_is_told_of_none():
    line = factories.one(of_name("commerce.order_line"))
    edited(line)
    blind = make.holder({"*": 4, read(of_name("commerce.order_line")): 0})
    assert past(Api(blind), line) == []


@pytest.mark.parametrize("record", WHOLES, ids=lambda record: record.name)
def test_every_noun_tells_what_was_deleted_of_its_parts(record: RecordType):
    """And of nothing that is part of another record of the noun."""
    api = Api(make.user("owner"))
    for kind in parts_of(record):
        part, other = factories.one(kind), factories.one(kind)
        remove(SYSTEM, kind.model, part.pk, using=f"{kind.name}.change")
        whole, another = kind.whole_of(part), kind.whole_of(other)
        told = [one for each in api.get(f"{record.plural}/{whole}/history")["changes"] for one in each["parts"]]
        assert (kind.plural, str(part.pk), "removed") in {(one["record"], one["id"], one["what"]) for one in told}
        if whole != another:
            assert str(part.pk) not in str(api.get(f"{record.plural}/{another}/history"))


def test_parts_are_declared_of_documents_and_of_people():
    assert {record.name for record in WHOLES} == {"commerce.order", "customers.customer", "protocols.version"}
