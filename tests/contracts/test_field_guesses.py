"""What nobody finds out of a closed field by guessing: an answer that differs where a guess is right would tell it."""

from typing import Any

import orjson
import pytest

from guanxi.kernel.access import grantable
from guanxi.kernel.actor import Level
from guanxi.kernel.custom import COLUMN
from guanxi.kernel.records import RecordType, of_name, records
from guanxi.kernel.rows import jsonable
from tests import factories
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
CUSTOMER = of_name("customers.customer")
ADDED: dict[str, Any] = {
    "text": "Gold", "choice": "A", "integer": 7, "decimal": "12.5", "boolean": True, "date": "2026-03-01",
    "sensitive": "E12345678",
}  # fmt: skip
CHANGED = [
    pytest.param(record, id=record.name)
    for record in records().values()
    if not record.name.startswith("test.") and any(record.fields[name].writable for name in grantable(record))
]


def guess(api: Api, record: RecordType, id: object, name: str, value: Any) -> None:
    """To write what stands there already is refused as anything else is, alone and with many."""
    many = {"ids": [str(id)], "values": {name: value}}
    with nothing_changes():
        told = [
            api.patch(f"{record.plural}/{id}", {name: value}, status=403),
            api.post(f"{record.plural}/bulk/change", many, status=403),
        ]
    assert [one["code"] for one in told] == ["field.not_writable"] * 2, name


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.MASKED])
@pytest.mark.parametrize("record", CHANGED)
def test_a_closed_field_does_not_say_yes_to_the_value_it_has(record, level):
    row = factories.one(record)
    names = [name for name in grantable(record) if record.fields[name].writable]
    api = Api(make.reader(*(f"{record.name}.{name}" for name in names), level=level))
    for name in names:
        value = record.fields[name].value_of(row)
        guess(api, record, row.pk, name, orjson.loads(orjson.dumps(value, default=jsonable)))


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.MASKED])
def test_nor_does_one_that_the_company_added(level):
    more = {"choice": {"choices": ["A", "B"]}}
    named = {kind: make.custom_field(kind, kind=kind, **more.get(kind, {})).name for kind in ADDED}
    row = factories.one(CUSTOMER)
    Api(make.user("owner")).patch(f"customers/{row.pk}", {named[kind]: value for kind, value in ADDED.items()})
    api = Api(make.reader(*(f"{CUSTOMER.name}.{name}" for name in named.values()), level=level))
    for kind, value in ADDED.items():
        guess(api, CUSTOMER, row.pk, named[kind], value)


def test_of_what_is_only_read_nothing_is_guessed_but_what_is_said_already_is_no_guess():
    """Of a sensitive field only its mask is read: what stands there already is told by no form that comes back."""
    number = make.custom_field("Passport", kind="sensitive").name
    row = factories.one(CUSTOMER)
    type(row)._default_manager.filter(pk=row.pk).update(city="Leeds")
    Api(make.user("owner")).patch(f"customers/{row.pk}", {number: "E12345678", "id_number": "11010519491231002X"})
    closed = (number, "id_number", "city")
    api = Api(make.reader(*(f"{CUSTOMER.name}.{name}" for name in closed), level=Level.READ))
    guess(api, CUSTOMER, row.pk, number, "E12345678")
    guess(api, CUSTOMER, row.pk, "id_number", "11010519491231002X")
    assert api.patch(f"customers/{row.pk}", {"city": "Leeds"})["city"] == "Leeds"


def test_a_hidden_field_is_not_looked_at_by_what_it_was_called():
    number = make.custom_field("Passport", kind="sensitive").name
    row = factories.one(CUSTOMER)
    Api(make.user("owner")).patch(f"customers/{row.pk}", {number: "E12345678"})
    object.__setattr__(CUSTOMER, "was", {"x_pass": number})
    try:
        api = Api(make.reader(f"{CUSTOMER.name}.{number}", level=Level.HIDDEN))
        for name in ("x_pass", number):
            refused = api.post(f"customers/{row.pk}/reveal", {"field": name}, status=403)
            assert refused["code"] == "field.not_readable"
        assert api.patch(f"customers/{row.pk}", {"x_pass": "E12345678"}, status=403)["code"] == "field.not_writable"
        seer = Api(make.reader(f"{CUSTOMER.name}.{number}", level=Level.MASKED))
        assert seer.post(f"customers/{row.pk}/reveal", {"field": "x_pass"})["value"] == "E12345678"
    finally:
        object.__setattr__(CUSTOMER, "was", {})
    row.refresh_from_db()
    assert number in getattr(row, COLUMN)


def asking(record: RecordType, id: object, name: str) -> list[tuple[str, str, Any]]:
    """Every way to name a field of a noun: method, address, and what is given."""
    at, where = record.plural, {"field": name, "op": "not_empty"}
    return [
        ("get", at, {"where": where}), ("get", at, {"sort": name}), ("get", f"{at}/bounds", {"sort": name}),
        ("get", f"orders?where={orjson.dumps({'field': f'customer.{name}', 'op': 'not_empty'}).decode()}", {}),
        ("patch", f"{at}/{id}", {name: "x"}), ("post", f"{at}/bulk/change", {"ids": [str(id)], "values": {name: "x"}}),
        ("post", at, {"name": "Ann", name: "x"}), ("post", f"{at}/{id}/reveal", {"field": name}),
        ("post", f"{at}/blind_index", {"field": name, "value": "x"}),
        ("post", "segments/preview", {"condition": where}),
        ("post", "segments", {"name": "Some", "condition": where}),
        ("get", f"measures/customers.customers?by={name}", {}),
    ]  # fmt: skip


def test_no_refusal_offers_the_name_of_a_hidden_field():
    """Whoever mistypes hears of what they see; a field that is hidden is offered as little as one that there is not."""
    hidden, seen = make.custom_field("Passport", kind="sensitive").name, make.custom_field("Nickname").name
    row = factories.one(CUSTOMER)
    closed = Api(make.reader(f"{CUSTOMER.name}.{hidden}", f"{CUSTOMER.name}.id_number", level=Level.HIDDEN))
    refused = []
    for name in ("x_passpor", "x_nicknam", "id_numbe"):
        for method, path, given in asking(CUSTOMER, row.pk, name):
            told = closed.get(path, status=422, **given) if method == "get" else None
            refused.append(told or getattr(closed, method)(path, given, status=422))
    told = str(refused)
    assert hidden not in told and "id_number" not in told
    assert seen in told
