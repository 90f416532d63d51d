"""What nobody learns, and nobody writes, of a field that a role opens less than wholly, whichever way they ask."""

import json
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from guanxi.app.urls import interface
from guanxi.channels.conversations import attachments
from guanxi.channels.wire.messages import Attachment
from guanxi.events.customers import SegmentEntered
from guanxi.journeys.journeys.queries import require_sound
from guanxi.kernel import access, reveals
from guanxi.kernel.access import grantable
from guanxi.kernel.actor import SYSTEM, Actor, Level, Reach
from guanxi.kernel.conditions.rules import operators
from guanxi.kernel.events import emit, events, noun_of
from guanxi.kernel.measures import measures
from guanxi.kernel.models import EventEntry, Row
from guanxi.kernel.records import UNSORTABLE, RecordType, beside, of_name, records, type_of
from guanxi.kernel.rows import TEXTUAL
from guanxi.kernel.time import now
from guanxi.kernel.writes import change
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests import factories
from tests.client import Api
from tests.factories import workspace as make
from tests.factories.workspace import reader
from tests.unchanged import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NOUNS = [record for record in records().values() if not record.name.startswith("test.")]
ALL = pytest.mark.parametrize("record", [pytest.param(r, id=r.name) for r in NOUNS if grantable(r)])
SECRET = "zq7xsecret"
TELLING = {"workspace.import.noun"}
"""What has to be true for the row to be read at all."""
NEW = {
    "customers": {"name": "Ann"},
    "orders": {"number": "1", "currency": "GBP", "lines": [{"quantity": 1, "unit_price": 5}]},
    "products": {"code": "A", "name": "Tea"},
    "tickets": {"subject": "Lost"},
}
"""The least that a new one is made of."""
MASKS = {"email": "z•••@guanxi.test"}


def planted(record: RecordType) -> Row:
    """A row that says something nobody could guess in every text that may be closed."""
    row = factories.one(record)
    for name in texts(record):
        tell(row, name, text_for(record, name))
    row.refresh_from_db()
    return row


def tell(row: Row, name: str, text: str) -> None:
    """Write it past all rules but those of the table, which decides for itself what it takes."""
    values = {"custom": {**row.custom, name: text}} if name in type_of(type(row)).added else {name: text}
    with suppress(IntegrityError), transaction.atomic():
        row._meta.model._default_manager.filter(pk=row.pk).update(**values)


def text_for(record: RecordType, name: str) -> str:
    return f"{SECRET}@guanxi.test" if record.fields[name].kind == "email" else SECRET


def texts(record: RecordType) -> list[str]:
    """The fields that may be closed and hold any text."""
    fields = [record.fields[name] for name in grantable(record) if f"{record.name}.{name}" not in TELLING]
    return [f.name for f in fields if f.kind in TEXTUAL and (getattr(f.stored, "max_length", 0) or 200) >= len(SECRET)]


def closed(record: RecordType) -> list[str]:
    return [f"{record.name}.{name}" for name in grantable(record)]


@ALL
def test_a_hidden_field_is_in_no_row(record):
    row = planted(record)
    api = Api(reader(*closed(record), level=Level.HIDDEN))
    for told in (api.get(f"{record.plural}/{row.pk}"), *api.get(record.plural, limit=200)["rows"]):
        assert {name: told[name] for name in grantable(record)} == dict.fromkeys(grantable(record))
        assert SECRET not in json.dumps(told)


