"""How many somebody is about to choose: at once about, where they are many, then exactly."""

import pytest
from django.db import connection

from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions import estimates
from guanxi.kernel.records import type_of
from guanxi.kernel.writes import create_many
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
LEEDS = {"field": "city", "op": "is", "value": "Leeds"}


def many_customers(seller, *, n):
    """So many that a preview of them is estimated: every second one in Leeds, every fourth the seller's."""
    given = [{"name": f"N{i}", "city": "Leeds" if i % 2 else "York"} for i in range(n)]
    create_many(
        SYSTEM, Customer, [{**one, "owner_id": seller.pk if i % 4 == 1 else None} for i, one in enumerate(given)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")


def test_a_quick_preview_of_many_is_an_estimate_of_what_the_asker_sees(monkeypatch):
    monkeypatch.setattr(estimates, "FEW", 100)
    seller = workspace.user("seller", team=workspace.team())
    many_customers(seller, n=1236)
    asked = {"record": "customers", "condition": LEEDS, "quick": True}
    said = Api(workspace.user("owner")).post("segments/preview", asked)  # the sample is as large as all: no chance here
    assert (said["count"], said["exact"], said["sentence"], said["sample"]) == (618, False, "City is Leeds", [])
    assert Api(seller).post("segments/preview", asked)["count"] == 309
    full = Api(seller).post("segments/preview", {**asked, "quick": False})
    assert (full["count"], full["exact"], len(full["sample"])) == (309, True, 8)


def test_an_estimate_is_near_and_what_a_sample_cannot_tell_is_not_said(monkeypatch):
    many_customers(workspace.user("owner"), n=4000)
    customer = type_of(Customer)
    monkeypatch.setattr(estimates, "SAMPLE", 1500)
    about = estimates.estimated(SYSTEM, LEEDS, customer)
    assert about is not None and 1600 < about < 2400 and len(str(about).rstrip("0")) <= 3
    assert estimates.estimated(SYSTEM, {"field": "name", "op": "is", "value": "N7"}, customer) is None
    monkeypatch.setattr(estimates, "_some", lambda *_: connection.cursor().execute("SELECT pg_sleep(5)"))
    assert estimates.estimated(SYSTEM, LEEDS, customer) is None
    assert Customer.objects.count() == 4000  # who gave up did not break what goes on around it


def test_few_are_counted_exactly_however_quickly():
    make.customer("Ann", city="Leeds")
    said = Api(workspace.user("owner")).post("segments/preview", {"condition": LEEDS, "quick": True})
    assert (said["count"], said["exact"], len(said["sample"])) == (1, True, 1)


def test_a_segment_knows_no_me():
    api = Api(workspace.user("owner"))
    given = {"name": "Mine", "kind": "dynamic", "condition": {"field": "owner", "op": "me"}}
    with nothing_changes():
        assert api.post("segments", given, status=422)["code"] == "condition.needs_a_reader"
