"""One written form for every way, one owner for every number, and intake that never makes two of one."""

import pytest

from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import (
    Way,
    add_contact_point,
    add_many,
    attach_contact_point,
    correct_contact_point,
    find_or_create,
    mark_dead,
    remove_contact_point,
    verify_contact_point,
)
from guanxi.customers.contact_points.queries import found, of_customers
from guanxi.customers.contact_points.rules import written
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import ChangeSet, EventEntry
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.workspace.company.operations import describe, first_run
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes


@pytest.mark.parametrize(
    ("kind", "typed", "country", "stored", "value", "verdict"),
    [
        ("email", " Jane.Smith@Example.COM ", "", "email", "jane.smith@example.com", "valid"),
        ("email", "Jane <jane@example.com>", "", "email", "jane@example.com", "valid"),
        ("email", "jane at example", "", "email", "jane at example", "impossible"),
        ("phone", "138 1234 5678", "CN", "phone", "+8613812345678", "valid"),
        ("mobile", "138-1234-5678", "CN", "phone", "+8613812345678", "valid"),
        ("phone", "+44 20 7946 0958", "CN", "phone", "+442079460958", "valid"),
        ("phone", "0113 496 0001", "GB", "phone", "+441134960001", "valid"),
        ("phone", "n/a", "GB", "phone", "n/a", "impossible"),
        ("whatsapp", "+86 138 1234 5678", "", "whatsapp", "+8613812345678", "valid"),
        ("wechat", "@Zhang_San", "", "wechat", "zhang_san", "valid"),
        ("address", "1 High  Street,\nLeeds", "", "address", "1 High Street, Leeds", "valid"),
    ],
)
def test_the_one_written_form(kind, typed, country, stored, value, verdict):
    form = written(kind, typed, country=country)
    assert (form.kind, form.value, form.verdict) == (stored, value, verdict)


@pytest.mark.parametrize(("typed", "code"), [("  ", "contact_point.empty"), ("x" * 321, "contact_point.too_long")])
def test_what_is_no_way_is_refused(typed, code):
    with pytest.raises(Invalid, match=code):
        written("other", typed)


pytestmark = pytest.mark.django_db


def test_the_country_of_the_company_completes_a_number():
    describe(SYSTEM, country="GB")
    assert make.contact_point(kind="phone", value="0113 496 0001").value == "+441134960001"


def test_the_first_run_takes_the_country_from_the_zone():
    workspace.role("owner")
    first_run(
        company="茶", language="zh-Hans", zone="Asia/Shanghai", currency="CNY", line_of_work="shop", name="周",
        email="zhou@example.test", password="correct horse battery",
    )  # fmt: skip
    point = make.contact_point(kind="phone", value="138 0013 8000")
    assert (point.value, point.verdict) == ("+8613800138000", "valid")


@pytest.mark.parametrize("country", ["Great Britain", "gb", "G"])
def test_a_country_that_is_no_code_is_refused(country):
    with nothing_changes(), pytest.raises(Invalid, match="company.unknown_country"):
        describe(SYSTEM, country=country)


def test_a_number_belongs_to_one_unless_it_is_shared():
    first, second = make.customer(), make.customer()
    make.contact_point(first, kind="phone", value="+441134960001")
    with nothing_changes(), pytest.raises(Conflict, match="contact_point_belongs_to_one"):
        add_contact_point(SYSTEM, customer=second.pk, kind="phone", value="+44 113 496 0001")
    add_contact_point(SYSTEM, customer=second.pk, kind="phone", value="+44 113 496 0001", shared=True)
    with nothing_changes(), pytest.raises(Conflict, match="stands_once_with_a_customer"):
        add_contact_point(SYSTEM, customer=second.pk, kind="phone", value="+44 113 496 0001", shared=True)


def test_what_cannot_be_a_number_is_kept_and_may_stand_with_many():
    for _ in range(2):
        assert make.contact_point(kind="phone", value="ask his wife").verdict == "impossible"


def test_intake_finds_or_makes_and_never_makes_two():
    one = find_or_create(SYSTEM, kind="email", value="New@Example.com")
    assert (one.customer_id, one.value) == (None, "new@example.com")
    with nothing_changes():
        assert find_or_create(SYSTEM, kind="email", value="new@example.com").pk == one.pk
    assert EventEntry.objects.filter(name="customers.contact_point_added").count() == 1


def test_an_unknown_sender_becomes_a_customers_way():
    point, jane = find_or_create(SYSTEM, kind="email", value="jane@example.com"), make.customer("Jane")
    attach_contact_point(SYSTEM, point.pk, customer=jane.pk)
    jane.refresh_from_db()
    assert jane.email == "jane@example.com"
    assert attach_contact_point(SYSTEM, point.pk, customer=jane.pk).version == 2
    bob = make.customer("Bob")
    with nothing_changes(), pytest.raises(Conflict, match="contact_point.belongs_to_another"):
        attach_contact_point(SYSTEM, point.pk, customer=bob.pk)


