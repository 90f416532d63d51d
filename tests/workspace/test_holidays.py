"""The company's calendar: whose public holidays count, own days before them, the past as it was."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound, Unknown
from guanxi.workspace.company.operations import COUNTRY, ZONE
from guanxi.workspace.holidays.models import Holiday
from guanxi.workspace.holidays.operations import choose_calendar, put_holiday, remove_holiday
from guanxi.workspace.holidays.queries import calendars, coming
from guanxi.workspace.holidays.rules import Place, place_of
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 7, 20, tzinfo=UTC)  # the 8th already in Shanghai
CHRISTMAS = date(2026, 12, 25)


@pytest.fixture(autouse=True)
def a_company_in_shanghai():
    with time.frozen(NOW) as clock:
        choose(SYSTEM, ZONE.name, "Asia/Shanghai")
        choose(SYSTEM, COUNTRY.name, "CN")
        yield clock


@pytest.mark.parametrize(
    ("chosen", "country", "place"),
    [
        ("", "CN", Place(country="CN")),
        ("", "GB", Place(country="GB", subdivision="ENG")),
        ("", "", Place()),
        ("none", "CN", Place()),
        ("GB", "CN", Place(country="GB", subdivision="ENG")),
        ("DE", "CN", Place(country="DE")),
        ("GB-SCT", "GB", Place(country="GB", subdivision="SCT")),
    ],
)
def test_the_place_whose_holidays_count(chosen, country, place):
    assert place_of(chosen, country) == place


def test_the_coming_year_with_own_days_in_the_readers_language():
    put_holiday(SYSTEM, day=date(2026, 6, 30), name="盘点")
    put_holiday(SYSTEM, day=date(2026, 5, 1), name="大促", works=True)
    days = {one.day: one for one in coming(calendars(), "zh-Hans")}
    assert min(days) >= date(2026, 1, 8) and max(days) <= date(2027, 1, 8)
    assert [(days[day].name, days[day].works, days[day].public, days[day].own) for day in (
        date(2026, 2, 17), date(2026, 2, 28), date(2026, 5, 1), date(2026, 6, 30),
    )] == [
        ("春节", False, True, False), ("", True, True, False), ("大促", True, True, True), ("盘点", False, False, True),
    ]  # fmt: skip
    assert date(2026, 1, 10) not in days  # an ordinary Saturday
    assert {one.day: one.name for one in coming(calendars(), "en")}[date(2026, 6, 19)] == "Dragon Boat Festival"


def test_of_others_the_calendar_of_their_country_and_none_of_our_own_days():
    put_holiday(SYSTEM, day=date(2026, 3, 3), name="Stocktaking")
    known = calendars()
    assert [known.of(*where).off(date(2026, 3, 3)) for where in (("CN",), ("", "Asia/Shanghai"), ("",), ("GB",))] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [known.of(*where).off(CHRISTMAS) for where in (("CN",), ("GB",), ("", "Europe/London"))] == [
        False, True, True,
    ]  # fmt: skip
    assert known.of("GB").off(date(2026, 4, 6))  # Easter Monday, as most people in Britain have it


def test_a_day_is_said_once_and_removed_again():
    first = put_holiday(SYSTEM, day=CHRISTMAS, name=" Christmas ")
    again = put_holiday(SYSTEM, day=CHRISTMAS, name="Christmas party", works=True)
    assert (first.pk, Holiday.objects.count()) == (again.pk, 1)
    assert not calendars().home.off(CHRISTMAS)
    remove_holiday(SYSTEM, first.pk)
    assert Holiday.objects.count() == 0


def test_what_is_past_stays_as_it_was(a_company_in_shanghai):
    today = put_holiday(SYSTEM, day=date(2026, 1, 8), name="Today")
    with nothing_changes(), pytest.raises(Conflict, match="holiday.is_past"):
        put_holiday(SYSTEM, day=date(2026, 1, 7), name="Yesterday, there")
    a_company_in_shanghai.move(datetime(2026, 1, 9, 12, tzinfo=UTC))
    with nothing_changes():
        with pytest.raises(Conflict, match="holiday.is_past"):
            put_holiday(SYSTEM, day=date(2026, 1, 8), name="Otherwise")
        with pytest.raises(Conflict, match="holiday.is_past"):
            remove_holiday(SYSTEM, today.pk)


@pytest.mark.parametrize("calendar", ["XX", "GB-XXX", "CN-", "CN-BJ", "cn", "nowhere"])
def test_an_unknown_calendar_is_refused(calendar):
    with nothing_changes(), pytest.raises(Unknown, match="holiday.unknown_calendar"):
        choose_calendar(SYSTEM, calendar=calendar)


def test_a_day_needs_a_name():
    with nothing_changes(), pytest.raises(Invalid, match="record.invalid"):
        put_holiday(SYSTEM, day=CHRISTMAS, name="  ")


def test_everybody_sees_them_and_who_may_set_rules_changes_them():
    agent, day = make.actor("agent"), make.holiday(day=CHRISTMAS)
    with nothing_changes():
        with pytest.raises(Forbidden):
            put_holiday(agent, day=CHRISTMAS, name="Mine")
        with pytest.raises(Forbidden):
            remove_holiday(agent, day.pk)
        with pytest.raises(Forbidden):
            choose_calendar(agent, calendar="none")
        with pytest.raises(NotFound):
            remove_holiday(SYSTEM, uuid4())
    assert Api(make.user("agent")).get("calendar")["country"] == "CN"


def test_over_http():
    api = Api(make.user("owner", language="en"))
    made = api.post("holidays", {"day": "2026-12-24", "name": "Stocktaking"}, status=201)
    api.post("holidays/choose_calendar", {"calendar": "GB-SCT"})
    told = api.get("calendar")
    assert (told["calendar"], told["country"], told["subdivision"]) == ("GB-SCT", "GB", "SCT")
    assert told["usual"] == "ENG" and ["SCT", "Scotland"] in told["countries"]["GB"]
    days = {one["day"]: one for one in told["days"]}
    assert days["2026-12-24"] == {
        "day": "2026-12-24", "name": "Stocktaking", "works": False, "public": False, "own": True, "id": made["id"],
    }  # fmt: skip
    assert days["2026-11-30"]["name"] == "Saint Andrew's Day"


def test_it_costs_two_statements_however_many_days():
    for day in range(1, 20):
        put_holiday(SYSTEM, day=date(2026, 3, day), name="Closed")
    with CaptureQueriesContext(connection) as spent:
        assert calendars().home.last(date(2026, 3, 1)) == date(2026, 3, 19)
    assert len(spent) == 2
