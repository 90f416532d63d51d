"""Half a million real order lines: in, counted by our measures, equal to the published figures and to a recount.

RFM of them, too: SQL, one Ibis expression on DuckDB and plain Python say the same of everybody.
"""

import gzip
import json
import shutil
from collections import Counter
from collections.abc import Iterator

import ibis
import pytest
from django.conf import settings
from django.db import transaction

from guanxi.analytics.rfm.models import Rfm
from guanxi.app import starter
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.purchases.models import Purchases
from guanxi.commerce.purchases.queries import differing
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Membership, Segment
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.cases import Question
from guanxi.kernel.drain import drain
from guanxi.kernel.settings import choose
from guanxi.kernel.undo import undo
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.operations import prepare_import, start_import
from tests.recounts import retail, rfm, rfm_ibis

pytestmark = [pytest.mark.django_db, pytest.mark.data]
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


def by_ibis(path) -> dict[str, rfm.Scores]:
    """What DuckDB makes of the file."""
    lines = ibis.duckdb.connect().read_csv(str(path), all_varchar=True)
    rows = rfm_ibis.scores(rfm_ibis.documents(lines)).to_pyarrow().to_pylist()
    return {row["customer"]: (row["recency"], row["frequency"], row["monetary"], row["called"]) for row in rows}


def by_python() -> dict[str, rfm.Scores]:
    """What plain Python makes of the documents that came in."""
    rows = Purchases.objects.filter(orders_count__gt=0).values_list(
        "customer__key", "orders_count", "revenue", "last_order_on"
    )
    documents = []
    for who, n, spent, last in rows:
        documents += [(who, "sale", spent, last), *([(who, "sale", 0, last)] * (n - 1))]
    return rfm.scores(documents)


def kept() -> dict[str, rfm.Scores]:
    rows = Rfm.objects.exclude(rfm_class="").values_list(
        "customer__key", "rfm_recency", "rfm_frequency", "rfm_monetary", "rfm_class"
    )
    return {key: tuple(rest) for key, *rest in rows}


@pytest.fixture(scope="module")
def brought(data_folder, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[ImportRun]:
    """The file in a house with its starter data, once for all that is asked about it."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched, transaction.atomic():
        patched.setattr(settings, "HOME", tmp_path_factory.mktemp("retail"))
        starter.load()
        choose(SYSTEM, CURRENCY.name, "GBP")
        file = files.keep(SYSTEM, files.of_path(data_folder / retail.FILE))
        run = prepare_import(SYSTEM, noun="orders", file=file, file_name="retail.csv", mapping=MAPPING, order="ymd")
        yield running.write(start_import(SYSTEM, run.pk).pk)
        transaction.set_rollback(True)


def test_the_retail_file_gives_the_figures_it_is_known_for(data_folder, brought):
    done = brought
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


def test_the_retail_file_is_scored_alike_by_sql_ibis_and_python_and_its_undo_leaves_nothing(
    data_folder, brought, tmp_path
):
    path = tmp_path / "retail.csv"
    with gzip.open(data_folder / retail.FILE) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    assert differing() == [] and Purchases.objects.filter(orders_count__gt=0).count() == 4_339
    drain()
    found = kept()
    assert found == by_ibis(path) == by_python()
    counted = {"champions": 1098, "new": 231, "loyal": 764, "promising": 488, "cannot_lose": 51, "at_risk": 606,
               "hibernating": 1101}  # fmt: skip
    assert Counter(name for *_, name in found.values()) == counted
    classes = Counter(Membership.objects.filter(segment__key="rfm").values_list("class_name", flat=True))
    assert classes == {**counted, "not_bought": 33} and Segment.objects.get(key="rfm").size == 4_372
    undo(SYSTEM, brought.change_set)
    drain()
    assert (Purchases.objects.count(), Rfm.objects.count(), Membership.objects.count()) == (0, 0, 0)
