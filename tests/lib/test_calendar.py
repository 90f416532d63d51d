from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.lib.calendar import (
    Calendar,
    Eras,
    Quiet,
    add_workdays,
    add_working,
    always,
    is_open,
    next_allowed,
    next_open,
    workdays_between,
    working_between,
)
from guanxi.lib.errors import Invalid

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
OFFICE = ((time(9), time(12)), (time(13), time(18)))
WEEK = dict.fromkeys(range(5), OFFICE)
OFFICE_SHANGHAI = Calendar(
    SHANGHAI, WEEK, holidays=frozenset({date(2011, 10, 3)}), overrides={date(2011, 10, 8): OFFICE}
)
NIGHT_LONDON = Calendar(LONDON, dict.fromkeys(range(7), ((time(0, 30), time(3)), (time(22), time()))))
CALENDARS = [OFFICE_SHANGHAI, Calendar(LONDON, WEEK), NIGHT_LONDON, always(LONDON)]
moments = st.datetimes(datetime(2011, 1, 1), datetime(2011, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
durations = st.integers(0, 200 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def local(*parts, zone=SHANGHAI):
    return datetime(*parts, tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (local(2011, 9, 28, 10), 1, local(2011, 9, 28, 11)),
        (local(2011, 9, 28, 11), 2, local(2011, 9, 28, 14)),  # over lunch
        (local(2011, 9, 28, 12, 30), 1, local(2011, 9, 28, 14)),  # begun at lunch
        (local(2011, 9, 28, 9), 8, local(2011, 9, 28, 18)),  # the evening, not the next morning
        (local(2011, 9, 30, 17), 2, local(2011, 10, 4, 10)),  # over a weekend and a holiday
        (local(2011, 10, 7, 17), 2, local(2011, 10, 8, 10)),  # into a working Saturday
        (local(2011, 10, 8, 20), 1, local(2011, 10, 10, 10)),
        (local(2011, 9, 28, 20), 0, local(2011, 9, 28, 20)),
    ],
)
def test_add_working(start, hours, due):
    assert add_working(start, timedelta(hours=hours), OFFICE_SHANGHAI) == due


def test_open_and_next_open():
    assert is_open(local(2011, 9, 28, 9), OFFICE_SHANGHAI)
    assert not is_open(local(2011, 9, 28, 12), OFFICE_SHANGHAI)
    assert next_open(local(2011, 9, 28, 12, 10), OFFICE_SHANGHAI) == local(2011, 9, 28, 13)
    assert next_open(local(2011, 10, 1, 12), OFFICE_SHANGHAI) == local(2011, 10, 4, 9)


def test_an_hour_that_does_not_exist_is_not_worked():
    night = local(2024, 3, 31, 0, zone=LONDON), local(2024, 3, 31, 4, zone=LONDON)
    assert working_between(*night, NIGHT_LONDON) == timedelta(hours=1, minutes=30)
    assert working_between(*(at.replace(month=10, day=27) for at in night), NIGHT_LONDON) == timedelta(hours=3.5)


@settings(max_examples=60)
@given(moments, durations, st.sampled_from(CALENDARS))
def test_what_is_added_lies_between(start, duration, calendar):
    due = add_working(start, duration, calendar)
    assert working_between(start, due, calendar) == duration
    assert working_between(due, start, calendar) == -duration


@settings(max_examples=60)
@given(moments, durations, durations, st.sampled_from(CALENDARS))
def test_two_steps_are_one(start, one, other, calendar):
    there = add_working(add_working(start, one, calendar), other, calendar)
    assert working_between(start, there, calendar) == one + other


@settings(max_examples=60)
@given(moments, st.sampled_from(CALENDARS))
def test_next_open_is_open(at, calendar):
    found = next_open(at, calendar)
    assert found >= at
    assert is_open(found, calendar)
    assert working_between(at, found, calendar) == timedelta()


TEA = Calendar(
    SHANGHAI,
    dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(18)))),
    holidays=frozenset(date(2011, 10, day) for day in range(3, 8)),
    overrides={date(2011, 10, 8): ((time(9), time(12)),)},
)
"""A Saturday until noon is worked for the week of the National Day."""


