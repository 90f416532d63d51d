"""Dates as people type them, in spreadsheets of several countries."""

import re
from calendar import month_abbr, month_name
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from guanxi.lib.errors import Invalid

Order = Literal["ymd", "dmy", "mdy"]
_MONTHS = {name.lower(): number for names in (month_abbr, month_name) for number, name in enumerate(names) if name}
_MONTHS["sept"] = 9
_NUMBERS = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_REPUBLIC = re.compile(r"民[國国]\s*(\d{1,3})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?[\s,-]+(\d{4}|\d{2}(?!\d))")
_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_WITHOUT_YEAR = re.compile(r"(?:--)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_YEARLESS = 1904
_TIME = re.compile(
    r"(上午|下午|am|pm)?\s*(\d{1,2})[:：点點时時](\d{2})分?(?:[:：]?(\d{2})(?:\.\d+)?秒?)?\s*(am|pm)?", re.IGNORECASE
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's serial number has no zone
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$")


def written(moment: datetime, language: str) -> str:
    """A moment in a sentence, by its own clock: `26 Nov 2026, 14:30`, 2026年11月26日 14:30."""
    between = " " if language.startswith("zh") else ", "
    return f"{written_day(moment, language)}{between}{moment:%H:%M}"


def written_day(day: date, language: str) -> str:
    """A day in a sentence: `26 Nov 2026`, 2026年11月26日."""
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    month = "Sept" if day.month == 9 else month_abbr[day.month]
    return f"{day.day} {month} {day.year}"


def guess_order(samples: Iterable[str]) -> Order | None:
    """Which of day, month and year comes first; None where nothing in the samples tells day from month.

    A year that comes first is read in any order: it says nothing of the others.
    """
    first_over = second_over = year_leads = False
    for text in samples:
        found = _NUMBERS.match(text.strip())
        if not found:
            continue
        if len(found[1]) > 2:
            year_leads = True
            continue
        first_over |= int(found[1]) > 12
        second_over |= int(found[2]) > 12
    if first_over == second_over:
        return "ymd" if year_leads else None
    return "dmy" if first_over else "mdy"


@lru_cache(maxsize=20_000)
def parse_day(text: str, *, order: Order = "ymd") -> date:
    """A day; an order is needed where the year does not come first."""
    said = text.strip()
    day, rest = _day(said, order)
    _time(rest, said)
    return day


def parse_birthday(text: str, *, order: Order = "ymd") -> date:
    """A birthday; without its year (12月1日, 1/12) it stands in 1904, a leap year, so that 29 February has a place."""
    found = _WITHOUT_YEAR.fullmatch(text.strip())
    if not found:
        return parse_day(text, order=order)
    first, second = int(found[1]), int(found[2])
    try:
        return date(_YEARLESS, *((second, first) if order == "dmy" and "月" not in text else (first, second)))
    except ValueError as problem:
        raise Invalid("date.unreadable", text=text[:40]) from problem


def anniversary(day: date, year: int) -> date:
    """The day in another year; 29 February is kept on the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


@lru_cache(maxsize=20_000)
def parse_moment(text: str, *, order: Order = "ymd", zone: str = "UTC") -> datetime:
    """A moment, in the zone where the text names none; a bare day is its first moment."""
    said = text.strip()
    if _ZONED.match(said):
        try:
            return datetime.fromisoformat(said.replace("Z", "+00:00"))
        except ValueError as problem:
            raise Invalid("date.unreadable", text=said[:40]) from problem
    if _SERIAL.fullmatch(said):
        return (_EXCEL_ZERO + timedelta(days=float(said))).replace(tzinfo=ZoneInfo(zone))
    day, rest = _day(said, order)
    return datetime.combine(day, _time(rest, said), ZoneInfo(zone))


def _day(text: str, order: Order) -> tuple[date, str]:
    try:
        if found := _NUMBERS.match(text):
            if order == "ymd" and len(found[1]) < 3 and len(found[3]) == 4:
                order = _told(found)
            a, b, c = (int(part) for part in found.groups())
            return _dated(a, b, c, "ymd" if len(found[1]) > 2 else order), text[found.end() :]
        if found := _REPUBLIC.match(text):
            return date(int(found[1]) + 1911, int(found[2]), int(found[3])), text[found.end() :]
        if found := _COMPACT.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])), ""
        if found := _DAY_NAME.match(text):
            return date(_year(int(found[3])), _MONTHS[found[2].lower()], int(found[1])), text[found.end() :]
        if found := _NAME_DAY.match(text):
            return date(int(found[3]), _MONTHS[found[1].lower()], int(found[2])), text[found.end() :]
        if _SERIAL.fullmatch(text):
            return (_EXCEL_ZERO + timedelta(days=int(float(text)))).date(), ""
    except (ValueError, KeyError) as problem:
        raise Invalid("date.unreadable", text=text[:40]) from problem
    raise Invalid("date.unreadable", text=text[:40])


def _told(found: re.Match[str]) -> Order:
    """The order in which a day stands that ends with its year; most months tell nothing."""
    guessed = guess_order([found[0]])
    if guessed is None:
        raise Invalid("date.which_order", text=found[0][:40])
    return guessed


def _dated(a: int, b: int, c: int, order: Order) -> date:
    if order == "ymd":
        # 110/12/1 can only be the Republic's year; 99/12/1 could be 1999 or 2010, so nobody guesses.
        return date(a + 1911 if 100 <= a < 200 else a if a > 999 else 0, b, c)
    return date(_year(c), b, a) if order == "dmy" else date(_year(c), a, b)


def _year(written: int) -> int:
    """Two digits as POSIX reads them: 69 to 99 in the last century."""
    return written if written > 99 else written + (2000 if written < 69 else 1900)


def _time(rest: str, whole: str) -> time:
    said = rest.strip().lstrip("T").strip()
    if not said:
        return time()
    found = _TIME.fullmatch(said)
    if not found:
        raise Invalid("date.unreadable", text=whole[:40])
    half = (found[1] or found[5] or "").lower()
    hour = int(found[2])
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    if half in ("上午", "am") and hour == 12:
        hour = 0
    try:
        return time(hour, int(found[3]), int(found[4] or 0))
    except ValueError as problem:
        raise Invalid("date.unreadable", text=whole[:40]) from problem