@ALL
def test_a_masked_field_shows_its_mask_and_reveals_itself_with_a_trace(record):
    row, open_ = planted(record), Api(make.user("owner"))
    api = Api(reader(*closed(record), level=Level.MASKED))
    told, whole = api.get(f"{record.plural}/{row.pk}"), open_.get(f"{record.plural}/{row.pk}")
    for name in grantable(record):
        kind, value = record.fields[name].kind, record.fields[name].value_of(row)
        bare = (
            [MASKS.get(kind, "z•••")] if isinstance(value, str) and SECRET in value else ["•••", f"{value}"[:1] + "•••"]
        )
        masks = bare if value else [value, None]
        assert told[name] in (masks if kind in (*TEXTUAL, "sensitive") else [None])
    for name in grantable(record):
        assert api.post(f"{record.plural}/{row.pk}/reveal", {"field": name})["value"] == whole[name]
    traces = EventEntry.objects.filter(name="kernel.field_revealed").values_list("payload", flat=True)
    of = {"record": record.name, "record_id": str(row.pk)}
    assert list(traces.order_by("pk")) == [{**of, "field": record.message(name)} for name in grantable(record)]
    shut = Api(reader(*closed(record), level=Level.HIDDEN))
    assert shut.post(f"{record.plural}/{row.pk}/reveal", {"field": name}, status=403)["code"] == "field.not_readable"


def test_who_looks_behind_mask_after_mask_is_stopped(monkeypatch):
    monkeypatch.setattr(reveals, "LOOKS", replace(reveals.LOOKS, most=2))
    record = of_name("customers.customer")
    row, api = planted(record), Api(reader(*closed(record), level=Level.MASKED))
    for _ in range(2):
        api.post(f"customers/{row.pk}/reveal", {"field": "city"})
    with nothing_changes():
        refused = api.post(f"customers/{row.pk}/reveal", {"field": "city"}, status=429)
    assert refused["code"] == "field.revealed_too_often" and 1700 < int(refused["values"]["seconds"]) <= 1800


@ALL
def test_nothing_is_sorted_filtered_or_found_by_a_masked_field(record):
    api = Api(reader(*closed(record), level=Level.MASKED))
    api.get(record.plural)
    for name in grantable(record):
        field = record.fields[name]
        if field.kind not in UNSORTABLE:
            assert api.get(record.plural, sort=name, status=403)["code"] == "field.not_readable"
        asked = {"field": name, "op": "empty" if "empty" in operators(field.kind) else "true"}
        assert api.get(record.plural, where=asked, status=403)["code"] == "field.not_readable"
        for other in NOUNS:
            for through in (f for f in other.references if f.to is record.model):
                path = {**asked, "field": f"{through.name}.{name}"}
                assert api.get(other.plural, where=path, status=403)["code"] == "field.not_readable"
    if record.search or record.title in texts(record):
        assert api.get(record.plural, q=SECRET[:4], status=403)["code"] == "field.not_readable"


@pytest.mark.parametrize("record", [pytest.param(r, id=r.name) for r in NOUNS if grantable(r) and not r.power])
def test_a_field_that_is_only_read_is_not_written(record):
    row = factories.one(record)
    before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    api = Api(reader(*closed(record), level=Level.READ))
    meta = api.get("meta")["records"][record.plural]["fields"]
    for name in (name for name in grantable(record) if record.fields[name].writable):
        given = other_than(record, name, row)
        assert api.patch(f"{record.plural}/{row.pk}", {name: given}, status=403)["code"] == "field.not_writable"
        many = {"ids": [str(row.pk)], "values": {name: given}}
        assert api.post(f"{record.plural}/bulk/change", many, status=403)["code"] == "field.not_writable"
        assert (meta[name]["writable"], meta[name]["masked"]) == (False, False)
    row.refresh_from_db()
    assert {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} == before


@pytest.mark.parametrize("record", [pytest.param(r, id=r.name) for r in NOUNS if r.extensible])
def test_nor_is_one_that_the_company_added_written_with_a_new_record(record):
    """Whatever verb makes one takes the fields of the company along."""
    given = {**NEW[record.plural], make.custom_field(noun=record.plural, kind="boolean").name: True}
    *_, added = given
    api, open_ = (Api(reader(f"{record.name}.{added}", level=level)) for level in (Level.READ, Level.WRITE))
    with nothing_changes():
        assert api.post(record.plural, given, status=403)["code"] == "field.not_writable"
    assert open_.post(record.plural, given, status=201)[added] is True