def test_noting_a_way_that_waited_for_somebody_attaches_it():
    waiting, jane = find_or_create(SYSTEM, kind="email", value="jane@example.com"), make.customer("Jane")
    assert add_contact_point(SYSTEM, customer=jane.pk, kind="email", value="JANE@example.com").pk == waiting.pk


def test_a_seller_notes_a_number_that_waited_for_somebody_on_customers_of_their_own_only():
    waiting = find_or_create(SYSTEM, kind="email", value="jane@example.com")
    user = workspace.user("seller", team=workspace.team())
    seller = actor_of(user.pk)
    mine, other = make.customer("Jane", owner=user.pk), make.customer("Other")
    with nothing_changes(), pytest.raises(NotFound):
        add_contact_point(seller, customer=other.pk, kind="email", value="jane@example.com")
    assert add_contact_point(seller, customer=mine.pk, kind="email", value="jane@example.com").pk == waiting.pk
    assert ChangeSet.objects.latest("at").actor_id == user.pk


def test_the_customer_shows_the_best_living_way():
    jane = make.customer(
        "Jane", contact_points=[Way(kind="email", value="a@x.org"), Way(kind="email", value="b@x.org")]
    )
    a, b = ContactPoint.objects.order_by("id")
    assert jane.email == "a@x.org"

    def shown():
        jane.refresh_from_db()
        return jane.email

    correct_contact_point(SYSTEM, b.pk, main=True)
    assert shown() == "b@x.org"
    mark_dead(SYSTEM, b.pk, why="550 no such user")
    assert shown() == "a@x.org"
    verify_contact_point(SYSTEM, b.pk, how="answer")
    assert shown() == "b@x.org"
    remove_contact_point(SYSTEM, b.pk)
    assert shown() == "a@x.org"
    correct_contact_point(SYSTEM, a.pk, value="c@x.org")
    assert shown() == "c@x.org"
    assert jane.version == 1


def test_a_corrected_value_has_to_be_verified_anew():
    point = make.contact_point(value="old@x.org")
    verify_contact_point(SYSTEM, point.pk, how="link")
    again = correct_contact_point(SYSTEM, point.pk, value="OLD@x.org")
    assert again.verified_how == "link"
    changed = correct_contact_point(SYSTEM, point.pk, value="new@x.org")
    assert (changed.verified_at, changed.verified_how) == (None, "")


def test_what_is_impossible_cannot_be_verified():
    point = make.contact_point(kind="phone", value="n/a")
    with nothing_changes(), pytest.raises(Conflict, match="contact_point.impossible"):
        verify_contact_point(SYSTEM, point.pk, how="call")


def test_dying_twice_is_told_once():
    point = make.contact_point()
    mark_dead(SYSTEM, point.pk, why="bounced")
    assert mark_dead(SYSTEM, point.pk, why="bounced again").dead_why == "bounced"
    assert EventEntry.objects.filter(name="customers.contact_point_died").count() == 1


def test_many_ways_at_once_as_an_import_writes_them():
    one, two, three = make.customer(), make.customer(), make.customer()
    waiting = find_or_create(SYSTEM, kind="email", value="waiting@x.org")
    make.contact_point(three, value="three@x.org")
    ways = [
        (one.pk, Way(kind="email", value="family@x.org")),
        (two.pk, Way(kind="email", value="Family@X.org")),
        (two.pk, Way(kind="email", value="waiting@x.org")),
        (two.pk, Way(kind="phone", value="0113 496 0001")),
        (three.pk, Way(kind="email", value="three@x.org")),
    ]
    made = add_many(SYSTEM, ways, country="GB")
    assert {(p.customer_id, p.value, p.shared) for p in made} == {
        (one.pk, "family@x.org", False),
        (two.pk, "family@x.org", True),
        (two.pk, "waiting@x.org", False),
        (two.pk, "+441134960001", False),
    }
    assert ContactPoint.objects.get(pk=waiting.pk).customer_id == two.pk
    two.refresh_from_db()
    assert (two.email, two.phone) == ("waiting@x.org", "+441134960001")
    with nothing_changes():
        assert add_many(SYSTEM, ways, country="GB") == []


def test_living_ways_of_many_customers_the_best_first():
    one, two = make.customer(), make.customer()
    dead = make.contact_point(one, value="dead@x.org")
    mark_dead(SYSTEM, dead.pk, why="bounced")
    plain, best = make.contact_point(one, value="a@x.org"), make.contact_point(one, value="b@x.org", main=True)
    assert of_customers([one.pk, two.pk], ["email"]) == {one.pk: [best, plain]}
    assert found("email", "A@X.ORG") == plain


def test_without_the_grant_nothing_is_noted():
    analyst, jane = workspace.actor("analyst"), make.customer()
    with nothing_changes(), pytest.raises(Forbidden):
        add_contact_point(analyst, customer=jane.pk, kind="email", value="a@x.org")
