"""Lengths of time, rings, counts and shares as people write them, in English and both kinds of Chinese."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from guanxi.lib.folding import TO_SIMPLIFIED

SECONDS = {"seconds": 1, "rings": 5, "minutes": 60, "hours": 3600, "days": 86400}
WIDE = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B), 0xFF05, 0xFF0E, 0xFF1C)}


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A number with its unit, where it stands, and how it is said."""

    start: int
    end: int
    value: Decimal
    unit: str
    """seconds, minutes, hours, days, rings, working_days, working_hours, per_week, per_month, share."""
    limit: bool = False
    """Whether the words around it say "at most"."""
    every: bool = False
    """Whether it is a rhythm: once a year."""
    exact: bool = True
    """A month is of no one length, and of two numbers ("two to four hours") only one can be meant."""


def folded(text: str) -> str:
    """The text for recognising: simplified, narrow, small letters; every character keeps its place."""
    plain = text.translate(TO_SIMPLIFIED).translate(WIDE).replace("\u3000", " ")
    return "".join(small if len(small := one.lower()) == 1 else one for one in plain)


DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
ROUND = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: value for value, word in enumerate(ONES)} | dict(zip(ROUND, range(20, 100, 10), strict=True))
SMALL = "one|two|three|four|five|six|seven|eight|nine"
ENGLISH = rf"(?:(?:{'|'.join(ROUND)})(?:[- ](?:{SMALL})\b)?|{'|'.join(WORDS)}|an?)"
HAN = "[零〇一二两三四五六七八九十百千]{1,9}"
NUMBER = rf"(?:\d{{1,9}}(?:[.,]\d{{1,4}})?|{HAN}(?:点{HAN})?)"


def number(said: str) -> Decimal:
    """What a numeral is worth: 24, 2.5, 二十四, 两, 二点五, twenty-four, an."""
    if said[0].isdigit():
        return Decimal(said.replace(",", "."))
    if said in ("a", "an"):
        return Decimal(1)
    if said[0] in WORDS or said[0].isascii():
        return Decimal(sum(WORDS[word] for word in re.split(r"[- ]", said)))
    whole, _, part = said.partition("点")
    tail = "".join(str(DIGITS.get(char, 0)) for char in part)
    return Decimal(f"{_han(whole)}.{tail or 0}") if part else Decimal(_han(whole))


def _han(said: str) -> int:
    if not set(said) & TENS.keys():
        return int("".join(str(DIGITS[char]) for char in said))
    total = last = 0
    for char in said:
        if char in TENS:
            total, last = total + (last or 1) * TENS[char], 0
        else:
            last = DIGITS[char]
    return total + last


UNITS_HAN = (
    (r"秒钟?", "seconds", 1), (r"分钟|分(?=[之以]?内)", "minutes", 1), (r"刻钟", "minutes", 15),
    (r"(?:工作|营业|上班|办公)(?:小时|时)", "working_hours", 1), (r"小时|钟头|时(?=[之以]?内)|h(?![a-z])", "hours", 1),
    (r"(?:工作|营业|上班|办公)[日天]", "working_days", 1), (r"(?:自然|日历)?[日天]", "days", 1),
    (r"周(?!年|[一二三四五六日末])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])", "days", 7),
    (r"月", "days", 30), (r"年", "days", 365), (r"(?:次)?(?:铃声|响铃|铃响|铃)|声|响", "rings", 1),
)  # fmt: skip
UNITS_ENGLISH = (
    (r"seconds?|secs?|s", "seconds", 1), (r"minutes?|mins?", "minutes", 1),
    (r"(?:working|business|office) hours?", "working_hours", 1), (r"hours?|hrs?|h", "hours", 1),
    (r"(?:working|business|office) days?", "working_days", 1), (r"(?:calendar )?days?", "days", 1),
    (r"weeks?", "days", 7), (r"months?", "days", 30), (r"years?", "days", 365), (r"rings?", "rings", 1),
)  # fmt: skip


def _one_of(units: tuple[tuple[str, str, int], ...]) -> str:
    return "|".join(f"(?P<u{place}>{pattern})" for place, (pattern, _, _) in enumerate(units))


