"""Encodings, tables and dates as they come out of other people's spreadsheets."""

import io
from datetime import UTC, date, datetime

import pytest

from guanxi.lib import tables
from guanxi.lib.dates import guess_order, parse_day, parse_moment
from guanxi.lib.encodings import detect
from guanxi.lib.errors import Invalid

HANS = "姓名,电话,城市\n张伟,13800000000,成都\n"
HANT = "姓名,電話,城市\n陳怡君,0912345678,台北\n"
LATIN = "Name,City,Price\nJosé Müller,Zürich,£5\nRenée Dubois,Orléans,€7\n"


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        (HANS, "utf-8", "utf-8"), (HANS, "utf-8-sig", "utf-8-sig"), (HANS, "utf-16", "utf-16"),
        (HANS, "gb18030", "gb18030"), (HANS, "gbk", "gb18030"), (HANT, "big5", "big5hkscs"),
        (HANT, "utf-8", "utf-8"), (LATIN, "cp1252", "cp1252"), ("Name,City\nAnn,Leeds\n", "ascii", "utf-8"),
        ("客户,订单金额\n李娜,99.5\n", "gb18030", "gb18030"), ("客戶,訂單金額\n李娜,99.5\n", "big5", "big5hkscs"),
    ],
)  # fmt: skip
def test_the_encoding_is_found(text, written, expected):
    assert detect(text.encode(written)).encoding == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    text = delimiter.join(("name", "city", "note")) + "\n" + delimiter.join(("Ann", "Leeds", '"a, b; c"')) + "\n"
    stream = io.BytesIO(text.encode())
    known = tables.shape(stream)
    assert (known.delimiter, known.headings) == (delimiter, ("name", "city", "note"))
    assert [row.cells["name"] for row in tables.rows(stream, known)] == ["Ann"]


def test_rows_of_another_length_come_with_a_problem():
    stream = io.BytesIO(b"a,b\n1,2\n3\n\n4,5,6\n7,8,\n")
    found = list(tables.rows(stream, tables.shape(stream)))
    assert [(row.number, row.problem) for row in found] == [
        (2, ""), (3, "table.too_few_cells"), (5, "table.too_many_cells"), (6, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"), (b"  \n", "table.empty"), (b"PK\x03\x04xlsx", "table.not_text"),
        (b"a,b\x00\x00\x00", "table.not_text"), (b",,\n1,2,3\n", "table.no_headings"),
        (b"a,a\n1,2\n", "table.heading_twice"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_said(content, code):
    with pytest.raises(Invalid) as caught:
        tables.shape(io.BytesIO(content))
    assert caught.value.code == code


def test_an_encoding_that_changes_on_the_way_is_said():
    content = ("name,city\n" + "Ann,Leeds\n" * 200_000).encode() + "张伟,成都\n".encode("gb18030")
    stream = io.BytesIO(content)
    with pytest.raises(Invalid, match="table.mixed_encoding"):
        list(tables.rows(stream, tables.shape(stream)))


def test_a_huge_field_is_refused():
    stream = io.BytesIO(b"a,b\n1," + b"x" * 200_000 + b"\n")
    with pytest.raises(Invalid, match="table.unreadable"):
        list(tables.rows(stream, tables.shape(stream)))


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1+1", "@x", "\tx"])
def test_a_formula_leaves_as_text(text):
    assert tables.safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2011/12/9 8:26", "ymd", datetime(2011, 12, 9, 8, 26, tzinfo=UTC)),
        ("12/1/2010 8:26", "mdy", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("12/1/2010 8:26", "dmy", datetime(2010, 1, 12, 8, 26, tzinfo=UTC)),
        ("1 Dec 2010", "dmy", datetime(2010, 12, 1, tzinfo=UTC)),
        ("December 1, 2010 1:05 PM", "mdy", datetime(2010, 12, 1, 13, 5, tzinfo=UTC)),
        ("2010年12月1日 下午3:05", "ymd", datetime(2010, 12, 1, 15, 5, tzinfo=UTC)),
        ("2010-12-01 08:26:00", "ymd", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("2010-12-01T08:26:00+01:00", "ymd", datetime(2010, 12, 1, 7, 26, tzinfo=UTC)),
        ("40513.5", "ymd", datetime(2010, 12, 1, 12, tzinfo=UTC)),
        ("20101201", "ymd", datetime(2010, 12, 1, tzinfo=UTC)),
    ],
)
def test_moments_are_read(text, order, expected):
    assert parse_moment(text, order=order) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "31/31/2010", "2010-13-01", "2010-12-01 25:00", "12 Foo 2010"])
def test_what_is_no_date_is_said(text):
    with pytest.raises(Invalid, match="date.unreadable"):
        parse_moment(text, order="dmy")


def test_a_year_stands_where_it_stands_whatever_the_order_of_the_file():
    for order in ("ymd", "dmy", "mdy"):
        assert parse_day("2010/12/1", order=order) == parse_day("2010年12月1日", order=order) == date(2010, 12, 1)
        assert parse_day("110/12/1", order=order) == date(2021, 12, 1)
    assert parse_day("31/12/1978") == parse_day("12/31/1978") == date(1978, 12, 31)
    with pytest.raises(Invalid, match="date.which_order"):
        parse_day("07/08/1969")


def test_the_order_is_guessed_or_called_ambiguous():
    assert guess_order(["1/12/2010", "13/12/2010"]) == "dmy"
    assert guess_order(["1/12/2010", "1/13/2010"]) == "mdy"
    assert guess_order(["2010/1/12"]) == "ymd"
    assert guess_order(["110/12/1"]) == "ymd"
    assert guess_order(["2010/1/12", "13/12/2010", "1/12/2010"]) == "dmy"
    assert guess_order(["2010/1/12", "1/12/2010"]) == "ymd"
    assert guess_order(["1/12/2010", "2/11/2010"]) is None
    assert parse_day("29.02.2012", order="dmy") == date(2012, 2, 29)
