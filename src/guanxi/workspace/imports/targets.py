"""What can be imported: each noun declares how its rows are read and written; nothing here knows a noun."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from guanxi.kernel.actor import Actor
from guanxi.lib.errors import Invalid, Problem

Kind = Literal["text", "number", "moment", "day", "yes_no", "email", "phone", "choice"]
Outcome = Literal["created", "updated", "skipped"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A value a row may bring: its kind, whether it must be there, and what its heading may be called."""

    kind: Kind = "text"
    required: bool = False
    headings: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    longest: int | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the file with its values understood; `ordinal` counts the rows of its document from 1.

    `country` is where phone numbers without a code are from, as whoever brought the file said.
    """

    number: int
    values: Mapping[str, Any]
    ordinal: int = 1
    country: str = ""


@dataclass(kw_only=True)
class Result:
    """What became of some rows: how many of each, and what is wrong with those that could not be taken."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A noun that can be imported; `document` names the column whose equal values belong together.

    `place` names the column that says which line of its document a row is; where a file has none, rows are counted.
    """

    noun: str
    permission: str
    columns: Mapping[str, Column]
    write: Callable[[Actor, Sequence[Line]], Result]
    document: str | None = None
    place: str | None = None


_targets: dict[str, Target] = {}


def importable(target: Target) -> Target:
    """Declare that a noun can be imported."""
    if target.noun in _targets:
        raise LookupError(f"{target.noun} is declared twice")
    _targets[target.noun] = target
    return target


def targets() -> dict[str, Target]:
    """Every noun that can be imported, by its plural."""
    return dict(_targets)


def of_noun(noun: str) -> Target:
    """The target of a noun."""
    if noun not in _targets:
        raise Invalid("import.unknown_noun", noun=noun, known=", ".join(sorted(_targets)))
    return _targets[noun]