LENGTH_HAN = re.compile(rf"(?P<n>{NUMBER})\s*(?P<ge>个)?(?P<half>半)?(?:{_one_of(UNITS_HAN)})(?P<more>半)?")
HALF_HAN = re.compile(rf"(?P<n>半)(?P<ge>个)?(?:{_one_of(UNITS_HAN)})")
LENGTH_ENGLISH = re.compile(
    rf"(?<![\w.,])(?P<n>\d{{1,9}}(?:[.,]\d{{1,4}})?|{ENGLISH})(?P<half> and a half)?"
    rf"[\s-]{{0,3}}(?:{_one_of(UNITS_ENGLISH)})(?![a-z])"
)
HALF_ENGLISH = re.compile(r"\bhalf an? (?P<u>hour|minute|year)\b")
SHARE = re.compile(
    rf"(?P<n>\d{{1,9}}(?:\.\d{{1,4}})?)\s{{0,3}}(?:%|per ?cent)|百分之(?P<han>{NUMBER})"
    r"|(?P<cheng>[五六七八九])成(?P<more>[五])?"
)
TIMES_HAN = re.compile(rf"(?P<n>{NUMBER})\s{{0,3}}[次条封]")
SPAN_HAN = re.compile(r"(每个?周|每个?星期|一周|七天|7天)|(每个?月|一个月|三十天|30天)")
TIMES_ENGLISH = re.compile(
    rf"\b(?P<n>once|twice|\d+|{ENGLISH})(?: (?:times|contacts?|messages?|e-?mails?|calls?|letters?|approaches))?\b"
    r"(?=[^.;]{0,24}?\b(?:a|per|each|every|any|one) (?P<span>week|month)\b)"
)
TIMES_AHEAD = re.compile(
    rf"\b(?:a|per|each|every|any|one) (?P<span>week|month)\b[^.;]{{0,40}}?(?<![\w.,])(?P<n>\d+|{ENGLISH}) times\b"
)
YEARLY = re.compile(
    rf"每隔?(?P<n>{NUMBER})?(?P<ge>个)?(?P<han>半年|季度?|年|月|天)"
    rf"|\b(?:every|each) (?P<e>\d+|{ENGLISH}|)\s?(?P<u>days?|months?|years?)\b"
    r"|\bonce a (?P<o>year|month)\b|\b(?P<y>yearly|annually)\b"
)
AT_MOST = (
    r"(?:不(?:得|能|应|可)?(?:超过|多于|晚于|迟于|高于|长于)|[至最]多|最(?:长|迟|晚|慢)|少于|低于|小于|不到|控制在|限|≤|<=?"
    r"|\b(?:within|in|in under|under|less than|not? (?:more|later|longer) than|at most|up to|inside"
    r"|max(?:imum)?(?: of)?|exceed(?:ing)?|fewer than|below|by))\s*"
)
BEFORE = re.compile(AT_MOST + r"(?:the (?:next|first)|about)?\s*$")
AMONG = re.compile("不(?:得|能|应|可)?(?:超过|多于)|[至最]多|at most|not? more than")
AFTER = re.compile(
    r"\s*+(?:[（(][^）)]{1,8}[）)])?\s*+的?(?:时间|时限|期限)?(?:之内|以内|内|以下|为限)"
    r"|,? (?:or (?:less|sooner|faster|fewer)|at most|at the latest)\b"
)  # fmt: skip
RANGE = re.compile(
    rf"(?:{NUMBER}|{ENGLISH})\s*(?:个|小时|分钟|天|日|hours?|minutes?|days?)?\s*(?:[-–—~～至到]|或|to|or)\s*$"
)
NOT_BEFORE = re.compile(r"(?:第|[×x*/.]\s*|\d\s?[:：]|\d|\d月|月|\d年)$")
NEAR = 48
"""How many characters before a number can say something of it; else a long line would be read over and over."""
NOT_AFTER = re.compile(r"\s*(?:a day\b|/\s*7|[×x*]|热线|营业|待命|开放)")


