"""A yes is evidence, a no holds at once, the latest decides."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.operations import give_consent, withdraw_consent
from guanxi.customers.consents.queries import standing, standing_of_ways
from guanxi.customers.consents.rules import Statement, deciding
from guanxi.customers.contact_points.operations import attach_contact_point, find_or_create
from guanxi.customers.customers.operations import create_customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import create
from guanxi.lib.errors import Forbidden, Invalid, NotFound, Problem
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def heard(*said):
    return [
        Statement(id=UUID(int=i), state=state, at=DAY + timedelta(days=day), purpose=purpose, channel=channel)
        for i, (state, day, purpose, channel) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([], None),
        ([("given", 0, "marketing", "email")], "given"),
        ([("given", 0, "marketing", "")], "given"),
        ([("given", 0, "survey", "email")], None),
        ([("given", 0, "marketing", "phone")], None),
        ([("given", 0, "marketing", "email"), ("withdrawn", 1, "marketing", "email")], "withdrawn"),
        ([("withdrawn", 1, "marketing", "email"), ("given", 2, "marketing", "email")], "given"),
        ([("given", 0, "marketing", "email"), ("withdrawn", 1, "", "")], "withdrawn"),
        ([("given", 0, "marketing", "email"), ("withdrawn", 1, "", "phone")], "given"),
        ([("given", 0, "marketing", "email"), ("withdrawn", 1, "survey", "")], "given"),
        ([("given", 1, "marketing", "email"), ("withdrawn", 1, "marketing", "email")], "withdrawn"),
        ([("withdrawn", 1, "marketing", "email"), ("given", 1, "marketing", "email")], "withdrawn"),
    ],
)
def test_the_latest_that_speaks_of_it_decides(said, state):
    found = deciding(heard(*said), purpose="marketing", channel="email")
    assert (found and found.state) == state


pytestmark = pytest.mark.django_db


def test_a_yes_keeps_words_language_place_time_and_how():
    jane = make.customer()
    with frozen(DAY):
        consent = give_consent(
            SYSTEM, customer=jane.pk, purpose="marketing", channel="email", wording=" 我同意接收新品消息 ",
            language="zh-Hans", place="https://shop.test/join", how="ticked",
        )  # fmt: skip
    consent.refresh_from_db()
    assert (consent.wording, consent.language, consent.place, consent.how, consent.at) == (
        "我同意接收新品消息", "zh-Hans", "https://shop.test/join", "ticked", DAY,
    )  # fmt: skip
    assert EventEntry.objects.get(name="customers.consent_given").subjects == [consent.pk, jane.pk]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"wording": "  "}, "consent.without_wording at wording"),
        ({"place": ""}, "consent.without_place at place"),
        ({"at": DAY + timedelta(hours=1)}, "consent.in_future"),
        ({"customer": None}, "constraint.consent_is_somebodys"),
    ],
)
def test_a_yes_that_is_no_evidence_is_refused(values, code):
    jane = make.customer()
    given = {"purpose": "marketing", "wording": "Yes", "how": "ticked", "place": "shop", "customer": jane.pk, **values}
    with frozen(DAY), nothing_changes(), pytest.raises(Problem) as refused:
        give_consent(SYSTEM, **given)
    assert code in (
        refused.value.code,
        *(f"{problem.code} at {name}" for name, problem in refused.value.fields.items()),
    )


def test_evidence_is_never_edited():
    consent, api = make.consent(), Api(workspace.user("owner"))
    assert api.client.patch(f"/api/consents/{consent.pk}", "{}", content_type="application/json").status_code == 405


def test_what_stands_for_many_customers_in_one_statement():
    yes, no, silent, other = (make.customer() for _ in range(4))
    make.consent(yes)
    make.consent(no)
    make.consent(no, state="withdrawn")
    make.consent(other, channel="phone")
    with CaptureQueriesContext(connection) as statements:
        found = standing([yes.pk, no.pk, silent.pk, other.pk], "marketing", "email")
    assert len(statements) == 1
    assert [found[one.pk].state for one in (yes, no, silent, other)] == ["given", "withdrawn", "none", "none"]
    assert found[yes.pk].consent == Consent.objects.get(customer=yes).pk


def test_as_of_an_earlier_day_the_earlier_word_stands():
    jane = make.customer()
    with frozen(DAY):
        make.consent(jane)
    with frozen(DAY + timedelta(days=10)):
        make.consent(jane, state="withdrawn")
    assert standing([jane.pk], "marketing", "email", as_of=DAY + timedelta(days=5))[jane.pk].state == "given"
    assert standing([jane.pk], "marketing", "email")[jane.pk].state == "withdrawn"


def test_what_was_said_from_an_unknown_address_counts_once_it_is_known_whose_it_is():
    point, jane = find_or_create(SYSTEM, kind="email", value="jane@x.org"), make.customer("Jane")
    withdraw_consent(SYSTEM, contact_point=point.pk, how="link")
    assert standing([jane.pk], "marketing", "email")[jane.pk].state == "none"
    attach_contact_point(SYSTEM, point.pk, customer=jane.pk)
    assert standing([jane.pk], "marketing", "email")[jane.pk].state == "withdrawn"


def test_of_a_way_counts_what_was_said_of_it_and_of_everything():
    jane = make.customer()
    home, work = make.contact_point(jane), make.contact_point(jane)
    with frozen(DAY):
        give_consent(
            SYSTEM, contact_point=home.pk, purpose="marketing", channel="email", wording="Yes", how="ticked", place="x"
        )

    def states():
        return [standing_of_ways([home.pk, work.pk], "marketing", "email")[p.pk].state for p in (home, work)]

    assert Consent.objects.get().customer_id == jane.pk
    assert states() == ["given", "none"]
    with frozen(DAY + timedelta(days=1)):
        withdraw_consent(SYSTEM, customer=jane.pk, how="told")
    assert states() == ["withdrawn", "withdrawn"]


def test_a_word_of_one_says_nothing_of_anothers_way():
    """A yes of A on an address of B would open it, even after B said no."""
    one, other = make.customer(), make.customer()
    way = make.contact_point(other)
    withdraw_consent(SYSTEM, customer=other.pk, purpose="marketing", how="told")
    said = {"customer": one.pk, "contact_point": way.pk, "purpose": "marketing", "wording": "I agree", "how": "ticked"}
    with nothing_changes(), pytest.raises(Invalid, match=r"consent\.way_of_another"):
        give_consent(SYSTEM, place="web", channel="email", **said)
    with nothing_changes(), pytest.raises(Invalid, match=r"consent\.way_of_another"):
        withdraw_consent(SYSTEM, **said)
    create(SYSTEM, Consent, state="given", customer_id=one.pk, contact_point_id=way.pk, purpose="marketing",
        channel="email", how="ticked", wording="noted before")  # fmt: skip
    assert standing_of_ways([way.pk], "marketing", "email")[way.pk].state == "withdrawn"
    assert standing([other.pk], "marketing", "email")[other.pk].state == "withdrawn"


def test_of_a_shared_way_each_holder_speaks_for_themselves():
    mother, child = make.customer(), make.customer()
    hers, his = (make.contact_point(one, value="home@customers.test", shared=True) for one in (mother, child))
    make.consent(mother, contact_point=hers.pk)
    found = standing_of_ways([hers.pk, his.pk], "marketing", "email")
    assert [found[one.pk].state for one in (hers, his)] == ["given", "none"]


def test_who_sees_neither_customer_nor_way_is_not_told_that_they_are_there():
    seller, way = workspace.actor("seller", team=workspace.team()), make.contact_point()
    own = create_customer(seller, name="Mine")
    with nothing_changes(), pytest.raises(NotFound):
        withdraw_consent(seller, customer=own.pk, contact_point=way.pk, how="told")


def test_without_the_grant_nothing_is_noted():
    jane, analyst = make.customer(), workspace.actor("analyst")
    with nothing_changes(), pytest.raises(Forbidden):
        withdraw_consent(analyst, customer=jane.pk, how="told")
