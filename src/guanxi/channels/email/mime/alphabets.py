"""Alphabets of one byte a letter, told apart by how often their letters stand in running text."""

from dataclasses import dataclass

_COMMON = {
    "cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхіѝї",
    "greek": "αοιετσνηυρπκμλωςίόάέή",
    "hebrew": "יוהלאתרבמשנדםעחןק",
    "arabic": "اليمونتربعدةسكفهأحقجش",
    "thai": "านรอกเงมยลวดทสตะปบคหแจพชขใไผสีุั้่า็ิ์",
}
_CHARSETS = {
    "cp1251": "cyrillic", "koi8-r": "cyrillic", "koi8-u": "cyrillic", "iso8859-5": "cyrillic", "cp866": "cyrillic",
    "cp1253": "greek", "iso8859-7": "greek", "cp1255": "hebrew", "iso8859-8": "hebrew", "cp1256": "arabic",
    "iso8859-6": "arabic", "cp874": "thai", "tis-620": "thai", "iso8859-11": "thai",
}  # fmt: skip
_TRIED = ("cp1251", "koi8-r", "iso8859-5", "cp866", "cp1253", "cp1255", "cp1256", "cp874")
_LIKELY, _UNLIKELY, _FEWEST = 0.6, 0.4, 4


@dataclass(frozen=True)
class Reading:
    """Bytes read by one alphabet, and how much they look like its language."""

    text: str
    charset: str
    likeness: float


def is_one(charset: str) -> bool:
    """Whether a charset writes one of the alphabets that are told apart here."""
    return charset in _CHARSETS


def is_unlikely(text: str, charset: str) -> bool:
    """Whether a text read by its label is so unlike its language that another alphabet is tried."""
    return _likeness(text, charset) < _UNLIKELY and sum(1 for letter in text if letter > "\x7f") >= _FEWEST


def likely(raw: bytes) -> Reading | None:
    """The alphabet in which bytes read best; none where no reading looks like a language."""
    if sum(1 for byte in raw if byte > 0x7F) < _FEWEST:
        return None
    read = [one for one in (_reading(raw, charset) for charset in _TRIED) if one is not None]
    best = max(read, key=lambda one: one.likeness, default=None)
    return best if best is not None and best.likeness >= _LIKELY else None


def _reading(raw: bytes, charset: str) -> Reading | None:
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError:
        return None
    return Reading(text, charset, _likeness(text, charset))


def _likeness(text: str, charset: str) -> float:
    """Share of the letters beyond ASCII that are among the commonest small ones of the alphabet."""
    foreign = [letter for letter in text if letter > "\x7f"]
    common = _COMMON[_CHARSETS[charset]]
    return sum(1 for letter in foreign if letter in common) / len(foreign) if foreign else 0.0
