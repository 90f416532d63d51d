"""Somebody is noted once, found by everything known of them, and goes only when nothing hangs on them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import Way, add_contact_point, add_many
from guanxi.customers.customers.intake import write
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.rules import birthday, celebrated_on
from guanxi.kernel import search
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.drain import drain
from guanxi.kernel.models import ChangeSet, EventEntry
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen, now
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change, create_many
from guanxi.lib.errors import Conflict, Invalid
from guanxi.workspace.imports.targets import Line
from tests.client import Api
from tests.factories import commerce, workspace
from tests.factories import customers as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "day", "known"),
    [
        ("1985-03-07", date(1985, 3, 7), True),
        ("--03-07", date(1904, 3, 7), False),
        ("--02-29", date(1904, 2, 29), False),
    ],
)
def test_a_birthday_with_and_without_its_year(text, day, known):
    assert birthday(text) == (day, known)


@pytest.mark.parametrize("text", ["7 March", "--02-30", "1985-13-01", ""])
def test_what_is_no_birthday_is_refused(text):
    with pytest.raises(Invalid, match="customer.wrong_birthday"):
        birthday(text)


def test_the_29th_of_february_is_celebrated_every_year():
    assert celebrated_on(date(1984, 2, 29), 2027) == date(2027, 2, 28)
    assert celebrated_on(date(1984, 2, 29), 2028) == date(2028, 2, 29)


def test_over_http_somebody_is_noted_with_the_ways_to_reach_them():
    api = Api(workspace.user("agent"))
    said = api.post(
        "customers",
        {"name": "张伟", "city": "成都", "contact_points": [{"kind": "mobile", "value": "+86 138 1234 5678"}]},
        status=201,
    )
    assert (said["name"], said["phone"], said["lifecycle"]) == ("张伟", "+8613812345678", "contact")
    assert [p["value"] for p in api.get(f"customers/{said['id']}/contact_points")["rows"]] == ["+8613812345678"]
    told = [one["kind"] for one in api.get(f"customers/{said['id']}/timeline")["rows"]]
    assert set(told) == {"customers.customer_created", "customers.contact_point_added"}


@pytest.fixture(params=[(0, 1_000), (5_000, 1_000), (0, 0)], ids=["common", "rare", "of_many"])
def searched(request, monkeypatch):
    """Every way in which what fits is looked for."""
    monkeypatch.setattr(search, "COMMON", request.param[0])
    monkeypatch.setattr(search, "MOST_PARENTS", request.param[1])


@pytest.mark.parametrize(
    "asked", ["张伟", "zhangwei", "zw", "5678", "13812345678", "+86 138 1234 5678", "wei@x.org", "C-77"]
)
def test_somebody_is_found_by_everything_known_of_them(searched, asked):
    wei = make.customer(
        "张伟", key="C-77",
        contact_points=[Way(kind="phone", value="+8613812345678"), Way(kind="email", value="wei@x.org")],
    )  # fmt: skip
    make.customer("Jane", contact_points=[Way(kind="phone", value="+441134960001")])
    api = Api(workspace.user("agent"))
    assert [row["id"] for row in api.get("customers", q=asked)["rows"]] == [str(wei.pk)]
    groups = api.get("search", q=asked)["groups"]
    assert [(g["plural"], [h["label"] for h in g["hits"]]) for g in groups] == [("customers", ["张伟"])]


def test_a_number_of_nobody_is_found_as_itself(searched):
    add_contact_point(SYSTEM, kind="phone", value="+441134960001")
    groups = Api(workspace.user("agent")).get("search", q="4960001")["groups"]
    assert [g["plural"] for g in groups] == ["contact_points"]


def test_an_external_key_is_one_customers():
    make.customer(key="17850")
    make.customer(key="")
    with nothing_changes(), pytest.raises(Conflict, match="customer_key_is_unique"):
        make.customer(key="17850")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "  "}, "record.invalid"),
        ({"name": "x" * 201}, "record.invalid"),
        ({"country": "GBR"}, "record.invalid"),
        ({"birthday": date(1985, 1, 1), "birth_year_known": False}, "constraint.customer_yearless_birthday_is_in_1904"),
        ({"contact_points": [Way(kind="email", value=" ")]}, "contact_point.empty"),
    ],
)
def test_a_refusal_notes_nobody(values, code):
    with nothing_changes(), pytest.raises((Invalid, Conflict), match=code):
        make.customer(**{"name": "Jane", **values})


def test_changed_by_hand_the_timeline_says_what():
    jane = make.customer("Jane")
    api = Api(workspace.user("agent"))
    api.patch(f"customers/{jane.pk}", {"city": "York"})
    api.patch(f"customers/{jane.pk}", {"city": "York"})
    told = [one["sentence"] for one in api.get(f"customers/{jane.pk}/timeline", kinds="kernel")["rows"]]
    assert told == ["City changed"]


def test_a_seller_sees_their_own_and_their_teams_and_not_others():
    team = workspace.team()
    seller = workspace.user("seller", team=team)
    mine, theirs, others = make.customer(owner=seller.pk), make.customer(team=team.pk), make.customer()
    point = make.contact_point(others)
    api = Api(seller)
    assert {row["id"] for row in api.get("customers")["rows"]} == {str(mine.pk), str(theirs.pk)}
    assert api.get(f"customers/{others.pk}", status=404)["code"] == "record.not_found"
    assert api.get(f"contact_points/{point.pk}", status=404)["code"] == "record.not_found"


@pytest.mark.parametrize("path", ["contact_points", "contacts"])
def test_a_reference_to_nobody_is_refused_by_its_field_even_for_those_who_see_all(path):
    firm, nobody = make.organisation(), str(uuid4())
    given = {"contact_points": {"kind": "email", "value": "a@x.org", "customer": nobody},
             "contacts": {"person": nobody, "organisation": str(firm.pk), "role": "Buyer"}}[path]  # fmt: skip
    api = Api(workspace.user("owner"))
    with nothing_changes():
        said = api.post(path, given, status=422)
    assert said["fields"][{"contact_points": "customer", "contacts": "person"}[path]]["code"] == "record.not_found"


def imported(*names):
    """Customers with an address and a consent each, as an import writes them."""
    actor = begin(SYSTEM.as_origin(Origin.IMPORT), "workspace.import.run")
    made = create_many(actor, Customer, [{"name": name, "key": name} for name in names])
    points = add_many(actor, [(one.pk, Way(kind="email", value=f"{one.name}@x.org")) for one in made])
    consents = [
        {
            "customer_id": point.customer_id, "contact_point_id": point.pk, "purpose": "marketing", "channel": "email",
            "state": "given", "at": now(), "how": "ticked", "wording": "Yes", "place": "file",
        }
        for point in points
    ]  # fmt: skip
    create_many(actor, Consent, consents)
    return actor.change_set, made


def test_an_undone_import_takes_back_what_nobody_touched_and_says_why_the_rest_stays():
    change_set, (_untouched, touched, used) = imported("ann", "bob", "cid")
    make.segment({"field": "origin", "op": "is", "value": "import"})
    drain()
    with change(Customer, touched.pk, by=SYSTEM) as row:
        row.city = "York"
    make.hold(used)
    dry = undo(SYSTEM, change_set, dry_run=True)
    report = undo(SYSTEM, change_set)
    assert dry.removed == report.removed == {
        "customers.customer": 1, "customers.contact_point": 3, "customers.consent": 3,
    }  # fmt: skip
    assert {(k.id, k.reason) for k in report.kept} == {(touched.pk, "changed_since"), (used.pk, "in_use")}
    assert set(Customer.objects.values_list("name", flat=True)) == {"bob", "cid"}
    drain()
    assert set(Customer.objects.values_list("email", flat=True)) == {""}
    with nothing_changes(), pytest.raises(Conflict, match="undo.already"):
        undo(SYSTEM, change_set)


def test_an_undone_enrichment_puts_the_old_values_back():
    jane = make.customer("Customer 17850", key="17850")
    with frozen(now() + timedelta(minutes=1)):
        actor = begin(SYSTEM.as_origin(Origin.IMPORT), "workspace.import.run")
        with change(Customer, jane.pk, by=actor) as row:
            row.name, row.birthday = "Jane Smith", date(1985, 3, 7)
        add_many(actor, [(jane.pk, Way(kind="email", value="jane@x.org"))])
    report = undo(SYSTEM, actor.change_set)
    drain()
    jane.refresh_from_db()
    assert (jane.name, jane.birthday, jane.email, jane.name_sort) == ("Customer 17850", None, "", "customer 17850")
    assert report.restored == {"customers.customer": 1}
    assert EventEntry.objects.filter(name="kernel.undone").count() == 1
    assert ChangeSet.objects.get(undoes=actor.change_set).origin == Origin.UNDO


@pytest.mark.parametrize(("home", "country"), [("GB", None), ("", "gb"), ("CN", "GB")])
def test_a_file_without_keys_recognises_people_by_their_number_the_second_time(home, country):
    choose(SYSTEM, "workspace.company.country", home)
    values = {"name": "Jane", "phone": "0113 496 0001"} | ({"country": country} if country else {})
    first, again = (write(SYSTEM, [Line(number=2, values=dict(values))]) for _ in range(2))
    assert (first.created, again.created, again.skipped) == (1, 0, 1)
    assert Customer.objects.get().phone == "+441134960001"


def test_a_number_is_read_as_people_of_the_customers_country_write_it():
    ways = [Way(kind="phone", value="0113 496 0001"), Way(kind="phone", value="138 1234 5678", country="CN")]
    jane = make.customer("Jane", country="gb", contact_points=ways)
    assert sorted(ContactPoint.objects.filter(customer=jane).values_list("value", flat=True)) == [
        "+441134960001",
        "+8613812345678",
    ]


@pytest.mark.parametrize(
    ("language", "home", "said"),
    [
        ("en", "EUR", "Ordered 7001 for CN¥300.00"),
        ("en", "CNY", "Ordered 7001 for ¥300.00"),
        ("zh-Hans", "CNY", "下单 7001，金额 ¥300.00"),
    ],
)
def test_the_story_says_money_as_its_reader_writes_it(language, home, said):
    choose(SYSTEM, "workspace.company.currency", home)
    jane = make.customer("Jane")
    commerce.order(customer=jane.pk, number="7001", currency="CNY", lines=[(1, 300)])
    api = Api(workspace.user("owner", language=language))
    told = [one["sentence"] for one in api.get(f"customers/{jane.pk}/timeline", kinds="commerce")["rows"]]
    assert told == [said]


def test_the_story_says_why_somebody_is_left_in_peace_in_words():
    jane = make.customer("Jane")
    make.hold(jane, reason="complaint")
    api = Api(workspace.user("owner", language="zh-Hans"))
    told = [one["sentence"] for one in api.get(f"customers/{jane.pk}/timeline", kinds="customers.hold_placed")["rows"]]
    assert told == ["暂停联系：投诉处理中"]
