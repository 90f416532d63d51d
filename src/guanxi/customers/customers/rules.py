"""How facts about a customer are written."""

from calendar import monthrange
from datetime import date

from guanxi.lib.errors import Invalid

YEARLESS = 1904  # a leap year, so that 29 February has its place


def birthday(text: str) -> tuple[date, bool]:
    """A birthday as written, 1985-03-07 or --03-07 without the year, and whether the year is known."""
    known = not text.startswith("--")
    try:
        return date.fromisoformat(text if known else f"{YEARLESS}-{text[2:]}"), known
    except ValueError as problem:
        raise Invalid("customer.wrong_birthday", value=text[:40]) from problem


def celebrated_on(born: date, year: int) -> date:
    """The day a birthday is celebrated in a year: 29 February on the 28th where there is none."""
    return born.replace(year=year, day=min(born.day, monthrange(year, born.month)[1]))
