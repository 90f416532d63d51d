"""A row that failed says all that is wrong with it at once, in the headings of the file it stood in."""

import csv
import io

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import check_import, start_import
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
PEOPLE = """客户编号,姓名,邮箱,生日,语言,国家,性别
K1,张伟,zhang@example.test,1985-03-09,zh,CN,male
,,,not a day,Klingon,Atlantis,robot
K3,李娜,nobody,1990-07-01,Klingon,CN,
,,nobody,1990-07-01,zh,CN,
K1,,zhang@example.test,not a day,zh,CN,male
"""
LINES = """InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Line number
7,A,1,2026-01-02,10,K1,1
8,B,99999999999,never,99999999999,K9,0
9,,two,,,K1,half
"""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def written(text: str, noun: str = "customers", *, actor=SYSTEM, **values) -> ImportRun:
    run = make.import_run(text, noun, order="ymd", **values)
    return running.write(start_import(actor, run.pk).pk)


def codes(run: ImportRun) -> dict[int, dict[str, str]]:
    rows = ImportProblem.objects.filter(run=run)
    return {row.number: {name: one["code"] for name, one in row.problem["fields"].items()} for row in rows}


WRONG = {
    3: {
        "birthday": "date.unreadable", "gender": "import.not_a_choice", "name": "import.value_needed",
        "language": "import.not_a_choice", "country": "import.not_a_country",
    },
    4: {"email": "import.not_an_address", "language": "import.not_a_choice"},
    5: {"email": "import.not_an_address"},
    6: {"birthday": "date.unreadable"},
}  # fmt: skip


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    """Somebody new needs a name; who is meant by an address that cannot be read nobody knows, so no name is asked."""
    run = written(PEOPLE)
    assert (run.rows_created, run.rows_failed) == (1, 4)
    assert codes(run) == WRONG


def test_a_trial_tells_the_same():
    run = check_import(SYSTEM, make.import_run(PEOPLE, order="ymd").pk)
    assert codes(running.check(run.pk)) == WRONG


def test_the_cells_of_a_line_are_told_together_with_what_they_come_to():
    run = written(LINES, "orders")
    assert codes(run) == {
        3: {
            "ordered_at": "date.unreadable", "unit_price": "import.amount_too_large", "ordinal": "import.not_a_place",
        },
        4: {
            "quantity": "import.not_a_number", "ordered_at": "import.value_needed",
            "unit_price": "import.value_needed", "ordinal": "import.not_a_number",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("noun", "text", "column"),
    [
        ("customers", "Customer number,Name,Birthday\nK1,Ann,never\n", "key"),
        ("orders", "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n7,one,2026-01-02,10,K1\n", "customer"),
    ],
)
def test_a_customer_whom_the_importer_does_not_see_is_told_beside_the_rest(noun, text, column):
    customers.customer(key="K1", name="Anna Ito")
    grants = {"customers.*": 1, "commerce.*": 4, "workspace.import.*": 4}
    run = written(text, noun, actor=make.acting(grants))
    assert codes(run)[2].pop(column) == "record.not_found"
    assert len(codes(run)[2]) == 2


@pytest.mark.parametrize(
    ("language", "birthday", "name"),
    [
        ("zh-Hans", "生日：", "姓名：此处为空"),
        ("zh-Hant", "生日：", "姓名：此處是空的"),
        ("en", "生日: ", "姓名: Nothing"),
    ],
)
def test_the_file_of_failed_rows_names_the_headings_of_the_file_that_was_sent(language, birthday, name):
    run = written(PEOPLE)
    api = Api(make.user("owner", language=language))
    sheet = api.client.get(f"/api/imports/{run.pk}/problems.csv").content.decode("utf-8-sig")
    why = list(csv.reader(io.StringIO(sheet)))[1][-1]
    assert birthday in why
    assert name in why
    told = api.get(f"imports/{run.pk}/problems")
    assert told["called"]["country"] == "国家"
    assert list(told["rows"][0]["fields"]) == ["name", "gender", "birthday", "language", "country"]


def test_what_stood_in_no_column_of_the_file_is_called_as_its_reader_calls_it():
    mapping = {"city": "城市", "country": {"constant": "Atlantis"}}
    run = written("城市\n成都\n", mapping=mapping)
    api = Api(make.user("owner", language="zh-Hans"))
    told = api.get(f"imports/{run.pk}/problems")
    assert told["called"] == {"country": "国家或地区", "name": "姓名"}
    assert list(told["rows"][0]["fields"]) == ["name", "country"]


def test_a_mapping_that_lacks_or_misspells_says_so_in_words_and_offers_what_is_near():
    api = Api(make.user("owner", language="zh-Hans"))
    run = make.import_run("StockCode,Quantity\nA,1\n", "orders")
    lacking = api.post(f"imports/{run.pk}/start", status=422)
    assert lacking["message"] == "请指定文件中哪一列是订单号（number）。"
    wrong = api.post(f"imports/{run.pk}/map", {"mapping": {"number": "StokCode"}}, status=422)
    assert wrong["message"].endswith("文件的标题有：StockCode, Quantity。是不是想写“StockCode”？")
    unknown = api.post(f"imports/{run.pk}/map", {"mapping": {"qantity": "Quantity"}}, status=422)
    assert unknown["message"].endswith("是不是想写“quantity”？")


def test_an_order_says_its_currency_in_many_ways_and_never_an_unknown_one_or_a_day_to_come():
    said = [("gbp", "2026-01-02"), ("€", "2026-01-02"), ("NT$", "2026-01-02"), ("￥", "2026-01-02"), ("", "2026-01-02"),
            ("ZZZ", "2026-01-02"), ("€€€", "2026-01-02"), ("$", "2026-01-02"), ("USD", "2999-01-01")]  # fmt: skip
    choose(SYSTEM, CURRENCY.name, "CNY")
    rows = "".join(f"{n},A,1,{day},10,{currency}\n" for n, (currency, day) in enumerate(said))
    run = written(f"InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Currency\n{rows}", "orders")
    kept = dict(Order.objects.values_list("number", "currency"))
    assert kept == {"0": "GBP", "1": "EUR", "2": "TWD", "3": "CNY", "4": "CNY"}
    assert codes(run) == {
        7: {"currency": "import.not_a_currency"}, 8: {"currency": "import.not_a_currency"},
        9: {"currency": "import.not_a_currency"}, 10: {"ordered_at": "order.in_the_future"},
    }  # fmt: skip
