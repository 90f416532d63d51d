"""Dates as people type them, in spreadsheets of several countries."""

import re
from calendar import month_abbr
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from guanxi.lib.errors import Invalid

Order = Literal["ymd", "dmy", "mdy"]
_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
_NUMBERS = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_NAME = re.compile(r"(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*\.?[\s,-]+(\d{4})")
_NAME_DAY = re.compile(r"([A-Za-z]{3})[A-Za-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_TIME = re.compile(
    r"(上午|下午|am|pm)?\s*(\d{1,2})[:：点](\d{2})(?:[:：分](\d{2})(?:\.\d+)?)?秒?\s*(am|pm)?", re.IGNORECASE
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's serial number has no zone
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$")


def guess_order(samples: Iterable[str]) -> Order | None:
    """Which of day, month and year comes first; None where nothing in the samples tells day from month."""
    first_over = second_over = False
    for text in samples:
        found = _NUMBERS.match(text.strip())
        if not found:
            continue
        if len(found[1]) == 4:
            return "ymd"
        first_over |= int(found[1]) > 12
        second_over |= int(found[2]) > 12
    if first_over == second_over:
        return None
    return "dmy" if first_over else "mdy"


@lru_cache(maxsize=20_000)
def parse_day(text: str, *, order: Order = "ymd") -> date:
    """A day; an order is needed where the year does not come first."""
    day, _ = _day(text.strip(), order)
    return day


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
            a, b, c = (int(part) for part in found.groups())
            return _dated(a, b, c, "ymd" if len(found[1]) == 4 else order), text[found.end() :]
        if found := _COMPACT.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])), ""
        if found := _DAY_NAME.match(text):
            return date(int(found[3]), _MONTHS[found[2].lower()], int(found[1])), text[found.end() :]
        if found := _NAME_DAY.match(text):
            return date(int(found[3]), _MONTHS[found[1].lower()], int(found[2])), text[found.end() :]
        if _SERIAL.fullmatch(text):
            return (_EXCEL_ZERO + timedelta(days=int(float(text)))).date(), ""
    except (ValueError, KeyError) as problem:
        raise Invalid("date.unreadable", text=text[:40]) from problem
    raise Invalid("date.unreadable", text=text[:40])


def _dated(a: int, b: int, c: int, order: Order) -> date:
    if order == "ymd":
        return date(a, b, c)
    year = c if c > 99 else c + (2000 if c < 70 else 1900)
    return date(year, b, a) if order == "dmy" else date(year, a, b)


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
