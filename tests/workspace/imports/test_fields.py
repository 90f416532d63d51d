"""Fields of the company on their way in: found by what they are called, checked as any other, taken back."""

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.commerce.products.models import Product
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.undo import undo
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import start_import
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def written(text: str, noun: str) -> ImportRun:
    run = make.import_run(text, noun)
    return running.write(start_import(SYSTEM, run.pk).pk)


def test_fields_of_the_company_come_in_by_what_they_are_called():
    tier = make.custom_field("Tier", kind="choice", choices=["Gold", "Silver"]).name
    budget = make.custom_field("预算", kind="decimal").name
    tax = make.custom_field("Tax number", kind="sensitive").name
    given = 'Name,Customer number,Tier,预算,Tax number\nAnn,K1,gold,"1,200.50",TX 77 8899\nBo,K2,Lead,9,\n'
    run = written(given, "customers")
    assert (run.rows_created, run.rows_failed) == (1, 1)
    ann = Customer.objects.get()
    assert (ann.custom[tier], ann.custom[budget], ann.custom[tax].opened()) == ("Gold", "1200.5", "TX 77 8899")
    problem = ImportProblem.objects.get()
    assert problem.problem["fields"][tier]["code"] == "import.not_a_choice"
    assert make.import_run(given, "customers").mapping[tier] == "Tier"
    again = written("Customer number,Tier\nK1,Silver\n", "customers")
    assert (again.rows_updated, Customer.objects.get().custom[tier]) == (1, "Silver")
    undo(SYSTEM, again.change_set)
    assert Customer.objects.get().custom[tier] == "Gold"


@pytest.mark.parametrize(
    ("noun", "text"),
    [
        ("products", "Code,Name,Shelf\nP1,Tea,A-7\n"),
        ("orders", "InvoiceNo,InvoiceDate,Quantity,UnitPrice,Shelf\n1,2010-12-01 08:26:00,6,2.55,A-7\n"),
    ],
)
def test_fields_of_products_and_orders_come_in_too(noun, text):
    name = make.custom_field("Shelf", noun=noun).name
    run = written(text, noun)
    assert (run.rows_created, run.rows_failed) == (1, 0)
    model = {"products": Product, "orders": Order}[noun]
    assert model.objects.get().custom == {name: "A-7"}
