"""Which calendar counts, and which days may still be changed."""

from dataclasses import dataclass
from datetime import date

from guanxi.lib.errors import Conflict, Unknown
from guanxi.lib.holidays import USUAL, countries

NONE = "none"
"""The choice of no public holidays at all; without a choice those of the company's own country count."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A country, and the part of it where that has holidays of its own."""

    country: str = ""
    subdivision: str = ""


def place_of(chosen: str, country: str) -> Place:
    """The place whose public holidays count: the chosen one (GB-SCT, CN), else the company's own country."""
    if chosen == NONE:
        return Place()
    code, _, part = (chosen or country).partition("-")
    return Place(country=code, subdivision=part or USUAL.get(code, ""))


def require_calendar(chosen: str) -> None:
    """Refuse a country or a part of one of which no calendar is known."""
    parts = (f"{code}-{part}" for code, known in countries().items() for part, _ in known)
    known = {"", NONE, *countries(), *parts}
    if chosen not in known:
        raise Unknown("holiday.unknown_calendar", chosen, sorted(known - {""}), calendar=chosen[:40])


def require_to_come(day: date, today: date) -> None:
    """Refuse to change a day that is past: what was decided by it stays explained by it."""
    if day < today:
        raise Conflict("holiday.is_past", on=day)
