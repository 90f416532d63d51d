"""Undo: done once, by whoever might have done it, while others go on working."""

import threading
from argparse import Namespace

import pytest
from django.db import connection

from guanxi.app.commands import undo as command
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Membership
from guanxi.kernel import undo as undoing
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import ChangeSet, HistoryEntry
from guanxi.kernel.records import records
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change
from guanxi.lib.errors import Conflict
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.operations import start_import, undo_import
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
PEOPLE = "Key,Name,E-mail\nK1,Anna Ito,anna@example.test\nK2,Bob Roe,bob@example.test\n"
READS_ALL = {
    "customers.*": 1, "customers.customer.read": 4, "customers.contact_point.read": 4, "workspace.import.*": 4,
    "kernel.undo": 4,
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def imported(text: str = PEOPLE) -> ImportRun:
    """The customers of a file, written."""
    return running.write(start_import(SYSTEM, make.import_run(text).pk).pk)


def names() -> set[str]:
    return set(Customer.objects.values_list("name", flat=True))


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_undo_leaves_what_its_actor_sees_and_may_not_change(dry_run):
    customers.customer(key="K1", name="Before")
    done = imported("Key,Name,E-mail\nK1,After,a@example.test\nK2,New,b@example.test\nK3,Mine,c@example.test\n")
    seller = make.holder(READS_ALL)
    Customer.objects.filter(key="K3").update(owner=seller)
    report = Api(seller).post(f"imports/{done.pk}/undo", {"dry_run": dry_run})
    assert report["kept_by_reason"] == {"customers.customer:not_allowed": 2, "customers.contact_point:not_allowed": 2}
    assert {name: n for name, n in report["removed"].items() if n} == {
        "customers.customer": 1,
        "customers.contact_point": 1,
    }
    assert names() == {"After", "New", *(["Mine"] if dry_run else [])}


def test_an_undo_of_an_undo_reaches_no_further_than_the_undo():
    customers.customer(key="K1", name="Before")
    done = imported("Key,Name\nK1,After\n")
    undo(SYSTEM, done.change_set)
    again = ChangeSet.objects.get(undoes=done.change_set)
    report = undo(make.acting(READS_ALL), again.pk)
    assert report.kept_by_reason() == {"customers.customer:not_allowed": 1}
    assert names() == {"Before"}


def test_what_somebody_else_changed_by_hand_is_not_undone_by_who_changes_their_own():
    theirs = customers.customer(name="Before")
    with change(Customer, theirs.pk, by=SYSTEM) as held:
        held.name = "After"
    changed = HistoryEntry.objects.get(record_id=theirs.pk).change_set_id
    assert undo(make.acting(READS_ALL), changed).kept_by_reason() == {"customers.customer:not_allowed": 1}
    assert names() == {"After"}


def test_a_change_to_what_is_not_seen_stays_and_the_rest_is_taken_back():
    for key in ("K1", "K2"):
        customers.customer(key=key, name=f"Before {key}")
    done = imported("Key,Name\nK1,After K1\nK2,After K2\n")
    seller = make.holder({"customers.*": 1, "workspace.import.*": 4, "kernel.undo": 4})
    Customer.objects.filter(key="K2").update(owner=seller)
    report = Api(seller).post(f"imports/{done.pk}/undo")
    assert report["kept_by_reason"] == {"customers.customer:not_seen": 1}
    assert names() == {"After K1", "Before K2"}


@pytest.mark.parametrize("rows", [2, 20])
def test_asking_how_far_a_right_reaches_costs_the_same_for_many_rows(rows, django_assert_num_queries):
    for n in range(rows):
        customers.customer(key=f"K{n}", name="Before")
    done = imported("Key,Name\n" + "".join(f"K{n},After\n" for n in range(rows)))
    seller = make.acting(READS_ALL)
    with django_assert_num_queries(13 + len(records())):  # each noun is asked once for what was created
        assert len(undo(seller, done.change_set, dry_run=True).kept) == rows


def test_an_import_is_taken_back_once_and_the_second_time_said():
    done = imported()
    undo_import(SYSTEM, done.pk)
    taken = ChangeSet.objects.get(undoes=done.change_set)
    assert taken.operation == "workspace.import.undo"
    for again in (
        lambda: undo_import(SYSTEM, done.pk),
        lambda: undo(SYSTEM, done.change_set),
        lambda: command.run(Namespace(change_set=done.change_set, dry_run=False, json=True)),
    ):
        with nothing_changes(), pytest.raises(Conflict, match=r"undo\.already"):
            again()


def test_a_trial_of_an_undo_leaves_it_to_be_done():
    done = imported()
    assert undo_import(SYSTEM, done.pk, dry_run=True)["removed"]["customers.customer"] == 2
    assert not ChangeSet.objects.filter(undoes=done.change_set).exists()
    assert undo_import(SYSTEM, done.pk)["removed"]["customers.customer"] == 2


@pytest.mark.django_db(transaction=True)
def test_two_undos_at_once_are_one_undo_and_one_refusal():
    done, ended = imported(), []

    def work() -> None:
        try:
            ended.append(undo_import(SYSTEM, done.pk)["removed"]["customers.customer"])
        except Conflict as problem:
            ended.append(problem.code)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended, key=str) == [2, "undo.already"]
    assert ChangeSet.objects.filter(undoes=done.change_set).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [1, undoing.TRIES])
def test_a_row_that_comes_to_refer_to_what_is_removed_meanwhile(monkeypatch, times):
    done, segments = imported("Key,Name\nK1,Anna Ito\n"), [customers.segment() for _ in range(times)]
    really = undoing._remove_parts

    def join() -> None:
        Membership.objects.create(segment=segments.pop(), customer=Customer.objects.get(key="K1"))
        connection.close()

    def meanwhile(model, ids) -> None:
        really(model, ids)
        if model is Customer and segments:
            thread = threading.Thread(target=join)
            thread.start()
            thread.join()

    monkeypatch.setattr(undoing, "_remove_parts", meanwhile)
    if times < undoing.TRIES:
        assert undo_import(SYSTEM, done.pk)["removed"]["customers.customer"] == 1
    else:
        with pytest.raises(Conflict, match=r"undo\.used_meanwhile"):
            undo_import(SYSTEM, done.pk)
    assert Customer.objects.exists() == Membership.objects.exists() == (times == undoing.TRIES)
    assert not ContactPoint.objects.exists()
