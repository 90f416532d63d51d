"""The one write path: row, history, event, live topic together or not at all."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.operations import create_customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.change_sets import begun
from guanxi.kernel.models import ChangeSet, HistoryEntry
from guanxi.kernel.records import derived_of, type_of
from guanxi.kernel.removals import remove
from guanxi.kernel.time import now
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change, change_many, create, create_many, insert_many
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound, Outdated
from guanxi.workspace.teams.models import Team
from guanxi.workspace.users.models import User
from tests.factories import commerce, customers
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_a_creation_names_its_change_set_and_has_no_history():
    team = create(SYSTEM, Team, name="South")
    assert ChangeSet.objects.get(pk=team.created_in).operation == "workspace.team.create"
    assert not HistoryEntry.objects.filter(record_id=team.pk).exists()


def test_a_column_that_may_not_be_empty_is_named():
    with nothing_changes(), pytest.raises(Invalid, match="email: input.missing") as refused:
        create(SYSTEM, Customer, name="Anna Ito", email=None)
    assert refused.value.fields["email"].code == "input.missing"


def test_a_creation_and_a_change_are_one_statement_each():
    """Row, change-set, history, event, jobs and topics go to the database at once."""
    with CaptureQueriesContext(connection) as asked:
        customer = create_customer(SYSTEM, name="Anna Ito")
    assert written(asked) == 1
    with CaptureQueriesContext(connection) as asked, change(Customer, customer.pk, by=SYSTEM) as row:
        row.city = "Leeds"
    assert written(asked) == 1
    assert ChangeSet.objects.filter(pk=customer.created_in).exists()


def written(asked: CaptureQueriesContext) -> int:
    """How many statements were no questions."""
    return sum("INSERT" in query["sql"] or "UPDATE " in query["sql"].replace("KEY UPDATE", "") for query in asked)


def test_the_change_set_of_an_operation_outlives_what_a_savepoint_takes_back():
    """It is written with the first rows of an operation, unless these can be taken back without it."""
    with begun(SYSTEM, "workspace.team.create") as actor:
        with pytest.raises(Conflict), transaction.atomic():
            create(actor, Team, name="South")
            raise Conflict("record.in_use", record="workspace.team")
        kept = create(actor, Team, name="North")
    assert not Team.objects.filter(name="South").exists()
    assert ChangeSet.objects.get(pk=kept.created_in).operation == "workspace.team.create"


def test_an_operation_whose_rows_were_all_taken_back_has_its_change_set_all_the_same():
    with begun(SYSTEM, "workspace.team.create") as actor, begun(actor, "workspace.team.change") as same:
        assert same is actor
        with pytest.raises(Conflict), transaction.atomic():
            create(actor, Team, name="South")
            raise Conflict("record.in_use", record="workspace.team")
    assert ChangeSet.objects.get(pk=actor.change_set).operation == "workspace.team.create"


def test_operations_of_two_actors_within_each_other_have_a_change_set_each():
    with begun(SYSTEM, "workspace.team.create") as outer:
        with begun(SYSTEM, "workspace.team.change") as inner:
            create(inner, Team, name="South")
        create(outer, Team, name="North")
    assert {one.operation for one in ChangeSet.objects.filter(pk__in=[outer.change_set, inner.change_set])} == {
        "workspace.team.create", "workspace.team.change",
    }  # fmt: skip


def test_a_change_keeps_the_difference_and_counts_the_version():
    team = make.team("South")
    with change(Team, team.pk, by=SYSTEM) as row:
        row.name = "South West"
    entry = HistoryEntry.objects.get(record_id=team.pk)
    assert entry.diff == {"name": ["South", "South West"]}
    assert (row.version, entry.version) == (2, 2)


def test_a_change_that_changes_nothing_writes_nothing():
    team = make.team("South")
    with nothing_changes(), change(Team, team.pk, by=SYSTEM) as row:
        row.name = "South"


def test_a_block_that_raises_changes_nothing():
    team = make.team("South")
    with nothing_changes(), pytest.raises(Conflict), change(Team, team.pk, by=SYSTEM) as row:
        row.name = "North"
        raise Conflict("record.in_use", record="workspace.team")


def test_an_old_version_is_refused():
    team = make.team("South")
    with change(Team, team.pk, by=SYSTEM) as row:
        row.name = "East"
    refused = pytest.raises(Outdated, match="record.changed_meanwhile")
    with nothing_changes(), refused, change(Team, team.pk, by=SYSTEM, versions={1}) as row:
        row.name = "West"


def test_without_the_grant_nothing_changes():
    agent, team = make.actor("agent"), make.team("South")
    with nothing_changes(), pytest.raises(Forbidden), change(Team, team.pk, by=agent) as row:
        row.name = "Mine"


def test_a_broken_promise_of_the_table_is_named():
    make.team("South")
    with nothing_changes(), pytest.raises(Conflict, match="constraint.team_name_is_unique"):
        create(SYSTEM, Team, name="South")


def test_a_value_the_field_does_not_take_is_refused_by_its_field():
    with nothing_changes(), pytest.raises(Invalid) as caught:
        create(SYSTEM, Team, name="x" * 121)
    assert caught.value.fields["name"].code == "field.max_length"


def test_many_rows_arrive_as_one_would():
    create_many(SYSTEM, Team, [{"name": f"Team 新{i}"} for i in range(30)])
    rows = list(Team.objects.filter(name__startswith="Team 新"))
    assert len(rows) == 30
    assert len({row.created_in for row in rows}) == 1
    assert {row.version for row in rows} == {1}


def test_many_changes_are_all_or_nothing():
    teams = [make.team() for _ in range(3)]
    change_many(SYSTEM, Team, {team.pk: {"name": f"{team.name}!"} for team in teams})
    assert HistoryEntry.objects.filter(record="workspace.team").count() == 3
    with nothing_changes(), pytest.raises(NotFound):
        change_many(SYSTEM, Team, {teams[0].pk: {"name": "x"}, User(name="gone").pk: {"name": "y"}})


def test_what_is_used_is_not_removed():
    parent = make.team("Parent")
    make.team("Child", parent=parent)
    with nothing_changes(), pytest.raises(Conflict, match="record.in_use"):
        remove(SYSTEM, Team, parent.pk, using="workspace.team.remove")


def test_what_is_removed_stays_in_history():
    team = make.team("Gone")
    remove(SYSTEM, Team, team.pk, using="workspace.team.remove")
    assert HistoryEntry.objects.get(record_id=team.pk).diff["name"] == ["Gone", None]


def statements(rows: int) -> int:
    customer = customers.customer()
    given = [
        {"number": f"S{rows}-{n}", "currency": "GBP", "customer_id": customer.pk, "ordered_at": now()}
        for n in range(rows)
    ]
    with CaptureQueriesContext(connection) as asked:
        create_many(SYSTEM, Order, given)
    return len(asked)


def test_references_of_many_rows_are_asked_for_together():
    assert statements(rows=2) == statements(rows=50)


def test_a_reference_to_nothing_is_refused_even_to_the_system():
    nobody = uuid4()
    with nothing_changes(), pytest.raises(Invalid, match="record.invalid") as refused:
        create(SYSTEM, Order, number="N", currency="GBP", ordered_at=now(), customer_id=nobody)
    assert refused.value.fields["customer"].code == "record.not_found"


def lines_of(order: Order) -> list[dict[str, object]]:
    return [{"order_id": order.pk, "ordinal": n, "quantity": 2, "unit_price": 3, "amount": 6} for n in (2, 3)]


def test_rows_inserted_without_objects_are_like_all_others():
    order = commerce.order()
    insert_many(SYSTEM, OrderLine, lines_of(order), using="commerce.order.place")
    first, *others = OrderLine.objects.filter(order=order, ordinal__gt=1).order_by("ordinal")
    assert [(one.ordinal, one.amount, one.version, one.origin) for one in (first, *others)] == [
        (2, 6, 1, "live"),
        (3, 6, 1, "live"),
    ]
    assert ChangeSet.objects.get(pk=first.created_in).operation == "commerce.order.place"
    assert {one.created_in for one in others} == {first.created_in}
    assert undo(SYSTEM, first.created_in).removed == {"commerce.order_line": 2}


def test_rows_inserted_without_objects_are_refused_like_all_others():
    order, reader = commerce.order(), make.actor("marketer")
    with nothing_changes(), pytest.raises(Forbidden):
        insert_many(reader, OrderLine, lines_of(order), using="commerce.order.place")
    taken = [{**line, "ordinal": 1} for line in lines_of(order)]
    with nothing_changes(), pytest.raises(Conflict, match="constraint.order_line_has_its_place"):
        insert_many(SYSTEM, OrderLine, taken, using="commerce.order.place")
    lost = [{**line, "order_id": uuid4()} for line in lines_of(order)]
    with nothing_changes(), pytest.raises(Invalid, match="record.invalid"):
        insert_many(SYSTEM, OrderLine, lost, using="commerce.order.place")


def test_rows_inserted_without_objects_have_the_same_beside_their_values_as_one_that_is_created():
    """Search tokens, the sort key, and the rows of floors above."""
    create(SYSTEM, Customer, name="李伟 Ltd")
    insert_many(SYSTEM, Customer, [{"name": "李伟 Ltd"}] * 2)
    assert Customer.objects.filter(search__fits="'liwei' & 'ltd'").values("search", "name_sort").distinct().count() == 1
    for kept in derived_of(type_of(Customer)):
        rows = [{**row, kept.key.attname: None} for row in kept.model.objects.values()]
        assert rows == [rows[0]] * 3


def test_many_rows_take_each_their_own_values_of_every_kind_in_one_statement():
    """Text, lists, JSON, nothing and what is the same for all go to the database together."""
    a, b = make.user(), make.user()
    given = {a.pk: {"name": "Ann", "zone": "Asia/Tokyo"}, b.pk: {"name": "李伟", "zone": "Asia/Tokyo"}}
    with CaptureQueriesContext(connection) as asked:
        change_many(SYSTEM, User, given)
    assert len([q for q in asked if q["sql"].startswith('UPDATE "workspace_user"')]) == 1
    rows = User.objects.in_bulk([a.pk, b.pk])
    assert {pk: {"name": row.name, "zone": row.zone} for pk, row in rows.items()} == given
    assert {row.version for row in rows.values()} == {a.version + 1}
    change_many(SYSTEM, User, {a.pk: {"roles": ["agent", "owner"]}, b.pk: {"roles": []}})
    assert {row.pk: row.roles for row in User.objects.filter(pk__in=rows)} == {a.pk: ["agent", "owner"], b.pk: []}
    segments = [customers.segment({"field": "city", "op": "is", "value": city}) for city in ("York", "Bath")]
    change_many(SYSTEM, type(segments[0]), {s.pk: {"condition": {"and": [n]}} for n, s in enumerate(segments)})
    found = type(segments[0]).objects.in_bulk([s.pk for s in segments])
    assert [found[s.pk].condition for s in segments] == [{"and": [0]}, {"and": [1]}]
