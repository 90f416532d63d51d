"""The calendars by which days are worked: the company's own, and that of any other country."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from guanxi.kernel.settings import setting, together
from guanxi.kernel.time import today
from guanxi.lib.holidays import DAY, USUAL, OwnDay, Workdays
from guanxi.lib.zones import country_of
from guanxi.workspace.company.operations import COUNTRY, ZONE
from guanxi.workspace.holidays.models import Holiday
from guanxi.workspace.holidays.rules import place_of

CHOOSE = "workspace.holiday.choose_calendar"
CALENDAR = setting("workspace.holidays.calendar", default="", verb=CHOOSE)
RECENT = timedelta(days=60)
"""Of the past, what a holiday may reach into that still lasts."""
SHOWN_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Calendars:
    """The company's own calendar, and those of others as the company's rules do not reach them."""

    zone: str
    country: str
    home: Workdays

    def of(self, country: str, zone: str = "") -> Workdays:
        """The calendar of where somebody lives, by their country, else by their zone, else the company's own."""
        lives = country or country_of(zone)
        if not lives or lives == self.country:
            return self.home
        return Workdays(country=lives, subdivision=USUAL.get(lives, ""))


def calendars() -> Calendars:
    """The calendars as they hold now, in two statements."""
    zone, country, chosen = together([ZONE, COUNTRY, CALENDAR])
    place = place_of(chosen, country)
    own = own_days(today(zone) - RECENT)
    home = Workdays(country=place.country, subdivision=place.subdivision, own=own)
    return Calendars(zone=zone, country=country or place.country, home=home)


def own_days(since: date) -> Mapping[date, OwnDay]:
    """What the company chose of single days, from one on."""
    chosen = Holiday.objects.filter(day__gte=since).values_list("day", "name", "works")
    return {day: OwnDay(name=name, works=works) for day, name, works in chosen}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A day that is unlike the others of its week."""

    day: date
    name: str
    works: bool
    public: bool
    """Whether the calendar of the country names it, too."""
    own: bool


def coming(known: Calendars, language: str) -> list[Shown]:
    """The days off and the worked weekends of the coming twelve months, the first one first."""
    begin = today(known.zone)
    public = Workdays(country=known.home.country, subdivision=known.home.subdivision)
    days = (begin + DAY * ahead for ahead in range(SHOWN_DAYS))
    return [
        Shown(
            day=day,
            name=known.home.name(day, language),
            works=known.home.works(day),
            public=public.off(day) or public.worked_instead(day),
            own=day in known.home.own,
        )
        for day in days
        if day in known.home.own or known.home.off(day) or known.home.worked_instead(day)
    ]
