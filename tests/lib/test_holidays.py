"""Which days are worked where: holidays of the moon, weekends worked for them, own days, names in three languages."""

import subprocess
import sys
from datetime import date

import pytest

from guanxi.lib.holidays import OwnDay, Workdays, countries


def place(where: str, **own: OwnDay) -> Workdays:
    country, _, part = where.partition("-")
    return Workdays(country=country, subdivision=part, own={date.fromisoformat(day): one for day, one in own.items()})


@pytest.mark.parametrize(
    ("where", "day", "works", "holiday"),
    [
        ("CN", "2026-02-14", True, False),  # a Saturday worked for the festival
        ("CN", "2026-02-15", False, False),  # the Sunday before it
        ("CN", "2026-02-16", False, True),  # New Year's Eve by the moon
        ("CN", "2026-02-20", False, True),  # in exchange for the 14th
        ("CN", "2026-02-21", False, True),  # a Saturday between days off
        ("CN", "2026-02-23", False, True),
        ("CN", "2026-02-24", True, False),
        ("CN", "2026-02-28", True, False),
        ("CN", "2026-12-25", True, False),
        ("TW", "2026-02-20", False, True),  # in exchange for one on a Sunday
        ("TW", "2026-10-10", False, True),
        ("TW", "2026-10-01", True, False),
        ("HK", "2026-02-20", True, False),
        ("HK", "2026-02-21", False, False),  # Saturdays count as free, although shops work there
        ("HK", "2026-10-19", False, True),
        ("GB-ENG", "2026-04-04", False, True),  # the Saturday of Easter
        ("GB-ENG", "2026-04-06", False, True),
        ("GB-SCT", "2026-04-06", True, False),
        ("GB-SCT", "2026-11-30", False, True),
        ("GB-ENG", "2026-12-28", False, True),  # Boxing Day fell on a Saturday
        ("SA", "2026-01-09", False, False),  # a Friday
        ("SA", "2026-01-11", True, False),  # a Sunday
        ("", "2026-12-25", True, False),
        ("", "2026-12-26", False, False),
        ("XX", "2026-12-25", True, False),
        ("CN", "2150-02-17", True, False),  # nobody knows the calendar of that year
    ],
)
def test_a_day_is_worked_or_not(where, day, works, holiday):
    known = place(where)
    assert (known.works(date.fromisoformat(day)), known.holiday(date.fromisoformat(day))) == (works, holiday)


@pytest.mark.parametrize(
    ("where", "day", "last", "titles"),
    [
        ("CN", "2026-02-16", "2026-02-23", ("Chinese New Year (Spring Festival)", "春节", "春節")),
        ("CN", "2026-02-21", "2026-02-23", ("Chinese New Year (Spring Festival)", "春节", "春節")),
        ("TW", "2026-02-18", "2026-02-20", ("Chinese New Year", "春节", "春節")),
        ("GB-ENG", "2026-04-03", "2026-04-06", ("Good Friday", "Good Friday", "Good Friday")),
        ("GB-SCT", "2026-04-03", "2026-04-03", ("Good Friday", "Good Friday", "Good Friday")),
    ],
)
def test_a_holiday_has_one_name_and_a_last_day(where, day, last, titles):
    known, one = place(where), date.fromisoformat(day)
    assert known.last(one) == date.fromisoformat(last)
    assert tuple(known.title(one, language) for language in ("en", "zh-Hans", "zh-Hant")) == titles


def test_a_day_off_in_exchange_for_another_bears_the_name_of_its_holiday():
    days = (date(2026, 1, 2), date(2026, 2, 20), date(2026, 2, 23), date(2026, 10, 7))
    assert [place("CN").name(day, "zh-Hans") for day in days] == ["元旦", "春节", "春节", "国庆节（补假）"]


def test_own_days_come_before_the_calendar():
    off, on = OwnDay(name="Stocktaking", works=False), OwnDay(name="Sale", works=True)
    own = place("GB-ENG", **{"2026-12-24": off, "2026-12-26": on, "2026-12-28": on})
    assert [own.works(date(2026, 12, day)) for day in (23, 24, 25, 26, 27, 28, 29)] == [
        True, False, False, True, False, True, True,
    ]  # fmt: skip
    assert own.last(date(2026, 12, 24)) == date(2026, 12, 25)
    assert own.name(date(2026, 12, 24), "en") == "Stocktaking"
    assert own.worked_instead(date(2026, 12, 26)) and not own.worked_instead(date(2026, 12, 28))


def test_every_country_with_a_calendar_answers_in_every_language():
    assert {"CN", "TW", "HK", "GB", "DE"} <= set(countries())
    assert [code for code, _ in countries()["GB"]] == ["ENG", "NIR", "SCT", "WLS"]
    silent = [
        (country, language)
        for country in countries()
        for language in ("en", "zh-Hans", "zh-Hant")
        for day in [date(2026, 1, 1)]
        if Workdays(country=country).off(day) and not Workdays(country=country).name(day, language)
    ]
    assert silent == []


def test_the_calendars_are_read_only_when_somebody_asks_for_a_day():
    asked = "import sys, guanxi.lib.holidays as known; assert 'holidays' not in sys.modules; known.Workdays().works"
    subprocess.run([sys.executable, "-c", asked], check=True)
