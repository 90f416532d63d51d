"""Which days are worked in a country: its public holidays, and the days of a weekend that are worked for them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})
YEARS = range(1990, 2100)
"""The years of which calendars are known; festivals of the moon are computed for no others."""
USUAL = MappingProxyType({"GB": "ENG"})
"""The part of a country that most people live in, where its parts have holidays of their own."""
SPOKEN = {
    "en": ("en_GB", "en_HK", "en_US"),
    "zh-Hans": ("zh_CN", "zh_HK", "zh_TW", "en_GB", "en_US"),
    "zh-Hant": ("zh_TW", "zh_HK", "zh_CN", "en_GB", "en_US"),
}
"""In which languages holidays are named for a reader, the best one first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnDay:
    """A day that somebody chose to have off, or to work, whatever the calendar says."""

    name: str
    works: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """The days of one year that are unlike the others of their week."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Workdays:
    """The calendar of a place; own days come before those of the country. Of no country, Monday to Friday."""

    country: str = ""
    subdivision: str = ""
    own: Mapping[date, OwnDay] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether people work that day."""
        if day in self.own:
            return self.own[day].works
        year = _year(self.country, self.subdivision, day.year)
        return day in year.worked or (day not in year.off and day.weekday() not in _weekend(self.country))

    def off(self, day: date) -> bool:
        """Whether it is a holiday by its own name; an ordinary weekend is none."""
        if day in self.own:
            return not self.own[day].works
        return day in _year(self.country, self.subdivision, day.year).off

    def worked_instead(self, day: date) -> bool:
        """Whether it is a day of the weekend that is worked."""
        return self.works(day) and day.weekday() in _weekend(self.country)

    def holiday(self, day: date) -> bool:
        """Whether it belongs to a holiday: also a weekend that holidays enclose."""
        if self.off(day):
            return True
        return not self.works(day) and bool(self._beside(day, -DAY) and self._beside(day, DAY))

    def last(self, day: date) -> date:
        """The last day of the holiday a day belongs to."""
        while self.holiday(day + DAY):
            day += DAY
        return day

    def name(self, day: date, language: str) -> str:
        """What a day off is called; one that is off for another holiday bears the name of that one."""
        if day in self.own:
            return self.own[day].name
        known = _names(self.country, self.subdivision, day.year, language)
        if day in known:
            return known[day]
        beside = self._beside(day, -DAY) or self._beside(day, DAY)
        return self.name(beside, language) if beside and beside < day else ""

    def title(self, day: date, language: str) -> str:
        """What the whole holiday is called that a day belongs to: as most of its days are."""
        first, last = day, self.last(day)
        while self.holiday(first - DAY):
            first -= DAY
        days = (first + DAY * n for n in range((last - first).days + 1))
        names = Counter(name for one in days if self.off(one) and (name := self.name(one, language)))
        return names.most_common(1)[0][0] if names else ""

    def _beside(self, day: date, step: timedelta) -> date | None:
        """The nearest day off before or after a day, with no working day between."""
        day += step
        while not self.works(day):
            if self.off(day):
                return day
            day += step
        return None


@cache
def countries() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The countries whose calendars are known by their ISO 3166 codes, with their parts: code and name."""
    known = _library().list_supported_countries()
    return {code: _parts(code, parts) for code, parts in known.items() if len(code) == 2}


def _parts(country: str, parts: list[str]) -> tuple[tuple[str, str], ...]:
    if not parts:
        return ()
    names = {code: name for name, code in _library().country_holidays(country).subdivisions_aliases.items()}
    return tuple(sorted(((part, names.get(part, part)) for part in parts), key=lambda one: one[1]))


@cache
def _weekend(country: str) -> frozenset[int]:
    """The days of the week that are not worked; where only one is known, Saturday and Sunday beside it."""
    if country not in countries():
        return WEEKEND
    known: set[int] = _library().country_holidays(country).weekend
    return frozenset(known) if len(known) > 1 else WEEKEND | known


@lru_cache(maxsize=512)
def _year(country: str, subdivision: str, year: int) -> Year:
    if year not in YEARS or country not in countries():
        return Year()
    known = _calendar(country, subdivision, year)
    worked = getattr(known, "weekend_workdays", ())
    return Year(off=frozenset(known), worked=frozenset(day for day in worked if day.year == year))


@lru_cache(maxsize=512)
def _names(country: str, subdivision: str, year: int, language: str) -> Mapping[date, str]:
    """Names in the reader's language; days that are off in exchange for others have none of their own."""
    if year not in YEARS or country not in countries():
        return {}
    offered = _library().country_holidays(country).supported_languages
    known = _calendar(country, subdivision, year, next((one for one in SPOKEN[language] if one in offered), None))
    label = getattr(known, "substituted_label", None)
    exchanged = str(known.tr(label)).partition("%s")[0] if label else ""
    return {day: name for day, name in known.items() if not (exchanged and name.startswith(exchanged))}


def _calendar(country: str, subdivision: str, year: int, language: str | None = None) -> Any:
    return _library().country_holidays(country, subdiv=subdivision or None, years=year, language=language)


def _library() -> Any:
    """Loaded when somebody asks for a day: it takes longer to read than most requests."""
    return import_module("holidays")
