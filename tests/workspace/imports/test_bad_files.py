"""Files that are not as they should be, as somebody who reads Chinese meets them: said, with nothing written."""

import gzip
import os
import re

import pytest

from guanxi.workspace.imports import files
from guanxi.workspace.imports.jobs import forget_unused_files
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
HANS = "姓名,城市\n张伟,成都\n李娜,绵阳\n"
HANT = "姓名,城市\n陳怡君,臺北\n張淑芬,高雄\n"
LATIN = "Name,City\nJosé Müller,Zürich\nRenée Dubois,Orléans\n"


@pytest.fixture
def api(settings, tmp_path):
    settings.HOME = tmp_path
    return Api(make.user("owner", language="zh-Hans"))


def uploaded(api, content: bytes) -> tuple[int, dict]:
    """What the wizard is told of a file."""
    answer = api.client.post("/api/imports/upload?noun=customers&name=x.csv", content, content_type="text/csv")
    return answer.status_code, answer.json()


def kept(settings) -> list[str]:
    """What lies in the folder of files."""
    return sorted(path.name for path in (settings.HOME / "files").iterdir())


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (HANS, "utf-8-sig", "utf-8-sig"), (HANS, "gb18030", "gb18030"), (HANT, "big5", "big5hkscs"),
        (LATIN, "cp1252", "cp1252"), (HANS, "utf-16", "utf-16"),
    ],
)  # fmt: skip
def test_the_encoding_is_found_and_a_sample_shown_before_anything_is_written(api, text, written, found):
    with nothing_changes():
        status, looked = uploaded(api, text.encode(written))
    assert (status, looked["encoding"]) == (200, found)
    assert [list(cells.values()) for cells in looked["sample"]] == [line.split(",") for line in text.split()[1:]] or (
        text is LATIN and looked["sample"][0] == {"Name": "José Müller", "City": "Zürich"}
    )
    assert looked["suggested"] == dict(zip(("name", "city"), looked["headings"], strict=True))


@pytest.mark.parametrize(
    ("content", "status", "code", "said"),
    [
        (b"", 422, "table.empty", "空"),
        (b"PK\x03\x04 an Excel file", 422, "table.not_text", "CSV"),
        (b"\x89PNG\r\n\x1a\n", 422, "table.not_text", "CSV"),
        ("姓名,姓名\n张伟,李娜\n".encode(), 422, "table.heading_twice", "姓名"),
        (b",,\n1,2,3\n", 422, "table.no_headings", "标题"),
        (b"a," * 600 + b"\n", 422, "table.too_many_columns", "500"),
        (gzip.compress(HANS.encode())[:-12], 422, "import.broken_gzip", "压缩"),
        (gzip.compress(b"x" * 20_000_000), 413, "import.file_too_large", "16"),
    ],
    ids=["empty", "xlsx", "png", "twice", "bare", "wide", "broken", "bomb"],
)
def test_what_is_no_table_is_said_and_not_written(api, monkeypatch, content, status, code, said):
    monkeypatch.setattr(files, "LARGEST", 16 << 20)
    with nothing_changes():
        got, refusal = uploaded(api, content)
    assert (got, refusal["code"]) == (status, code)
    assert said in refusal["message"]
    assert re.search("[\u4e00-\u9fff]", refusal["message"])


def test_of_a_file_that_was_refused_on_its_way_nothing_is_left(api, settings):
    uploaded(api, gzip.compress(HANS.encode())[:-12])
    assert kept(settings) == []


@pytest.mark.parametrize(
    ("encoding", "code"),
    [("utf-8", "table.wrong_encoding"), ("klingon", "table.unknown_encoding"), ("zlib", "table.unknown_encoding"),
     ("unicode_escape", "table.unknown_encoding"), ("\x00", "table.unknown_encoding")],
)  # fmt: skip
def test_an_encoding_that_does_not_fit_is_refused(api, encoding, code):
    _, looked = uploaded(api, HANS.encode("gb18030"))
    given = {"noun": "customers", "file": looked["file"], "file_name": "x.csv", "encoding": encoding}
    with nothing_changes():
        assert api.get("imports/look", noun="customers", file=looked["file"], encoding=encoding, status=422)[
            "code"
        ] == (code)
        refusal = api.post("imports", given, status=422)
    assert refusal["code"] == code
    assert "编码" in refusal["message"]


@pytest.mark.parametrize("file", ["0" * 64, "../key", "/etc/passwd", "..", "x\x00"])
def test_a_file_that_was_never_given_is_not_there(api, settings, file):
    (settings.HOME / "key").write_text("secret")
    with nothing_changes():
        look = api.get("imports/look", noun="customers", file=file, status=404)
        refusal = api.post("imports", {"noun": "customers", "file": file, "file_name": "x.csv"}, status=404)
    assert look["code"] == refusal["code"] == "import.file_gone"


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"name": "名字"}, "import.unknown_heading"), ({"nom": "姓名"}, "import.unknown_column"),
        ({"name": {"constant": 1}}, "import.wrong_constant"), ({"name": ["姓名"]}, "import.unknown_heading"),
        ({"name": {"constant": "\x00"}}, "import.wrong_constant"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_written(api, mapping, code):
    _, looked = uploaded(api, HANS.encode())
    given = {"noun": "customers", "file": looked["file"], "file_name": "x.csv", "mapping": mapping}
    with nothing_changes():
        refusal = api.post("imports", given, status=422)
    assert refusal["code"] == code
    assert re.search("[\u4e00-\u9fff]", refusal["message"])


def test_a_folder_that_takes_no_file_is_said(api, settings):
    (settings.HOME / "files").write_text("in the way")
    with nothing_changes():
        status, refusal = uploaded(api, HANS.encode())
    assert (status, refusal["code"]) == (503, "import.cannot_keep")
    assert "文件" in refusal["message"]


def test_what_was_looked_at_and_never_brought_in_is_forgotten_after_two_days(api, settings):
    _, wanted = uploaded(api, HANS.encode())
    _, unused = uploaded(api, HANT.encode())
    _, young = uploaded(api, LATIN.encode())
    run = {"noun": "customers", "file": wanted["file"], "file_name": "x.csv", "mapping": wanted["suggested"]}
    api.post("imports", run, status=201)
    for old in (wanted, unused):
        os.utime(settings.HOME / "files" / old["file"], (0, 0))
    forget_unused_files.function()
    assert kept(settings) == sorted([wanted["file"], young["file"]])
