"""Files that are not as they should be, as somebody who reads Chinese meets them: said, with nothing written."""

import gzip
import os
import re
import tracemalloc

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.kernel.actor import SYSTEM
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.jobs import forget_unused_files
from guanxi.workspace.imports.operations import start_import
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
HANS = "姓名,城市\n张伟,成都\n李娜,绵阳\n"
HANT = "姓名,城市\n陳怡君,臺北\n張淑芬,高雄\n"
CANTON = "姓名,城市,備註\n陳大文,香港,佢喺銅鑼灣，嘅嘢冇晒，啲貨聽日到\n李嘉欣,九龍,唔該晒\n"
RARE = "姓名,城市,备注\n㐂田,成都,𠮷野家 €\n王㛃,绵阳,龦\n"
PRICES = "Name,City,Note\nZoë O’Brien,Zürich,“about €20” – œuvre\nPeña,Málaga,déjà vu…\n"
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
        (LATIN, "cp1252", "cp1252"), (HANS, "utf-16", "utf-16"), (CANTON, "big5hkscs", "big5hkscs"),
        (RARE, "gb18030", "gb18030"), (PRICES, "cp1252", "cp1252"), (PRICES, "utf-16-le", "utf-16-le"),
        (PRICES, "utf-16-be", "utf-16-be"), (CANTON, "utf-8", "utf-8"),
    ],
)  # fmt: skip
def test_the_encoding_is_found_and_a_sample_shown_before_anything_is_written(api, text, written, found):
    with nothing_changes():
        status, looked = uploaded(api, text.encode(written))
    assert (status, looked["encoding"]) == (200, found)
    assert [list(cells.values()) for cells in looked["sample"]] == [line.split(",") for line in text.splitlines()[1:]]
    assert looked["suggested"] == dict(zip(("name", "city", "note"), looked["headings"], strict=False))


@pytest.mark.parametrize(
    ("content", "status", "code", "said"),
    [
        (b"", 422, "table.empty", "空"),
        (b"PK\x03\x04 an Excel file", 422, "workbook.damaged", ".xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an older one", 422, "workbook.too_old", "另存为"),
        (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table>", 422, "table.web_page", "另存为"),
        (b"\x89PNG\r\n\x1a\n", 422, "table.not_text", "CSV"),
        ("姓名,姓名\n张伟,李娜\n".encode(), 422, "table.heading_twice", "姓名"),
        (b",,\n1,2,3\n", 422, "table.no_headings", "标题"),
        (b"a," * 600 + b"\n", 422, "table.too_many_columns", "500"),
        (gzip.compress(HANS.encode())[:-12], 422, "import.broken_gzip", "压缩"),
        (gzip.compress(b"x" * 20_000_000), 413, "import.file_too_large", "16"),
    ],
    ids=["empty", "xlsx", "xls", "page", "png", "twice", "bare", "wide", "broken", "bomb"],
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


IMPORTS_NOTHING = {"*": 4, "workspace.import.*": 0}


def test_who_may_not_import_sends_no_file_and_looks_into_none(api, settings):
    _, looked = uploaded(api, HANS.encode())
    agent = Api(make.holder(IMPORTS_NOTHING))
    with nothing_changes():
        assert uploaded(agent, HANT.encode())[0] == 403
        assert agent.get("imports/look", noun="customers", file=looked["file"], status=403)["code"] == (
            "access.not_granted"
        )
        assert agent.get("imports/nouns") == []
    assert kept(settings) == [looked["file"]]


def test_a_file_is_opened_only_for_who_gave_it_or_sees_an_import_of_it(api):
    _, looked = uploaded(api, HANS.encode())
    given = {"noun": "customers", "file": looked["file"], "file_name": "x.csv"}
    other = Api(make.holder({"customers.*": 4, "workspace.import.*": 1}))
    with nothing_changes():
        refusal = other.get("imports/look", noun="customers", file=looked["file"], status=404)
        assert refusal["code"] == "import.file_gone"
        assert other.post("imports", given, status=404)["code"] == "import.file_gone"
    api.post("imports", given, status=201)
    with nothing_changes():
        other.post("imports", given, status=404)
    seeing = Api(make.holder({"customers.*": 4, "workspace.import.*": 4}))
    assert seeing.get("imports/look", noun="customers", file=looked["file"])["headings"] == looked["headings"]
    assert uploaded(other, HANS.encode())[1]["file"] == looked["file"]
    assert other.post("imports", given, status=201)["status"] == "prepared"


def test_nobody_fills_the_disk_with_files_they_never_bring_in(api, monkeypatch, settings):
    _, first = uploaded(api, HANS.encode())
    monkeypatch.setattr(files, "MOST_UNUSED", len(HANS.encode()) + 10)
    with nothing_changes():
        status, refusal = uploaded(api, HANT.encode())
    assert (status, refusal["code"]) == (413, "import.too_much_unused")
    assert re.search("[\u4e00-\u9fff]", refusal["message"])
    assert kept(settings) == [first["file"]]
    another = Api(make.user("owner"))
    assert uploaded(another, HANT.encode())[0] == 200
    run = {"noun": "customers", "file": first["file"], "file_name": "x.csv", "mapping": first["suggested"]}
    api.post(f"imports/{api.post('imports', run, status=201)['id']}/start")
    assert uploaded(api, HANT.encode())[0] == 200


def test_a_small_file_does_not_become_a_huge_one(api, monkeypatch, settings):
    monkeypatch.setattr(files, "SMALL", 1 << 20)
    status, refusal = uploaded(api, gzip.compress(HANS.encode() * 100_000))
    assert (status, refusal["code"]) == (413, "import.unfolds_too_far")
    assert kept(settings) == []
    assert list((settings.HOME / "uploads").glob("*/*")) == []


@pytest.mark.parametrize(
    "row", [b"x," * 2_000_000, b'"x\n",' * 1_000_000, "\u0a0a,".encode("utf-16-le") * 1_000_000],
    ids=["one line", "many lines", "wide"],
)  # fmt: skip
def test_a_row_without_an_end_is_refused_before_it_is_read(api, settings, row):
    head = "name,city\n".encode("utf-16") if b"\n\x0a" in row else b"name,city\n"
    tracemalloc.start()
    status, refusal = uploaded(api, head + row)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (status, refusal["code"]) == (422, "table.row_too_long")
    assert most < 24 << 20
    assert re.search("[\u4e00-\u9fff]", refusal["message"])


def test_headings_without_an_end_are_said(api):
    assert uploaded(api, b"x" * 300_000)[1]["code"] == "table.row_too_long"


def test_a_batch_is_never_larger_than_fits_though_all_be_one_document(api, monkeypatch):
    monkeypatch.setattr(running, "LARGEST_BATCH", 20_000)
    rows = "7,2026-01-02,A,1,10\n" * 3000
    run = make.import_run(f"Invoice,Date,Code,Quantity,Price\n{rows}", "orders")
    assert max(len(batch.lines) for batch in running.batches(run, "en")) < 1300
    done = running.write(start_import(SYSTEM, run.pk).pk)
    assert (done.rows_created, Order.objects.get().total) == (3000, 30_000)


def test_names_of_files_that_are_gone_are_forgotten_along(api, settings):
    _, looked = uploaded(api, HANS.encode())
    noted = next((settings.HOME / "uploads").glob("*/*"))
    for one in (noted, settings.HOME / "files" / looked["file"]):
        os.utime(one, (0, 0))
    forget_unused_files.function()
    assert not noted.exists()
