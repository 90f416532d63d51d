"""Rows without headings: whether the first is one, and what columns are by what stands in them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from guanxi.lib import dates, email_address, phone, tables
from guanxi.lib.errors import Problem
from guanxi.workspace.imports import rules
from guanxi.workspace.imports.spellings import meanings, plain
from guanxi.workspace.imports.targets import Target

LOOKED_AT = 50
"""How many rows tell what a column is."""
MOST = 0.6
"""Of what stands in a column, so much must be of a kind for all of it to be."""
LONGEST = 200
"""Of a cell so much tells what it is."""
ORDERS: tuple[dates.Order, ...] = ("ymd", "dmy", "mdy")
_NUMBER = re.compile(r"[+\d¥$€£][\d\s\-/.,:()]*")
_DAY = re.compile(r"\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}")
Fits = Callable[[str], bool]


def with_headings(target: Target, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pasted rows as a file whose first row is headings: their own, else letters as a spreadsheet calls its columns."""
    whole = iter(chunks)
    first = next(whole, b"")
    delimiter, rows = tables.first_rows(first.decode("utf-8", "ignore"), LOOKED_AT)
    bare = [[cell.strip()[:LONGEST] for cell in row] for row in rows]
    if len(bare) > 1 and not headed(target, bare):
        yield (delimiter.join(letters(len(bare[0]))) + "\n").encode()
    yield first
    yield from whole


def headed(target: Target, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some rows says what stands below it.

    An address, a number or a day is none. A word is, where it is known as one, or where what stands below it is
    addresses, numbers or days. Words above words that nobody knows are a row like the others.
    """
    first, others = rows[0], rows[1:]
    if any(map(_is_data, first)):
        return False
    if rules.suggest(target, [cell for cell in first if cell]):
        return True
    below = ([row[place] for row in others if place < len(row) and row[place]] for place in range(len(first)))
    return any(cell and _share(_is_data, cells) >= MOST for cell, cells in zip(first, below, strict=True))


def are_letters(headings: Sequence[str]) -> bool:
    """Whether a file has only those headings that were given to rows without any."""
    return list(headings) == letters(len(headings))


def letters(count: int) -> list[str]:
    """A to Z, AA, AB …"""
    return [_letters(place) for place in range(1, count + 1)]


def by_values(target: Target, rows: Sequence[Mapping[str, str]], *, country: str) -> dict[str, str]:
    """Which heading probably means which column, by what stands below it; of several what repeats least, as names do,
    and of equals the first."""
    headings = list(rows[0]) if rows else []
    cells = {name: [text for row in rows if 0 < len(text := row.get(name, "").strip()) <= LONGEST] for name in headings}
    found: dict[str, str] = {}
    for name, fits in _fitting(target, country):
        free = [heading for heading in headings if heading not in found.values()]
        if fitting := [heading for heading in free if _share(fits, cells[heading]) >= MOST]:
            found[name] = max(fitting, key=lambda one: len(set(cells[one])) / len(cells[one]))
    return found


def _fitting(target: Target, country: str) -> Iterator[tuple[str, Fits]]:
    """What stands in the columns of a noun, the surest first."""
    kinds: Sequence[tuple[tuple[str, ...], Fits]] = (
        (("email",), lambda text: email_address.normalise(text) is not None),
        (("moment", "day"), _is_day),
        (("phone",), lambda text: _rings(text, country)),
    )
    for kind, fits in kinds:
        yield from ((name, fits) for name, column in target.columns.items() if column.kind in kind)
    for name, column in target.columns.items():
        if column.kind == "choice":
            known = {text for text, choice in meanings(target, name).items() if choice is not None}
            yield name, lambda text, known=known: plain(text) in known  # type: ignore[misc]
    yield from ((name, column.looks) for name, column in target.columns.items() if column.looks)


def _share(fits: Fits, cells: Sequence[str]) -> float:
    return sum(map(fits, cells)) / len(cells) if cells else 0.0


def _is_data(text: str) -> bool:
    """Whether a text is an address, a number or a day."""
    return bool(_NUMBER.fullmatch(text)) or ("@" in text and email_address.normalise(text) is not None)


def _is_day(text: str) -> bool:
    """A day as it is written in one order or another; a bare number is none."""
    if not _DAY.match(text):
        return False
    for order in ORDERS:
        try:
            dates.parse_moment(text, order=order)
        except Problem:
            continue
        return True
    return False


def _rings(text: str, country: str) -> bool:
    return bool(re.search(r"\d{3}", text)) and phone.verdict(text, country=country) == "valid"


def _letters(place: int) -> str:
    before, rest = divmod(place - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + rest)
