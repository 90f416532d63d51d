"""Workbooks read as rows of text: what a person sees in the cell, and nothing that would swell."""

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest

from guanxi.lib import cell_formats, xlsx
from guanxi.lib.errors import Problem
from guanxi.lib.sheet_rows import column, column_letters
from tests.workbooks import (
    CLOCK,
    DAY,
    ELAPSED,
    MAIN,
    PADDED,
    RELATIONS,
    ROUNDED,
    SHARE,
    TEXT,
    As,
    Error,
    Formula,
    Row,
    sheet,
    workbook,
)  # fmt: skip


def read(content: bytes, number: int = 0) -> list:
    book = xlsx.opened(io.BytesIO(content))
    with xlsx.told():
        return list(book.rows(book.sheets[number]))


def sheet_of(inside: bytes) -> bytes:
    return f"<worksheet xmlns='{MAIN}'><sheetData>".encode() + inside + b"</sheetData></worksheet>"


def listing(*ids: str) -> bytes:
    rows = "".join(f"<sheet name='S{n}' sheetId='{n}' r:id='{id}'/>" for n, id in enumerate(ids, start=1))
    return f"<workbook xmlns='{MAIN}' xmlns:r='{RELATIONS}'><sheets>{rows}</sheets></workbook>".encode()


def cells(*values, **given) -> list[str]:
    [row] = read(workbook({"S": [values]}, **given))
    return [row.cells.get(n, "") for n in range(1, len(values) + 1)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("张伟", "张伟"), (" kept  ", " kept  "), ("a & b <c>", "a & b <c>"), ("_x4F60_好", "你好"), (5, "5"),
        (5.0, "5"), (0.1, "0.1"), (0.30000000000000004, "0.3"), (-3.5, "-3.5"), (13800000000, "13800000000"),
        (13800000000.0, "13800000000"), (1.38e10, "13800000000"), (1e-7, "0.0000001"), (True, "TRUE"), (False, "FALSE"),
        (As(0.15, SHARE), "15%"), (As(0.125, SHARE), "12.5%"), (As(712, PADDED), "00712"),
        (As(13800000000, ROUNDED), "13800000000"), (As(42, TEXT), "42"),
        (date(2026, 1, 2), "2026-01-02"), (datetime(2026, 1, 2, 8, 26), "2026-01-02 08:26:00"),
        (As(46024.5, DAY), "2026-01-02 12:00:00"), (As(0.5, CLOCK), "12:00:00"), (As(1.25, ELAPSED), "30:00:00"),
        (As(-5, DAY), "-5"), (123456789012345678, "1.23456789012346E+17"),
        (5e-17, "0"), (Formula(12.5), "12.5"),
        (Formula("张"), "张"), (Formula(), ""), (Error(), ""), (None, ""),
    ],
)  # fmt: skip
def test_a_cell_says_what_a_person_sees_in_it(value, said):
    assert cells("x", value)[1] == said


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (14, None, "day"), (22, None, "moment"), (20, None, "time"), (31, None, "day"), (33, None, "time"),
        (9, None, "share"), (0, None, "number"), (46, None, "elapsed"), (200, "General", "number"),
        (200, "#,##0.00", "number"), (200, '"¥"#,##0.00;[Red]-"¥"#,##0.00', "number"),
        (200, "[$-804]yyyy年m月d日", "day"),
        (200, "m/d/yy h:mm AM/PM", "moment"), (200, "[h]:mm:ss", "elapsed"), (200, "mm:ss", "time"),
        (200, "mmm", "day"),
        (200, "0.00E+00", "number"), (200, '0 "days"', "number"), (200, "000", "padded"), (200, "0", "number"),
        (200, r'yyyy\-mm\-dd', "day"), (200, "上午/下午h时mm分", "time"), (200, "[Red]0.0", "number"),
        (200, "@", "number"),
    ],
)  # fmt: skip
def test_what_a_number_format_means(number, code, kind):
    assert cell_formats.format_of(number, code).kind == kind


def test_days_before_march_1900_and_those_counted_from_1904_are_the_days_that_are_shown():
    assert cells(As(1, DAY), As(59, DAY), As(61, DAY)) == ["1900-01-01", "1900-02-28", "1900-03-01"]
    assert cells(As(44562, DAY), since_1904=True) == ["2026-01-02"]


def test_shared_texts_come_without_what_says_how_they_are_pronounced():
    plain = "<r><t>田</t></r><r><t>中</t></r><rPh sb='0' eb='1'><t>タナカ</t></rPh>"
    assert cells("shared:0", "shared:1", shared=[plain, "Ann"]) == ["田中", "Ann"]


def test_rows_keep_their_numbers_and_say_that_they_are_hidden():
    rows = read(workbook({"S": [("a",), Row(("b",), number=7, hidden=True), Row((None,), number=9), ("c",)]}))
    assert [(row.number, row.cells, row.hidden) for row in rows] == [
        (1, {1: "a"}, False), (7, {1: "b"}, True), (10, {1: "c"}, False),
    ]  # fmt: skip


