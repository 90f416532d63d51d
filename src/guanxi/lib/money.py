"""Amounts with their currency: exact, never mixed, written as each language writes them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Literal

from babel.numbers import list_currencies

from guanxi.lib.errors import Invalid

Language = Literal["zh-Hans", "zh-Hant", "en"]

# Digits behind the point that differ from two (ISO 4217).
_MINOR_UNITS = {
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "XPF": 0, "RWF": 0,
    "KMF": 0, "GNF": 0, "DJF": 0, "BIF": 0, "VUV": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3,
    "IQD": 3, "LYD": 3,
}  # fmt: skip
# Shown with fewer digits than kept, as everybody in the country writes it.
_SHOWN_UNITS = {"TWD": 0, "HUF": 0, "IDR": 0}

_SYMBOLS = {
    "GBP": "£", "EUR": "€", "USD": "US$", "CNY": "CN¥", "JPY": "JP¥", "TWD": "NT$", "HKD": "HK$",
    "SGD": "S$", "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "KRW": "₩",
    "INR": "₹", "MOP": "MOP$", "THB": "฿", "VND": "₫", "RUB": "₽", "BRL": "R$",
}  # fmt: skip
# What nobody mistakes: the company's own currency, and that of the country whose language it is.
_HOME_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "HKD": "$", "SGD": "$", "AUD": "$", "CAD": "$", "NZD": "$"}
_OF_LANGUAGE = {"zh-Hans": "CNY"}

# Signs people type; several currencies mean that only a hint decides.
_TYPED_SIGNS: dict[str, tuple[str, ...]] = {
    "NT$": ("TWD",), "HK$": ("HKD",), "US$": ("USD",), "S$": ("SGD",), "A$": ("AUD",), "C$": ("CAD",), "R$": ("BRL",),
    "NZ$": ("NZD",), "CN¥": ("CNY",), "JP¥": ("JPY",), "RMB": ("CNY",), "人民币": ("CNY",), "人民幣": ("CNY",),
    "新台币": ("TWD",), "新台幣": ("TWD",), "新臺幣": ("TWD",), "港币": ("HKD",), "港幣": ("HKD",), "美元": ("USD",),
    "日元": ("JPY",), "日圓": ("JPY",), "英镑": ("GBP",), "英鎊": ("GBP",), "欧元": ("EUR",), "歐元": ("EUR",),
    "£": ("GBP",), "€": ("EUR",), "₩": ("KRW",), "₹": ("INR",), "₫": ("VND",), "฿": ("THB",), "₽": ("RUB",),
    "¥": ("CNY", "JPY"), "円": ("JPY",), "元": ("CNY", "TWD", "HKD"), "圆": ("CNY",), "圓": ("TWD", "CNY"),
    "块": ("CNY",), "塊": ("TWD",),
    "$": ("USD", "TWD", "HKD", "SGD", "AUD", "CAD", "NZD", "MXN", "ARS", "CLP", "COP"),
}  # fmt: skip
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_TYPED_SIGNS, key=len, reverse=True)), re.IGNORECASE)
_CODE = re.compile(r"^([A-Za-z]{3})(?![A-Za-z])|(?<![A-Za-z])([A-Za-z]{3})$")
_TENS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "千": 1_000}
_NUMBER = re.compile(r"\d[\d.,]*|[.,]\d+")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise Invalid("money.not_an_amount", amount=str(self.amount))
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise Invalid("money.not_a_currency", currency=self.currency)

    def _same(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            raise Invalid("money.mixed_currencies", one=self.currency, other=other.currency)
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        if isinstance(factor, float) or not isinstance(factor, Decimal | int):
            return NotImplemented
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.amount != 0

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def rounded(self) -> "Money":
        """Round half up to the smallest coin of the currency."""
        return Money(_rounded(self.amount, minor_units(self.currency)), self.currency)

    def ratio(self, other: "Money") -> Decimal:
        """Give how many times `other` this is; both in one currency."""
        if not self._same(other):
            raise Invalid("money.share_of_nothing")
        return self.amount / other.amount

    def split(self, shares: Sequence[int]) -> list["Money"]:
        """Divide by whole shares without losing a coin; the largest remainders get the odd coins."""
        whole = sum(shares)
        if whole <= 0 or min(shares) < 0:
            raise Invalid("money.share_of_nothing")
        coin = Decimal(1).scaleb(-minor_units(self.currency))
        coins = (self.rounded().amount / coin).to_integral_value()
        exact = [coins * share / whole for share in shares]
        parts = [part.to_integral_value(rounding=ROUND_FLOOR) for part in exact]
        odd = int(coins - sum(parts))
        for at in sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))[:odd]:
            parts[at] += 1
        return [Money(part * coin, self.currency) for part in parts]


def _rounded(amount: Decimal, digits: int) -> Decimal:
    try:
        return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise Invalid("money.not_an_amount", amount=str(amount))


def minor_units(currency: str) -> int:
    """Give the digits behind the point that a currency is kept in."""
    return _MINOR_UNITS.get(currency, 2)


@cache
def all_currencies() -> frozenset[str]:
    """The ISO 4217 code of every currency there is or was (Unicode CLDR)."""
    return frozenset(list_currencies())


def currency_of(text: str, *, home: str = "") -> str:
    """The code of a currency that is given by its code, sign or Chinese name; empty for what is none.

    A sign of several currencies stands for the company's own, if it is one of them.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    if said.upper() in all_currencies():
        return said.upper()
    meant = _TYPED_SIGNS.get(said) or _TYPED_SIGNS.get(said.upper(), ())
    return home if home in meant else meant[0] if len(meant) == 1 else ""


