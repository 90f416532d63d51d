"""Many records in one go: each by its own rights and rules, all under one change-set, taken back as one."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from guanxi.customers.customers.models import Customer
from guanxi.kernel import bulk
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import ChangeSet, Deadline, EventEntry, HistoryEntry, Row
from guanxi.kernel.operations import operations
from guanxi.kernel.time import now
from guanxi.kernel.writes import archive
from guanxi.lib.errors import Unavailable
from guanxi.workspace.teams.models import Team
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import channels, commerce, customers, service
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def some(n: int, **values: object) -> list[str]:
    """The ids of new customers."""
    return [str(customers.customer(**values).pk) for _ in range(n)]


def within(team: Team, grants: dict[str, int]) -> User:
    """Somebody of a team who may do just this."""
    user = make.holder(grants)
    User.objects.filter(pk=user.pk).update(team=team)
    return user


def test_the_same_fields_of_many_are_one_change_set_with_history_and_event_of_each():
    chosen = some(3)
    said = Api(make.user("owner")).post("customers/bulk/change", {"ids": chosen, "values": {"city": "Leeds"}})
    assert (said["done"], said["unchanged"], said["kept"]) == (3, 0, [])
    assert set(Customer.objects.filter(pk__in=chosen).values_list("city", "version")) == {("Leeds", 2)}
    opened = ChangeSet.objects.get(pk=said["change_set"])
    assert opened.operation == "customers.customer.change"
    written = HistoryEntry.objects.filter(change_set=opened)
    assert {str(entry.record_id): entry.diff for entry in written} == {one: {"city": ["", "Leeds"]} for one in chosen}
    told = EventEntry.objects.filter(change_set=opened.pk)
    assert {(e.name, e.payload["record_id"]) for e in told} == {("kernel.record_changed", one) for one in chosen}


def test_what_has_the_value_already_is_counted_apart_and_left_alone():
    there, other = some(1, city="Leeds"), some(1)
    said = Api(make.user("owner")).post("customers/bulk/change", {"ids": there + other, "values": {"city": "Leeds"}})
    assert (said["done"], said["unchanged"]) == (1, 1)
    assert Customer.objects.get(pk=there[0]).version == 1


def test_where_nothing_differs_nothing_is_written():
    there, api = some(2, city="Leeds"), Api(make.user("owner"))
    with nothing_changes():
        said = api.post("customers/bulk/change", {"ids": there, "values": {"city": "Leeds"}})
    assert said == {"change_set": None, "done": 0, "unchanged": 2, "kept": []}


def test_a_row_one_sees_and_may_not_change_stays_and_one_not_seen_is_as_one_not_there():
    team, elsewhere = make.team(), make.team()
    seller = within(team, {"customers.customer.read": 2, "customers.customer.change": 1})
    mine, ours, theirs = (customers.customer() for _ in range(3))
    for row, owner, of in ((mine, seller.pk, team), (ours, None, team), (theirs, None, elsewhere)):
        Customer.objects.filter(pk=row.pk).update(owner=owner, team=of)
    nobody = uuid4()
    asked = {"ids": [str(one) for one in (mine.pk, ours.pk, theirs.pk, nobody)], "values": {"city": "Leeds"}}
    said = Api(seller).post("customers/bulk/change", asked)
    assert said["done"] == 1
    kept = {one["id"]: (one["code"], one["label"]) for one in said["kept"]}
    assert kept == {
        str(ours.pk): ("access.not_this_one", ours.name),
        str(theirs.pk): ("record.not_found", ""),
        str(nobody): ("record.not_found", ""),
    }
    messages = {one["message"] for one in said["kept"] if one["code"] == "record.not_found"}
    assert len(messages) == 1
    assert not Customer.objects.exclude(pk=mine.pk).filter(city="Leeds").exists()


def test_all_that_a_list_finds_is_changed_and_nothing_else():
    here, there, hidden = some(2, city="York"), some(1, city="Bath"), some(1, city="York")
    archive(SYSTEM, Customer, hidden[0])  # type: ignore[arg-type]
    where = {"field": "city", "op": "is", "value": "York"}
    api = Api(make.user("owner"))
    said = api.post("customers/bulk/change", {"found": {"where": where}, "values": {"city": "Leeds"}})
    assert said["done"] == 2
    assert {str(one.pk) for one in Customer.objects.filter(city="Leeds")} == set(here)
    assert Customer.objects.get(pk=there[0]).city == "Bath"
    assert api.post("customers/bulk/restore", {"found": {"archived": True}})["done"] == 1


def test_too_many_and_neither_or_both_ways_to_choose_are_refused(monkeypatch):
    api, there = Api(make.user("owner")), some(3)
    monkeypatch.setattr(bulk, "MOST_CHANGED", 2)
    for chosen, code in (
        ({"ids": there}, "bulk.too_many"),
        ({"found": {}}, "bulk.too_many"),
        ({}, "bulk.not_chosen"),
        ({"ids": there[:1], "found": {}}, "bulk.not_chosen"),
    ):
        with nothing_changes():
            said = api.post("customers/bulk/change", {**chosen, "values": {"city": "x"}}, status=422)
        assert said["code"] == code
    assert api.post("customers/bulk/change", {"ids": there[:2] * 2, "values": {"city": "x"}})["done"] == 2


def test_a_value_or_reference_that_does_not_fit_changes_nobody():
    api, there = Api(make.user("owner")), some(2)
    for values, field, code in (
        ({"city": "x" * 5000}, "city", "field.max_length"),
        ({"owner": str(uuid4())}, "owner", "record.not_found"),
        ({"no_such_field": 1}, "no_such_field", "input.extra_forbidden"),
    ):
        with nothing_changes():
            said = api.post("customers/bulk/change", {"ids": there, "values": values}, status=422)
        assert said["fields"][field]["code"] == code


def test_rows_that_a_promise_of_the_table_keeps_stay_and_the_others_are_changed(monkeypatch):
    first, *rest = (commerce.product() for _ in range(5))
    given = {"ids": [str(one.pk) for one in rest], "values": {"code": first.code}}
    api = Api(make.user("owner"))
    said = api.post("products/bulk/change", given)
    assert (said["done"], len(said["kept"])) == (0, 4)
    assert {one["code"] for one in said["kept"]} == {"constraint.product_code_is_unique"}
    free = api.post("products/bulk/change", {**given, "values": {"code": "free"}})
    assert (free["done"], len(free["kept"])) == (1, 3)
    monkeypatch.setattr(bulk, "MOST_CLASHING", 2)
    with nothing_changes():
        assert api.post("products/bulk/change", given, status=409)["code"] == "constraint.product_code_is_unique"


def test_archive_and_restore_of_many_and_the_undo_of_both():
    api, there = Api(make.user("owner")), some(3)
    hidden = api.post("customers/bulk/archive", {"ids": there})
    assert (hidden["done"], Customer.objects.filter(archived_at=None).count()) == (3, 0)
    assert api.post("customers/bulk/archive", {"ids": there})["unchanged"] == 3
    said = api.post("undo", {"change_set": hidden["change_set"]})
    assert said == {"removed": {}, "restored": {"customers.customer": 3}, "kept": {}}
    assert Customer.objects.filter(archived_at=None).count() == 3


def test_an_undo_says_before_what_it_would_do_and_keeps_what_was_changed_since():
    api, there = Api(make.user("owner")), some(3, city="York")
    done = api.post("customers/bulk/change", {"ids": there, "values": {"city": "Leeds"}})
    api.patch(f"customers/{there[0]}", {"city": "Bath"})
    asked = {"change_set": done["change_set"]}
    foreseen = {"removed": {}, "restored": {"customers.customer": 2}, "kept": {"customers.customer:changed_since": 1}}
    with nothing_changes():
        assert api.post("undo", {**asked, "dry_run": True}) == foreseen
    assert api.post("undo", asked) == foreseen
    assert sorted(Customer.objects.values_list("city", flat=True)) == ["Bath", "York", "York"]
    assert api.post("undo", asked, status=409)["code"] == "undo.already"
    entries = api.get(f"customers/{there[1]}/history")["changes"]
    assert [(one["operation"], one["undone"], one["undoable"]) for one in entries] == [
        ("kernel.undo", False, True),
        ("customers.customer.change", True, False),
    ]


def test_what_others_did_is_taken_back_by_who_has_the_right_to_and_ones_own_for_a_day():
    owner, clerk = Api(make.user("owner")), Api(make.holder({"customers.*": 4}))
    there = some(1, city="York")
    for author, status in ((owner, 403), (clerk, 200)):
        changed = author.post("customers/bulk/change", {"ids": there, "values": {"city": f"by {status}"}})
        entry = clerk.get(f"customers/{there[0]}/history")["changes"][0]
        assert (entry["undone"], entry["undoable"]) == (False, status == 200)
        said = clerk.post("undo", {"change_set": changed["change_set"]}, status=status)
        assert said.get("code") == ("access.not_granted" if status == 403 else None)
    assert Customer.objects.get(pk=there[0]).city == "by 403"
    late = clerk.post("customers/bulk/change", {"ids": there, "values": {"city": "Leeds"}})["change_set"]
    ChangeSet.objects.filter(pk=late).update(at=now() - timedelta(days=2))
    with nothing_changes():
        assert clerk.post("undo", {"change_set": late}, status=403)["code"] == "access.not_granted"


def test_ones_own_is_taken_back_no_further_than_one_may_still_change():
    team = make.team()
    user = within(team, {"customers.customer.read": 4, "customers.customer.change": 1})
    there = some(2, city="York", owner=user.pk)
    api = Api(user)
    done = api.post("customers/bulk/change", {"ids": there, "values": {"city": "Leeds"}})
    Customer.objects.filter(pk=there[0]).update(owner=None)
    said = api.post("undo", {"change_set": done["change_set"]})
    assert (said["restored"], said["kept"]) == ({"customers.customer": 1}, {"customers.customer:not_allowed": 1})
    assert Customer.objects.get(pk=there[0]).city == "Leeds"


def test_a_verb_on_many_is_one_change_set_and_who_refuses_by_rule_stays_whole():
    owner = make.user("owner")
    open_, done = (make.todo(owner=owner) for _ in range(2))
    api = Api(owner)
    api.post(f"todos/{done.pk}/complete")
    said = api.post("todos/bulk/complete", {"ids": [str(open_.pk), str(done.pk), str(uuid4())]})
    assert said["done"] == 1
    assert {one["id"]: one["code"] for one in said["kept"] if one["label"]} == {str(done.pk): "todo.already_done"}
    opened = ChangeSet.objects.get(pk=said["change_set"])
    assert opened.operation == "workspace.todo.complete"
    assert [e.record_id for e in HistoryEntry.objects.filter(change_set=opened)] == [open_.pk]
    assert api.post("undo", {"change_set": said["change_set"]})["restored"] == {"workspace.todo": 1}
    assert Todo.objects.get(pk=open_.pk).done_at is None


def test_a_verb_goes_on_with_its_own_change_set_and_with_nobody_elses():
    owner, other = make.user("owner"), make.user("owner")
    todos = [str(make.todo(owner=owner).pk) for _ in range(3)]
    api = Api(owner)
    began = api.post("todos/bulk/complete", {"ids": todos[:1]})["change_set"]
    assert api.post("todos/bulk/complete", {"ids": todos[1:2], "change_set": began})["change_set"] == began
    assert HistoryEntry.objects.filter(change_set=began).count() == 2
    asked = {"ids": todos[2:], "change_set": began}
    stranger = Api(other)
    with nothing_changes():
        assert stranger.post("todos/bulk/complete", asked, status=409)["code"] == "bulk.cannot_go_on"
    api.post("undo", {"change_set": began})
    with nothing_changes():
        assert api.post("todos/bulk/complete", asked, status=409)["code"] == "bulk.cannot_go_on"


def test_a_verb_that_refuses_everywhere_leaves_nothing_and_a_fault_takes_all_back(monkeypatch):
    owner = make.user("owner")
    todos = [str(make.todo(owner=owner).pk) for _ in range(2)]
    api = Api(owner)
    with nothing_changes():
        said = api.post("todos/bulk/reassign", {"ids": todos, "given": {"to": str(uuid4())}})
    assert (said["done"], said["change_set"], len(said["kept"])) == (0, None, 2)
    with nothing_changes():
        assert "to" in api.post("todos/bulk/reassign", {"ids": todos}, status=422)["fields"]
    complete = operations()["workspace.todo.complete"]
    met = []

    def away(actor, id, **values):
        met.append(id)
        if len(met) == 2:
            raise Unavailable("database.away")
        return complete.function(actor, id, **values)

    monkeypatch.setattr(bulk, "understood", lambda operation, given: {})
    broken = type(complete)(name=complete.name, function=away, human_only="", asks=False, reads=False)
    actor = make.actor("owner")
    with nothing_changes(), pytest.raises(Unavailable):
        bulk.do_to_chosen(actor, broken, [Todo.objects.get(pk=one).pk for one in todos], {})


def test_what_only_answers_and_what_is_unknown_is_no_verb_for_many():
    api = Api(make.user("owner"))
    assert api.post("strategies/bulk/dry_run", {"ids": []}, status=422)["code"] == "operation.unknown"
    said = api.post("todos/bulk/complet", {"ids": []}, status=422)
    assert "complete" in said["message"]


def test_the_same_key_does_it_once():
    api, there = Api(make.user("owner")), some(2)
    asked = {"ids": there, "values": {"city": "Leeds"}}
    first = api.post("customers/bulk/change", asked, idempotency_key="k")
    assert api.post("customers/bulk/change", asked, idempotency_key="k") == first
    assert set(Customer.objects.values_list("version", flat=True)) == {2}


@pytest.mark.parametrize("reach", [2, 4])
def test_it_costs_the_same_for_many_rows_whatever_they_are_seen_with(reach):
    """A number is reached through its customer: they are read along, not one by one."""
    team = make.team()
    user = within(team, {"customers.*": reach})
    costs = []
    for n in (6, 30):
        rows = [customers.contact_point() for _ in range(n)]
        Customer.objects.update(team=team)
        api, asked = Api(user), [str(one.pk) for one in rows]
        given = {"ids": asked, "values": {"purpose": "work"}}
        with CaptureQueriesContext(connection) as spent:
            assert api.post("contact_points/bulk/change", given)["done"] == n
        costs.append(len(spent))
    assert costs[0] == costs[1]


def clocks_of(*rows: Row) -> dict[str, datetime]:
    """What runs because of some records, by its key."""
    there = Deadline.objects.filter(reduce(or_, (Q(key__contains=str(row.pk)) for row in rows)))
    return dict(there.values_list("key", "due_at"))


def test_what_ran_because_of_a_record_runs_again_when_a_verb_is_taken_back():
    owner, soon = make.user("owner"), now() + timedelta(hours=3)
    todos = [make.todo(owner=owner, due_at=soon) for _ in range(2)]
    asides, tickets = [channels.conversation() for _ in range(2)], [service.ticket() for _ in range(2)]
    api, before = Api(owner), clocks_of(*todos, *asides, *tickets)
    assert len(before) == 6
    done = [
        api.post(f"{path}", {"ids": [str(row.pk) for row in rows], "given": given})["change_set"]
        for path, rows, given in (
            ("todos/bulk/complete", todos, {}),
            ("tickets/bulk/solve", tickets, {}),
            ("conversations/bulk/snooze", asides, {"until": soon.isoformat()}),
        )
    ]
    assert set(clocks_of(*todos, *asides, *tickets)) == {f"snooze:{row.pk}" for row in asides}
    for change_set in done:
        assert api.post("undo", {"change_set": change_set})["kept"] == {}
    drain()
    assert clocks_of(*todos, *asides, *tickets) == before
