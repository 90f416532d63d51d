"""The company adds a field, and from then on it is one like all others, wherever one looks."""

import pytest

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import CustomField
from guanxi.lib.errors import Conflict, Invalid, Unknown
from guanxi.workspace.custom_fields import rules
from guanxi.workspace.custom_fields.operations import add_field, archive_field, edit_field
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.factories.workspace import custom_field
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("label", "taken", "name"),
    [
        ("Loyalty card", (), "x_loyalty_card"),
        ("预算", (), "x_yu_suan"),
        ("會員卡 No. 2", (), "x_hui_yuan_ka_no_2"),
        ("Größe", (), "x_grosse"),
        ("★", (), "x_field"),
        ("Budget", {"x_budget", "x_budget_2"}, "x_budget_3"),
        ("A" * 80, (), "x_" + "a" * 34),
    ],
)
def test_a_field_is_named_after_what_it_is_called(label, taken, name):
    assert rules.name_for(label, taken) == name


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"noun": "holidays", "label": "X"}, "custom_field.unknown_noun"),
        ({"noun": "customers", "label": "  "}, "custom_field.wrong_label"),
        ({"noun": "customers", "label": "city"}, "custom_field.label_taken"),
        ({"noun": "customers", "label": "Tier", "kind": "choice"}, "custom_field.needs_choices"),
        ({"noun": "customers", "label": "Tier", "choices": ["A"]}, "custom_field.has_no_choices"),
        ({"noun": "customers", "label": "Tier", "kind": "choice", "choices": ["A" * 81]}, "too_many_choices"),
    ],
)  # fmt: skip
def test_a_field_that_makes_no_sense_is_refused(given, code):
    with nothing_changes(), pytest.raises((Conflict, Invalid, Unknown), match=code):
        add_field(SYSTEM, **given)


def test_no_two_fields_of_a_noun_are_called_alike():
    field = custom_field("Loyalty card")
    with nothing_changes(), pytest.raises(Conflict, match="label_taken"):
        add_field(SYSTEM, noun="customers", label="loyalty CARD")
    edit_field(SYSTEM, field.pk, label="Loyalty Card")
    add_field(SYSTEM, noun="orders", label="Loyalty card")


def test_it_stands_in_meta_in_rows_in_forms_and_in_the_past():
    owner, agent = Api(workspace.user("owner")), Api(workspace.user("agent"))
    made = owner.post(
        "custom_fields",
        {"noun": "customers", "label": "Loyalty card", "kind": "choice", "choices": ["Gold"]},
        status=201,
    )
    told = agent.get("meta")["records"]["customers"]["fields"][made["name"]]
    assert told["label"] == "Loyalty card" and told["kind"] == "choice" and told["writable"] and told["custom"]
    assert told["choices"] == [{"value": "Gold", "label": "Gold"}]
    ann = agent.post("customers", {"name": "Ann", made["name"]: "Gold"}, status=201)
    assert ann[made["name"]] == "Gold"
    changed = agent.patch(f"customers/{ann['id']}", {made["name"]: ""})
    assert changed[made["name"]] == ""
    refused = agent.patch(f"customers/{ann['id']}", {made["name"]: "Lead"}, status=422)
    assert refused["fields"][made["name"]]["code"] == "field.invalid_choice"
    past = agent.get(f"customers/{ann['id']}/history")["changes"][0]["diff"][made["name"]]
    assert past == {"from": "Gold", "to": None, "label": "Loyalty card"}
    assert "Loyalty card" in str(agent.get(f"customers/{ann['id']}/timeline"))


def test_what_nobody_added_is_refused_in_every_input():
    agent = Api(workspace.user("owner"))
    ann = agent.post("customers", {"name": "Ann"}, status=201)
    for path, given in (
        ("customers", {"name": "Bo", "x_shoe_size": 9}),
        ("customers/bulk/change", {"ids": [ann["id"]], "values": {"x_shoe_size": 9}}),
    ):
        assert agent.post(path, given, status=422)["code"] == "record.unknown_field"
    assert agent.patch(f"customers/{ann['id']}", {"x_shoe_size": 9}, status=422)["code"] == "record.unknown_field"
    refused = agent.post("customers", {"name": "Bo", "shoe_size": 9}, status=422)
    assert refused["fields"]["shoe_size"]["code"] == "input.extra_forbidden"
    refused = agent.patch(f"customers/{ann['id']}", {"shoe_size": 9}, status=422)
    assert refused["fields"]["shoe_size"]["code"] == "input.extra_forbidden"


@pytest.mark.parametrize("noun", ["orders", "products", "tickets"])
def test_orders_products_and_tickets_take_them_too(noun):
    field = custom_field("Reference", noun=noun)
    owner = Api(workspace.user("owner"))
    given = {
        "orders": {"number": "A1", "lines": [{"description": "Tea", "quantity": "1", "unit_price": "2"}]},
        "products": {"code": "P1", "name": "Tea"},
        "tickets": {"subject": "It leaks"},
    }[noun]
    made = owner.post(noun, {**given, field.name: "R-1"}, status=201)
    assert owner.get(f"{noun}/{made['id']}")[field.name] == "R-1"
    assert owner.patch(f"{noun}/{made['id']}", {field.name: "R-2"})[field.name] == "R-2"
    owner.post(f"{noun}/bulk/change", {"ids": [made["id"]], "values": {field.name: "R-3"}})
    assert owner.get(noun, sort=f"-{field.name}")["rows"][0][field.name] == "R-3"


def test_a_choice_that_is_chosen_and_a_field_that_is_asked_for_stay():
    field = custom_field("Tier", kind="choice", choices=["Gold", "Silver"])
    make.customer("Ann", **{field.name: "Gold"})
    with nothing_changes(), pytest.raises(Conflict, match="choice_in_use"):
        edit_field(SYSTEM, field.pk, label="Tier", choices=["Silver"])
    edit_field(SYSTEM, field.pk, label="Tier", choices=["Gold", "Bronze"])
    put_segment(SYSTEM, key="gold", name="Gold people", condition={"field": field.name, "op": "is", "value": "Gold"})
    with nothing_changes(), pytest.raises(Conflict, match="in_use") as refused:
        archive_field(SYSTEM, field.pk)
    assert refused.value.values["uses"] == ["Gold people"]


def test_who_may_add_no_field_does_not():
    agent = Api(workspace.user("agent"))
    agent.post("custom_fields", {"noun": "customers", "label": "Card"}, status=403)
    assert not CustomField.objects.exists() and not Customer.objects.exists()
