"""When the office is open: asked by due times and figures, answered in two statements for as many as they have."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from guanxi.kernel.cases import SECONDS
from guanxi.kernel.models import CLOCK, WORKDAYS, SettingValue
from guanxi.kernel.settings import Held, Setting, history, setting
from guanxi.kernel.time import now
from guanxi.lib.calendar import Calendar, Eras, Opening, add_workdays, add_working
from guanxi.lib.holidays import OwnDay, Workdays
from guanxi.workspace.company.operations import COUNTRY, ZONE
from guanxi.workspace.holidays.queries import CALENDAR, own_days
from guanxi.workspace.holidays.rules import place_of
from guanxi.workspace.office_hours import rules

CHOOSE = "workspace.office_hours.choose"
WEEK = setting("workspace.office_hours.week", default=rules.USUAL, verb=CHOOSE)
READ = (ZONE, COUNTRY, CALENDAR, WEEK)
YEARS_AHEAD = 2
"""How far holidays are looked up; festivals of the moon are known for some years, but nobody promises so far."""


def office_hours(since: datetime) -> Eras:
    """When the office is open from a moment on: each time by what was chosen then, so that no past day changes."""
    chosen = history(*(one.name for one in READ))
    moments = sorted({since, *(value.valid_from for value in chosen if since < value.valid_from <= now())})
    own = tuple(sorted((day, one.works) for day, one in own_days(date(since.year - 1, 12, 31)).items()))
    years = since.year - 1, now().year + YEARS_AHEAD
    return Eras([(moment, _calendar(*_then(chosen, moment), own, years)) for moment in moments])


def falls_due(begins: datetime, promised: Held, unit: str, office: Opening | None = None) -> datetime:
    """When a promise falls due that begins at a moment: by the clock, or by the office hours known or looked up."""
    seconds = float(promised.value * SECONDS[unit])
    if promised.counted_in == CLOCK:
        return begins + timedelta(seconds=seconds)
    open_when = office or office_hours(begins)
    if promised.counted_in == WORKDAYS:
        return add_workdays(begins, round(seconds / SECONDS["days"]), open_when)
    return add_working(begins, timedelta(seconds=seconds), open_when)


def _then(chosen: Sequence[SettingValue], moment: datetime) -> tuple[str, str, str, bytes]:
    """What held at a moment: zone, country, calendar, and the week as a text, by which a calendar can be kept."""
    zone, country, calendar, week = (_value(one, chosen, moment) for one in READ)
    return zone, country, calendar, orjson.dumps(week)


def _value(one: Setting, chosen: Sequence[SettingValue], moment: datetime) -> Any:
    held = [value for value in chosen if value.name == one.name and value.scope is None and value.holds(moment)]
    return max(held, key=lambda value: value.valid_from).value if held else one.default


@lru_cache(maxsize=64)
def _calendar(
    zone: str, country: str, calendar: str, week: bytes, own: tuple[tuple[date, bool], ...], years: tuple[int, int]
) -> Calendar:
    place = place_of(calendar, country)
    days = {day: OwnDay(name="", works=works) for day, works in own}
    workdays = Workdays(country=place.country, subdivision=place.subdivision, own=days)
    return rules.calendar_of(zone, rules.hours_of(orjson.loads(week)), workdays, range(years[0], years[1] + 1))
