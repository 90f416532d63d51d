"""What a record is found by: tokens written on save, and how what somebody types asks for them.

Kinds of token, all in one namespace: words (casefolded, without marks), Chinese characters and pairs of them, pinyin
joined and initials from every character on, `~` + three letters (a piece inside a Latin word), `<` + digits reversed
(the end of a number), whole addresses and `@domain`. Traditional characters are folded into simplified ones, both here
and in the question.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Literal, NamedTuple

from guanxi.lib.han import RUNS, is_han, readings, simplify, spell
from guanxi.lib.names import fold
from guanxi.lib.phone import national_digits

Kind = Literal["words", "name", "phone", "email", "contact"]

LONGEST_TOKEN = 60
LONGEST_QUERY = 200
MOST_GROUPS = 12
_SPELT = 6  # syllables a pinyin token spans: longer than anybody types
_JOINED = re.compile(r"(?<![^\W_])[^\W_]++(?:['’./_-][^\W_]++)+")
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_PHONE_LIKE = re.compile(r"[+(]?\d[\d\s().+/-]*\d")
_NOT_DIGITS = re.compile(r"\D")


class Term(NamedTuple):
    """One token a question asks for, whole or as a beginning."""

    token: str
    prefix: bool = False


Groups = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, as groups of alternatives: every group must be met by one of its terms.

    Ask `exact` first, then (few hits) `infix` and check the text again, then (none) `words` through the vocabulary.
    """

    exact: Groups = ()
    infix: Groups = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exact)


def tokens(text: str, kind: Kind = "words") -> frozenset[str]:
    """Give the tokens a text is found by; "name" adds pinyin, initials and pieces of words.

    "contact" is a number, an address or an account, whichever the text looks like.
    """
    if not text:
        return frozenset()
    if kind == "contact":
        kind = "email" if "@" in text else "phone" if _PHONE_LIKE.fullmatch(fold(text)) else "words"
    if kind == "phone":
        return frozenset(_phone_tokens(text))
    if kind == "email":
        return frozenset(_email_tokens(text))
    return frozenset(_text_tokens(text, deep=kind == "name"))


def _text_tokens(text: str, *, deep: bool) -> Iterator[str]:
    folded = simplify(fold(text.replace("\x00", " ")))
    for run in RUNS.findall(_APOSTROPHES.sub("", folded)):
        if is_han(run[0]):
            yield from _han_tokens(run, deep)
        else:
            yield from _word_tokens(run, deep)
    if not folded.isalnum():
        for joined in _JOINED.findall(folded):
            yield from _joined_tokens(joined)


def _joined_tokens(joined: str) -> Iterator[str]:
    """SO-2024-001 is also found as so2024001, O'Brien also as brien."""
    yield re.sub(r"[\W_]", "", joined)[:LONGEST_TOKEN]
    if _APOSTROPHES.search(joined):
        yield from (part for part in _APOSTROPHES.split(joined) if len(part) > 1)


@lru_cache(maxsize=50_000)
def _word_tokens(word: str, deep: bool) -> tuple[str, ...]:
    word = word[:LONGEST_TOKEN]
    if not deep or len(word) < 4:
        return (word,)
    return (word, *("~" + piece for piece in _pieces(word)))


def _pieces(word: str) -> list[str]:
    return [word[at : at + 3] for at in range(len(word) - 2)]


@lru_cache(maxsize=20_000)
def _han_tokens(run: str, deep: bool) -> frozenset[str]:
    found = set(run)
    found.update(run[at : at + 2] for at in range(len(run) - 1))
    if deep:
        found.update(_spelt_tokens(run))
    return frozenset(found)


def _spelt_tokens(run: str) -> Iterator[str]:
    """Pinyin joined and initials from every character on, as names say it and in all other readings."""
    said = spell(run, surname=1), spell(run, surname=2), spell(run)
    for at in range(len(run)):
        ways = {tuple(way[at : at + _SPELT]) for way in said}
        ways.update(islice(product(*(_all_readings(character) for character in run[at : at + _SPELT])), 8))
        for way in ways:
            yield "".join(way)
            if len(way) > 1:
                yield "".join(syllable[0] for syllable in way)


@lru_cache(maxsize=20_000)
def _all_readings(character: str) -> tuple[str, ...]:
    known = readings(character) or (character,)
    # ü: people type lv, passports say lyu, many just write lu.
    return tuple(dict.fromkeys((*known, *(reading.replace("v", "u") for reading in known))))


def _phone_tokens(text: str) -> Iterator[str]:
    digits = _NOT_DIGITS.sub("", fold(text))[:LONGEST_TOKEN]
    if len(digits) < 2:
        return
    yield digits
    yield "<" + digits[::-1]
    if text.startswith("+"):
        yield national_digits("+" + digits)


