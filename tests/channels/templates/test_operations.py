"""A letter is tried out while it is written: as one customer gets it, or what stands in its way."""

from dataclasses import replace

import pytest

from guanxi.channels.conversations import mailing
from guanxi.channels.templates import queries, rules
from guanxi.channels.templates.models import Template
from guanxi.channels.templates.operations import try_out, write_template
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM, Level
from guanxi.kernel.records import type_of
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.workspace.custom_fields.operations import archive_field
from guanxi.workspace.tokens.queries import actor_of
from tests.client import Api
from tests.factories import channels
from tests.factories import workspace as make
from tests.factories.workspace import custom_field
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
BODY = "Dear {{ customer.first_name }}{% if customer.city %} in {{ customer.city }}{% endif %}"


@pytest.fixture
def marketer():
    return make.actor("marketer")


def test_a_text_reads_as_a_customer_gets_it_and_nothing_is_kept(marketer):
    anna = channels.customer(name="Anna Smith", city="Leeds")
    with nothing_changes():
        said = try_out(marketer, language="en", subject="News", body=BODY, customer=anna.pk)
    assert (said["subject"], said["text"], said["missing"]) == ("News", "Dear Anna in Leeds", [])
    assert Template.objects.count() == 0


def test_before_a_customer_is_chosen_the_blanks_say_what_they_are(marketer):
    said = try_out(marketer, language="zh-Hans", body="{{ customer.first_name }}您好", subject="")
    assert said["text"] == "[名]您好"
    assert [one["name"] for one in said["blanks"]] == rules.own_names()
    assert all(one["label"] and not one["label"].startswith("channels.") for one in said["blanks"])


def test_what_is_not_known_is_named_and_a_part_for_those_of_whom_it_is_known_is_left_out(marketer):
    somewhere = channels.customer(name="Bo Lee")
    assert try_out(marketer, language="en", body=BODY, customer=somewhere.pk)["text"] == "Dear Bo"
    said = try_out(marketer, language="en", body="{{ customer.city }}", customer=somewhere.pk)
    assert (said["text"], said["missing"]) == ("", ["customer.city"])
    values = {one["name"]: one["value"] for one in said["blanks"]}
    assert (values["customer.first_name"], values["customer.city"]) == ("Bo", "")


def test_a_mistake_is_told_at_its_field(marketer):
    with pytest.raises(Invalid) as refused:
        try_out(marketer, language="en", subject="{{ customer.nme }}", body="fine")
    assert list(refused.value.fields) == ["subject"]


def test_a_customer_that_is_not_seen_and_a_right_that_is_not_there_tell_nothing():
    seller = make.actor("seller")
    other = channels.customer(owner_id=make.user("seller").pk)
    with pytest.raises((NotFound, Forbidden)):
        try_out(seller, language="en", body="{{ customer.name }}", customer=other.pk)


def test_a_letter_says_what_the_company_added_as_one_writes_it():
    names = {
        one.label: one.name
        for one in (
            custom_field("Tier", kind="choice", choices=["Gold", "Silver"]),
            custom_field("Budget", kind="decimal"),
            custom_field("Member since", kind="date"),
            custom_field("Member", kind="boolean"),
        )
    }
    given = {"x_tier": "Gold", "x_budget": "1200.50", "x_member_since": "2025-03-08", "x_member": True}
    assert set(given) == set(names.values())
    anna, bo = channels.customer(name="Anna Smith", **given), channels.customer(name="Bo Lee")
    said = "{{ customer.x_tier }}, {{ customer.x_budget }}, {{ customer.x_member_since }}"
    body = f"{{% if customer.x_member %}}{said}{{% else %}}Join!{{% endif %}}"
    marketer = make.actor("marketer")
    texts = [
        try_out(marketer, language=language, body=body, customer=who.pk)["text"]
        for language, who in (("en", anna), ("zh-Hans", anna), ("en", bo))
    ]
    assert texts == ["Gold, 1200.5, 8 March 2025", "Gold, 1200.5, 2025年3月8日", "Join!"]
    said = try_out(marketer, language="en", body="{{ customer.x_tier }}")
    assert said["text"] == "[Tier]"
    assert ("customer.x_tier", "Tier") in [(one["name"], one["label"]) for one in said["blanks"]]


def test_a_letter_says_nothing_that_is_secret_or_closed_to_who_writes_it():
    passport, budget = custom_field("Passport", kind="sensitive"), custom_field("Budget", kind="integer")
    anna = channels.customer(name="Anna Smith", **{budget.name: 7})
    marketer = make.actor("marketer")
    closed = replace(marketer, fields={f"customers.customer.{budget.name}": Level.HIDDEN})
    for actor, name in ((marketer, passport.name), (closed, budget.name)):
        with pytest.raises(Invalid, match="record.invalid"):
            try_out(actor, language="en", body=f"{{{{ customer.{name} }}}}", customer=anna.pk)
    assert budget.name not in str(try_out(closed, language="en", body="fine", customer=anna.pk))


def test_nobody_sends_what_the_company_added_and_they_do_not_read():
    budget = custom_field("Budget", kind="integer")
    anna = channels.customer(name="Anna Smith", consent="marketing", **{budget.name: 7})
    letter = channels.template(body_en=f"{{{{ customer.{budget.name} }}}}")
    given = {"customer": str(anna.pk), "template": str(letter.pk)}
    closed = Api(make.reader(f"customers.customer.{budget.name}", level=Level.MASKED))
    with nothing_changes():
        assert closed.post("conversations/send_letter", given, status=403)["code"] == "field.not_readable"


@pytest.mark.parametrize("blank", ["customer.x_tier|upcase", "customer['x_tier']", 'customer["x_tier"]'])
def test_a_field_that_a_letter_says_is_not_archived(blank):
    field = custom_field("Tier")
    write_template(make.actor("marketer"), name="Spring", purpose="marketing", body_en=f"{{{{{blank}}}}}")
    with nothing_changes(), pytest.raises(Conflict, match="in_use") as refused:
        archive_field(SYSTEM, field.pk)
    assert refused.value.values["uses"] == ["Spring"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("Greetings to {{ customer.city }}", "city"),
        ("Hello{% if customer.city %} there{% endif %}", "city"),
        ("{{ customer.salutation }}", "gender"),
        ("{{ customer.salutation }}", "title"),
        ("Dear {{ customer.first_name }}", "name"),
        ("Your number is {{ customer.number }}", "key"),
    ],
)
def test_nobody_sends_what_they_do_not_read(body, field):
    """It would stand in the letter, where they read it. What the letter does not say may be closed."""
    anna = channels.customer(name="Anna Smith", city="Leeds", key="K1", title="Dr", consent="marketing")
    letter = channels.template(body_en=body)
    given = {"customer": str(anna.pk), "template": str(letter.pk)}
    closed = make.reader(f"customers.customer.{field}", level=Level.MASKED)
    api, other = Api(closed), Api(make.reader("customers.customer.address", level=Level.MASKED))
    with nothing_changes():
        assert api.post("conversations/send_letter", given, status=403)["code"] == "field.not_readable"
        wanted = [mailing.Wanted(customer=anna.pk, key="k")]
        assert mailing.send_letters(actor_of(closed.pk), template=letter.pk, wanted=wanted) == {}
    assert other.post("conversations/send_letter", given)["customer"]["id"] == str(anna.pk)


def test_every_blank_of_a_customer_says_which_fields_it_tells():
    blanks = {f"customer.{part}" for part in rules.FIELDS["customer"]}
    assert set(queries.SAYS) == blanks and set(queries.FILLED_IN) <= set(type_of(Customer).fields)
