"""Excel workbooks (.xlsx) as rows of text, read as a stream: what is no workbook or would swell is refused.

Read with the standard library alone: see docs/adr/0015-a-workbook-is-read-as-a-stream.md.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from xml.parsers import expat

from guanxi.lib import cell_formats
from guanxi.lib.cell_formats import Format
from guanxi.lib.errors import Invalid, Problem, TooLarge
from guanxi.lib.sheet_rows import Attributes, RowReader, SheetRow, column, text

PACKED = b"PK\x03\x04"
BINARY = b"\xd0\xcf\x11\xe0"
"""How the older .xls begins, and a workbook with a password."""
SMALL = 64 << 20
UNFOLDED = 100
"""How many times as large as it is packed a part may become, once it is not small."""
LARGEST = 2 << 30
LARGEST_SHARED = 512 << 20
"""The texts that cells point to are the one part that is held whole."""
MOST_SHEETS = 1_000
MOST_MERGED = 100_000
_PIECE = 1 << 16
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_BROKEN = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, ValueError, LookupError, ArithmeticError, OSError, EOFError,
    RuntimeError,
)  # fmt: skip
_KEPT = 200
"""How much of a piece is looked at again with the next, so that nothing is cut in two."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a workbook by its name; `path` is where it stands in the file."""

    name: str
    path: str
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Cells that are shown as one: its corners, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Workbook:
    """A workbook that is open for reading."""

    archive: zipfile.ZipFile
    sheets: list[Sheet] = field(default_factory=list)
    since_1904: bool = False
    shared: list[str] | None = None
    formats: list[Format] = field(default_factory=list)

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """Every row of a sheet that says something, in constant memory."""
        if self.shared is None:
            self.shared = _shared(self.archive)
        reader = RowReader(self.shared, self.formats, self.since_1904)
        with _stream(self.archive, sheet.path) as stream:
            parser = _parser(reader.start, reader.end, reader.data)
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)
                yield from reader.taken()
            parser.Parse(b"", True)
            yield from reader.taken()

    def merged(self, sheet: Sheet) -> list[Merged]:
        """The cells of a sheet that are shown as one; they stand behind its rows."""
        found: list[Merged] = []
        with _stream(self.archive, sheet.path) as stream:
            before = b""
            while piece := stream.read(1 << 20):
                there = before + piece
                last = 0
                for one in _MERGED.finditer(there):
                    left, top, right, bottom = (part.decode() for part in one.groups())
                    found.append(Merged(top=int(top), left=column(left), bottom=int(bottom), right=column(right)))
                    last = one.end()
                    if len(found) > MOST_MERGED:
                        raise Invalid("workbook.unsafe")
                before = there[max(last, len(there) - _KEPT) :]
        return found


def opened(stream: BinaryIO) -> Workbook:
    """A workbook with the names of its sheets; anything else is refused with what to do about it."""
    stream.seek(0)
    beginning = stream.read(8)
    if beginning.startswith(BINARY):
        raise Invalid("workbook.locked" if _locked(stream) else "workbook.too_old")
    try:
        book = Workbook(archive=zipfile.ZipFile(stream))
        names = set(book.archive.namelist())
    except _BROKEN as problem:
        raise Invalid("workbook.damaged") from problem
    if "xl/workbook.xml" not in names:
        raise Invalid("workbook.other_kind")
    with told():
        _read_workbook(book)
        if "xl/styles.xml" in names:
            book.formats = _formats(book.archive)
    if not book.sheets:
        raise Invalid("workbook.without_sheet")
    return book


@contextmanager
def told() -> Iterator[None]:
    """Around the reading of a workbook: whatever is broken in it is a refusal."""
    try:
        yield
    except Problem:
        raise
    except _BROKEN as problem:
        raise Invalid("workbook.damaged") from problem


def _locked(stream: BinaryIO) -> bool:
    stream.seek(0)
    before = b""
    while piece := stream.read(1 << 20):
        if _LOCKED in before + piece:
            return True
        before = piece[-len(_LOCKED) :]
    return False


