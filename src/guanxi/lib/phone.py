"""Telephone numbers: one written form (E.164), how they are shown, and how far they can be believed."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, ValidationResult

Verdict = Literal["valid", "possible", "impossible", "missing"]

_FAST_COUNTRIES = ("CN", "FR", "DE", "GB", "HK", "TW", "SG")
_PUNCTUATION = str.maketrans(
    "", "", " -()./\t\u00a0\u202f\u2009\u2010\u2011\u2012\u2013\u2014\u200b\u200e\u200f\u202a\u202c\ufeff"
)
_EXTENSION = re.compile(
    r"(?:;ext=|\bext(?:ension)?\b\.?|\bx|内线|內線|分机|分機|转|轉|#)\s*+[:：]?\s*+(\d{1,7})\s*$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_PLUS_DIGITS = re.compile(r"\+\d{6,15}")


def _fast_pattern(country: str) -> tuple[str, re.Pattern[str]]:
    """Compile what the number tables themselves call a mobile or fixed line number of a country."""
    code = str(phonenumbers.country_code_for_region(country))
    metadata = PhoneMetadata.metadata_for_region(country)
    kinds = [] if metadata is None else [metadata.mobile, metadata.fixed_line]
    patterns = [kind.national_number_pattern for kind in kinds if kind is not None and kind.national_number_pattern]
    return code, re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_FAST: dict[str, tuple[str, re.Pattern[str]]] = {country: _fast_pattern(country) for country in _FAST_COUNTRIES}
_FAST_BY_CODE = dict(_FAST.values())
_TRUNK = {"FR": "0", "DE": "0", "GB": "0", "TW": "0", "CN": "0", "HK": "", "SG": ""}
_NATIONAL = re.compile(r"[1-9]\d{6,11}")


def _tidy(raw: str) -> str:
    """Make full-width characters plain and take the extension and control characters off."""
    text = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
    text = "".join(character for character in text if character.isprintable()).strip()
    if text[:4].casefold() == "tel:":
        text = text[4:]
    return _EXTENSION.sub("", text).strip()


def _fast(text: str, country: str) -> str | None:
    """Answer for the plain case without the number tables' slow parser; None means ask it."""
    bare = text.translate(_PUNCTUATION)
    if _PLUS_DIGITS.fullmatch(bare):
        for length in (2, 3):
            pattern = _FAST_BY_CODE.get(bare[1 : 1 + length])
            if pattern and pattern.fullmatch(bare, 1 + length):
                return bare
        return None
    known = _FAST.get(country)
    if known is None or not _DIGITS.fullmatch(bare):
        return None
    code, pattern = known
    trunk = _TRUNK[country]
    if trunk and bare.startswith(trunk):
        national = bare[1:]
    elif country in ("HK", "SG") or (country == "CN" and len(bare) == 11 and bare[0] == "1"):
        national = bare
    else:
        return None
    return f"+{code}{national}" if _NATIONAL.fullmatch(national) and pattern.fullmatch(national) else None


def _parsed(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None


@lru_cache(maxsize=8_000)  # a batch of a file
def _slow(text: str, country: str) -> tuple[phonenumbers.PhoneNumber | None, Verdict]:
    """Ask the number tables; 00 in front means international wherever it was typed."""
    number = _parsed(text, country)
    if number is not None and phonenumbers.is_valid_number(number):
        return number, "valid"
    bare = text.translate(_PUNCTUATION)
    if bare.startswith("00") and (other := _parsed("+" + bare[2:], country)) and phonenumbers.is_valid_number(other):
        return other, "valid"
    # "Possible locally" is a number without its area code: nobody elsewhere can dial it.
    if number is not None and phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE:
        return number, "possible"
    return None, "impossible"


def read(raw: str, *, country: str) -> tuple[str | None, Verdict]:
    """Give the one written form (+8613812345678) of a number typed in `country` (ISO code), and how far to believe it.

    There is none when it cannot be a number. One that fits a country's plan in length only is kept as possible.
    """
    if fast := _fast(raw, country):
        return fast, "valid"
    text = _tidy(raw)
    if not text:
        return None, "missing"
    if fast := _fast(text, country):
        return fast, "valid"
    number, believed = _slow(text, country)
    return None if number is None else phonenumbers.format_number(number, PhoneNumberFormat.E164), believed


def normalise(raw: str, *, country: str) -> str | None:
    """Give the one written form of a number alone; None when it cannot be one."""
    return read(raw, country=country)[0]


def verdict(raw: str, *, country: str) -> Verdict:
    """Say how far a typed number can be believed."""
    return read(raw, country=country)[1]


def extension(raw: str) -> str | None:
    """Give the extension typed behind a number: 8001 of 010-88888888 转 8001."""
    found = _EXTENSION.search(unicodedata.normalize("NFKC", raw).strip())
    return found.group(1) if found else None


@lru_cache(maxsize=20_000)
def display(e164: str, *, country: str) -> str:
    """Show a number as people of `country` write it: national at home, international from abroad."""
    number = _parsed(e164, country)
    if number is None:
        return e164
    at_home = country and number.country_code == phonenumbers.country_code_for_region(country)
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )


def national_digits(e164: str) -> str:
    """Give the digits behind the country code, as people at home begin to type them."""
    digits = e164.lstrip("+")
    for length in (1, 2, 3):
        if e164.startswith("+") and int(digits[:length] or 0) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return digits[length:]
    return digits


def country_of(e164: str) -> str | None:
    """Give the ISO code of the country a number belongs to."""
    number = _parsed(e164, "ZZ")
    return phonenumbers.region_code_for_number(number) if number is not None else None
