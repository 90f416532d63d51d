"""RFM of half a million real lines: SQL, one Ibis expression on DuckDB and plain Python say the same of everybody."""

import gzip
import shutil
from collections import Counter

import ibis
import pytest

from guanxi.analytics.rfm.models import Rfm
from guanxi.app import starter
from guanxi.commerce.purchases.models import Purchases
from guanxi.commerce.purchases.queries import differing
from guanxi.customers.segments.models import Membership, Segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.settings import choose
from guanxi.kernel.undo import undo
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.operations import prepare_import, start_import
from tests.recounts import retail, rfm, rfm_ibis
from tests.workspace.imports.test_retail import MAPPING

pytestmark = [pytest.mark.django_db, pytest.mark.data]


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


def test_the_retail_file_is_scored_alike_by_sql_ibis_and_python_and_its_undo_leaves_nothing(
    data_folder, settings, tmp_path
):
    settings.HOME = tmp_path
    starter.load()
    choose(SYSTEM, CURRENCY.name, "GBP")
    path = tmp_path / "retail.csv"
    with gzip.open(data_folder / retail.FILE) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    file = files.keep(SYSTEM, files.of_path(path))
    run = prepare_import(SYSTEM, noun="orders", file=file, file_name="r.csv", mapping=MAPPING, order="ymd")
    run = running.write(start_import(SYSTEM, run.pk).pk)
    assert differing() == [] and Purchases.objects.filter(orders_count__gt=0).count() == 4_339
    drain()
    found = kept()
    assert found == by_ibis(path) == by_python()
    counted = {"champions": 1098, "new": 231, "loyal": 764, "promising": 488, "cannot_lose": 51, "at_risk": 606,
               "hibernating": 1101}  # fmt: skip
    assert Counter(name for *_, name in found.values()) == counted
    classes = Counter(Membership.objects.filter(segment__key="rfm").values_list("class_name", flat=True))
    assert classes == {**counted, "not_bought": 33} and Segment.objects.get(key="rfm").size == 4_372
    undo(SYSTEM, run.change_set)
    drain()
    assert (Purchases.objects.count(), Rfm.objects.count(), Membership.objects.count()) == (0, 0, 0)
