"""What is asked of the database does not grow with what is shown: lists, what lies below, stories, histories."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.kernel import bounds, lists
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.events import Event, events, noun_of
from guanxi.kernel.models import ChangeSet, EventEntry, HistoryEntry, Row, new_id
from guanxi.kernel.occurrences import OfAnyRecord
from guanxi.kernel.records import UNSORTABLE, RecordType, Relation, parts_of, records, relations, type_of
from guanxi.kernel.time import now
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests import factories
from tests.client import Api
from tests.described import smallest
from tests.factories import workspace as make

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
FEW, MANY = 1, 20
MOST_STATEMENTS = 5
LONGEST = 200
NOUNS = [pytest.param(record, id=record.name) for record in records().values() if not record.name.startswith("test.")]
RELATIONS = [
    pytest.param(p.values[0], relation, id=f"{p.id}.{relation.name}")
    for p in NOUNS
    for relation in relations(p.values[0]).values()
]
WHOLES = [p for p in NOUNS if parts_of(p.values[0])]
_numbers = count(100)
BESIDE: dict[str, Callable[[int], dict[str, Any]]] = {
    "commerce.order_line": lambda n: {"ordinal": n},
    "outreach.strategy": lambda n: {"condition": None},
    "protocols.clause": lambda n: {"key": f"mail-{n}"},
    "protocols.version": lambda n: {"number": n, "status": "superseded", "published_at": now(), "superseded_at": now()},
}
"""What else has to change for several of a noun to belong to one record."""


@pytest.fixture
def reader(db) -> User:
    """Somebody who sees what is theirs, so that of everything that is named it has to be asked whether it is seen."""
    return make.holder({"*": 1})


def statements(ask: Callable[[], Any]) -> list[str]:
    """What one request asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    return [query["sql"][:300] for query in asked]


def given_to(row: Row, reader: User) -> Row:
    """The same row, which the reader sees whatever their reach."""
    one, record = row, type_of(type(row))
    while record.seen_with:
        field = record.field(record.seen_with)
        record, above = type_of(field.to), getattr(one, record.seen_with)
        if above is None:
            above = factories.one(record)
            type(one)._default_manager.filter(pk=one.pk).update(**{field.column: above.pk})
        one = above
    if record.has("owner"):
        type(one)._default_manager.filter(pk=one.pk).update(owner=reader)
    return row


def rows(record: RecordType, n: int, reader: User) -> list[Row]:
    """So many more rows of a noun."""
    if record.model is Role:  # as it ships there is one of each
        return [put_role(SYSTEM, key=f"role-{uuid4().hex}", name="Role", grants={"kernel.undo": 1}) for _ in range(n)]
    return [given_to(factories.one(record), reader) for _ in range(n)]


def grows(ask: Callable[[int], Any], more: Callable[[int], Any]) -> tuple[int, list[str]]:
    """How many statements few things took, and those of many where they are not as many."""
    ask(0)  # what is looked up once for all is known
    more(FEW)
    few = statements(lambda: ask(FEW))
    more(MANY - FEW)
    many = statements(lambda: ask(MANY))
    return len(few), many if len(many) != len(few) else []


@pytest.mark.parametrize("reach", [4, 1])
@pytest.mark.parametrize("record", NOUNS)
def test_a_list_takes_as_many_statements_for_twenty_rows_as_for_one(record, reach):
    reader = make.holder({"*": reach})
    api, before = Api(reader), record.model._default_manager.count()

    def ask(n: int) -> None:
        found = api.get(record.plural, limit=before + n or 1, count="true")["rows"]
        assert len(found) >= n

    few, more = grows(ask, lambda n: rows(record, n, reader))
    assert more == []
    references = {field.to for field in record.fields.values() if field.to}
    assert few <= max(MOST_STATEMENTS, 4 + len(references))


@pytest.mark.parametrize("most", [bounds.MOST, 1])
@pytest.mark.parametrize("record", NOUNS)
def test_places_of_a_list_take_one_statement_by_whatever_it_is_sorted(record, most, monkeypatch):
    monkeypatch.setattr(bounds, "MOST", most)
    reader = make.holder({"*": 4})
    rows(record, 3, reader)
    some, actor = record.model._default_manager.count(), actor_of(reader.pk)
    for name in (name for name, field in record.fields.items() if field.kind not in UNSORTABLE):
        for sort in (name, f"-{name}"):
            page = lists.page(actor, record, lists.Wanted(sort=sort, limit=200))
            asked = statements(lambda sort=sort: bounds.bounds_of(actor, record, lists.Wanted(sort=sort)))
            found = bounds.bounds_of(actor, record, lists.Wanted(sort=sort))
            assert len(asked) == 1 and len(found.bounds) < max(min(some, 200), 1), sort
            if some <= most:
                assert found.exact and (len(found.bounds) == len(page.rows) - 1 or some > 100), sort
            else:
                assert not (found.exact and found.bounds), sort