def _email_tokens(text: str) -> Iterator[str]:
    address = fold(text.strip())
    local, at, domain = address.rpartition("@")
    if not at:
        yield from _text_tokens(text, deep=True)
        return
    yield address[:LONGEST_TOKEN]
    yield from _domain_tokens(domain)
    yield from _text_tokens(local, deep=True)


@lru_cache(maxsize=8_000)
def _domain_tokens(domain: str) -> tuple[str, ...]:
    return (f"@{domain}"[:LONGEST_TOKEN], *(label for label in domain.split(".")[:-1] if len(label) > 1))


def query(text: str) -> Query:
    """Read what somebody typed into a search box: words, Chinese, pinyin, part of a number or of an address."""
    typed = fold(text.replace("\x00", " "))[:LONGEST_QUERY].strip()
    if _PHONE_LIKE.fullmatch(typed) and len(digits := _NOT_DIGITS.sub("", typed)) >= 7:
        return Query(exact=(_digit_terms(digits),))
    exact: list[tuple[Term, ...]] = []
    infix: list[tuple[Term, ...]] = []
    words: list[str] = []
    for part in typed.split():
        if "@" in part.strip("@") or (part.startswith("@") and len(part) > 1):
            term = (Term(part[:LONGEST_TOKEN], prefix=True),)
            exact.append(term)
            infix.append(term)
            continue
        for run in RUNS.findall(_APOSTROPHES.sub("", simplify(part))):
            asked = _han_groups(run) if is_han(run[0]) else [_word_terms(run)]
            exact.extend(asked)
            infix.extend(asked if is_han(run[0]) else _infix_groups(run))
            if run.isalpha() and not is_han(run[0]):
                words.append(run)
    return Query(exact=tuple(exact[:MOST_GROUPS]), infix=tuple(infix[: 3 * MOST_GROUPS]), words=tuple(words))


def _han_groups(run: str) -> list[tuple[Term, ...]]:
    if len(run) == 1:
        return [(Term(run),)]
    return [(Term(run[at : at + 2]),) for at in range(len(run) - 1)]


def _word_terms(word: str) -> tuple[Term, ...]:
    word = word[:LONGEST_TOKEN]
    return _digit_terms(word) if word.isdecimal() and len(word) >= 3 else (Term(word, prefix=True),)


def _digit_terms(digits: str) -> tuple[Term, ...]:
    """Digits may begin a number, begin it behind a typed 0 or 00, or end it (four and more)."""
    terms = [Term(digits, prefix=True)]
    bare = digits.lstrip("0")
    if bare != digits and len(bare) >= 3:
        terms.append(Term(bare, prefix=True))
    if len(digits) >= 4:
        terms.append(Term("<" + digits[::-1], prefix=True))
    return tuple(terms)


def _infix_groups(word: str) -> list[tuple[Term, ...]]:
    word = word[:LONGEST_TOKEN]
    if len(word) < 3 or word.isdecimal():
        return [_word_terms(word)]
    if len(word) == 3:
        return [(Term(word, prefix=True), Term("~" + word))]
    return [(Term("~" + piece),) for piece in dict.fromkeys(_pieces(word))]


def _quoted(token: str) -> str:
    return "'" + token.replace("\x00", "").replace("\\", "\\\\").replace("'", "''") + "'"


def tsvector_text(found: Iterable[str]) -> str:
    """Write tokens as a PostgreSQL tsvector literal without positions."""
    written = [token for token in sorted(set(found)) if token]
    plain = "' '".join(written)
    if "\x00" in plain or "\\" in plain or plain.count("'") != 2 * (len(written) - 1):
        return " ".join(map(_quoted, written))
    return f"'{plain}'"


def tsquery_text(asked: Groups | str) -> str:
    """Write groups of alternatives, or what somebody typed, as a tsquery literal; nothing asked is an empty text."""
    groups = query(asked).exact if isinstance(asked, str) else asked
    written = (" | ".join(_quoted(term.token) + (":*" if term.prefix else "") for term in group) for group in groups)
    return " & ".join(f"({group})" for group in written if group)


def deletions(word: str) -> frozenset[str]:
    """Give a word and all that is left of it when one letter goes: two words one slip apart share one of them.

    Source: symmetric delete spelling correction (W. Garbe, SymSpell), distance one.
    """
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def deletion_hashes(word: str) -> frozenset[int]:
    """Give the deletions of a word as signed 64-bit numbers, for an index of bigint."""
    return frozenset(_hash(rest) for rest in deletions(word))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def one_slip_apart(typed: str, word: str) -> bool:
    """Tell whether two words differ by one letter missing, added, wrong or swapped with its neighbour."""
    if typed == word:
        return False
    shorter, longer = sorted((typed, word), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((i for i, (one, other) in enumerate(zip(shorter, longer, strict=False)) if one != other), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return shorter[at + 1 :] == longer[at + 1 :] or swapped
