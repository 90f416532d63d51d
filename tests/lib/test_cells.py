import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib import tables


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+8613812345678", "'+8613812345678"),
        ("-12.50", "-12.50"),
        ("-1+cmd|'/c calc'!A1", "'-1+cmd|'/c calc'!A1"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_formulas_are_guarded(text, safe):
    assert tables.safe_cell(text) == safe
    assert tables.original_cell(safe) == text


@given(st.text().filter(lambda text: not text.startswith("'")))
def test_a_guarded_cell_reads_back(text):
    assert tables.original_cell(tables.safe_cell(text)) == text
    assert tables.safe_cell(text)[:1] not in ("=", "+", "@")


def test_an_exported_number_comes_back_as_it_was():
    stream = io.BytesIO(b"name,phone,owed\nJane,'+8613812345678,-12.50\n")
    row = next(tables.rows(stream, tables.shape(stream)))
    assert row.cells == {"name": "Jane", "phone": "+8613812345678", "owed": "-12.50"}


def test_utf16_without_a_mark_is_a_table():
    stream = io.BytesIO("name\tcity\nJane\tYork\n".encode("utf-16-le"))
    known = tables.shape(stream)
    assert (known.detected.encoding, known.headings) == ("utf-16-le", ("name", "city"))
    assert next(tables.rows(stream, known)).cells == {"name": "Jane", "city": "York"}


def test_binary_is_refused():
    with pytest.raises(tables.Invalid) as refused:
        tables.shape(io.BytesIO(b"\x01\x00\x02\x00\x00\x00\x07rubbish\x00"))
    assert refused.value.code == "table.not_text"
