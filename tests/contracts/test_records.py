"""What holds for every noun, present and future: who sees what, what is refused, what it costs."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from guanxi.kernel import access
from guanxi.kernel.actor import SYSTEM, Reach
from guanxi.kernel.operations import of_noun
from guanxi.kernel.records import Field, RecordType, records, type_of
from guanxi.kernel.writes import change
from guanxi.workspace.tokens.queries import actor_of
from tests import factories
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NOUNS = [pytest.param(record, id=record.name) for record in records().values() if not record.name.startswith("test.")]
WRITABLE = [pytest.param(p.values[0], id=p.id) for p in NOUNS if p.values[0].writable]
OWNED = [pytest.param(p.values[0], id=p.id) for p in NOUNS if p.values[0].has("owner") and not p.values[0].seen_with]


def reader(record: RecordType, reach: Reach = Reach.ALL, **more: int) -> Any:
    """Somebody who may only read this noun, what it is seen with and what it refers to."""
    grants = {"*": 0, access.read(record): int(reach), **more}
    while record.seen_with:
        record = next(
            r for r in records().values() if r.model is record.model._meta.get_field(record.seen_with).related_model
        )
        grants[access.read(record)] = int(reach)
    return make.holder(grants)


@pytest.mark.parametrize("record", NOUNS)
def test_who_may_read_reads_it_in_list_and_alone(record):
    row = factories.one(record)
    api = Api(reader(record))
    listed = [one["id"] for one in api.get(record.plural, limit=200)["rows"]]
    assert str(row.pk) in listed
    alone = api.get(f"{record.plural}/{row.pk}")
    assert alone["id"] == str(row.pk)
    assert set(alone) == {"id", "label", "can", *record.fields}
    assert alone["can"] == []


@pytest.mark.parametrize("record", NOUNS)
def test_every_value_is_shown_as_its_kind_says(record):
    row = factories.one(record)
    row.refresh_from_db()
    alone = Api(make.user("owner")).get(f"{record.plural}/{row.pk}")
    assert alone["label"] == record.label(row)
    for name, field in record.fields.items():
        assert AS_SHOWN.get(field.kind, same)(alone[name]) == told(row, field), name


def told(row: Any, field: Field) -> Any:
    """A value of the model as it has to come out, money with the currency it stands beside."""
    value = field.value_of(row)
    if value is not None and field.kind == "money":
        row = getattr(row, field.beside) if field.beside else row
        for part in field.currency_from.split("__"):
            row = getattr(row, part)
        return (value, str(row)) if row else None
    return value


def same(value: Any) -> Any:
    """Text, numbers, JSON: as they are."""
    return value


def unless_none(read: Any) -> Any:
    """What JSON has no type for, read back."""
    return lambda value: None if value is None else read(value)


AS_SHOWN = {
    "id": unless_none(UUID),
    "reference": unless_none(lambda value: UUID(value["id"])),
    "datetime": unless_none(datetime.fromisoformat),
    "date": unless_none(date.fromisoformat),
    "decimal": unless_none(Decimal),
    "duration": unless_none(lambda seconds: timedelta(seconds=seconds)),
    "money": unless_none(lambda value: (Decimal(value["amount"]), value["currency"])),
}


@pytest.mark.parametrize("reach", [Reach.OWN, Reach.TEAM, Reach.BELOW])
@pytest.mark.parametrize("record", NOUNS)
def test_what_one_may_do_is_what_the_rules_say_whoever_it_belongs_to(record, reach):
    row = factories.one(record)
    root = factories.deciding(row)
    verbs = [f"{record.name}.{verb}" for verb in ("change", "archive")]
    verbs += [operation.name for operation in of_noun(record.name) if operation.subject]
    user = reader(record, Reach.ALL, **dict.fromkeys(verbs, int(reach)))
    actor = actor_of(user.pk)
    for owner, team in ((None, None), (user.pk, None), (None, user.team_id)):
        if root is not None:
            given = (
                {"owner": owner, "team": team} if type_of(type(root)).has("team") else {"owner": owner or root.owner_id}
            )
            type(root)._default_manager.filter(pk=root.pk).update(**given)
            row = type(row)._default_manager.get(pk=row.pk)
        can = Api(user).get(f"{record.plural}/{row.pk}")["can"]
        assert set(can) <= set(verbs)
        assert {verb for verb in can if not access.reaches(actor, verb, row)} == set()
        shown = {operation.name for operation in of_noun(record.name) if operation.subject}
        assert {verb for verb in shown if access.reaches(actor, verb, row)} <= set(can)


@pytest.mark.parametrize("record", NOUNS)
def test_what_is_not_there_is_not_found(record):
    api = Api(reader(record))
    assert api.get(f"{record.plural}/{uuid4()}", status=404)["code"] == "record.not_found"


@pytest.mark.parametrize("record", OWNED)
def test_somebody_elses_is_not_found_under_an_own_reach(record):
    row = factories.one(record)
    user = reader(record, Reach.OWN)
    assert Api(user).get(f"{record.plural}/{row.pk}", status=404)["code"] == "record.not_found"
    type(row)._default_manager.filter(pk=row.pk).update(owner=user)
    assert Api(user).get(f"{record.plural}/{row.pk}")["id"] == str(row.pk)


@pytest.mark.parametrize("record", [p for p in OWNED if p.values[0].create == "generic"])
def test_what_somebody_writes_is_theirs_and_seen_by_them(record):
    row = factories.one(record)
    given = {name: str(getattr(row, field.column)) for name, field in record.fields.items() if field.required}
    row.delete()
    needed = {access.read(type_of(field.to)): int(Reach.ALL) for field in record.references if field.required}
    author = reader(record, Reach.OWN, **{**needed, f"{record.name}.create": int(Reach.OWN)})
    made = Api(author).post(record.plural, given, status=201)
    assert made["owner"]["id"] == str(author.pk)
    assert Api(author).get(f"{record.plural}/{made['id']}")["id"] == made["id"]


@pytest.mark.parametrize("record", WRITABLE)
def test_an_unknown_or_kept_field_is_refused_and_nothing_changes(record):
    row = factories.one(record)
    api = Api(make.user("owner"))
    for field in ("no_such_field", "created_at", *record.readonly[:1]):
        with nothing_changes():
            said = api.patch(f"{record.plural}/{row.pk}", {field: "x"}, status=422)
        assert said["fields"][field]["code"] == "input.extra_forbidden"


@pytest.mark.parametrize("record", WRITABLE)
def test_who_only_reads_changes_nothing(record):
    row = factories.one(record)
    api = Api(reader(record))
    with nothing_changes():
        said = api.patch(f"{record.plural}/{row.pk}", {}, status=403)
    assert said["code"] == "access.not_granted"


@pytest.mark.parametrize("record", [p for p in NOUNS if p.values[0].search])
def test_it_is_found_by_what_it_is_called(record):
    row = factories.one(record)
    found = Api(make.user("owner")).get(record.plural, q=record.label(row))["rows"]
    assert str(row.pk) in [one["id"] for one in found]


@pytest.mark.parametrize("record", [p for p in NOUNS if not p.values[0].search])
def test_what_is_not_searched_by_words_is_found_by_a_part_of_its_name_or_says_so(record):
    row, api = factories.one(record), Api(make.user("owner"))
    titled = record.fields.get(record.title)
    if titled and titled.kind in ("text", "long_text", "email"):
        found = api.get(record.plural, q=record.label(row)[1:].upper())["rows"]
        assert str(row.pk) in [one["id"] for one in found]
        assert api.get(record.plural, q="no such name")["rows"] == []
    else:
        assert api.get(record.plural, q="x", status=422)["code"] == "list.not_searchable"


@pytest.mark.parametrize("record", NOUNS)
def test_a_wrong_condition_sort_or_cursor_is_said(record):
    api = Api(make.user("owner"))
    assert api.get(record.plural, where={"field": "no_such"}, status=422)["code"] == "record.unknown_field"
    assert api.get(record.plural, sort="no_such", status=422)["code"] == "record.unknown_field"
    assert api.get(record.plural, cursor="%%%", status=422)["code"] == "list.wrong_cursor"
    assert api.get(record.plural, limit=100000, status=422)["code"] == "list.wrong_limit"


@pytest.mark.parametrize("record", [p for p in NOUNS if p.values[0].has("archived_at")])
def test_archive_hides_and_restore_shows(record):
    row = factories.one(record)
    owner = make.user("owner")
    api = Api(owner)
    api.post(f"{record.plural}/{row.pk}/archive")
    assert str(row.pk) not in [one["id"] for one in api.get(record.plural, limit=200)["rows"]]
    assert str(row.pk) in [one["id"] for one in api.get(record.plural, limit=200, archived=True)["rows"]]
    api.post(f"{record.plural}/{row.pk}/restore")
    assert str(row.pk) in [one["id"] for one in api.get(record.plural, limit=200)["rows"]]
    assert len(api.get(f"{record.plural}/{row.pk}/history")["changes"]) == 2


def test_the_planted_noun_that_forgets_rights_would_be_caught(monkeypatch):
    """The contract bites: with the filter gone, an own reach sees what belongs to others."""
    team_user = make.user("agent")
    row = make.token(team_user)
    spy = actor_of(make.holder({"workspace.token.read": 1}).pk)
    assert not access.visible_to(spy, type(row)).filter(pk=row.pk).exists()
    monkeypatch.setattr(access, "visible", lambda *_, **__: access.EVERYTHING)
    assert access.visible_to(spy, type(row)).filter(pk=row.pk).exists()


def test_the_generic_change_keeps_history_of_what_people_write():
    team = make.team("Before")
    with change(type(team), team.pk, by=SYSTEM) as row:
        row.name = "After"
    said = Api(make.user("owner")).get(f"teams/{team.pk}/history")
    assert said["changes"][0]["diff"]["name"]["to"] == "After"


@pytest.mark.parametrize("record", NOUNS)
def test_a_page_that_was_asked_for_before_shows_what_is_there_now(record):
    """The text of a first page is kept for all who see everything; nothing of one asker or one moment is in it."""
    api = Api(make.user("owner"))
    if record.model._default_manager.exists():
        return  # of what comes with a house there may be one alone
    assert api.get(record.plural)["rows"] == []
    row = factories.one(record)
    assert [one["id"] for one in api.get(record.plural)["rows"]] == [str(row.pk)]
    Api(make.holder({"kernel.undo": 1})).get(record.plural, status=403)
    if record.has("owner") and not record.seen_with:
        record.model._default_manager.filter(pk=row.pk).update(owner=None)
        assert Api(make.holder({access.read(record): 1})).get(record.plural)["rows"] == []
    where = {"field": "id", "op": "is_not", "value": str(row.pk)}
    assert api.get(record.plural, where=where)["rows"] == []
    assert api.get(record.plural, where={**where, "op": "is"})["rows"] != []
