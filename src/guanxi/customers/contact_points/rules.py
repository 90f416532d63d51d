"""The one written form of a way to reach somebody."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from guanxi.lib import email_address, phone
from guanxi.lib.errors import Invalid

Kind = Literal["email", "phone", "mobile", "wechat", "whatsapp", "line", "address", "other"]
LONGEST = 320
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A way as it is stored: one spelling for all spellings, what was typed, and how far it can be believed."""

    kind: str
    value: str
    raw: str
    verdict: Literal["valid", "possible", "impossible"]


@lru_cache(maxsize=20_000)
def written(kind: str, typed: str, *, country: str = "") -> Written:
    """Bring what was typed into the one written form; what cannot be one is kept as typed and marked impossible.

    A number is one way, whether it rings on a desk or in a pocket: `mobile` is written as `phone`.
    """
    raw = _SPACES.sub(" ", unicodedata.normalize("NFC", typed.replace("\x00", ""))).strip()
    if not raw:
        raise Invalid("contact_point.empty")
    if len(raw) > LONGEST:
        raise Invalid("contact_point.too_long", most=LONGEST)
    if kind == "email":
        address = email_address.key(raw)
        return Written(kind=kind, value=address or raw, raw=raw, verdict=_believed(email_address.verdict(raw)))
    if kind in ("phone", "mobile", "whatsapp"):
        number, verdict = phone.read(raw, country=country)
        stored = "whatsapp" if kind == "whatsapp" else "phone"
        return Written(kind=stored, value=number or raw, raw=raw, verdict=_believed(verdict))
    value = raw if kind in ("address", "other") else raw.removeprefix("@").casefold()
    return Written(kind=kind, value=value or raw, raw=raw, verdict="valid")


def _believed(verdict: str) -> Literal["valid", "possible", "impossible"]:
    return "valid" if verdict == "valid" else "possible" if verdict == "possible" else "impossible"
