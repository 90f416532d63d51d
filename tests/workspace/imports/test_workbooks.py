"""Workbooks on their way in: a sheet is chosen, headings found, what is special about it said, and then as any file."""

import os
from datetime import date, datetime

import pytest

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.lib.errors import Problem
from guanxi.workspace.imports import files, running, workbooks
from guanxi.workspace.imports.jobs import forget_unused_files
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import prepare_import, start_import
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes
from tests.workbooks import Error, Formula, Row, workbook

pytestmark = pytest.mark.django_db
PEOPLE = [
    ("2026 年客户名单",),
    (),
    ("客户编号", "姓名", "手机", "生日", "城市"),
    ("K1", "张伟", 13800138001, date(1985, 3, 9), "成都"),
    Row(("K2", "李娜", "139 0013 8002", date(1990, 7, 1), "绵阳"), hidden=True),
    (),
    ("K3", "王芳", "1.38E+10", None, Error()),
]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def api():
    return Api(make.user("owner", language="zh-Hans"))


def table(content: bytes, sheet: str = "") -> tuple[list[str], workbooks.Taken]:
    taken = workbooks.table_of(SYSTEM, files.keep(SYSTEM, [content]), sheet)
    with files.opened(taken.file) as stream:
        return stream.read().decode("utf-8-sig").replace('"', "").splitlines(), taken


def written(content: bytes, noun: str = "customers", **given) -> ImportRun:
    file = files.keep(SYSTEM, [content])
    run = prepare_import(SYSTEM, noun=noun, file=file, file_name="a.xlsx", country="CN", **given)
    return running.write(start_import(SYSTEM, run.pk).pk)


def test_a_list_of_customers_comes_in_by_wizard_and_what_is_special_about_it_is_said(api):
    content = workbook({"说明": [], "客户": PEOPLE, "旧": [("x",)]}, merged=["A1:E1"])
    with nothing_changes():
        looked = api.client.post(
            "/api/imports/upload?noun=customers&name=a.xlsx", content, content_type="application/octet-stream"
        ).json()
    assert (looked["sheet"], looked["sheets"]) == ("客户", ["说明", "客户", "旧"])
    assert looked["remarks"] == [
        "标题上方的 1 行不导入。", "表格中有 1 行被隐藏，也会一并导入。", "1 个单元格是 #N/A 之类的错误，按空白读取。",
    ]  # fmt: skip
    assert looked["sample"][0] == dict(zip(PEOPLE[2], ("K1", "张伟", "13800138001", "1985-03-09", "成都"), strict=True))
    assert set(looked["suggested"]) == {"key", "name", "phone", "birthday", "city"}
    made = api.post("imports", {"noun": "customers", "file": looked["file"], "file_name": "a.xlsx", "country": "CN"},
                    status=201)  # fmt: skip
    api.post(f"imports/{made['id']}/start")
    drain()
    [row] = api.get(f"imports/{made['id']}/problems")["rows"]
    assert (row["number"], "缩写" in row["fields"]["phone"]) == (7, True)
    assert dict(Customer.objects.values_list("key", "city")) == {"K1": "成都", "K2": "绵阳"}
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"+8613800138001", "+8613900138002"}


def test_another_sheet_is_chosen_and_one_that_is_not_there_is_refused(api):
    content = workbook({"One": [("Name",), ("Ann",)], "Two": [("Name", "City"), ("Bo", "Bath")]}, hidden=["Two"])
    book = api.client.post(
        "/api/imports/upload?noun=customers&name=a.xlsx", content, content_type="application/octet-stream"
    ).json()["book"]
    looked = api.get("imports/look", noun="customers", file=book, sheet="Two")
    assert (looked["headings"], looked["sheet"], looked["sheets"]) == (["Name", "City"], "Two", ["One", "Two"])
    refusal = api.get("imports/look", noun="customers", file=book, sheet="Three", status=422)
    assert (refusal["code"], "One" in refusal["message"]) == ("workbook.no_such_sheet", True)
    made = api.post("imports", {"noun": "customers", "file": book, "file_name": "a.xlsx", "sheet": "Two"}, status=201)
    assert (made["file"], made["mapping"]) == (looked["file"], {"name": "Name", "city": "City"})


def test_orders_with_days_numbers_and_merged_cells_come_in_as_they_are_shown():
    content = workbook(
        {"S": [
            ("订单编号", "下单日期", "商品编码", "数量", "单价"),
            ("D1", datetime(2026, 1, 2, 8, 26), 85123, 2, Formula(2.55)),
            (None, None, "B", 1.0, 30),
            ("D2", date(2026, 1, 3), "B", 3, 30.5),
        ]},
        merged=["A2:A3", "B2:B3"],
    )  # fmt: skip
    run = written(content, "orders")
    assert (run.status, run.rows_created, run.rows_failed) == ("done", 3, 0)
    assert {one.number: float(one.total) for one in Order.objects.all()} == {"D1": 35.1, "D2": 91.5}
    assert set(OrderLine.objects.values_list("product__code", flat=True)) == {"85123", "B"}
    assert Order.objects.get(number="D1").ordered_at.minute == 26


