"""E-mail addresses: one written form, how two are compared, and how far they can be believed."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Verdict = Literal["valid", "possible", "impossible", "missing"]

_IN_ANGLES = re.compile(r"<([^<>]*)>\s*$")
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])+"')
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")

# Domains that are almost always slips of the hand.
_SLIPS = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmal.com": "gmail.com", "gamil.com": "gmail.com",
    "gmail.co": "gmail.com", "gnail.com": "gmail.com", "hotmial.com": "hotmail.com", "hotmai.com": "hotmail.com",
    "hotmal.com": "hotmail.com", "outlok.com": "outlook.com", "outloook.com": "outlook.com", "yaho.com": "yahoo.com",
    "yahooo.com": "yahoo.com", "qq.co": "qq.com", "qq.om": "qq.com", "163.co": "163.com", "126.co": "126.com",
    "iclod.com": "icloud.com", "icoud.com": "icloud.com", "sina.co": "sina.com", "foxmial.com": "foxmail.com",
}  # fmt: skip
_LAST_LABEL_SLIPS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "cim": "com", "vom": "com", "xom": "com"}


def _bare(raw: str) -> str:
    """Take off what surrounds an address: a display name, mailto:, quotes, full-width and invisible characters."""
    text = _INVISIBLE.sub("", raw if raw.isascii() else unicodedata.normalize("NFKC", raw)).strip()
    if found := _IN_ANGLES.search(text):
        text = found.group(1).strip()
    if text[:7].casefold() == "mailto:":
        text = text[7:].partition("?")[0]
    text = text.rstrip(".,;:、。，；").strip()
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "'" else text


@lru_cache(maxsize=8_000)
def _domain(written: str) -> str | None:
    """Give a domain in the form machines use (xn--…), lower case; None when it cannot be one."""
    try:
        domain = written.encode("idna").decode("ascii").lower() if not written.isascii() else written.lower()
    except UnicodeError:
        return None
    labels = domain.split(".")
    good = len(labels) > 1 and len(domain) <= 253 and all(map(_LABEL.fullmatch, labels))
    return domain if good and _LAST_LABEL.fullmatch(labels[-1]) else None


@lru_cache(maxsize=8_000)  # a batch of a file
def normalise(raw: str) -> str | None:
    """Give an address as it is written to: the domain in ASCII and lower case, the part before @ as typed.

    Plus-tags and dots are kept: they are part of the address. Compare with `key`, not with this.
    """
    local, at, written = _bare(raw).rpartition("@")
    if not at or len(local.encode()) > 64 or not _LOCAL.fullmatch(local):
        return None
    domain = _domain(written)
    if domain is None or len(local.encode()) + 1 + len(domain) > 254:
        return None
    return f"{local}@{domain}"


def key(raw: str) -> str | None:
    """Give what two spellings of one address have in common: no provider tells Jane@ from jane@."""
    address = normalise(raw)
    return None if address is None else unicodedata.normalize("NFC", address.casefold())


def display(address: str) -> str:
    """Show an address as people read it, a domain in its own script."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address


def suggestion(raw: str) -> str | None:
    """Give the address that was probably meant when the domain looks like a slip of the hand."""
    address = normalise(raw)
    if address is None:
        return None
    local, _, domain = address.rpartition("@")
    front, _, last = domain.rpartition(".")
    meant = _SLIPS.get(domain) or (f"{front}.{_LAST_LABEL_SLIPS[last]}" if last in _LAST_LABEL_SLIPS else None)
    return f"{local}@{_SLIPS.get(meant, meant)}" if meant else None


def verdict(raw: str) -> Verdict:
    """Say how far a typed address can be believed; "possible" looks like a slip of the hand."""
    if not raw.strip():
        return "missing"
    if normalise(raw) is None:
        return "impossible"
    return "possible" if suggestion(raw) else "valid"