def total(amounts: Iterable[Money], *, currency: str) -> Money:
    """Add amounts of one currency; nothing at all is zero of it."""
    summed = Money(Decimal(0), currency)
    for amount in amounts:
        summed = summed + amount
    return summed


def format(money: Money, *, language: Language, home: str = "", exact: bool = False) -> str:
    """Write an amount as a reader of the language expects: £1,234.50, ¥88.00, NT$1,235.

    `home` is the company's currency, which needs no long symbol.
    `exact` keeps all digits of a currency that is usually shown without (NT$1,234.50).
    """
    digits = minor_units(money.currency)
    if not exact:
        digits = min(digits, _SHOWN_UNITS.get(money.currency, digits))
    shown = _rounded(money.amount, digits)
    sign = "-" if shown < 0 else ""
    near = _HOME_SYMBOLS if money.currency in (home, _OF_LANGUAGE.get(language)) else {}
    symbol = near.get(money.currency) or _SYMBOLS.get(money.currency) or f"{money.currency}\u00a0"
    return f"{sign}{symbol}{abs(shown):,.{digits}f}"


def parse(text: str, *, currency: str | None = None, decimal_mark: Literal[".", ","] | None = None) -> Money:
    """Read an amount as people type it: 1,234.50 · ¥1 234 · (12.00) · 1.234,50 · 1.2万 · EUR 12.

    `currency` is what a bare number means and decides between ¥ and ¥; a sign or code in the text that says otherwise
    wins.
    `decimal_mark` is what a column is known to use; without it, a single comma before three digits groups thousands.
    """
    left = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    left, named = _named_currency(left, currency, text)
    left = re.sub(r"[\s'’_]", "", left)
    negative = False
    if left.startswith("(") and left.endswith(")"):
        left, negative = left[1:-1], True
    if left[:1] in ("-", "+") or left[-1:] == "-":
        negative ^= "-" in (left[0], left[-1])
        left = left.strip("+-") if left.count("-") + left.count("+") == 1 else left
    times = _TENS.get(left[-1:], 1)
    if times > 1:
        left = left[:-1]
    if not _NUMBER.fullmatch(left):
        raise Invalid("money.not_an_amount", amount=text)
    amount = Decimal(_plain(left, decimal_mark, text)) * times
    if named is None:
        raise Invalid("money.currency_missing", amount=text)
    return Money(-amount if negative else amount, named)


def _named_currency(left: str, hint: str | None, text: str) -> tuple[str, str | None]:
    """Take the currency's sign or code out of a text; a sign of several currencies needs the hint."""
    if found := _CODE.search(left):
        code = (found.group(1) or found.group(2)).upper()
        if code != "RMB":
            return left[: found.start()] + left[found.end() :], code
    named: str | None = None
    for sign in _SIGN.findall(left):
        meant = _TYPED_SIGNS.get(sign) or _TYPED_SIGNS[sign.upper()]
        this = hint if hint in meant else meant[0] if len(meant) == 1 else None
        if this is None and named is None and hint is None:
            raise Invalid("money.currency_unclear", amount=text, sign=sign)
        if this is None and named is None:
            raise Invalid("money.currency_differs", amount=text, sign=sign, currency=hint)
        if named and this and named != this:
            raise Invalid("money.mixed_currencies", one=named, other=this)
        named = this or named
    return _SIGN.sub("", left), named or hint


def _plain(number: str, decimal_mark: str | None, text: str) -> str:
    """Turn a grouped number into one Decimal reads."""
    mark = decimal_mark or _mark(number)
    grouping = "," if mark == "." else "."
    whole, _, fraction = number.partition(mark)
    groups = whole.split(grouping)
    grouped_well = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(2 <= len(group) <= 4 for group in groups[1:]))
    if not grouped_well or not (fraction or "0").isdecimal() or not ("".join(groups) or "0").isdecimal():
        raise Invalid("money.not_an_amount", amount=text)
    return f"{''.join(groups) or '0'}.{fraction or '0'}"


def _mark(number: str) -> str:
    """Guess the decimal mark of one number: the last of two kinds, or one that cannot group thousands."""
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    if commas == 1 and not re.search(r"\d,\d{3}$", number):
        return ","
    return "," if dots > 1 else "."


def guess_decimal_mark(samples: Iterable[str]) -> Literal[".", ",", "ambiguous"]:
    """Tell which mark a column uses, from those of its numbers that leave no doubt."""
    seen: set[Literal[".", ","]] = set()
    for sample in samples:
        for number in _NUMBER.findall(sample):
            dots, commas = number.count("."), number.count(",")
            if dots and commas:
                seen.add("." if number.rindex(".") > number.rindex(",") else ",")
            elif dots > 1 or commas > 1:
                seen.add("," if dots > 1 else ".")
            elif dots + commas == 1 and not re.search(r"^\d{1,3}[.,]\d{3}$", number):
                seen.add("." if dots else ",")
    return seen.pop() if len(seen) == 1 else "ambiguous"
