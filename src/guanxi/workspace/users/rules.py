"""What people who work here are called: in full, by their address, and in short."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from guanxi.lib.errors import Conflict, NotFound, Problem
from guanxi.lib.names import PersonName, fold


@dataclass(frozen=True, kw_only=True)
class Called:
    """Somebody who works here, or did."""

    id: UUID
    name: str
    email: str
    left: bool = False


def bare(said: str) -> str:
    """A name as it is compared: without case, accents, blanks and dots."""
    return "".join(char for char in fold(said).casefold() if char.isalnum() or char in "@_-+")


def in_full(one: Called) -> set[str]:
    """The address and the whole name; of one in two scripts each of them."""
    scripts = {" ".join(part) for part in _by_script(one.name) if part}
    return {bare(said) for said in (one.email, one.name, *scripts)} - {""}


def in_short(one: Called) -> set[str]:
    """What colleagues say: the given name, the family name, what stands before the @."""
    parts = [PersonName.parse(" ".join(part)) for part in _by_script(one.name) if part]
    said = [word for part in parts for word in (part.given, part.family)]
    return {bare(word) for word in (*said, one.email.partition("@")[0])} - {""}


def meant(said: Collection[str], people: Iterable[Called]) -> Mapping[str, UUID | Problem]:
    """Whom each of some texts means: somebody called so in full before in short, who is here before who has left."""
    known = list(people)
    ways: dict[bool, dict[str, list[Called]]] = {True: {}, False: {}}
    for one in known:
        for full, names in ((True, in_full(one)), (False, in_short(one))):
            for name in names:
                ways[full].setdefault(name, []).append(one)
    return {text: _one_of(text, ways[True].get(bare(text)) or ways[False].get(bare(text)) or []) for text in said}


def _one_of(text: str, found: list[Called]) -> UUID | Problem:
    here = [one for one in found if not one.left] or found
    if len(here) == 1:
        return here[0].id
    if not here:
        return NotFound("import.no_such_user", text=text[:80])
    return Conflict("import.several_users", text=text[:80], n=len(here))


def _by_script(name: str) -> tuple[list[str], list[str]]:
    """The words of a name in Chinese characters, and its other words."""
    words = name.split()
    han = [word for word in words if any("\u4e00" <= char <= "\u9fff" for char in word)]
    return han, [word for word in words if word not in han]