def test_headings_in_two_rows_are_those_of_the_second():
    rows = [("姓名", "联系方式", None), (None, "手机", "邮箱"), ("张伟", 13800138001, "z@example.test")]
    lines, taken = table(workbook({"S": rows}, merged=["A1:A2", "B1:C1"]))
    assert lines == ["姓名,手机,邮箱", "", "张伟,13800138001,z@example.test"]
    assert taken.remarks == {"import.remark.above_headings": 1, "import.remark.merged": 1}


def test_a_column_without_a_heading_is_called_by_its_letter_and_headings_stand_in_one_line():
    lines, _ = table(workbook({"S": [("Full\nname", None, "City", None), ("Ann", "x", "Leeds", None)]}))
    assert lines == ["Full name,B,City", "Ann,x,Leeds"]


def test_every_row_keeps_the_number_that_the_spreadsheet_shows():
    rows = [("Name", "E-mail", "Note"), ("Ann", "a@example.test", "one\ntwo\nthree"), (), (), ("Bo", "nobody", "")]
    run = written(workbook({"S": rows}))
    assert (run.rows_created, ImportProblem.objects.get(run=run).number) == (1, 5)
    assert Customer.objects.get().note == "one\ntwo\nthree"


def test_signs_that_part_cells_elsewhere_stay_in_theirs():
    assert written(workbook({"S": [("Name", "Note")] + [(f"P{n}", "a;b;c;d") for n in range(5)]})).rows_failed == 0
    assert set(Customer.objects.values_list("note", flat=True)) == {"a;b;c;d"}
    assert written(workbook({"S": [("Name",)] + [(f"Q{n};a",) for n in range(5)]})).rows_created == 5


def test_formulas_that_nobody_worked_out_are_said():
    _, taken = table(workbook({"S": [("Name", "Note"), ("Ann", Formula()), ("Bo", Formula("x"))]}))
    assert taken.remarks == {"import.remark.without_value": 1}


def test_the_same_workbook_is_read_once_for_everybody_and_forgotten_like_any_file(settings, monkeypatch):
    content = workbook({"S": [("Name",), ("Ann",)]})
    _, first = table(content)
    monkeypatch.setattr(workbooks.xlsx, "opened", None)
    other = make.actor("owner")
    assert workbooks.table_of(other, files.keep(other, [content])) == first
    assert first.file in files.given_by(other)
    for one in (settings.HOME / "files").iterdir():
        os.utime(one, (0, 0))
    forget_unused_files.function()
    assert list((settings.HOME / "files").iterdir()) == []


def test_a_text_that_is_pointed_to_too_often_is_refused(monkeypatch):
    monkeypatch.setattr(files, "SMALL", 1 << 20)
    content = workbook({"S": [("Name", "Note")] + [("shared:0", "shared:0")] * 500}, shared=["x" * 50_000])
    with pytest.raises(Problem, match="import.unfolds_too_far"):
        table(content)


@pytest.mark.parametrize(
    ("rows", "code"),
    [([], "table.empty"), ([("Name", "Name"), ("a", "b")], "table.heading_twice"),
     ([tuple(f"H{n}" for n in range(501))], "table.too_many_columns")],
)  # fmt: skip
def test_a_sheet_that_is_no_table_is_said_and_nothing_is_kept_of_it(api, rows, code):
    with nothing_changes():
        answer = api.client.post(
            "/api/imports/upload?noun=customers&name=a.xlsx", workbook({"S": rows}),
            content_type="application/octet-stream",
        )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_sheets_of_one_workbook_do_not_fill_the_disk(api, monkeypatch):
    book = workbook({"A": [("Name",), ("Ann",)], "B": [("Name",), *[("Bob" * 300,)] * 20]})
    look = {"noun": "customers", "name": "x.xlsx"}
    sent = api.client.post("/api/imports/upload", book, content_type="application/octet-stream", query_params=look)
    file = sent.json()["book"]
    monkeypatch.setattr(files, "MOST_UNUSED", len(book) + 1_000)
    refused = api.get("imports/look", status=413, noun="customers", file=file, sheet="B")
    assert refused["code"] == "import.too_much_unused"
    given = {"noun": "customers", "file": file, "file_name": "x.xlsx", "sheet": "B"}
    with nothing_changes():
        assert api.post("imports", given, status=413)["code"] == "import.too_much_unused"
    assert api.get("imports/look", noun="customers", file=file, sheet="A")["headings"] == ["Name"]
