"""Time in office hours is the same in SQL as in the library, to the microsecond."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.office_time import OPEN_STRETCHES, arrays, until_workdays, until_worked, workdays_in, worked_in
from guanxi.lib.calendar import Calendar, Eras, add_workdays, add_working, workdays_between, working_between

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
LUNCH = ((time(9), time(12)), (time(13), time(18)))
OFFICE = Calendar(SHANGHAI, dict.fromkeys(range(5), LUNCH), holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}))
NIGHTS = Calendar(LONDON, dict.fromkeys(range(7), ((time(0, 30), time(3)), (time(22), time()))))
CHANGED = datetime(2026, 10, 20, 7, 30, tzinfo=UTC)
BEGIN, END = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
CALENDARS = [OFFICE, NIGHTS, Eras([(BEGIN, OFFICE), (CHANGED, NIGHTS)])]
moments = st.datetimes(BEGIN.replace(tzinfo=None), datetime(2026, 11, 30)).map(lambda at: at.replace(tzinfo=UTC))
lengths = st.one_of(
    st.integers(1, 100 * 3600).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(1, 10**10).map(lambda micro: timedelta(microseconds=micro)),
)


def said(expression: str, calendar, at: datetime, seconds: float | None) -> float | None:
    """What PostgreSQL makes of an expression for one case."""
    sql = f"SELECT {expression} FROM (SELECT %s::timestamptz AS case_at, %s::float8 AS n) AS cases, {OPEN_STRETCHES}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [at, seconds, *arrays(lambda _: calendar, BEGIN, END)])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(moments, lengths, st.sampled_from(CALENDARS))
def test_sql_counts_as_the_library_does(at, length, calendar):
    worked = working_between(at, at + length, calendar)
    assert said(worked_in("n"), calendar, at, length.total_seconds()) == pytest.approx(worked.total_seconds(), abs=4e-7)
    due = add_working(at, length, calendar) - at
    assert said(until_worked("n"), calendar, at, length.total_seconds()) == pytest.approx(due.total_seconds(), abs=9e-7)
    assert said(until_worked("n"), calendar, at, length.total_seconds()) > due.total_seconds()


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(moments, lengths, st.integers(1, 15), st.sampled_from(CALENDARS))
def test_sql_counts_working_days_as_the_library_does(at, length, days, calendar):
    passed = workdays_between(at, at + length, calendar)
    assert said(workdays_in("n"), calendar, at, length.total_seconds()) == passed * 86400
    due = (add_workdays(at, days, calendar) - at).total_seconds()
    assert said(until_workdays("n"), calendar, at, days * 86400) == pytest.approx(due, abs=9e-7)
    assert said(until_workdays("n"), calendar, at, days * 86400) > due


@pytest.mark.django_db
def test_the_day_that_is_not_over_ends_when_the_office_closes():
    """Arrays that reach to the middle of a day know its end, so that nobody is late at three in the afternoon."""
    at, now = datetime(2026, 9, 28, 2, tzinfo=UTC), datetime(2026, 9, 29, 7, tzinfo=UTC)
    sql = (
        f"SELECT {until_workdays('n')} FROM (SELECT %s::timestamptz AS case_at, 86400 AS n) AS cases, {OPEN_STRETCHES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [at, *arrays(lambda _: OFFICE, BEGIN, now)])
        assert cursor.fetchone()[0] == pytest.approx((datetime(2026, 9, 29, 10, tzinfo=UTC) - at).total_seconds())


@pytest.mark.django_db
def test_what_is_not_over_is_worth_nothing_and_what_is_to_come_never_late():
    assert said(worked_in("n"), OFFICE, BEGIN, None) is None
    assert said(until_worked("n"), OFFICE, BEGIN, 10_000 * 3600) == float("inf")
    assert said(workdays_in("n"), OFFICE, BEGIN, None) is None
    assert said(until_workdays("n"), OFFICE, BEGIN, 10_000 * 86400) == float("inf")


def test_calendars_that_follow_one_another_leave_no_gap_and_count_nothing_twice():
    eras = Eras([(BEGIN, OFFICE), (CHANGED, NIGHTS)])
    before, after = working_between(BEGIN, CHANGED, OFFICE), working_between(CHANGED, END, NIGHTS)
    assert working_between(BEGIN, END, eras) == before + after
    assert add_working(CHANGED - timedelta(hours=1), timedelta(hours=2), eras) == datetime(2026, 10, 20, 22, tzinfo=UTC)