def other_than(record: RecordType, name: str, row: Row) -> Any:
    """A value that the field may have and has not."""
    field, now = record.fields[name], getattr(row, record.fields[name].column)
    if field.to:
        return str(factories.one(records()[access.type_of(field.to).name]).pk)
    if field.kind == "boolean":
        return not now
    if field.choices:
        return next(one for one in field.choices if one != now)
    by_kind = {
        "integer": 7, "decimal": "7", "money": "7", "date": "2030-01-02", "datetime": "2030-01-02T03:04:05Z",
        "list": [], "json": {}, "country": "GB", "zone": "Asia/Tokyo", "currency": "JPY", "email": "x@guanxi.test",
    }  # fmt: skip
    return by_kind.get(field.kind, "something else")


@ALL
def test_the_past_of_a_field_is_as_closed_as_the_field(record):
    row = planted(record)
    said = [name for name in texts(record) if SECRET in (getattr(row, name) or "")]
    with change(record.model, row.pk, by=SYSTEM, using=f"{record.name}.change") as held:
        for name in said:
            setattr(held, name, text_for(record, name).replace(SECRET, SECRET[::-1]))
    api = Api(reader(*closed(record), level=Level.MASKED))
    places = [f"{record.plural}/{row.pk}/{past}" for past in ("history", "timeline")]
    if record.part:  # told where its whole is, too
        places.append(f"{type_of(record.field(record.seen_with).to).plural}/{record.whole_of(row)}/history")
    told = json.dumps([api.get(place) for place in places])
    assert not record.part or not said or f'"id": "{row.pk}"' in told
    assert SECRET not in told
    assert SECRET[::-1] not in told
    assert ("\\u2022" in told) == bool(said)


@ALL
def test_the_catalogue_tells_what_is_closed(record):
    hidden = Api(reader(*closed(record), level=Level.HIDDEN)).get("meta")["records"][record.plural]
    assert set(grantable(record)).isdisjoint({*hidden["fields"], *hidden["columns"]})
    masked = Api(reader(*closed(record), level=Level.MASKED)).get("meta")["records"][record.plural]
    for name in grantable(record):
        told = masked["fields"][name]
        assert (told["masked"], told["writable"], told["sortable"], told["operators"]) == (True, False, False, [])


def test_no_answer_to_any_question_tells_what_all_fields_hide():
    rows = {record.plural: planted(record) for record in NOUNS}
    everything = [name for record in NOUNS for name in closed(record)]
    open_, shut = Api(make.user("owner")), Api(reader(*everything, level=Level.HIDDEN))
    telling, leaking = set(), set()
    for path, row in questions(rows):
        address = path.removeprefix("/api/").replace("{id}", str(row.pk if row else ""))
        if SECRET in asked(open_, address):
            telling.add(path)
        if SECRET in asked(shut, address):
            leaking.add(path)
    assert len(telling) > len(NOUNS)
    assert not leaking


def questions(rows: dict[str, Row]) -> list[tuple[str, Row | None]]:
    """Every address that is read, with the row it is asked of."""
    found: list[tuple[str, Row | None]] = []
    for path, methods in interface.get_openapi_schema()["paths"].items():
        if "get" not in methods:
            continue
        plural = path.removeprefix("/api/").partition("/")[0]
        if "{" not in path:
            found.append((path, None))
        elif "{id}" in path and path.count("{") == 1 and plural in rows:
            found.append((path, rows[plural]))
    return found


def asked(api: Api, address: str) -> str:
    """What is answered, whatever it is."""
    query = {"q": SECRET[:4]} if address == "search" else {}
    answer = api.client.get(f"/api/{address}", query)
    assert answer.status_code < 500, (address, answer.content[:500])
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


@pytest.mark.parametrize("name", [name for name in measures() if not name.startswith("test.")])
def test_no_figure_is_worked_out_of_or_split_by_what_is_not_read(name):
    every = [field for record in NOUNS for field in closed(record)]
    shut, open_ = Api(reader(*every, level=Level.MASKED)), Api(make.user("owner"))
    for by in ("", *measures()[name].dimensions):
        query = {"by": by} if by else {}
        open_.get(f"measures/{name}", **query)
        path = access_path(name, by)
        if path and path[1] in grantable(path[0]):
            assert shut.get(f"measures/{name}", status=403, **query)["code"] == "field.not_readable"


