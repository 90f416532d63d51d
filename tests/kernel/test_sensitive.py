"""A sensitive value is nowhere in the clear, is found by exactly what it is, and opens as long as its key is there."""

import json
from dataclasses import replace

import pytest
from django.db import connection

from guanxi.customers.customers.intake import write
from guanxi.customers.customers.models import Customer
from guanxi.journeys.journeys.queries import _names_known
from guanxi.kernel import reveals, secrets
from guanxi.kernel.actor import SYSTEM, Level, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.models import EventEntry, HistoryEntry
from guanxi.kernel.records import of_name
from guanxi.kernel.reveals import blind_index
from guanxi.kernel.sensitive import Sealed
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change
from guanxi.lib.errors import Forbidden, Invalid, TooMany, Unavailable
from guanxi.workspace.imports.targets import Line
from guanxi.workspace.roles.operations import put_role
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NUMBER = "510104198503071234"
FIELD = Customer._meta.get_field("id_number")
NOUN = of_name("customers.customer")


def known(**values: str) -> tuple[Customer, Api]:
    """A customer with an ID number, written over HTTP as a person does."""
    customer, api = make.customer("张伟"), Api(workspace.user("owner"))
    api.patch(f"customers/{customer.pk}", {"id_number": NUMBER, **values})
    return customer, api


def stored(customer: Customer, column: str = "id_number") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM customers_customer WHERE id = %s", [customer.pk])
        return str(cursor.fetchone()[0])


def test_the_database_never_sees_it_in_the_clear():
    customer, _ = known()
    assert NUMBER not in stored(customer) and Sealed(stored(customer)).opened() == NUMBER
    Customer.objects.filter(pk=customer.pk).update(id_number="past all rules 42")
    assert "rules" not in stored(customer)
    tables = connection.introspection.table_names()
    assert not [name for name in tables if NUMBER in whole(name)]


