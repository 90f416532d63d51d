"""What holds for many rows of every noun at once: only the chosen, only where one may, one change-set, one undo."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.kernel import access, bulk
from guanxi.kernel.actor import SYSTEM, Reach
from guanxi.kernel.models import ChangeSet, HistoryEntry, Row
from guanxi.kernel.operations import Operation, of_noun, operations
from guanxi.kernel.records import Field, RecordType, records, type_of
from guanxi.lib.errors import Problem
from tests import factories
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NOUNS = [record for record in records().values() if not record.name.startswith("test.")]
WRITABLE = [pytest.param(record, id=record.name) for record in NOUNS if record.writable]
HIDING = [pytest.param(r, id=r.name) for r in NOUNS if r.has("archived_at") and f"{r.name}.archive" not in operations()]
OWNED = [pytest.param(r, id=r.name) for r in NOUNS if r.writable and r.has("owner") and not r.seen_with]
VERBS = [pytest.param(o, id=o.name) for o in operations().values() if o.for_many and o.noun in records()]
WRITTEN = ("version", "updated_at")
"""What every write leaves behind, also the one that takes another back."""
KINDS: dict[str, tuple[Any, ...]] = {
    "text": ("Something else",),
    "long_text": ("Something else",),
    "boolean": (True, False),
    "integer": (7, 8),
    "date": (str(date(2031, 2, 3)),),
    "datetime": (datetime(2031, 2, 3).astimezone().isoformat(),),
    "language": ("zh-Hant", "en"),
    "zone": ("Asia/Tokyo",),
    "country": ("JP",),
    "currency": ("JPY",),
}


def values_for(record: RecordType) -> Iterator[tuple[Field, Any]]:
    """Fields of a noun with values that they may be given."""
    for name in record.writable:
        field = record.fields[name]
        if field.to:
            yield field, str(factories.one(type_of(field.to)).pk)
        yield from ((field, value) for value in field.choices or KINDS.get(field.kind, ()))


def kept_of(rows: list[Row]) -> list[dict[str, Any]]:
    """All that a row holds, but for what every write leaves behind."""
    fresh = type(rows[0])._default_manager.in_bulk([row.pk for row in rows])
    return [
        {f.attname: getattr(fresh[row.pk], f.attname) for f in row._meta.concrete_fields if f.name not in WRITTEN}
        for row in rows
    ]


def changed(api: Api, record: RecordType, rows: list[Row]) -> dict[str, Any]:
    """Change many rows by the first value that all of them take, else by one that only one of them can have."""
    asked = [str(row.pk) for row in rows]
    last: dict[str, Any] = {}
    for field, value in values_for(record):
        sent = api.client.post(
            f"/api/{record.plural}/bulk/change", {"ids": asked, "values": {field.name: value}}, "application/json"
        )
        said: dict[str, Any] = sent.json()
        if sent.status_code == 200 and said["done"] == len(rows):
            return said
        if sent.status_code == 200 and said["change_set"]:
            assert {one["code"].partition(".")[0] for one in said["kept"]} <= {"constraint"}
            api.post("undo", {"change_set": said["change_set"]})
            last = {"ids": asked, "values": {field.name: value}}
    assert last, f"no value that any of the {record.plural} takes"
    return api.post(f"{record.plural}/bulk/change", last)


@pytest.mark.parametrize("record", WRITABLE)
def test_many_are_changed_under_one_change_set_and_an_undo_restores_equal_rows(record):
    rows, other = [factories.one(record) for _ in range(2)], factories.one(record)
    before, beside = kept_of(rows), kept_of([other])
    api = Api(make.user("owner"))
    said = changed(api, record, rows)
    assert kept_of([other]) == beside
    assert type(other)._default_manager.get(pk=other.pk).version == other.version
    kept = {one["id"] for one in said["kept"]}
    differs = [now != then for now, then in zip(kept_of(rows), before, strict=True)]
    assert differs == [str(row.pk) not in kept for row in rows]
    assert ChangeSet.objects.get(pk=said["change_set"]).operation == f"{record.name}.change"
    written = HistoryEntry.objects.filter(change_set=said["change_set"])
    assert {entry.record_id for entry in written} == {row.pk for row in rows if str(row.pk) not in kept}
    taken = api.post("undo", {"change_set": said["change_set"]})
    assert taken == {"removed": {}, "restored": {record.name: said["done"]}, "kept": {}}
    assert kept_of(rows) == before


@pytest.mark.parametrize("record", OWNED)
def test_what_belongs_to_others_stays_and_is_not_told_from_what_is_not_there(record):
    mine, other = factories.one(record), factories.one(record)
    user = make.holder({access.read(record): int(Reach.OWN), f"{record.name}.change": int(Reach.OWN)})
    record.model._default_manager.filter(pk=mine.pk).update(owner=user)
    beside, nobody = kept_of([other]), str(uuid4())
    api = Api(user)
    field, value = next(values_for(record))
    asked = {"ids": [str(other.pk), nobody], "values": {field.name: value}}
    with nothing_changes():
        said = api.post(f"{record.plural}/bulk/change", asked)
    alike = [{name: one[name] for name in ("label", "code", "message", "fields")} for one in said["kept"]]
    assert (said["done"], len(alike), alike[0]) == (0, 2, alike[1])
    assert alike[0]["code"] == "record.not_found"
    changed(api, record, [mine])
    assert kept_of([other]) == beside


@pytest.mark.parametrize("record", WRITABLE)
def test_who_only_reads_changes_nothing(record):
    row = factories.one(record)
    api = Api(make.holder({access.read(record): 4}))
    with nothing_changes():
        said = api.post(f"{record.plural}/bulk/change", {"ids": [str(row.pk)], "values": {}}, status=403)
    assert said["code"] == "access.not_granted"


@pytest.mark.parametrize("record", HIDING)
def test_many_are_hidden_and_shown_again_and_an_undo_does_the_same(record):
    rows, other = [factories.one(record) for _ in range(2)], factories.one(record)
    before, api = kept_of(rows), Api(make.user("owner"))
    asked = {"ids": [str(row.pk) for row in rows]}
    hidden = api.post(f"{record.plural}/bulk/archive", asked)
    assert (hidden["done"], hidden["kept"]) == (2, [])
    listed = {one["id"] for one in api.get(record.plural, limit=200)["rows"]}
    assert str(other.pk) in listed
    assert listed.isdisjoint(asked["ids"])
    api.post("undo", {"change_set": hidden["change_set"]})
    assert kept_of(rows) == before
    api.post(f"{record.plural}/bulk/archive", asked)
    assert api.post(f"{record.plural}/bulk/restore", asked)["done"] == 2
    assert kept_of(rows) == before


@pytest.mark.parametrize("record", HIDING)
def test_hiding_costs_the_same_for_many(record):
    api, costs = Api(make.user("owner")), []
    for n in (6, 12):  # fewer go along in one statement
        asked = {"ids": [str(factories.one(record).pk) for _ in range(n)]}
        with CaptureQueriesContext(connection) as spent:
            assert api.post(f"{record.plural}/bulk/archive", asked)["done"] == n
        costs.append(len(spent))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("operation", VERBS)
def test_a_verb_does_nothing_to_what_is_not_seen(operation: Operation):
    """Whatever it asks for: who is not seen stays, with the sentence of what is not there."""
    row = factories.one(operation.record)
    actor = make.acting({operation.name: 4})
    given = {name: None for name, field in operation.input.model_fields.items() if field.is_required()}
    with nothing_changes():
        try:
            outcome = bulk.do_to_chosen(actor, operation, [row.pk], given)
        except Problem as problem:
            assert problem.code == "input.invalid"
        else:
            assert (outcome.done, len(outcome.kept)) == (0, 1)


def test_a_planted_verb_that_forgets_the_way_to_write_would_be_caught():
    """The contract bites: who writes past `visible_to` changes what is not seen."""
    customer = factories.one(records()["customers.customer"])
    known = of_noun("customers.customer")[0]

    def write(actor: Any, id: Any) -> None:
        assert actor
        type(customer)._default_manager.filter(pk=id).update(city="Leeds")

    planted = Operation(name=known.name, function=write, human_only="", asks=False, reads=False)
    with pytest.raises(AssertionError), nothing_changes():
        bulk.do_to_chosen(SYSTEM, planted, [customer.pk], {})