def test_cells_without_an_address_stand_one_after_the_other_and_prefixes_do_not_matter():
    row = "<x:row><x:c><x:v>1</x:v></x:c><x:c/><x:c><x:v>3</x:v></x:c></x:row>"
    said = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{row}</x:sheetData></x:worksheet>'
    content = workbook(parts={"xl/worksheets/sheet1.xml": said.encode()})
    assert [(row.number, row.cells) for row in read(content)] == [(1, {1: "1", 3: "3"})]


def test_columns_are_counted_as_a_spreadsheet_does():
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column(column_letters(n)) == n for n in range(1, 16385))


def test_a_hundred_thousand_rows_are_read_in_little_memory():
    made = workbook({"S": [("Name", "City", "N")] + [("Ann Lee", "Leeds", 5)] * 100_000})
    book = xlsx.opened(io.BytesIO(made))
    tracemalloc.start()
    n = sum(1 for _ in book.rows(book.sheets[0]))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (n, most < 4 << 20) == (100_001, True)


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "path", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")], ids=["grows", "reads", "wide"])
def test_a_document_type_is_refused_wherever_it_stands(path, doctype):
    content = f'<x xmlns="{MAIN}">&b;</x>'
    said = doctype + (content.encode("utf-16-le") if doctype.startswith(b"\xff\xfe") else content.encode())
    with pytest.raises(Problem, match="workbook.unsafe"):
        read(workbook(parts={path: said}))


def test_a_part_that_swells_is_refused_before_it_is_unpacked():
    began = time.process_time()
    with pytest.raises(Problem, match="import.unfolds_too_far"):
        read(workbook(parts={SHEET: b" " * (300 << 20)}))
    assert time.process_time() - began < 30


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(workbook(parts={SHEET: b" " * (80 << 20)}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    content = bytes(content).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with pytest.raises(Problem, match="workbook.damaged"):
        read(content)


def test_two_cells_in_far_corners_cost_no_more_than_two_cells():
    far = sheet([("a",)]).replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    tracemalloc.start()
    rows = read(workbook(parts={SHEET: far.encode()}))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ([row.number for row in rows], most < 4 << 20) == ([1, 1_048_576], True)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048577"><c><v>1</v></c></row>', '<row r="-1"/>', '<row r="2"/><row r="1"/>', '<row r="x"/>',
        "<row><c t='s'><v>7</v></c></row>", "<row><c><v>NaN</v></c></row>", "<row><c><v>x</v></c></row>",
        '<row><c r="Ä1"><v>1</v></c></row>', '<row><c r="XFE1"><v>1</v></c></row>', "<row><c>",
        "<row><c s='99'><v>1</v></c></row>",
    ],
)  # fmt: skip
def test_a_sheet_that_no_program_writes_is_damaged_and_not_half_read(row):
    with pytest.raises(Problem, match="workbook.damaged"):
        read(workbook(parts={SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'.encode()}))


def test_a_row_or_a_text_without_an_end_is_refused():
    for rows in ([("x" * 100_001,)], [("x" * 90_000,) * 7]):
        with pytest.raises(Problem, match="table.row_too_long"):
            read(workbook({"S": rows}))
    with pytest.raises(Problem, match="table.row_too_long"):
        read(workbook({"S": [("shared:0",) * 12]}, shared=["x" * 90_000]))


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (OLD, "workbook.too_old"), (OLD + "EncryptedPackage".encode("utf-16-le") + OLD, "workbook.locked"),
        (b"PK\x03\x04 and nothing more", "workbook.damaged"), (workbook()[:-40], "workbook.damaged"),
        (workbook(parts={"xl/workbook.xml": b"<workbook"}), "workbook.damaged"),
        (workbook(parts={"xl/_rels/workbook.xml.rels": b"<Relationships/>"}), "workbook.without_sheet"),
    ],
    ids=["xls", "password", "no archive", "cut", "broken", "no sheet"],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_with_its_reason(content, code):
    with pytest.raises(Problem, match=code):
        read(content)


@pytest.mark.parametrize(
    "inside",
    [
        f"<row><c r='{'A' * 400_000}1'><v>1</v></c></row>".encode(),
        b"<row>" + b"".join(b"<n%x/>" % number for number in range(300_000)) + b"</row>",
    ],
    ids=["a column of letters without end", "an element of a new name each time"],
)
def test_names_without_end_cost_neither_time_nor_memory(inside):
    content = workbook(parts={"xl/worksheets/sheet1.xml": sheet_of(inside)})
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(Problem, match=r"workbook\.(damaged|unsafe)"):
        read(content)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()
    assert time.process_time() - began < 5


def test_one_part_under_many_names_is_one_sheet_and_no_workbook_has_thousands():
    names = workbook({"S": [("Name",)]}, parts={"xl/workbook.xml": listing("rId1", "rId1", "rId1")})
    assert len(xlsx.opened(io.BytesIO(names)).sheets) == 1
    many = workbook({f"S{number}": [] for number in range(xlsx.MOST_SHEETS + 1)})
    with pytest.raises(Problem, match=r"workbook\.unsafe"):
        xlsx.opened(io.BytesIO(many))


def test_half_a_character_is_shown_as_one_that_is_not_known():
    assert cells("_xD800_Ann", "_xD83D__xDE00_") == ["\ufffdAnn", "\U0001f600"]


def test_other_packed_files_are_told_from_workbooks():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Problem, match="workbook.other_kind"):
        read(made.getvalue())
