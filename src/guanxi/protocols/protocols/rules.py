"""When a protocol is reviewed, which numbers a version puts in force, and what differs between two versions."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Protocol, TypeVar
from uuid import UUID

from guanxi.lib.errors import Conflict

RHYTHM_MONTHS = {"quarter": 3, "half_year": 6}
TOKEN = re.compile(r"\s+|[A-Za-zÀ-ɏ'’]+|\d+(?:[.,]\d+)*|[〇零一二三四五六七八九十百千两兩]+|.", re.DOTALL)
ALIKE = 0.35
COMPARED = (
    "section",
    "text",
    "scope",
    "team_id",
    "measure",
    "standard",
    "value",
    "counted_in",
    "figure_kind",
    "target_share",
)


class ClauseLike(Protocol):
    """What is asked of a clause here."""

    id: UUID
    key: str
    standard: str
    value: Decimal | None
    counted_in: str
    scope: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a wording: the same as before, added or removed."""

    kind: str
    text: str


class WordedLike(Protocol):
    """What is asked of a clause that another may follow."""

    key: str
    text: Any
    standard: str
    scope: Any


C = TypeVar("C", bound=WordedLike)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A number a clause puts in force for a scope."""

    standard: str
    scope: dict[str, Any] | None
    value: int | float
    counted_in: str
    clause: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What became of a clause between two versions; `fields` holds what was and what is."""

    key: str
    kind: str
    fields: Mapping[str, tuple[Any, Any]]


def next_review(day: date, rhythm: str) -> date:
    """The day of the next review: as many months later as the rhythm has, the last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + RHYTHM_MONTHS[rhythm], 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def scope_key(scope: dict[str, Any] | None) -> str:
    """A scope as text, the same for the same scope."""
    return json.dumps(scope, sort_keys=True) if scope else ""


def promises(clauses: Iterable[ClauseLike]) -> dict[tuple[str, str], Promise]:
    """The numbers of a version by standard and scope; the same standard with two of them is refused."""
    found: dict[tuple[str, str], Promise] = {}
    for clause in clauses:
        if not clause.standard or clause.value is None:
            continue
        place = (clause.standard, scope_key(clause.scope))
        given = Promise(
            standard=clause.standard, scope=clause.scope, value=plain_number(clause.value),
            counted_in=clause.counted_in, clause=clause.key, source=f"clause:{clause.id}",
        )  # fmt: skip
        known = found.setdefault(place, given)
        if (known.value, known.counted_in) != (given.value, given.counted_in):
            raise Conflict("protocol.standard_twice", standard=clause.standard, first=known.clause, second=clause.key)
    return found


def successors(
    said: Sequence[tuple[Mapping[str, str], str, dict[str, Any] | None]], before: Sequence[C]
) -> list[C | None]:
    """For each clause (text, standard, scope) the one of the version before that it follows: first by its wording,
    then by its number; each is followed once."""
    left = {clause.key: clause for clause in before}
    found: list[C | None] = [None] * len(said)
    for place, (text, _, _) in enumerate(said):
        worded = (c for c in left.values() if any(text.get(language) == words for language, words in c.text.items()))
        if old := next(worded, None):
            found[place] = left.pop(old.key)
    for place, (_, standard, scope) in enumerate(said):
        same = (
            c for c in left.values() if standard and (c.standard, scope_key(c.scope)) == (standard, scope_key(scope))
        )
        if found[place] is None and (old := next(same, None)):
            found[place] = left.pop(old.key)
    return found


def with_same_wording(text: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """A text with the other languages of the one before, where what it says has not changed; else they are outdated."""
    same = any(text.get(language) == words for language, words in before.items())
    return {**before, **text} if same else dict(text)


def plain_number(value: Decimal) -> int | float:
    """24 rather than 24.0000."""
    return int(value) if value == value.to_integral_value() else float(value)


def difference(old: Iterable[Any], new: Iterable[Any]) -> list[Difference]:
    """What was added, removed and changed, by the keys of the clauses; those that stay the same are left out."""
    before, after = {c.key: c for c in old}, {c.key: c for c in new}
    found = [Difference(key=key, kind="added", fields=_all(None, c)) for key, c in after.items() if key not in before]
    found += [
        Difference(key=key, kind="removed", fields=_all(c, None)) for key, c in before.items() if key not in after
    ]
    for key in before.keys() & after.keys():
        pairs = {name: (getattr(before[key], name), getattr(after[key], name)) for name in COMPARED}
        differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        if differing:
            found.append(Difference(key=key, kind="changed", fields=differing))
    return sorted(found, key=lambda one: one.key)


def wording(old: str, new: str) -> list[Piece]:
    """What was said and what is said, in pieces: by words where words have spaces, else by characters."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:  # another text altogether is easier to read as a whole
        return [Piece(kind=kind, text=text) for kind, text in (("removed", old), ("added", new)) if text]
    found: list[Piece] = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            found.append(Piece(kind="same", text="".join(before[a:b])))
        else:
            sides = (("removed", "".join(before[a:b])), ("added", "".join(after[c:d])))
            found += [Piece(kind=kind, text=text) for kind, text in sides if text]
    return found


def _all(old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    return {name: (old and getattr(old, name), new and getattr(new, name)) for name in COMPARED}