def whole(table: str) -> str:
    """All that a table holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(row_to_json(t)::text, '') FROM \"{table}\" t")
        return cursor.fetchone()[0] or ""


@pytest.mark.parametrize(
    ("typed", "mask"),
    [(NUMBER, "•••34"), ("11010519491231002x", "•••2X"), ("A1234", "•••"), ("E 1234 5678", "•••78"), ("李", "•••")],
)
def test_a_mask_tells_one_from_another_and_not_more(typed, mask):
    assert FIELD.sealed(typed).mask == mask
    assert FIELD.sealed(typed).opened() == typed


def test_everybody_sees_the_mask_and_who_may_looks_behind_it_with_a_trace():
    customer, api = known()
    path = f"customers/{customer.pk}"
    assert api.get(path)["id_number"] == "•••34"
    assert [row["id_number"] for row in api.get("customers")["rows"]] == ["•••34"]
    assert api.post(f"{path}/reveal", {"field": "id_number"})["value"] == NUMBER
    assert api.get(f"{path}/timeline")["rows"][0]["kind"] == "kernel.field_revealed"
    less = Api(workspace.holder({"customers.customer.read": 4}))
    assert less.get(path)["id_number"] == "•••34"
    assert less.post(f"{path}/reveal", {"field": "id_number"}, status=403)["code"] == "access.not_granted"


@pytest.mark.parametrize(("level", "shown"), [(Level.HIDDEN, None), (Level.MASKED, "•••34"), (Level.READ, "•••34")])
def test_a_role_may_close_it_further(level, shown):
    customer, _ = known()
    put_role(SYSTEM, key="less", name="Less", grants={"*": 4}, fields={"customers.customer.id_number": int(level)})
    api = Api(workspace.user("less"))
    assert api.get(f"customers/{customer.pk}")["id_number"] == shown
    asked = {"field": "id_number", "value": NUMBER}
    assert ("value" in api.post("customers/blind_index", asked, status=200 if level == Level.READ else 403)) == (
        level == Level.READ
    )


@pytest.mark.parametrize("typed", ["", "•••34", "x" * 101, "two\nlines"])
def test_what_is_no_value_changes_nothing_and_is_not_repeated(typed):
    customer, api = known()
    if not typed:
        assert api.patch(f"customers/{customer.pk}", {"id_number": ""})["id_number"] == ""
        return
    with nothing_changes():
        refused = api.patch(f"customers/{customer.pk}", {"id_number": typed}, status=422)
    assert refused["fields"]["id_number"]["code"].startswith("field.sensitive_")
    assert json.dumps(typed)[1:-1] not in json.dumps(refused)


def test_typed_again_it_has_not_changed():
    customer, api = known()
    before = stored(customer)
    with nothing_changes():
        api.patch(f"customers/{customer.pk}", {"id_number": f" {NUMBER} "})
    with nothing_changes(), change(Customer, customer.pk, by=SYSTEM) as row:
        row.id_number = NUMBER
    assert stored(customer) == before


def test_history_and_events_keep_no_clear_value_and_undo_brings_the_old_one_back():
    customer, api = known()
    api.patch(f"customers/{customer.pk}", {"id_number": "440301199001011111"})
    entry = HistoryEntry.objects.filter(record_id=customer.pk).latest("version")
    written = [
        *HistoryEntry.objects.values_list("diff", flat=True),
        *EventEntry.objects.values_list("payload", flat=True),
    ]
    said = json.dumps(written)
    assert NUMBER not in said and "440301199001011111" not in said
    told = api.get(f"customers/{customer.pk}/history")["changes"][0]["diff"]["id_number"]
    assert (told["from"], told["to"]) == ("•••34", "•••11")
    undo(SYSTEM, entry.change_set_id)
    assert Sealed(stored(customer)).opened() == NUMBER


def test_it_is_found_by_exactly_what_it_is_however_it_is_written():
    customer, api = known(bank_account="GB29 NWBK 6016 1331 9268 19")
    make.customer("Jane")
    for typed in ("GB29NWBK60161331926819", "gb29-nwbk-6016-1331-9268-19"):
        token = api.post("customers/blind_index", {"field": "bank_account", "value": typed})["value"]
        assert typed not in token and token.endswith("~•••6819")
        where = {"field": "bank_account", "op": "is", "value": token}
        assert [row["id"] for row in api.get("customers", where=where)["rows"]] == [str(customer.pk)]
    other = blind_index(SYSTEM, NOUN, "id_number", "GB29NWBK60161331926819")  # another field, another index
    assert other.partition("~")[0] != token.partition("~")[0]
    filled = {"field": "id_number", "op": "not_empty"}
    assert [row["id"] for row in api.get("customers", where=filled)["rows"]] == [str(customer.pk)]


@pytest.mark.parametrize("op", ["is_not", "in", "contains", "starts_with", "gt"])
def test_no_other_question_is_answered(op):
    _, api = known()
    where = {"field": "id_number", "op": op, "value": NUMBER[:4]}
    assert api.get("customers", where=where, status=422)["code"] == "condition.wrong_operator"


def test_a_clear_value_is_no_condition_and_is_not_repeated():
    _, api = known()
    refused = api.get("customers", where={"field": "id_number", "op": "is", "value": NUMBER}, status=422)
    assert refused["code"] == "condition.sensitive_in_the_clear" and NUMBER not in json.dumps(refused)
    assert api.get("customers", sort="id_number", status=422)["code"] == "list.not_sortable"
    assert api.get("search", q=NUMBER)["groups"] == []


def test_who_guesses_is_stopped(monkeypatch):
    monkeypatch.setattr(reveals, "SOUGHT", replace(reveals.SOUGHT, most=2))
    for guess in ("1", "2"):
        blind_index(SYSTEM, NOUN, "id_number", guess)
    with pytest.raises(TooMany, match=r"field\.sought_too_often"):
        blind_index(SYSTEM, NOUN, "id_number", "3")


def test_it_comes_in_from_a_file_sealed_and_once():
    line = Line(number=1, values={"key": "C-1", "name": "Ann", "passport_number": "E12345678"})
    actor = begin(SYSTEM.as_origin(Origin.IMPORT), "customers.customer.create")
    assert write(actor, [line]).created == 1
    customer = Customer.objects.get(key="C-1")
    assert customer.passport_number.opened() == "E12345678" and "E12345678" not in stored(customer, "passport_number")
    assert write(actor, [line]).skipped == 1


def test_a_new_key_seals_and_the_old_one_still_finds_and_opens(settings):
    customer, _ = known()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    token = blind_index(SYSTEM, NOUN, "id_number", NUMBER)
    where = {"field": "id_number", "op": "is", "value": token}
    assert [row.pk for row in matching(SYSTEM, where, NOUN)] == [customer.pk]
    customer.refresh_from_db()
    assert customer.id_number.opened() == NUMBER
    assert customer.id_number.key != FIELD.sealed("x").key == secrets.key_id("a new key")


def test_without_its_key_it_stays_closed_and_can_be_written_anew(settings):
    customer, _ = known()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", []
    customer.refresh_from_db()
    with pytest.raises(Unavailable, match=r"secret\.key_is_gone"):
        customer.id_number.opened()
    with change(Customer, customer.pk, by=SYSTEM) as row:
        row.id_number = NUMBER
    assert Customer.objects.get(pk=customer.pk).id_number.opened() == NUMBER


def test_no_journey_writes_it_down():
    step = {
        "kind": "operation",
        "body": {"name": "workspace.todo.add", "given": {"subject": {"text": "{subject.id_number}"}}},
    }
    with pytest.raises(Forbidden, match=r"field\.not_readable"):
        _names_known(SYSTEM, NOUN, {}, [step])


def test_what_is_no_text_is_refused():
    customer = make.customer("Jo")
    with pytest.raises(Invalid) as refused, change(Customer, customer.pk, by=SYSTEM) as row:
        row.id_number = 7
    assert refused.value.fields["id_number"].code == "field.sensitive_unreadable"
