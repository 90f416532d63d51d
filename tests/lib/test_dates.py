from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib import dates
from guanxi.lib.errors import Invalid


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2010/12/1", "ymd", date(2010, 12, 1)),
        ("12/1/2010", "mdy", date(2010, 12, 1)),
        ("1.12.2010", "dmy", date(2010, 12, 1)),
        ("1 Dec 2010", "ymd", date(2010, 12, 1)),
        ("1st December 2010", "ymd", date(2010, 12, 1)),
        ("1-Dec-10", "ymd", date(2010, 12, 1)),
        ("1-Dec-69", "ymd", date(1969, 12, 1)),
        ("Sept 3, 2010", "ymd", date(2010, 9, 3)),
        ("2010年12月1日", "ymd", date(2010, 12, 1)),
        ("2010年12月1日 下午3:20", "ymd", date(2010, 12, 1)),
        ("民國99年12月1日", "ymd", date(2010, 12, 1)),
        ("110/12/1", "ymd", date(2021, 12, 1)),
        ("40513", "ymd", date(2010, 12, 1)),
    ],
)
def test_days(text, order, day):
    assert dates.parse_day(text, order=order) == day


@pytest.mark.parametrize(
    "text", ["2010-12-01 rubbish", "99/12/1", "Febtober 3, 2010", "2010-13-01", "2010-12-1 25:00", ""]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Invalid, match=r"date\.unreadable"):
        dates.parse_day(text)


@pytest.mark.parametrize(
    "text", ["2010年12月1日 下午3点20分", "2010-12-01 15:20", "12/1/2010 3:20 PM", "2010/12/1 15时20分"]
)
def test_moments(text):
    assert dates.parse_moment(text, order="mdy") == datetime(2010, 12, 1, 15, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("12月1日", "ymd", date(1904, 12, 1)),
        ("--02-29", "ymd", date(1904, 2, 29)),
        ("1/12", "dmy", date(1904, 12, 1)),
        ("12/1", "mdy", date(1904, 12, 1)),
        ("12月1日", "dmy", date(1904, 12, 1)),
        ("1980-02-29", "ymd", date(1980, 2, 29)),
    ],
)
def test_birthdays(text, order, day):
    assert dates.parse_birthday(text, order=order) == day


def test_no_such_birthday():
    with pytest.raises(Invalid):
        dates.parse_birthday("2/30")


def test_anniversaries():
    assert dates.anniversary(date(1980, 2, 29), 2011) == date(2011, 2, 28)
    assert dates.anniversary(date(1980, 2, 29), 2012) == date(2012, 2, 29)
    assert dates.anniversary(date(1980, 12, 1), 2011) == date(2011, 12, 1)


@given(st.text(max_size=30), st.sampled_from(["ymd", "dmy", "mdy"]))
def test_anything_else_is_refused_with_a_code(text, order):
    for parse in (dates.parse_day, dates.parse_moment, dates.parse_birthday):
        try:
            parse(text, order=order)
        except Invalid as refused:
            assert refused.code == "date.unreadable"


@given(st.dates(date(1000, 1, 1)))
def test_every_way_of_writing_gives_the_day_back(day):
    assert dates.parse_day(day.isoformat()) == day
    assert dates.parse_day(f"{day.day}/{day.month}/{day.year}", order="dmy") == day
    assert dates.parse_day(f"{day.month}/{day.day}/{day.year}", order="mdy") == day
    assert dates.parse_day(f"{day.year}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "5 Sept 2026, 08:07"), ("zh-Hans", "2026年9月5日 08:07"), ("zh-Hant", "2026年9月5日 08:07")],
)
def test_a_moment_in_a_sentence(language, text):
    assert dates.written(datetime(2026, 9, 5, 8, 7, tzinfo=UTC), language) == text
