"""Fields that the company added are fields like all others: written, listed, sorted, asked for, told, undone."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest

from guanxi.commerce.orders.models import Order
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.operations import create_customer
from guanxi.kernel import custom
from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.lists import Page, Wanted, page
from guanxi.kernel.models import CustomField, HistoryEntry
from guanxi.kernel.records import type_of
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change, change_many, create, create_many
from guanxi.lib.errors import Forbidden, Invalid, Unknown
from guanxi.workspace.custom_fields.operations import archive_field, edit_field, restore_field
from tests.factories import customers as make
from tests.factories.workspace import acting, custom_field
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
CUSTOMER = type_of(Customer)
ALL = {
    "text": "Gold", "long_text": "Met at\nthe fair", "choice": "A", "integer": 7, "decimal": "12.50",
    "boolean": True, "date": "2026-03-01",
}  # fmt: skip


def fields(*kinds: str) -> dict[str, str]:
    """A field of each kind, by kind: its name."""
    return {
        kind: custom_field(kind, kind=kind, **({"choices": ["A", "B"]} if kind == "choice" else {})).name
        for kind in kinds
    }


def shown(**wanted: Any) -> list[dict[str, Any]]:
    return read(page(SYSTEM, CUSTOMER, Wanted(**wanted)))


def read(found: Page) -> list[dict[str, Any]]:
    return [orjson.loads(orjson.dumps(row)) for row in found.rows]


def names(condition: dict[str, Any]) -> list[str]:
    return sorted(matching(SYSTEM, condition, CUSTOMER).values_list("name", flat=True))


def test_values_of_every_kind_are_written_and_read_as_their_kind():
    named = fields(*ALL)
    ann = create_customer(SYSTEM, name="Ann", **{named[kind]: value for kind, value in ALL.items()})
    make.customer(name="Bo")
    row = next(row for row in shown() if row["id"] == str(ann.pk))
    assert {kind: row[name] for kind, name in named.items()} == {**ALL, "decimal": "12.5"}
    bo = next(row for row in shown() if row["id"] != str(ann.pk))
    nothing = {
        "text": "",
        "long_text": "",
        "choice": "",
        "integer": None,
        "decimal": None,
        "boolean": False,
        "date": None,
    }
    assert {kind: bo[name] for kind, name in named.items()} == nothing
    ann.refresh_from_db()
    assert CUSTOMER.field(named["decimal"]).value_of(ann) == Decimal("12.5")
    assert CUSTOMER.field(named["date"]).value_of(ann) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("text", "x" * 301, "field.max_length"), ("choice", "C", "field.invalid_choice"),
        ("integer", "seven", "field.invalid"), ("decimal", "1.23456", "field.max_decimal_places"),
        ("date", "soon", "field.invalid"), ("date", "1066-10-14", "field.out_of_time"),
        ("boolean", "perhaps", "field.invalid"), ("integer", 7.5, "field.invalid"), ("text", ["a"], "field.invalid"),
        ("text", "a\x00b", "field.null_characters_not_allowed"), ("integer", {"a": 1}, "field.invalid"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_field(kind, value, code):
    name = fields(kind)[kind]
    ann = make.customer()
    with nothing_changes(), pytest.raises(Invalid) as refused:
        create(SYSTEM, Customer, name="Bo", **{name: value})
    assert refused.value.fields[name].code == code
    with nothing_changes(), pytest.raises(Invalid) as refused, change(Customer, ann.pk, by=SYSTEM) as held:
        custom.put(held, name, value)
    assert refused.value.fields[name].code == code


def test_a_field_that_is_not_there_is_refused_by_name():
    with nothing_changes(), pytest.raises(Unknown, match="record.unknown_field"):
        create(SYSTEM, Customer, name="Bo", x_shoe_size=9)


def test_a_change_keeps_only_what_differs_and_undo_takes_it_back():
    named = fields("text", "decimal", "integer")
    ann = create(SYSTEM, Customer, name="Ann", **{named["text"]: "Gold", named["decimal"]: "12.5", named["integer"]: 1})
    change_many(SYSTEM, Customer, {ann.pk: {named["decimal"]: "12.50"}})
    assert not HistoryEntry.objects.filter(record_id=ann.pk).exists()
    with change(Customer, ann.pk, by=SYSTEM) as held:
        held.city = "Leeds"
        custom.put(held, named["text"], "Silver")
        custom.put(held, named["integer"], None)
    entry = HistoryEntry.objects.get(record_id=ann.pk)
    assert entry.diff == {"city": ["", "Leeds"], named["text"]: ["Gold", "Silver"], named["integer"]: [1, None]}
    undo(SYSTEM, entry.change_set_id)
    ann.refresh_from_db()
    assert ann.custom == {named["text"]: "Gold", named["decimal"]: "12.5", named["integer"]: 1}


def test_many_rows_are_written_as_one_is():
    named = fields("text", "decimal")
    create_many(SYSTEM, Customer, [{"name": "Ann", named["decimal"]: "2.0"}, {"name": "Bo", named["text"]: "x"}])
    assert [row["custom"] for row in Customer.objects.order_by("name").values("custom")] == [
        {named["decimal"]: "2"}, {named["text"]: "x"},
    ]  # fmt: skip


def test_conditions_ask_for_them_as_for_any_field():
    n = fields("text", "choice", "integer", "decimal", "boolean", "date")
    create(SYSTEM, Customer, name="Ann", **{
        n["text"]: "Gold card", n["choice"]: "A", n["integer"]: 9, n["decimal"]: "10", n["boolean"]: True,
        n["date"]: "2026-03-01",
    })  # fmt: skip
    create(SYSTEM, Customer, name="Bo", **{n["integer"]: 10, n["decimal"]: "9.5", n["choice"]: "B"})
    create(SYSTEM, Customer, name="Cy")
    asked = [
        ({"field": n["text"], "op": "contains", "value": "gold"}, ["Ann"]),
        ({"field": n["text"], "op": "empty"}, ["Bo", "Cy"]),
        ({"field": n["text"], "op": "is_not", "value": "Gold card"}, ["Bo", "Cy"]),
        ({"field": n["choice"], "op": "in", "value": ["A", "B"]}, ["Ann", "Bo"]),
        ({"field": n["choice"], "op": "not_in", "value": ["A"]}, ["Bo", "Cy"]),
        ({"field": n["integer"], "op": "gte", "value": 10}, ["Bo"]),
        ({"field": n["integer"], "op": "is_not", "value": 9}, ["Bo", "Cy"]),
        ({"not": {"field": n["integer"], "op": "gte", "value": 10}}, ["Ann", "Cy"]),
        ({"field": n["integer"], "op": "not_in", "value": [9, 10]}, ["Cy"]),
        ({"field": n["decimal"], "op": "between", "value": [9, 9.9]}, ["Bo"]),
        ({"field": n["decimal"], "op": "not_empty"}, ["Ann", "Bo"]),
        ({"field": n["boolean"], "op": "false"}, ["Bo", "Cy"]),
        ({"field": n["date"], "op": "lt", "value": "2026-04-01"}, ["Ann"]),
        ({"not": {"field": n["date"], "op": "older_than", "value": {"days": 1}}}, ["Bo", "Cy"]),
        ({"field": n["date"], "op": "anniversary_within", "value": {"days": 366}}, ["Ann"]),
    ]
    assert [(condition, names(condition)) for condition, _ in asked] == asked


def test_a_condition_leads_to_them_over_a_reference_and_is_said_in_words():
    name = custom_field("Loyalty card", kind="choice", choices=["Gold"]).name
    condition = {"field": name, "op": "is", "value": "Gold"}
    assert sentence(condition, CUSTOMER, actor=SYSTEM, currency="GBP") == "Loyalty card is Gold"
    assert type_of(Order).field("customer")  # the way there
    assert matching(SYSTEM, {"field": f"customer.{name}", "op": "is", "value": "Gold"}, type_of(Order)).count() == 0


@pytest.mark.parametrize("kind", ["text", "choice", "integer", "decimal", "boolean", "date"])
def test_a_list_is_sorted_by_them_page_by_page(kind):
    name = fields(kind)[kind]
    values = {
        "text": ["a", "b", "c"], "choice": ["A", "B", ""], "integer": [9, 10, 100], "decimal": ["9.5", "10", "100"],
        "boolean": [False, True, True], "date": ["1999-12-31", "2000-01-01", "2026-01-01"],
    }[kind]  # fmt: skip
    for value in values:
        create(SYSTEM, Customer, name=f"C {value}", **{name: value})
    create(SYSTEM, Customer, name="C")
    for sort in (name, f"-{name}"):
        seen, cursor = [], ""
        while cursor is not None:
            found = page(SYSTEM, CUSTOMER, Wanted(sort=sort, limit=1, cursor=cursor))
            seen += read(found)
            cursor = found.next
        assert len(seen) == 4
        held = [CUSTOMER.field(name).stored.to_python(row[name]) for row in seen if row[name] is not None]
        assert held == sorted(held, reverse=sort.startswith("-"))


def test_a_sensitive_one_is_sealed_wherever_it_is_kept():
    name = fields("sensitive")["sensitive"]
    ann = create(SYSTEM, Customer, name="Ann", **{name: "AB 123456"})
    create_many(SYSTEM, Customer, [{"name": "Bo", name: "CD 987654"}], checked=True)
    kept = list(Customer.objects.order_by("name").values_list("custom", flat=True))
    assert "123456" not in json.dumps(kept) and "987654" not in json.dumps(kept)
    ann = Customer.objects.get(pk=ann.pk)
    assert CUSTOMER.field(name).value_of(ann).opened() == "AB 123456"
    before = ann.custom[name]
    with change(Customer, ann.pk, by=SYSTEM) as held:
        custom.put(held, name, "AB 123456")
        held.city = "Leeds"
    assert Customer.objects.get(pk=ann.pk).custom[name] == before
    with change(Customer, ann.pk, by=SYSTEM) as held:
        custom.put(held, name, "EF 555555")
    entry = HistoryEntry.objects.filter(record_id=ann.pk).latest("version")
    assert "555555" not in json.dumps(entry.diff)
    undo(SYSTEM, entry.change_set_id)
    assert CUSTOMER.field(name).value_of(Customer.objects.get(pk=ann.pk)).opened() == "AB 123456"
    assert next(row for row in shown() if row["name"] == "Ann")[name] == "•••56"


def test_who_may_not_write_or_read_one_does_not():
    name = fields("text")["text"]
    ann = create(SYSTEM, Customer, name="Ann", **{name: "Gold"})
    actor = make_actor(name, Level.READ)
    with nothing_changes(), pytest.raises(Forbidden), change(Customer, ann.pk, by=actor) as held:
        custom.put(held, name, "Silver")
    with nothing_changes(), pytest.raises(Forbidden):
        create_customer(actor, name="Bo", **{name: "Silver"})
    hidden = make_actor(name, Level.HIDDEN)
    assert read(page(hidden, CUSTOMER, Wanted()))[0][name] is None
    with pytest.raises(Forbidden):
        matching(hidden, {"field": name, "op": "is", "value": "Gold"}, CUSTOMER)


def make_actor(name: str, level: Level) -> Any:
    """Somebody who may do everything but this."""
    return replace(acting({"customers.*": 4}), fields={f"customers.customer.{name}": level})


def test_an_archived_one_is_shown_nowhere_and_comes_back_with_its_values():
    field = custom_field("Loyalty card")
    ann = create(SYSTEM, Customer, name="Ann", **{field.name: "Gold"})
    archive_field(SYSTEM, field.pk)
    assert field.name not in shown()[0]
    with pytest.raises(Unknown, match="record.unknown_field"):
        matching(SYSTEM, {"field": field.name, "op": "is", "value": "Gold"}, CUSTOMER)
    with change(Customer, ann.pk, by=SYSTEM) as held:
        held.city = "Leeds"
    restore_field(SYSTEM, field.pk)
    assert shown()[0][field.name] == "Gold"


def test_a_process_learns_of_what_another_one_changed():
    field = custom_field("Loyalty card")
    CustomField.objects.filter(pk=field.pk).update(label="Card", version=2)
    assert custom.label(f"customers.customer.{field.name}") == "Loyalty card"
    custom.refresh()
    assert custom.label(f"customers.customer.{field.name}") == "Card"
    edit_field(SYSTEM, field.pk, label="Loyalty")
    assert custom.label(f"customers.customer.{field.name}") == "Loyalty"
