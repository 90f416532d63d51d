"""Why may we (not) write to her: evidence, words in three languages, the cost, and whose customer it is."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.channels.gate.explaining import answers
from guanxi.channels.gate.models import Approach
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import mark_dead
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.lib.errors import Forbidden, NotFound
from guanxi.workspace.tokens.queries import actor_of
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers as people
from tests.factories import workspace

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon in UTC, the zone of all customers here."""
    with time.frozen(NOON) as clock:
        yield clock


def told(person, purpose="marketing", channel="email", by: Actor = SYSTEM) -> dict:
    """One answer of all."""
    found = answers(by, person.pk)["answers"]
    return next(one for one in found if (one["purpose"], one["channel"]) == (purpose, channel))


def reader(language: str, zone: str = "UTC") -> Actor:
    """Somebody who reads a language at a place."""
    return actor_of(workspace.user("agent", language=language, zone=zone).pk)


@pytest.mark.parametrize(
    ("language", "sentence", "remedy"),
    [
        ("en", "The customer said no to everything on 6 Jan 2026, 20:00 (by a link).", "Only they can take it back"),
        ("zh-Hans", "客户于 2026年1月6日 20:00 拒绝了一切联系（通过链接）。", "只有客户本人可以改变"),
        ("zh-Hant", "客戶於 2026年1月6日 20:00 拒絕了一切聯絡（透過連結）。", "只有客戶本人可以改變"),
    ],
)
def test_a_no_is_said_in_the_readers_language_and_time_with_its_evidence(language, sentence, remedy):
    person = make.customer()
    no = people.consent(person, state="withdrawn", purpose="", how="link", at=NOON - DAY)
    answer = told(person, by=reader(language, "Asia/Shanghai"))
    (reason,) = answer["reasons"]
    assert (answer["allowed"], answer["allowed_from"], answer["reason"]) == (False, None, "consent_withdrawn")
    assert (reason["since"], reason["record"], reason["id"]) == (no.at, "customers.consent", no.pk)
    assert reason["sentence"] == sentence
    assert reason["remedy"].startswith(remedy)


@pytest.mark.parametrize(
    ("language", "sentence", "later"),
    [
        (
            "en",
            "It is a holiday where the customer is: Chinese New Year (Spring Festival), until 23 Feb 2026.",
            "Not before 24 Feb 2026, 08:00",
        ),
        ("zh-Hans", "客户所在地正值节假日：春节，至2026年2月23日。", "2026年2月24日 08:00"),
        ("zh-Hant", "客戶所在地正值假日：春節，至 2026年2月23日。", "2026年2月24日 08:00"),
    ],
)
def test_a_holiday_is_called_by_its_name_with_its_last_day(noon, language, sentence, later):
    person = make.customer(consent="marketing", country="CN", zone="Asia/Shanghai")
    noon.move(datetime(2026, 2, 16, 4, tzinfo=UTC))
    answer = told(person, by=reader(language, "Asia/Shanghai"))
    (reason,) = answer["reasons"]
    assert (reason["reason"], reason["sentence"], reason["passes"]) == ("public_holiday", sentence, True)
    assert later in answer["sentence"]
    assert answer["allowed_from"] == datetime(2026, 2, 24, tzinfo=UTC)


def test_all_that_stands_against_it_is_told_and_when_it_ends():
    person = make.customer(consent="marketing")
    hold = people.hold(person, reason="complaint", until=NOON + 2 * DAY + timedelta(hours=10))
    for days in (1, 2, 3):
        Approach.objects.create(
            customer=person, at=NOON - DAY * days, channel="email", purpose="survey", source_id=uuid4()
        )
    answer = told(person)
    assert [one["reason"] for one in answer["reasons"]] == ["hold", "pressure"]
    assert [(one["id"], one["since"]) for one in answer["reasons"]] == [(hold.pk, NOON), (None, NOON - DAY)]
    assert answer["reasons"][1]["sentence"] == "Contacted 3 times within 7 days, last on 6 Jan 2026, 12:00."
    # The hold ends at ten in the evening of Friday, when there is no room yet; there is on Sunday at noon.
    assert answer["allowed_from"] == NOON + 4 * DAY
    assert answer["sentence"] == "Not before 11 Jan 2026, 12:00"


def test_a_hold_that_ends_in_the_night_is_followed_by_the_morning():
    person = make.customer(consent="marketing")
    people.hold(person, until=NOON + timedelta(hours=10))
    assert told(person)["allowed_from"] == datetime(2026, 1, 8, 8, tzinfo=UTC)


def test_channels_are_those_of_everybody_and_those_they_have():
    person = make.customer()
    channels = ["email", "phone", "visit", "letter"]
    assert list(dict.fromkeys(one["channel"] for one in answers(SYSTEM, person.pk)["answers"])) == channels
    people.contact_point(person, kind="phone", value="+447400123456")
    people.contact_point(person, kind="wechat", value="jane")
    told_of = {one["channel"] for one in answers(SYSTEM, person.pk)["answers"]}
    assert told_of == {*channels, "sms", "wechat"}


def test_a_dead_address_is_named_with_the_day_it_died():
    person = make.customer("jane@customers.test")
    way = ContactPoint.objects.get(customer=person)
    mark_dead(SYSTEM, way.pk, why="5.1.1")
    (reason,) = told(person, "reply")["reasons"]
    assert reason["sentence"] == "Nothing arrives at jane@customers.test since 7 Jan 2026, 12:00."
    assert (reason["record"], reason["id"]) == ("customers.contact_point", way.pk)


def test_it_costs_the_same_whatever_the_history():
    new, old = make.customer(), make.customer()
    for number in range(30):
        people.consent(old, purpose="survey", at=NOON - DAY * (30 - number))
        people.consent(old, state="withdrawn", purpose="survey", at=NOON - DAY * (30 - number))
        people.contact_point(old)
        people.hold(old, source=f"ticket:{number}")
        Approach.objects.create(
            customer=old, at=NOON - DAY * number / 2, channel="email", purpose="survey", source_id=uuid4()
        )
    costs = []
    for person in (new, old):
        with CaptureQueriesContext(connection) as spent:
            answers(SYSTEM, person.pk)
        costs.append(len(spent))
    assert costs[0] == costs[1] == 9


def test_over_http_and_for_nobody_who_may_not_see_her():
    person = make.customer()
    found = Api(workspace.user("owner")).get(f"customers/{person.pk}/may_contact")
    assert len(found["answers"]) == 8 * 4
    seller = actor_of(workspace.holder({"customers.customer.read": 1, "channels.delivery.ask": 4}).pk)
    with pytest.raises(NotFound):
        answers(seller, person.pk)
    with pytest.raises(Forbidden):
        answers(actor_of(workspace.holder({"customers.customer.read": 4}).pk), person.pk)
