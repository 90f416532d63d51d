from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib.errors import Invalid
from guanxi.lib.periods import containing, periods

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/London", "America/Sao_Paulo", "Asia/Beirut", "UTC")]
GRAINS = ["day", "week", "month", "quarter", "year"]
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("grain", "keys"),
    [
        ("day", ["2010-12-31", "2011-01-01"]),
        ("week", ["2010-W52"]),
        ("month", ["2010-12", "2011-01"]),
        ("quarter", ["2010-Q4", "2011-Q1"]),
        ("year", ["2010", "2011"]),
    ],
)
def test_keys(grain, keys):
    assert [period.key for period in periods(grain, date(2010, 12, 31), date(2011, 1, 1), LONDON)] == keys


def test_a_day_of_a_clock_change_has_23_or_25_hours():
    short, long = (containing(datetime(2024, m, d, 12, tzinfo=UTC), "day", LONDON) for m, d in ((3, 31), (10, 27)))
    assert short.end - short.start == timedelta(hours=23)
    assert long.end - long.start == timedelta(hours=25)


def test_a_day_without_midnight_begins_when_the_clock_goes_on():
    found = containing(datetime(2018, 11, 4, 12, tzinfo=UTC), "day", ZoneInfo("America/Sao_Paulo"))
    assert found.start == datetime(2018, 11, 4, 3, tzinfo=UTC)


@given(
    st.sampled_from(GRAINS), st.dates(date(1971, 1, 1), date(2037, 1, 1)), st.integers(0, 800), st.sampled_from(ZONES)
)
def test_no_gap_and_no_overlap(grain, first, days, zone):
    found = periods(grain, first, first + timedelta(days=days), zone)
    assert all(one.end == other.start and one.start < one.end for one, other in pairwise(found))
    assert len({period.key for period in found}) == len(found)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)), st.sampled_from(GRAINS), st.sampled_from(ZONES))
def test_every_moment_is_in_its_period(at, grain, zone):
    moment = at.replace(tzinfo=UTC)
    assert moment in containing(moment, grain, zone)


def test_too_many_are_refused():
    with pytest.raises(Invalid, match=r"period\.too_many"):
        periods("day", date(1, 1, 2), date(9000, 1, 1), LONDON)
