"""Rows of documents keep their place: what failed is corrected and fed again without losing or doubling a line."""

import csv
import io

import pytest

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.products.models import Product
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.change_sets import begin
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import create_many
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.operations import start_import
from tests.client import Api
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
HEAD = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n"
BROKEN = HEAD + "7,A,1,2026-01-02,10\n7,B,two,2026-01-02,20\n7,C,3,2026-01-02,30\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def written(text: str, noun: str = "orders", **values) -> ImportRun:
    return running.write(start_import(SYSTEM, make.import_run(text, noun, **values).pk).pk)


def lines() -> list[tuple[int, str]]:
    return list(OrderLine.objects.order_by("ordinal").values_list("ordinal", "product__code"))


def test_the_whole_file_corrected_and_fed_again_adds_what_failed():
    assert written(BROKEN).rows_failed == 1
    assert lines() == [(1, "A"), (3, "C")]
    again = written(BROKEN.replace("two", "2"))
    assert (again.rows_created, again.rows_skipped) == (1, 2)
    assert lines() == [(1, "A"), (2, "B"), (3, "C")]
    assert Order.objects.get().total == 10 + 40 + 90


def test_the_rows_that_failed_corrected_and_fed_again_find_their_place():
    run = written(BROKEN)
    sheet = Api(make.user("owner")).client.get(f"/api/imports/{run.pk}/problems.csv").content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(sheet)))["StockCode"] == "B"
    again = written(sheet.replace("two", "2"))
    assert (again.status, again.rows_created, again.rows_failed) == ("done", 1, 0)
    assert lines() == [(1, "A"), (2, "B"), (3, "C")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (f"{'9' * 90},B,1,2026-01-02,1", "number"),
        (f"8,{'B' * 90},1,2026-01-02,1", "product"),
        ("8,B,99999999999,2026-01-02,99999999999", "amount"),
    ],
)
def test_one_row_that_cannot_be_stored_does_not_stop_the_file(row, field):
    run = written(HEAD + f"7,A,1,2026-01-02,10\n{row}\n9,C,1,2026-01-02,10\n")
    assert (run.status, run.rows_created, run.rows_failed) == ("done", 2, 1)


def test_more_rows_than_a_statement_takes_parameters_are_taken_back():
    actor = begin(SYSTEM, "commerce.product.create")
    create_many(actor, Product, ({"code": f"P{i}"} for i in range(66_000)), checked=True)
    assert undo(SYSTEM, actor.change_set).removed["commerce.product"] == 66_000
    assert not Product.objects.exists()
