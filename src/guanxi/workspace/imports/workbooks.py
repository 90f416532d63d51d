"""Workbooks among the files: a sheet becomes a kept table of text, and from there on everything is one thing."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from guanxi.kernel.actor import Actor
from guanxi.kernel.models import new_id
from guanxi.lib import tables, xlsx
from guanxi.lib.errors import Invalid, TooLarge
from guanxi.lib.sheet_rows import SheetRow, column_letters
from guanxi.lib.xlsx import Merged, Sheet, Workbook
from guanxi.workspace.imports import files

LOOKED_AT = 60
"""In how many rows the headings are looked for."""
PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A table to read: its file, and, of a workbook, which sheet it was, which others there are, what to say of it.

    `remarks` are message ids with how many times, in the order in which they are said.
    """

    file: str
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)


def is_workbook(stream: BinaryIO) -> bool:
    """Whether a file is a workbook, of a kind that is read or not."""
    stream.seek(0)
    beginning = stream.read(8)
    stream.seek(0)
    return beginning.startswith((xlsx.PACKED, xlsx.BINARY))


def table_of(actor: Actor, file: str, sheet: str = "", *, begun: Collection[str] | None = None) -> Taken:
    """The table in a file that was given: of a workbook one sheet, the first with rows where none is named.

    With `begun`, as when a file is kept, no more tables may lie here than is good.
    """
    with files.opened(file) as stream:
        if not is_workbook(stream):
            return Taken(file=file)
        noted = files.folder() / f"{file}.{hashlib.sha256(sheet.encode()).hexdigest()[:16]}"
        if noted.is_file():
            known = Taken(**json.loads(noted.read_text()))
            if files.is_kept(known.file):
                files.give(actor, known.file)
                return known
        book = xlsx.opened(stream)
        with xlsx.told():
            chosen = _chosen(book, sheet)
            written = _Writing(rows=book.rows(chosen), merged=sorted(book.merged(chosen), key=_top))
            made = files.keep(actor, _bounded(written.pieces(), noted.with_name(file).stat().st_size), begun=begun)
    visible = [one.name for one in book.sheets if not one.hidden or one == chosen]
    taken = Taken(file=made, sheet=chosen.name, sheets=visible, remarks=written.remarks())
    _note(noted, taken)
    return taken


def _note(place: Path, taken: Taken) -> None:
    """Beside the workbook, which table it became; without it, it is read again."""
    new = place.with_name(f"{place.name}.{new_id()}")
    with suppress(OSError):
        new.write_text(json.dumps(asdict(taken)))
        new.replace(place)


def _chosen(book: Workbook, name: str) -> Sheet:
    """The sheet of a name, else the first that is shown and has rows."""
    if name:
        found = next((sheet for sheet in book.sheets if sheet.name == name), None)
        if found is None:
            raise Invalid("workbook.no_such_sheet", sheet=name[:80], known=[sheet.name for sheet in book.sheets])
        return found
    for sheet in (one for hidden in (False, True) for one in book.sheets if one.hidden is hidden):
        if any(islice(book.rows(sheet), 1)):
            return sheet
    raise Invalid("table.empty")


def _top(merged: Merged) -> int:
    return merged.top


def _bounded(pieces: Iterable[bytes], packed: int) -> Iterator[bytes]:
    """A text that stands once and is pointed to a million times makes a small file a huge one."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max(files.SMALL, files.UNFOLDED * packed):
            raise TooLarge("import.unfolds_too_far", times=files.UNFOLDED)
        yield piece


class _Writing:
    """A sheet on its way into a table of text: headings found, merged cells filled down, every row at its number."""

    def __init__(self, *, rows: Iterator[SheetRow], merged: list[Merged]) -> None:
        self.rows = rows
        self.merged = merged
        self.counts: Counter[str] = Counter()
        self.open: dict[int, tuple[int, str]] = {}
        self.next = 0

    def pieces(self) -> Iterator[bytes]:
        """The table as UTF-8: the headings in its first line, every row in the line of its number."""
        first = [self._filled(row) for row in islice(self.rows, LOOKED_AT)]
        if not first:
            raise Invalid("table.empty")
        place = _heading_place(first, self.merged)
        headings = _headings(first[place], first[place + 1 :])
        if place:
            self.counts["import.remark.above_headings"] = place
        yield b"\xef\xbb\xbf" + _line(headings).encode()
        yield from self._lines(chain(first[place + 1 :], map(self._filled, self.rows)), len(headings))

    def remarks(self) -> dict[str, int]:
        """What whoever brings the file should know."""
        order = ("above_headings", "hidden_rows", "merged", "errors", "without_value")
        return {f"import.remark.{one}": n for one in order if (n := self.counts[f"import.remark.{one}"])}

    def _lines(self, rows: Iterable[SheetRow], width: int) -> Iterator[bytes]:
        held = io.StringIO()
        last = 1
        for row in rows:
            self._count(row)
            if not row.cells:
                continue
            last, gap = max(last + 1, row.number), row.number - last - 1
            held.write("\r\n" * gap)
            most = max(width, *row.cells)
            held.write(_line([row.cells.get(place, "") for place in range(1, most + 1)]))
            if held.tell() > PIECE:
                yield held.getvalue().encode()
                held = io.StringIO()
        yield held.getvalue().encode()

    def _count(self, row: SheetRow) -> None:
        self.counts["import.remark.hidden_rows"] += row.hidden and bool(row.cells)
        self.counts["import.remark.errors"] += row.errors
        self.counts["import.remark.without_value"] += row.without_value

    def _filled(self, row: SheetRow) -> SheetRow:
        """A row with what stands above it in cells that are shown as one with its own."""
        while self.next < len(self.merged) and self.merged[self.next].top <= row.number:
            one = self.merged[self.next]
            if one.bottom > one.top and one.top == row.number and one.left in row.cells:
                self.open[one.left] = (one.bottom, row.cells[one.left])
            self.next += 1
        if not self.open or not row.cells:
            return row
        for place, (bottom, said) in list(self.open.items()):
            if bottom < row.number:
                del self.open[place]
            elif place not in row.cells:
                row.cells[place] = said
                row.words.add(place)
                self.counts["import.remark.merged"] += 1
        return row


def _heading_place(rows: Sequence[SheetRow], merged: Sequence[Merged]) -> int:
    """Which of the first rows names the columns: the first that is words and as wide as what stands below.

    Where cells of it are shown as one and the next row names more, the next does.
    """
    least = 0.6 * max(len(row.cells) for row in rows)
    wide = {one.top for one in merged if one.right > one.left}
    for place, row in enumerate(rows):
        if len(row.words) >= least:
            below = rows[place + 1] if place + 1 < len(rows) else None
            more = below and row.number in wide and len(below.words) > len(row.cells)
            return place + 1 if more else place
    return next((place for place, row in enumerate(rows) if row.cells), 0)


def _headings(row: SheetRow, below: Sequence[SheetRow]) -> list[str]:
    """The names of the columns, in one line each; a column that has none is called by its letter."""
    width = max(max(one.cells, default=0) for one in (row, *below))
    if width > tables.MOST_COLUMNS:
        raise Invalid("table.too_many_columns", most=tables.MOST_COLUMNS)
    filled = {place for one in below for place in one.cells}
    names: Mapping[int, str] = {place: " ".join(said.split()) for place, said in row.cells.items()}
    return [names.get(place) or (column_letters(place) if place in filled else "") for place in range(1, width + 1)]


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow([cell.replace("\x00", "") for cell in cells])
    return text.getvalue()
