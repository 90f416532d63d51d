"""What can be imported: each noun declares how its rows are read and written; nothing here knows a noun."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from guanxi.kernel.actor import Actor
from guanxi.kernel.custom import PREFIX, Definition, added_to
from guanxi.kernel.records import records
from guanxi.lib.errors import Invalid, Problem, Unknown

Kind = Literal["text", "number", "place", "moment", "day", "yes_no", "email", "phone", "currency", "choice"]
Outcome = Literal["created", "updated", "skipped"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A value a row may bring: its kind, whether it must be there, and what its heading may be called.

    What a page calls it, and its choices, is understood anyway; `headings` and `spellings` are what others call them.
    A heading that may mean several things stands in `beside`, with the columns or headings of which one must be there
    for it to mean this, or in `perhaps`: it means this where nothing else in the file does. `looks` tells if a text may
    be such a value, where a file has no headings and the kind does not say. What is `sensitive` is kept sealed with the
    rows that could not be taken.
    """

    kind: Kind = "text"
    required: bool = False
    headings: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    perhaps: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    longest: int | None = None
    looks: Callable[[str], bool] | None = None
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the file with its values understood; `ordinal` counts the rows of its document from 1.

    `country` is where phone numbers without a code are from, as whoever brought the file said, and `options` are what
    they chose of those the target has. `wrong` is what could
    not be understood, by column; only `check` of a target sees such a row.
    """

    number: int
    values: Mapping[str, Any]
    ordinal: int = 1
    country: str = ""
    wrong: Mapping[str, Problem] | None = None
    options: frozenset[str] = frozenset()


Wrong = dict[str, Problem]
"""What is wrong with a row, by column."""


@dataclass(kw_only=True)
class Result:
    """What became of some rows: how many of each, and what is wrong with those that could not be taken."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)


def unreadable(wrong: Wrong) -> Invalid:
    """The refusal of a row, with all that is wrong with it."""
    return Invalid("import.row_unreadable", fields=wrong)


def nothing_more(_actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """Where every value stands for itself, all that can be wrong is known once the cells are read."""
    return [{} for _ in lines]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A noun that can be imported; `document` names the column whose equal values belong together.

    `records` are those whose fields the columns of the same name fill; what the company added to the first of them
    that takes such fields is filled, too.
    `place` names the column that says which line of its document a row is; where a file has none, rows are counted.
    `check` says what else is wrong with rows of which some cells could not be read, so that all is told at once.
    `options` are what whoever brings a file may choose beside its columns, each with the right it takes.
    """

    noun: str
    permission: str
    own: Mapping[str, Column]
    write: Callable[[Actor, Sequence[Line]], Result]
    records: tuple[str, ...] = ()
    document: str | None = None
    place: str | None = None
    check: Callable[[Actor, Sequence[Line]], list[Wrong]] = nothing_more
    options: Mapping[str, str] = field(default_factory=dict)

    def option(self, name: str) -> str:
        """The message id of what an option is called; its help follows it."""
        return f"import.{self.noun}.option.{name}"

    @property
    def columns(self) -> Mapping[str, Column]:
        """What its rows may bring."""
        noun = self.extended
        return {**self.own, **{one.name: _column(one) for one in added_to(noun).values()}} if noun else self.own

    @cached_property
    def extended(self) -> str:
        """The noun whose added fields are filled; none where the rows are of no such noun."""
        known = records()
        return next((name for name in self.records if name in known and known[name].extensible), "")

    def message(self, column: str) -> str:
        """The message id of what a column is called."""
        return f"{self.extended}.{column}" if column.startswith(PREFIX) else f"import.{self.noun}.{column}"


def _column(field: Definition) -> Column:
    """A field that the company added, as a file brings it."""
    return Column(
        kind=_KINDS.get(field.kind, "text"), headings=(field.label,), choices=field.choices,
        sensitive=field.kind == "sensitive",
    )  # fmt: skip


_KINDS: dict[str, Kind] = {
    "integer": "number", "decimal": "number", "boolean": "yes_no", "date": "day", "choice": "choice",
}  # fmt: skip


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
        raise Unknown("import.unknown_noun", noun, sorted(_targets), noun=noun)
    return _targets[noun]
