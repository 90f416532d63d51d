"""Workbooks (.xlsx) as spreadsheet programs write them, made by hand so that each oddity can be planted."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from guanxi.lib.sheet_rows import column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = ("General", "yyyy-mm-dd", 'yyyy"年"m"月"d"日" h:mm', "0.0%", "00000", "h:mm:ss", "[h]:mm", "@", "0.00E+00")
DAY, MOMENT, SHARE, PADDED, CLOCK, ELAPSED, TEXT, ROUNDED = range(1, 9)


@dataclass(frozen=True)
class As:
    """A number with the style it is shown in."""

    number: float
    style: int


@dataclass(frozen=True)
class Formula:
    """A formula and what it came to; nothing where nobody worked it out."""

    value: Any = None


@dataclass(frozen=True)
class Error:
    """What a formula says that failed."""

    said: str = "#N/A"


@dataclass(frozen=True)
class Row:
    """A row at a number of its own, or hidden."""

    cells: Sequence[Any]
    number: int | None = None
    hidden: bool = False


def workbook(
    sheets: dict[str, Sequence[Any]] | None = None,
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    shared: Sequence[str] = (),
    parts: dict[str, bytes] | None = None,
    since_1904: bool = False,
) -> bytes:
    """A workbook; `parts` replaces what stands in the file, by its path."""
    sheets = sheets if sheets is not None else {"Sheet1": [("Name",), ("Ann",)]}
    files = {
        **_names(sheets, hidden, since_1904),
        "xl/styles.xml": _styles(),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(map(_shared, shared))}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": sheet(rows, merged) for n, rows in enumerate(sheets.values(), start=1)},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, said in {**{path: said.encode() for path, said in files.items()}, **(parts or {})}.items():
            archive.writestr(path, said)
    return made.getvalue()


def _names(sheets: dict[str, Sequence[Any]], hidden: Sequence[str], since_1904: bool) -> dict[str, str]:
    entries = related = ""
    for n, name in enumerate(sheets, start=1):
        state = "hidden" if name in hidden else "visible"
        entries += f'<sheet name={quoteattr(name)} sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        related += f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f'<workbookPr date1904="{int(since_1904)}"/><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="x">{related}</Relationships>',
    }


def _styles() -> str:
    named = range(1, len(STYLES))
    formats = "".join(f'<numFmt numFmtId="{163 + n}" formatCode={quoteattr(STYLES[n])}/>' for n in named)
    styles = "".join(f'<xf numFmtId="{163 + n}"/>' for n in named)
    cells = f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs>'
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>{cells}</styleSheet>'


def _shared(said: str) -> str:
    return f"<si>{said}</si>" if said.startswith("<") else f"<si><t>{escape(said)}</t></si>"


def sheet(rows: Sequence[Any], merged: Sequence[str] = ()) -> str:
    """The XML of a sheet."""
    said, last = [], 0
    for one in rows:
        row = one if isinstance(one, Row) else Row(one)
        last = row.number or last + 1
        cells = "".join(_cell(f"{column_letters(n)}{last}", value) for n, value in enumerate(row.cells, start=1))
        said.append(f'<row r="{last}"{" hidden=" + quoteattr("1") if row.hidden else ""}>{cells}</row>')
    together = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    inside = f"<sheetData>{''.join(said)}</sheetData><mergeCells>{together}</mergeCells>"
    return f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'


def _cell(where: str, value: Any) -> str:
    if value is None:
        return f'<c r="{where}" s="1"/>'
    if isinstance(value, Formula):
        inner = _cell(where, value.value)
        return inner.replace("/>", "><f>A1</f></c>") if value.value is None else inner.replace("<v>", "<f>A1</f><v>")
    if isinstance(value, Error):
        return f'<c r="{where}" t="e"><v>{value.said}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, As):
        return f'<c r="{where}" s="{value.style}"><v>{value.number!r}</v></c>'
    if isinstance(value, date):
        since = datetime.combine(value, getattr(value, "time", datetime.min.time)()) - datetime(1899, 12, 30)
        return _cell(where, As(since.total_seconds() / 86400, MOMENT if isinstance(value, datetime) else DAY))
    if isinstance(value, int | float):
        return f'<c r="{where}"><v>{value!r}</v></c>'
    if value.startswith("shared:"):
        return f'<c r="{where}" t="s"><v>{value[7:]}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