def _stream(archive: zipfile.ZipFile, path: str, *, largest: int = LARGEST) -> Any:
    """A part of the file, refused before it is unpacked where it would swell."""
    info = archive.getinfo(path)
    if info.flag_bits & 1:
        raise Invalid("workbook.locked")
    if info.file_size > largest or info.file_size > max(SMALL, UNFOLDED * info.compress_size):
        raise TooLarge("import.unfolds_too_far", times=UNFOLDED)
    return archive.open(info)


def _parser(
    start: Callable[[str, Attributes], None], end: Callable[[str], None], data: Callable[[str], None] | None = None
) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    if data:
        parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    """No spreadsheet program writes one; it is what grows without end or reads other files."""
    raise Invalid("workbook.unsafe")


def _elements(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, Attributes]]:
    """The elements of a small part, by their bare names."""
    found: list[tuple[str, Attributes]] = []

    def start(name: str, attributes: Attributes) -> None:
        found.append((_bare(name), {_bare(key): value for key, value in attributes.items()}))

    parser = _parser(start, lambda _: None)
    with _stream(archive, path) as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
            yield from found
            found.clear()
    parser.Parse(b"", True)


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


def _read_workbook(book: Workbook) -> None:
    names = set(book.archive.namelist())
    paths: dict[str, str] = {}
    for name, given in _elements(book.archive, "xl/_rels/workbook.xml.rels"):
        if name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            target = given.get("Target", "")
            path = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
            paths[given.get("Id", "")] = path
    for name, given in _elements(book.archive, "xl/workbook.xml"):
        if name == "workbookPr":
            book.since_1904 = given.get("date1904", "") in ("1", "true")
        if name == "sheet" and paths.get(given.get("id", "")) in names:
            names.discard(paths[given["id"]])  # a part under many names would be read as many times
            hidden = given.get("state", "visible") != "visible"
            book.sheets.append(Sheet(name=given.get("name", ""), path=paths[given["id"]], hidden=hidden))
            if len(book.sheets) > MOST_SHEETS:
                raise Invalid("workbook.unsafe")


def _formats(archive: zipfile.ZipFile) -> list[Format]:
    """What the style of a cell makes of its number, by the number of the style."""
    codes: dict[int, str] = {}
    styles: list[Format] = []
    inside = False
    for name, given in _elements(archive, "xl/styles.xml"):
        if name == "numFmt":
            codes.setdefault(int(given["numFmtId"]), given.get("formatCode", ""))
        elif name == "cellXfs":
            inside = True
        elif name in ("cellStyles", "dxfs", "cellStyleXfs"):
            inside = False
        elif name == "xf" and inside:
            number = int(given.get("numFmtId", 0))
            styles.append(cell_formats.format_of(number, codes.get(number)))
    return styles


def _shared(archive: zipfile.ZipFile) -> list[str]:
    """The texts that cells point to; how a name is pronounced, which stands beside it, is none of them."""
    path = "xl/sharedStrings.xml"
    if path not in archive.namelist():
        return []
    found: list[str] = []
    parts: list[str] = []
    inside = beside = False

    def start(name: str, _given: Attributes) -> None:
        nonlocal inside, beside
        name = name.rpartition(" ")[2]
        if name == "t":
            inside = not beside
        elif name == "si":
            parts.clear()
        elif name == "rPh":
            beside = True

    def end(name: str) -> None:
        nonlocal inside, beside
        name = name.rpartition(" ")[2]
        if name == "t":
            inside = False
        elif name == "si":
            found.append(text("".join(parts)))
        elif name == "rPh":
            beside = False

    def data(said: str) -> None:
        if inside:
            parts.append(said)

    with _stream(archive, path, largest=LARGEST_SHARED) as stream:
        parser = _parser(start, end, data)
        for piece in iter(partial(stream.read, _PIECE), b""):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    return found
