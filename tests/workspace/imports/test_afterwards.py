"""What an import opens afterwards: as many rows as it says it brought in or changed, and no others."""

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.operations import start_import
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
PEOPLE = """Customer number,Name,Phone,City,Consent,Consent wording,E-mail
K1,Ann Lee,,Leeds,,,
K2,Bo Li,07700 900123,,,,
K3,Cy Roe,,,yes,Write to me,cy@example.test
K4,Di Moe,,,,,
K5,New One,,York,,,
"""
LINES = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Line number\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def written(text: str, noun: str) -> ImportRun:
    return running.write(start_import(SYSTEM, make.import_run(text, noun, country="GB").pk).pk)


def opened(run: ImportRun, label: str) -> set[str]:
    """What the page of an import leads to."""
    where = {"field": "written_in", "op": "is", "value": str(run.change_set)}
    rows = Api(make.user("owner")).get(run.noun, where=where)["rows"]
    assert len(rows) == run.rows_created + run.rows_updated
    return {row[label] for row in rows}


def test_customers_are_those_that_are_new_changed_or_got_a_number_or_a_consent():
    for key, name in (("K1", "Ann Lee"), ("K2", "Bo Li"), ("K3", "Cy Roe"), ("K4", "Di Moe"), ("K6", "Else")):
        customers.customer(key=key, name=name)
    run = written(PEOPLE, "customers")
    assert (run.rows_created, run.rows_updated, run.rows_skipped) == (1, 3, 1)
    assert opened(run, "name") == {"Ann Lee", "Bo Li", "Cy Roe", "New One"}


def test_products_and_orders_are_those_that_are_new_or_got_more():
    first = written(f"{LINES}7,A,1,2026-01-02,10,1\n8,A,1,2026-01-02,10,1\n", "orders")
    second = written(f"{LINES}7,B,1,2026-01-02,10,2\n9,A,1,2026-01-02,10,1\n", "orders")
    assert (opened(first, "number"), opened(second, "number")) == ({"7", "8"}, {"7", "9"})
    assert opened(written("Code,Name\nA,Apple\nC,Cherry\n", "products"), "code") == {"A", "C"}