@pytest.mark.parametrize(
    ("start", "days", "ended"),
    [
        (local(2011, 9, 28, 9), 1, local(2011, 9, 29, 18)),  # a Wednesday
        (local(2011, 9, 28, 17, 59), 1, local(2011, 9, 29, 18)),
        (local(2011, 9, 28, 3), 1, local(2011, 9, 29, 18)),  # before anybody came: the day itself is not counted
        (local(2011, 9, 28, 23), 2, local(2011, 9, 30, 18)),
        (local(2011, 9, 24, 12), 1, local(2011, 9, 26, 18)),  # a Saturday
        (local(2011, 9, 30, 17), 1, local(2011, 10, 8, 12)),  # over a week off, until a worked Saturday
        (local(2011, 9, 30, 17), 2, local(2011, 10, 10, 18)),
        (local(2011, 10, 5, 12), 3, local(2011, 10, 11, 18)),
    ],
)
def test_working_days(start, days, ended):
    assert add_workdays(start, days, TEA) == ended
    assert workdays_between(start, ended, TEA) == days
    assert workdays_between(ended, start, TEA) == -days
    assert workdays_between(start, start, TEA) == 0


@settings(max_examples=100)
@given(moments, st.integers(1, 40), st.sampled_from([*CALENDARS, TEA]))
def test_so_many_working_days_end_on_the_last_of_them(start, days, calendar):
    ended = add_workdays(start, days, calendar)
    assert workdays_between(start, ended - timedelta(microseconds=1), calendar) == days
    assert working_between(ended, add_workdays(start, days + 1, calendar), calendar) > timedelta()
    assert is_open(ended - timedelta(microseconds=1), calendar)


def test_working_days_of_a_week_that_changes_are_counted_once():
    changed = local(2011, 9, 28, 15)
    shorter = Calendar(SHANGHAI, dict.fromkeys(range(5), ((time(9), time(14)),)))
    eras = Eras([(local(2011, 9, 1), TEA), (changed, shorter)])
    assert add_workdays(local(2011, 9, 27, 12), 1, eras) == changed
    assert add_workdays(local(2011, 9, 27, 12), 2, eras) == local(2011, 9, 29, 14)
    assert workdays_between(local(2011, 9, 27, 12), local(2011, 9, 29, 12), eras) == 2


@pytest.mark.parametrize(
    ("days", "calendar", "code"), [(0, TEA, "negative"), (1, Calendar(SHANGHAI, {}), "never_open")]
)
def test_no_working_days_are_refused(days, calendar, code):
    with pytest.raises(Invalid, match=code):
        add_workdays(local(2011, 9, 28), days, calendar)


@pytest.mark.parametrize(
    ("calendar", "duration", "code"),
    [
        (Calendar(LONDON, {}), timedelta(hours=1), "calendar.never_open"),
        (always(LONDON), timedelta(hours=-1), "calendar.negative_duration"),
    ],
)
def test_refused(calendar, duration, code):
    with pytest.raises(Invalid) as refused:
        add_working(local(2011, 1, 1), duration, calendar)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "hours", [((time(12), time(9)),), ((time(9), time(13)), (time(12), time(18))), ((time(9), time(9)),)]
)
def test_hours_out_of_order_are_refused(hours):
    with pytest.raises(Invalid, match=r"calendar\.hours_out_of_order"):
        Calendar(LONDON, {0: hours})


NIGHT = Quiet(time(21), time(8))


@pytest.mark.parametrize(
    ("at", "quiet", "allowed"),
    [
        (local(2011, 9, 28, 20, 59), NIGHT, local(2011, 9, 28, 20, 59)),
        (local(2011, 9, 28, 21), NIGHT, local(2011, 9, 29, 8)),
        (local(2011, 9, 29, 3), NIGHT, local(2011, 9, 29, 8)),
        (local(2011, 9, 29, 8), NIGHT, local(2011, 9, 29, 8)),
        (local(2011, 9, 29, 12, 30), Quiet(time(12), time(14)), local(2011, 9, 29, 14)),
        (local(2011, 9, 29, 3), Quiet(time(8), time(8)), local(2011, 9, 29, 3)),
    ],
)
def test_quiet_hours(at, quiet, allowed):
    assert next_allowed(at, quiet, SHANGHAI) == allowed


@given(moments, st.sampled_from([SHANGHAI, LONDON, ZoneInfo("America/Sao_Paulo")]), st.times(), st.times())
def test_what_is_allowed_is_not_quiet(at, zone, start, end):
    quiet = Quiet(start, end)
    found = next_allowed(at, quiet, zone)
    assert at <= found <= at + timedelta(hours=26)
    assert next_allowed(found, quiet, zone) == found