def access_path(name: str, by: str) -> tuple[RecordType, str] | None:
    """The field that a split of a figure reads."""
    subjects = measures()[name].function()
    path = subjects.dimensions.get(by)
    if not path or path.split("__")[0] in subjects.rows.query.annotations:
        return None
    model = subjects.rows.model
    *through, last = path.split("__")
    for part in through:
        model = model._meta.get_field(part).related_model
    kept = beside(model)
    return (of_name(kept.of) if kept else access.type_of(model)), last


def test_the_widest_role_that_reads_a_noun_decides():
    narrow = reader("customers.customer.name", level=Level.HIDDEN)
    narrow_api = Api(narrow)
    customer = factories.one(records()["customers.customer"])
    assert narrow_api.get(f"customers/{customer.pk}")["name"] is None
    put_role(SYSTEM, key="beside", name="Beside", grants={"commerce.order.read": 4}, fields={})
    User.objects.filter(pk=narrow.pk).update(roles=[*narrow.roles, "beside"])
    assert narrow_api.get(f"customers/{customer.pk}")["name"] is None
    put_role(SYSTEM, key="wider", name="Wider", grants={"customers.customer.read": 1}, fields={})
    User.objects.filter(pk=narrow.pk).update(roles=[*narrow.roles, "wider"])
    assert narrow_api.get(f"customers/{customer.pk}")["name"] == customer.name


def test_nobody_gives_more_of_a_field_than_is_theirs():
    less = actor_of(reader("customers.customer.name", level=Level.MASKED).pk)
    reading = {"key": "wide", "name": "Wide", "grants": {"customers.customer.read": 4}}
    for narrow in ({}, {"customers.customer.name": 2}, None):
        with pytest.raises(Conflict, match=r"role\.above_own"):
            put_role(less, **reading, fields=narrow)
    assert put_role(less, **reading, fields={"customers.customer.name": 1}).fields == {"customers.customer.name": 1}
    assert put_role(SYSTEM, **reading).fields == {"customers.customer.name": 1}
    assert put_role(SYSTEM, **reading, fields={}).fields == {}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"customers.customer.nme": 1}, "role.unknown_field"),
        ({"customers.customer.owner": 1}, "role.unknown_field"),
        ({"name": 1}, "role.unknown_field"),
        ({"customers.customer.name": 4}, "role.wrong_level"),
    ],
)
def test_a_role_narrows_only_what_there_is(fields, code):
    with pytest.raises(Invalid, match=code.replace(".", r"\.")):
        put_role(SYSTEM, key="odd", name="Odd", grants={}, fields=fields)
    assert not Role.objects.filter(key="odd").exists()


def test_no_letter_is_shown_to_whoever_does_not_read_what_it_says():
    letter, customer = factories.one(records()["channels.template"]), factories.one(records()["customers.customer"])
    whose = {"customer": str(customer.pk)}
    asked = [(f"templates/{letter.pk}/preview", whose), ("templates/try_out", {"language": "en", **whose})]
    for path, given in asked:
        assert Api(make.user("owner")).post(path, given)["missing"] == []
        for name in ("customers.customer.name", "customers.customer.city"):
            assert Api(reader(name, level=Level.MASKED)).post(path, given, status=403)["code"] == "field.not_readable"


@pytest.mark.parametrize("kind", [kind for kind in events().values() if not kind.name.startswith("test.")])
def test_no_journey_hears_what_its_owner_does_not_read(kind):
    said = {f.name for f in fields(kind)}
    for noun in {noun for name in said if (noun := noun_of(name, {"record": "customers.customer"}))}:
        for name in said & set(grantable(records()[noun])):
            asked = Actor(kind="user", grants={"*": Reach.ALL}, fields={f"{noun}.{name}": Level.MASKED})
            start = {"event": kind.name, "subject": f"{noun.rpartition('.')[2]}_id"}
            with pytest.raises(Forbidden, match=r"field\.not_readable"):
                require_sound(asked, noun, start, [], [])
        for told in kind.tells.values():
            asked = Actor(kind="user", grants={"*": Reach.ALL}, fields={told: Level.MASKED})
            with pytest.raises(Forbidden, match=r"field\.not_readable"):
                require_sound(asked, noun, {"event": kind.name, "subject": f"{noun.rpartition('.')[2]}_id"}, [], [])


