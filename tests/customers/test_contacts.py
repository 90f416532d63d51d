"""A person at an organisation: once, not at oneself, one main one."""

from datetime import date

import pytest

from guanxi.customers.contacts.models import Contact
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.writes import create
from guanxi.lib.errors import Conflict
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_people_are_seen_from_their_firm_and_the_firm_from_its_people():
    firm, jane = make.organisation("Acme Ltd"), make.customer("Jane")
    make.contact(jane, firm, role="Buyer", since=date(2024, 1, 1))
    api = Api(workspace.user("agent"))
    there = api.get(f"customers/{firm.pk}/contacts")["rows"]
    assert [(row["person"]["label"], row["role"]) for row in there] == [("Jane", "Buyer")]
    assert api.get(f"customers/{jane.pk}/organisations")["rows"][0]["organisation"]["label"] == "Acme Ltd"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "contact_is_named_once"),
        ({"person": "firm"}, "contact_is_not_its_own_organisation"),
        ({"person": "bob", "main": True}, "contact_is_the_only_main_one"),
        ({"person": "bob", "since": date(2024, 2, 1), "until": date(2024, 1, 1)}, "contact_ends_after_it_begins"),
    ],
)
def test_what_cannot_be_true_is_refused(values, code):
    people = {"firm": make.organisation(), "jane": make.customer("Jane"), "bob": make.customer("Bob")}
    make.contact(people["jane"], people["firm"], main=True)
    given = {"role": "", **values, "person": people[values.get("person", "jane")], "organisation": people["firm"]}
    with nothing_changes(), pytest.raises(Conflict, match=code):
        create(SYSTEM, Contact, **given)