def amounts(text: str) -> list[Amount]:
    """All amounts of a text in their order; of two that overlap the longer one."""
    plain = folded(text)
    found = sorted(_all(plain), key=lambda one: (one.start, -one.end))
    kept: list[Amount] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _all(plain: str) -> Iterator[Amount]:
    for pattern, units in ((LENGTH_HAN, UNITS_HAN), (HALF_HAN, UNITS_HAN), (LENGTH_ENGLISH, UNITS_ENGLISH)):
        for match in pattern.finditer(plain):
            if (made := _length(plain, match, units)) is not None:
                yield _in_words(plain, made)
    for match in HALF_ENGLISH.finditer(plain):
        value, unit = {"hour": (30, "minutes"), "minute": (30, "seconds"), "year": (182, "days")}[match["u"]]
        exact = match["u"] != "year"
        made = Amount(start=match.start(), end=match.end(), value=Decimal(value), unit=unit, exact=exact)
        yield _in_words(plain, made)
    for match in SHARE.finditer(plain):
        yield Amount(start=match.start(), end=match.end(), value=_share(match), unit="share")
    yield from _counts(plain)
    yield from _rhythms(plain)


def _length(plain: str, match: re.Match[str], units: tuple[tuple[str, str, int], ...]) -> Amount | None:
    given = match.groupdict()
    place = next(n for n in range(len(units)) if given[f"u{n}"] is not None)
    _, unit, times = units[place]
    half = given["n"] == "半"
    value = Decimal("0.5") if half else number(given["n"])
    if given.get("half") or given.get("more"):
        value += Decimal("0.5")
    month, year = times == 30 and units is UNITS_HAN, times == 365
    no_length = (month and not given["ge"]) or (year and value >= 1000)
    no_length = no_length or (given["n"] in ("a", "an") and not BEFORE.search(_ahead(plain, match.start())))
    if no_length or NOT_BEFORE.search(_ahead(plain, match.start())) or NOT_AFTER.match(plain, match.end()):
        return None
    exact = times != 30 and not (half and unit == "days")
    return Amount(start=match.start(), end=match.end(), value=value * times, unit=unit, exact=exact)


def _in_words(plain: str, one: Amount) -> Amount:
    """With what the words around a length say of it."""
    ahead = RANGE.search(_ahead(plain, one.start))
    begun = one.start - len(ahead.group()) if ahead else one.start
    limit = bool(BEFORE.search(_ahead(plain, begun)) or AFTER.match(plain, one.end))
    return replace(one, limit=limit, exact=one.exact and not ahead)


def _ahead(plain: str, place: int) -> str:
    return plain[max(0, place - NEAR) : place]


def _share(match: re.Match[str]) -> Decimal:
    if match["cheng"]:
        return Decimal(DIGITS[match["cheng"]]) / 10 + (Decimal("0.05") if match["more"] else 0)
    return number(match["n"] or match["han"]) / 100


def _counts(plain: str) -> Iterator[Amount]:
    """So many contacts a week or a month."""
    for match in TIMES_HAN.finditer(plain):
        ahead = re.split(r"[。；;！!\n]", _ahead(plain, match.start()))[-1]
        span = list(SPAN_HAN.finditer(ahead))
        if span:
            unit = "per_week" if span[-1][1] else "per_month"
            made = Amount(start=match.start(), end=match.end(), value=number(match["n"]), unit=unit)
            yield replace(_in_words(plain, made), limit=bool(AMONG.search(ahead, span[-1].start())))
    for match in (*TIMES_ENGLISH.finditer(plain), *TIMES_AHEAD.finditer(plain)):
        said = match["n"]
        if said not in ("a", "an"):
            value = Decimal({"once": 1, "twice": 2}.get(said, 0)) or number(said)
            unit = f"per_{match['span']}"
            yield _in_words(plain, Amount(start=match.start("n"), end=match.end("n"), value=value, unit=unit))


def _rhythms(plain: str) -> Iterator[Amount]:
    """Once a year, every six months."""
    days = {"半年": 182, "季": 91, "季度": 91, "年": 365, "月": 30, "天": 1, "day": 1, "month": 30, "year": 365}
    for match in YEARLY.finditer(plain):
        unit = match["han"] or (match["u"] or match["o"] or "year").rstrip("s")
        times = number(match["n"] or match["e"] or "1")
        exact = unit in ("年", "天", "day", "year")
        value = times * days[unit]
        yield Amount(start=match.start(), end=match.end(), value=value, unit="days", every=True, exact=exact)