def test_why_a_way_is_not_gone_does_not_say_the_number_that_is_closed():
    point = factories.one(records()["customers.contact_point"])
    type(point)._default_manager.filter(pk=point.pk).update(value=SECRET, dead_at=now())
    path = f"customers/{point.customer_id}/may_contact"
    open_, shut = Api(make.user("owner")), Api(reader("customers.contact_point.value", level=Level.MASKED))
    assert SECRET in json.dumps(open_.get(path))
    assert SECRET not in json.dumps(shut.get(path))


def test_today_says_nothing_that_is_closed():
    said = {
        "workspace.todo": ({"subject": SECRET, "due_at": now()}, ["subject"]),
        "service.ticket": ({"subject": SECRET, "next_due_at": now()}, ["subject"]),
        "channels.conversation": (
            {"subject": SECRET, "last_words": SECRET, "with_name": SECRET, "waiting_since": now(), "status": "open"},
            ["subject", "last_words", "with_name"],
        ),
    }
    for noun, (values, _) in said.items():
        row = factories.one(records()[noun])
        type(row)._default_manager.filter(pk=row.pk).update(**values)
    ids = {f"{one}_id": factories.one(records()[f"customers.{one}"]).pk for one in ("segment", "customer")}
    emit(SYSTEM, SegmentEntered(**ids, segment=SECRET, class_name="", cause="by_hand"))
    closed = [f"{noun}.{name}" for noun, (_, names) in said.items() for name in names]
    shut = Api(reader("customers.segment.name", *closed, level=Level.HIDDEN))
    assert json.dumps(Api(make.user("owner")).get("today", scope="team")).count(SECRET) > len(said)
    assert SECRET not in json.dumps(shut.get("today", scope="team"))


def test_a_dry_run_names_nobody_whose_name_is_closed():
    strategy, customer = factories.one(records()["outreach.strategy"]), factories.one(records()["customers.customer"])
    type(customer)._default_manager.filter(pk=customer.pk).update(name=SECRET)
    type(strategy)._default_manager.filter(pk=strategy.pk).update(segment=None, condition={"and": []})
    path = f"strategies/{strategy.pk}/dry_run"
    assert SECRET in json.dumps(Api(make.user("owner")).post(path))
    assert SECRET not in json.dumps(Api(reader("customers.customer.name", level=Level.MASKED)).post(path))


def test_no_answer_begins_with_what_its_writer_does_not_read():
    talk = factories.one(records()["channels.conversation"])
    type(talk)._default_manager.filter(pk=talk.pk).update(subject=SECRET)
    given = {"conversation": str(talk.pk)}
    assert SECRET in Api(make.user("owner")).post("drafts", given, status=201)["subject"]
    for level in (Level.HIDDEN, Level.MASKED):
        shut = Api(reader("channels.conversation.subject", level=level))
        assert shut.post("drafts", given, status=201)["subject"] == ""


def test_the_files_of_a_message_are_as_closed_as_their_number():
    message = factories.one(records()["channels.message"])
    attachments.keep(message, [Attachment(name=SECRET, media_type="text/plain", content=SECRET.encode())])
    shut, path = Api(reader("channels.message.files", level=Level.HIDDEN)), f"messages/{message.pk}/attachments"
    assert [one["name"] for one in Api(make.user("owner")).get(path)] == [SECRET]
    draft = shut.post("drafts", {"text": "See this"}, status=201)["id"]
    taken = shut.post(f"drafts/{draft}/take_file", {"message": str(message.pk), "number": 1}, status=403)
    for refused in (shut.get(path, status=403), shut.get(f"{path}/1", status=403), taken):
        assert refused["code"] == "field.not_readable"
