"""Whether a text says one of some words."""

import re
import unicodedata
from collections.abc import Iterable

_LATIN = re.compile(r"[a-z0-9]", re.IGNORECASE)


def said(text: str, words: Iterable[str]) -> str | None:
    """The first of the words that a text says: Latin ones as whole words with their endings, Chinese ones anywhere.

    "refund" is said by "Refunds!" and "refunded", not by "prefund"; full-width letters count as plain ones.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return next((word for word in words if word.strip() and _says(plain, word)), None)


def _says(plain: str, word: str) -> bool:
    wanted = unicodedata.normalize("NFKC", word).casefold().strip()
    if not _LATIN.match(wanted[0]):
        return wanted in plain
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?:s|ed|ing)?(?![a-z0-9])", plain) is not None


def subject(*candidates: str) -> str:
    """What a ticket is called: the first of the candidates that says anything, in one line."""
    return next((" ".join(one.split())[:200] for one in candidates if one.strip()), "")
