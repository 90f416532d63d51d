"""Tables as people export them: delimiter found, rows read in constant memory, nothing lost in silence."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from guanxi.lib.encodings import SAMPLE, Detected, can_read, decoded, detect
from guanxi.lib.errors import Invalid

DELIMITERS = (",", ";", "\t", "|")
LONGEST_FIELD = 100_000
LONGEST_ROW = 500_000
MOST_COLUMNS = 500
_BINARY = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"GIF8")
_PAGE = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")
_QUOTED = re.compile(r'"(?:[^"]|"")*"(?:([,;\t|])|$)')
_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a table is written and what stands in its first line."""

    detected: Detected
    delimiter: str
    headings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table below the headings; `number` is its place as a spreadsheet counts, the headings being 1."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def shape(stream: BinaryIO, *, encoding: str | None = None) -> Shape:
    """Look at the beginning of a file; what is no table is refused with its reason."""
    if encoding and not can_read(encoding):
        raise Invalid("table.unknown_encoding", encoding=encoding[:40])
    stream.seek(0)
    sample = stream.read(SAMPLE)
    stream.seek(0)
    if not sample.strip():
        raise Invalid("table.empty")
    seen = detect(sample)
    if sample.startswith(_BINARY) or (b"\x00" in sample[:4096] and not seen.encoding.startswith("utf-16")):
        raise Invalid("table.not_text")
    if sample[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGE):
        raise Invalid("table.web_page")
    found = Detected(encoding=encoding, confidence=1.0, bom=False) if encoding else seen
    text = decoded(sample, found.encoding)
    if text is None:
        raise Invalid("table.wrong_encoding", encoding=found.encoding)
    first = text.splitlines()[0].lstrip("\ufeff") if text.strip() else ""
    if len(first) > LONGEST_FIELD:
        raise Invalid("table.row_too_long", most=LONGEST_FIELD)
    delimiter = _delimiter(text)
    headings = tuple(original_cell(name.strip()) for name in next(csv.reader([first], delimiter=delimiter)))
    _require_headings(headings)
    return Shape(detected=found, delimiter=delimiter, headings=headings)


def rows(stream: BinaryIO, known: Shape) -> Iterator[Row]:
    """Every line below the headings, one at a time; a line of another length comes with a problem, not cut."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=known.detected.encoding, errors="strict", newline="")
    previous = csv.field_size_limit(LONGEST_FIELD)
    held = 0

    def lines() -> Iterator[str]:
        """Never more of a row than it may be long, whether or not its line ever breaks."""
        nonlocal held
        for line in iter(partial(text.readline, LONGEST_ROW + 1), ""):
            held += len(line)
            if held > LONGEST_ROW:
                raise Invalid("table.row_too_long", most=LONGEST_ROW)
            yield line.replace("\x00", "")

    try:
        reader = csv.reader(lines(), delimiter=known.delimiter)
        next(reader, None)
        held = 0
        for number, values in enumerate(reader, start=2):
            held = 0
            if any(value.strip() for value in values):
                yield _row(number, values, known.headings)
    except UnicodeDecodeError as problem:
        raise Invalid("table.mixed_encoding", encoding=known.detected.encoding) from problem
    except csv.Error as problem:
        raise Invalid("table.unreadable", why=str(problem)) from problem
    finally:
        csv.field_size_limit(previous)
        text.detach()


def first_rows(text: str, most: int) -> tuple[str, list[list[str]]]:
    """The delimiter of some text, and its first rows of cells, no more than so many; none where it is no table."""
    lines = [line for line in text[:LONGEST_ROW].lstrip("\ufeff").splitlines() if line.strip()][:most]
    if not lines:
        return "", []
    delimiter = _delimiter("\n".join(lines))
    try:
        return delimiter, list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return delimiter, []


def sheet(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as a file that any spreadsheet opens with its signs right, and in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(map(safe_cell, row))
    return text.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """A text that a spreadsheet does not take for a formula; a negative number is none."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NEGATIVE.fullmatch(text) else text


def original_cell(text: str) -> str:
    """What a cell said before `safe_cell` guarded it, so that an export reads back as it was."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def _row(number: int, values: list[str], headings: tuple[str, ...]) -> Row:
    values = [original_cell(value) if value[:1] == "'" else value for value in values]
    if len(values) == len(headings):
        return Row(number=number, cells=dict(zip(headings, values, strict=True)))
    cells = dict(zip(headings, values, strict=False))
    extra = [value for value in values[len(headings) :] if value.strip()]
    if len(values) < len(headings):
        return Row(number=number, cells={**dict.fromkeys(headings, ""), **cells}, problem="table.too_few_cells")
    return Row(number=number, cells=cells, problem="table.too_many_cells" if extra else "")


def _delimiter(text: str) -> str:
    """What follows a quoted first heading, else what stands equally often in the first lines, and most often."""
    first = text[: 1 << 18].lstrip("\ufeff").partition("\n")[0].rstrip("\r")
    if quoted := _QUOTED.match(first):
        return quoted[1] or ","
    lines = [line[:10_000] for line in text[: 1 << 18].splitlines()[:20] if line.strip()]
    scores = {}
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        columns, agreeing = counts.most_common(1)[0]
        scores[delimiter] = (agreeing / sum(counts.values()) if columns > 1 else 0.0, columns)
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _require_headings(headings: tuple[str, ...]) -> None:
    if len(headings) > MOST_COLUMNS:
        raise Invalid("table.too_many_columns", most=MOST_COLUMNS)
    if not any(headings):
        raise Invalid("table.no_headings")
    twice = [name for name, times in Counter(headings).items() if name and times > 1]
    if twice:
        raise Invalid("table.heading_twice", heading=twice[0])
