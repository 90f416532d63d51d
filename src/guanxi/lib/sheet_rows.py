"""The rows of one sheet of a workbook, taken from its XML as it is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.lib import cell_formats
from guanxi.lib.cell_formats import PLAIN, Format
from guanxi.lib.errors import Invalid

LONGEST_CELL = 100_000
LONGEST_ROW = 500_000
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
MOST_LETTERS = 3
MOST_NAMES = 1_000
"""How many different elements a sheet may have; spreadsheet programs write some dozens."""
_DIGITS = "0123456789"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
Attributes = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row of a sheet: its number as the spreadsheet shows it, and what stands in its cells, by column from 1.

    `words` are the columns that hold a text, not a number or a day. `errors` counts cells that say that a formula
    failed, `without_value` formulas that nobody has worked out yet.
    """

    number: int
    cells: dict[int, str]
    words: set[int]
    hidden: bool = False
    errors: int = 0
    without_value: int = 0


class RowReader:
    """Hears the elements of a sheet and keeps the rows until they are taken."""

    def __init__(self, shared: Sequence[str], formats: Sequence[Format], since_1904: bool) -> None:
        self.shared, self.formats, self.since_1904 = shared, formats, since_1904
        self.tags: dict[str, str] = {}
        self.columns: dict[str, int] = {}
        self.done: list[SheetRow] = []
        self.row = self.column = self.errors = self.without_value = self.held = 0
        self.cells: dict[int, str] = {}
        self.words: set[int] = set()
        self.hidden = self.inside = self.beside = self.formula = False
        self.kind = self.style = ""
        self.parts: list[str] = []

    def start(self, name: str, given: Attributes) -> None:
        """An element begins."""
        tag = self.tags.get(name) or self._tag(name)
        if tag == "c":
            self.kind, self.style = given.get("t", "n"), given.get("s", "")
            where = given.get("r", "").rstrip(_DIGITS)
            self.column = (self.columns.get(where) or self._column(where)) if where else self.column + 1
            self.parts.clear()
            self.formula = False
        elif tag == "v" or (tag == "t" and not self.beside):
            self.inside = True
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.beside = True
        elif tag == "row":
            self._begin_row(given)

    def end(self, name: str) -> None:
        """An element ends."""
        tag = self.tags.get(name) or self._tag(name)
        if tag == "c":
            self._end_cell()
        elif tag in ("v", "t"):
            self.inside = False
        elif tag == "rPh":
            self.beside = False
        elif tag == "row" and (self.cells or self.errors or self.without_value):
            row = SheetRow(
                number=self.row, cells=self.cells, words=self.words, hidden=self.hidden, errors=self.errors,
                without_value=self.without_value,
            )  # fmt: skip
            self.done.append(row)

    def data(self, said: str) -> None:
        """A piece of text."""
        if self.inside:
            self.parts.append(said)
            self.held += len(said)
            if self.held > LONGEST_ROW:
                raise Invalid("table.row_too_long", most=LONGEST_ROW)

    def taken(self) -> list[SheetRow]:
        """The rows that are whole, handed over."""
        done, self.done = self.done, []
        return done

    def _tag(self, name: str) -> str:
        if len(self.tags) >= MOST_NAMES:
            raise Invalid("workbook.unsafe")
        self.tags[name] = name.rpartition(" ")[2]
        return self.tags[name]

    def _column(self, letters: str) -> int:
        self.columns[letters] = column(letters)
        return self.columns[letters]

    def _begin_row(self, given: Attributes) -> None:
        number = int(given.get("r", self.row + 1))
        if not self.row < number <= MOST_ROWS:
            raise ValueError("rows out of order")
        self.row, self.column, self.held = number, 0, 0
        self.errors = self.without_value = 0
        self.hidden = given.get("hidden", "0") in ("1", "true")
        self.cells, self.words = {}, set()

    def _end_cell(self) -> None:
        if not self.parts:
            self.without_value += self.formula
            return
        said = "".join(self.parts)
        if self.kind == "e":
            self.errors += 1
            return
        is_text = self.kind in ("s", "str", "inlineStr")
        if self.kind == "s":
            said = self.shared[int(said)]
        elif is_text:
            said = text(said)
        elif self.kind == "b":
            said = "TRUE" if said.strip() == "1" else "FALSE"
        elif self.kind != "d":  # which is a day written out
            how = self.formats[int(self.style)] if self.style and self.formats else PLAIN
            said = cell_formats.shown(said.strip(), how, since_1904=self.since_1904)
        if not said.strip():
            return
        if self.column > MOST_COLUMNS:
            raise ValueError("columns beyond the last")
        self.cells[self.column] = said
        self.held += len(said)
        if self.held > 2 * LONGEST_ROW:
            raise Invalid("table.row_too_long", most=LONGEST_ROW)
        if is_text:
            self.words.add(self.column)


def text(said: str) -> str:
    """A text as a workbook writes it, with what it cannot write resolved."""
    if len(said) > LONGEST_CELL:
        raise Invalid("table.row_too_long", most=LONGEST_CELL)
    if "_x" in said:
        said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)
        said = said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # a half alone is no text
    return said.replace("\r\n", "\n").replace("\r", "\n")


def column(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    found = 0
    if len(letters) > MOST_LETTERS:  # each further one makes the number longer to work with
        raise ValueError("columns beyond the last")
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        found = found * 26 + ord(letter) - 64
    return found


def column_letters(number: int) -> str:
    """What a spreadsheet calls a column."""
    said = ""
    while number:
        number, rest = divmod(number - 1, 26)
        said = chr(65 + rest) + said
    return said