@pytest.mark.parametrize(("record", "relation"), RELATIONS)
def test_what_lies_below_a_record_takes_as_many_statements_for_twenty_as_for_one(record, relation, reader):
    parent = reader if record.model is User else given_to(factories.one(record), reader)
    api = Api(reader)
    place = f"{record.plural}/{parent.pk}/{relation.name}"

    def ask(n: int) -> None:
        assert len(api.get(place, limit=50)["rows"]) >= n

    assert grows(ask, lambda n: below(parent, relation, n, reader))[1] == []


def below(parent: Row, relation: Relation, n: int, reader: User) -> None:
    """So many more rows that belong to one."""
    column, known = relation.child.field(relation.through).column, relation.child.model._default_manager
    for row in rows(relation.child, n, reader):
        beside = BESIDE.get(relation.child.name, lambda _: {})(next(_numbers))
        known.filter(pk=row.pk).update(**{column: parent.pk}, **beside)


def telling_of(record: RecordType) -> Iterator[tuple[type[Event], str]]:
    """The events that name a noun, with the value by which they do."""
    for kind in events().values():
        if issubclass(kind, OfAnyRecord):
            yield kind, "record_id"
            continue
        named = [f.name for f in fields(kind) if noun_of(f.name, {}) == record.name]
        if named and not kind.name.startswith("test."):
            yield kind, named[0]


@pytest.mark.parametrize("record", NOUNS)
def test_a_story_takes_as_many_statements_for_many_of_each_event_as_for_one(record, reader):
    row, api = given_to(factories.one(record), reader), Api(reader)
    EventEntry.objects.all().delete()
    kinds = list(telling_of(record))

    def ask(n: int) -> None:
        api.get(f"{record.plural}/{row.pk}/timeline", limit=LONGEST)

    def more(n: int) -> None:
        each = min(n, LONGEST // len(kinds) - FEW)  # all of them are told at once
        EventEntry.objects.bulk_create(entry(record, row, *one) for one in kinds for _ in range(each))

    assert grows(ask, more)[1] == []


def entry(record: RecordType, row: Row, kind: type[Event], named: str) -> EventEntry:
    """An event of a kind that names a row."""
    schema = kind.adapter.json_schema()
    told = {name: smallest(one) for name, one in schema["properties"].items()} | {named: str(row.pk)}
    told |= {"currency": "GBP"} if "currency" in told else {}
    if issubclass(kind, OfAnyRecord):
        told |= {"record": record.name} | ({"fields": []} if "fields" in told else {})
    return EventEntry(
        id=new_id(), name=kind.name, occurred_at=now(), recorded_at=now(), origin="live", actor_kind="user",
        actor_id=uuid4(), subjects=[row.pk], payload=told,
    )  # fmt: skip


@pytest.mark.parametrize("record", NOUNS)
def test_a_history_takes_as_many_statements_for_twenty_changes_by_twenty_people_as_for_one(record, reader):
    row, api = given_to(factories.one(record), reader), Api(reader)
    HistoryEntry.objects.all().delete()
    versions = iter(range(2, 100))

    def ask(n: int) -> None:
        assert len(api.get(f"{record.plural}/{row.pk}/history")["changes"]) == n

    def more(n: int) -> None:
        for _ in range(n):
            changed = ChangeSet.objects.create(
                operation=f"{record.name}.change", actor_kind="user", actor_id=make.user().pk
            )
            told = {record.title: ["before", "after"]}
            HistoryEntry.objects.create(
                record=record.name, record_id=row.pk, version=next(versions), change_set=changed, diff=told, at=now()
            )

    assert grows(ask, more)[1] == []


@pytest.mark.parametrize("record", WHOLES)
def test_a_history_takes_as_many_statements_for_twenty_parts_as_for_one(record, reader):
    """Of each noun of parts one was changed and one is gone."""
    kinds = parts_of(record)
    row = given_to(factories.one(record), reader)
    api, versions = Api(reader), count(2)
    HistoryEntry.objects.all().delete()

    def ask(n: int) -> None:
        told = api.get(f"{record.plural}/{row.pk}/history")["changes"]
        assert sum(len(one["parts"]) for one in told if one["operation"] == "test.edit") == 2 * n * len(kinds)

    def more(n: int) -> None:
        for kind in kinds:
            relation = next(one for one in relations(record).values() if one.child is kind)
            below(row, relation, n, reader)
            ids = kind.model._default_manager.filter(**{relation.through: row.pk}).order_by("-pk")
            for id in list(ids.values_list("pk", flat=True)[:n]):
                edit = ChangeSet.objects.create(operation="test.edit", actor_kind="user", actor_id=make.user().pk)
                named = {kind.title: ["before", "after"]}
                for part, diff in ((id, named), (new_id(), named | {"created_at": [str(now()), None]})):
                    HistoryEntry.objects.create(
                        record=kind.name, record_id=part, version=next(versions), change_set=edit, diff=diff,
                        part_of=row.pk, at=now(),
                    )  # fmt: skip

    assert grows(ask, more)[1] == []


def test_a_planted_page_that_asks_for_each_row_is_caught():
    people: list[Row] = []

    def ask(n: int) -> None:
        for one in people:
            one.refresh_from_db()

    few, more = grows(ask, lambda n: people.extend(factories.one(records()["workspace.team"]) for _ in range(n)))
    assert (few, len(more)) == (FEW, MANY)
