"""When the office is open: the week that was chosen, over holidays and worked weekends; the past stays as it was."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.lib.calendar import is_open, working_between
from guanxi.lib.errors import Forbidden, Invalid
from guanxi.workspace.company.operations import COUNTRY, ZONE
from guanxi.workspace.holidays.operations import put_holiday
from guanxi.workspace.office_hours.operations import Stretch, choose_office_hours
from guanxi.workspace.office_hours.queries import WEEK, office_hours
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)  # a Monday
DAY = timedelta(days=1)


def day(*stretches: str) -> list[Stretch]:
    """A day by its stretches, such as 09:00-12:00."""
    return [Stretch(opens=one.split("-")[0], closes=one.split("-")[1]) for one in stretches]


LUNCH = [*[day("09:00-12:00", "13:00-18:00")] * 5, [], []]


@pytest.fixture(autouse=True)
def clock():
    with time.frozen(NOW) as held:
        choose(SYSTEM, ZONE.name, "Asia/Shanghai")
        choose(SYSTEM, COUNTRY.name, "CN")
        yield held


def worked(*on: int) -> timedelta:
    """How much is worked on a day of 2026."""
    begins = datetime(2026, *on, tzinfo=SHANGHAI)
    return working_between(begins, begins + DAY, office_hours(NOW))


@pytest.mark.parametrize(
    ("on", "hours"),
    [
        ((1, 6), 9),
        ((1, 10), 0),  # a Saturday
        ((2, 17), 0),  # the New Year of the moon
        ((2, 28), 9),  # a Saturday worked for it
    ],
)
def test_a_house_that_said_nothing_works_monday_to_friday_and_as_its_country_does(on, hours):
    assert worked(*on) == timedelta(hours=hours)


def test_worked_days_have_the_hours_of_an_ordinary_day_unless_the_week_has_some_of_theirs():
    choose_office_hours(SYSTEM, week=[*LUNCH[:5], day("10:00-14:00"), []])
    put_holiday(SYSTEM, day=date(2026, 6, 30), name="盘点")
    put_holiday(SYSTEM, day=date(2026, 7, 5), name="大促", works=True)
    assert [worked(*on) / timedelta(hours=1) for on in ((2, 28), (3, 2), (6, 30), (7, 5), (7, 12))] == [4, 8, 0, 8, 0]


def test_a_day_may_go_until_midnight_but_not_beyond():
    choose_office_hours(SYSTEM, week=[*[day("00:00-00:00")] * 6, day("18:00-00:00")])
    assert (worked(1, 6), worked(1, 11)) == (DAY, timedelta(hours=6))


def test_what_is_chosen_holds_from_now_on_and_what_was_counted_stays(clock):
    before = datetime(2026, 1, 5, tzinfo=SHANGHAI)
    choose_office_hours(SYSTEM, week=LUNCH)
    clock.move(datetime(2026, 1, 6, 15, tzinfo=SHANGHAI))
    counted = working_between(before, clock.at, office_hours(before))
    choose_office_hours(SYSTEM, week=[*[day("10:00-16:00")] * 5, [], []])
    assert counted == timedelta(hours=8 + 3 + 2)
    assert working_between(before, clock.at, office_hours(before)) == counted
    assert (worked(1, 6), worked(1, 7)) == (timedelta(hours=3 + 2 + 1), timedelta(hours=6))


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([day("09:00-18:00")] * 6, "office_hours.not_a_week"),
        ([[]] * 7, "office_hours.never_open"),
        ([*LUNCH[:6], day("18:00-18:00")], "office_hours.out_of_order"),
        ([*LUNCH[:6], day("18:00-09:00")], "office_hours.out_of_order"),
        ([*LUNCH[:6], day("22:00-02:00")], "office_hours.out_of_order"),
        ([*LUNCH[:6], day("09:00-12:00", "11:00-18:00")], "office_hours.out_of_order"),
        ([*LUNCH[:6], day("13:00-18:00", "09:00-12:00")], "office_hours.out_of_order"),
        ([*LUNCH[:6], day("18:00-00:00", "19:00-20:00")], "office_hours.out_of_order"),
        ([*LUNCH[:6], day("9:00-18:00")], "setting.not_a_time"),
        ([*LUNCH[:6], day("09:00-24:00")], "setting.not_a_time"),
        ([*LUNCH[:6], day("09:00-1８:00")], "setting.not_a_time"),
        ([*LUNCH[:6], day(*[f"{n:02}:00-{n:02}:30" for n in range(7)])], "office_hours.too_many_stretches"),
    ],
)
def test_a_week_that_cannot_be_is_refused(week, code):
    with nothing_changes(), pytest.raises(Invalid, match=code):
        choose_office_hours(SYSTEM, week=week)


def test_only_who_may_changes_it():
    agent = make.actor("agent")
    with nothing_changes(), pytest.raises(Forbidden):
        choose_office_hours(agent, week=LUNCH)


def test_asking_costs_two_statements_however_much_was_chosen(clock, django_assert_num_queries):
    for hour in range(8, 12):
        clock.advance(timedelta(days=30))
        choose_office_hours(SYSTEM, week=[*[day(f"{hour:02}:00-18:00")] * 5, [], []])
        put_holiday(SYSTEM, day=clock.at.date() + DAY, name="Stocktaking")
    with django_assert_num_queries(2):
        calendar = office_hours(NOW)
    with django_assert_num_queries(0):
        assert not is_open(clock.at + DAY, calendar)


def test_a_page_shows_the_week_and_when_the_office_is_open_next(clock):
    choose_office_hours(SYSTEM, week=LUNCH)
    api = Api(make.user("agent"))
    shown = api.get("office_hours")
    assert (shown["week"], shown["zone"], shown["open"]) == (WEEK.get(), "Asia/Shanghai", True)
    assert datetime.fromisoformat(shown["closes"]) == datetime(2026, 1, 5, 4, tzinfo=UTC)
    clock.move(datetime(2026, 2, 14, 15, tzinfo=SHANGHAI))  # a Saturday worked before the holidays of the New Year
    assert api.get("office_hours")["open"]
    clock.move(datetime(2026, 2, 14, 19, tzinfo=SHANGHAI))
    shown = api.get("office_hours")
    opens = datetime.fromisoformat(shown["opens"])
    assert (shown["open"], opens) == (False, datetime(2026, 2, 24, 9, tzinfo=SHANGHAI))
