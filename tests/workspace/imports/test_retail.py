"""Half a million real order lines: in, counted by our measures, equal to the published figures and to a recount."""

import json

import pytest

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.customers.customers.models import Customer
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.cases import Question
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.operations import prepare_import, start_import
from tests.recounts import retail

MAPPING = {
    "number": "InvoiceNo", "product": "StockCode", "description": "Description", "quantity": "Quantity",
    "ordered_at": "InvoiceDate", "unit_price": "UnitPrice", "customer": "CustomerID", "country": "Country",
    "currency": {"constant": "GBP"},
}  # fmt: skip
SOLD = {
    "and": [
        {"field": "order.customer", "op": "not_empty"},
        {"field": "order.kind", "op": "is", "value": "sale"},
        {"field": "quantity", "op": "gt", "value": 0},
        {"field": "unit_price", "op": "gt", "value": 0},
    ]
}
ORDERS_SOLD = {
    "and": [
        {"field": "customer", "op": "not_empty"},
        {"field": "kind", "op": "is", "value": "sale"},
        {"related": "lines", "aggregate": "exists", "where": {"and": SOLD["and"][2:]}},
    ]
}


@pytest.mark.data
@pytest.mark.django_db
def test_the_retail_file_gives_the_figures_it_is_known_for(data_folder, settings, tmp_path):
    settings.HOME = tmp_path
    file = files.keep(SYSTEM, files.of_path(data_folder / retail.FILE))
    run = prepare_import(SYSTEM, noun="orders", file=file, file_name="retail.csv", mapping=MAPPING, order="ymd")
    done = running.write(start_import(SYSTEM, run.pk).pk)
    assert (done.status, done.rows_read, done.rows_created, done.rows_failed) == ("done", 541_909, 541_909, 0)
    assert (OrderLine.objects.count(), Order.objects.count(), Customer.objects.count()) == (541_909, 25_900, 4_372)
    assert done.notes == {"orders": 25_900, "several_ordered_at": 43, "customers": 4_372}
    assert Order.objects.filter(customer=None).count() == 3_710
    assert Order.objects.filter(number__startswith="C").exclude(kind="cancellation").count() == 0
    counted, asked = retail.count(data_folder / retail.FILE), Question(where=SOLD)
    revenue = measures.total(SYSTEM, "commerce.revenue", asked)
    assert (revenue.cases, revenue.sum) == (counted.lines, counted.revenue) == (397_884, revenue.sum)
    assert f"{revenue.sum:.2f}" == "8911407.90"
    assert measures.total(SYSTEM, "commerce.buyers", asked).cases == counted.customers == 4_338
    assert measures.total(SYSTEM, "commerce.orders", Question(where=ORDERS_SOLD)).cases == counted.invoices == 18_532
    repeat = measures.total(SYSTEM, "commerce.repeat_share", asked).share
    assert repeat == pytest.approx(counted.repeat_share) and f"{repeat:.3f}" == "0.656"
    top = measures.total(SYSTEM, "commerce.top_share", asked).share
    assert top == pytest.approx(counted.top_share) and f"{top:.3f}" == "0.746"
    assert json.loads(json.dumps(done.mapping)) == MAPPING
