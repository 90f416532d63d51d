"""Numbers of spreadsheet cells as text: days, times, shares and padded numbers, as the format of the cell says."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

Kind = Literal["number", "day", "moment", "time", "elapsed", "share", "padded"]
# Formats that a file names by number alone (ECMA-376 part 1, 18.8.30, with those of Chinese editions).
_DAYS = {14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58}
_TIMES = {18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56}
_SHARES = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|am/pm|a/p|上午/下午', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_LAST_DAY = 2_958_466
_SURE = 10**15
"""From here on a spreadsheet has lost the last digits of a number."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """What the format of a cell makes of its number; `width` is how many digits a padded one has."""

    kind: Kind = "number"
    width: int = 0


PLAIN = Format()


def format_of(number: int, code: str | None) -> Format:
    """The meaning of a number format: by its code, else by its number."""
    if code is not None:
        return _written(code)
    if number in _DAYS:
        return Format(kind="day")
    if number in _TIMES:
        return Format(kind="time")
    if number == 22:
        return Format(kind="moment")
    if number == 46:
        return Format(kind="elapsed")
    return Format(kind="share") if number in _SHARES else PLAIN


def _written(code: str) -> Format:
    bare = _QUOTED.sub("", code.split(";")[0])
    if _ELAPSED.search(bare):
        return Format(kind="elapsed")
    bare = _BRACKETS.sub("", bare).lower()
    if bare in ("general", "@"):
        return PLAIN
    if re.fullmatch("0{2,}", bare):
        return Format(kind="padded", width=len(bare))
    if "%" in bare:
        return Format(kind="share")
    clock = bool(re.search("[hs]", bare))
    if re.search("[yd]", bare) or ("m" in bare and not clock):
        return Format(kind="moment" if clock else "day")
    return Format(kind="time") if clock else PLAIN


def shown(text: str, how: Format, *, since_1904: bool = False) -> str:
    """The number of a cell as text; days and times as ISO 8601 writes them."""
    if how is PLAIN and text.isdigit() and len(text) < 16:
        return text
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    if how.kind == "share":
        return f"{_plain(value * 100)}%"
    if how.kind == "padded" and value >= 0 and value == int(value):
        return _plain(value).zfill(how.width)
    if how.kind in ("number", "padded") or not 0 <= value < _LAST_DAY:
        return _plain(value)
    if how.kind == "elapsed":
        return _clock(round(value * 86400))
    return _dated(value, how, since_1904=since_1904)


def _dated(value: Decimal, how: Format, *, since_1904: bool) -> str:
    seconds = round(value * 86400)
    if how.kind == "time" and seconds < 86400:
        return _clock(seconds)
    # Spreadsheets count a 29 February 1900 that never was; before it their days are one further.
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if value >= 60 else 31)  # noqa: DTZ001
    moment = first + timedelta(seconds=int(seconds))
    bare_day = how.kind == "day" and seconds % 86400 == 0
    return f"{moment:%Y-%m-%d}" if bare_day else f"{moment:%Y-%m-%d %H:%M:%S}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _plain(value: Decimal) -> str:
    """A number without its binary tail and without `.0`; one that lost digits keeps the form that shows it."""
    if abs(value) >= _SURE:
        return f"{value:.14E}"
    if abs(value) < 1 / Decimal(_SURE):
        return "0"
    rounded = Decimal(f"{value:.15g}").normalize()
    return f"{rounded:f}"
