"""RFM: what the scores mean, that they follow imports, undo and the night, and equal a recount and another engine."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from random import Random

import pytest
from django.db import connection

from guanxi.analytics.rfm.jobs import score_everybody_of_the_day
from guanxi.analytics.rfm.models import Rfm
from guanxi.analytics.rfm.queries import CLASS_OF, VALUE
from guanxi.app import starter
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Membership, Segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry, HistoryEntry
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import archive
from tests.client import Api
from tests.factories import commerce, customers
from tests.factories import workspace as make
from tests.recounts import rfm

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)


def kept() -> dict[str, rfm.Scores]:
    """What is written down of those who bought."""
    rows = Rfm.objects.exclude(rfm_class="")
    return {
        str(id): tuple(rest)
        for id, *rest in rows.values_list("customer", "rfm_recency", "rfm_frequency", "rfm_monetary", "rfm_class")
    }


def recount() -> dict[str, rfm.Scores]:
    """The same out of the rows of orders, without the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.customer_id::text, o.kind, o.total, o.ordered_at::date FROM commerce_order o"
            " JOIN customers_customer c ON c.id = o.customer_id WHERE c.archived_at IS NULL AND o.currency = 'EUR'"
        )
        return rfm.scores(cursor.fetchall())


def some_buyers(dice: Random, n: int) -> None:
    for _ in range(n):
        one = customers.customer()
        for _ in range(dice.choice((0, 1, 1, 2, 3, 8))):
            at = BEGIN + timedelta(days=dice.randrange(200))
            commerce.order(customer=one.pk, lines=[(1, dice.randint(1, 400))], ordered_at=at, currency="EUR")


def test_all_125_scores_are_called_as_the_recount_calls_them():
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT recency, frequency, monetary, {CLASS_OF} FROM (SELECT *, {VALUE} AS value FROM"
            " generate_series(1, 5) recency, generate_series(1, 5) frequency, generate_series(1, 5) monetary) scores"
        )
        found = {(r, f, m): name for r, f, m, name in cursor.fetchall()}
    assert found == {scores: rfm.named(*scores) for scores in product(range(1, 6), repeat=3)}
    assert set(found.values()) == set(rfm.NAMES)


def test_the_same_value_has_the_same_score():
    with frozen(BEGIN):
        for price in (10, 10, 10, 10, 500):
            commerce.order(customer=customers.customer().pk, lines=[(1, price)], currency="EUR")
        score_everybody_of_the_day.function()
    assert sorted(Rfm.objects.values_list("rfm_recency", "rfm_frequency", "rfm_monetary")) == [
        (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 5),
    ]  # fmt: skip


def test_scores_equal_a_recount_and_are_written_without_a_trace():
    with frozen(BEGIN + timedelta(days=201)):
        some_buyers(Random(3), 40)
        archive(SYSTEM, Customer, Customer.objects.exclude(purchases__orders_count=0).first().pk)
        before = HistoryEntry.objects.count()
        score_everybody_of_the_day.function()
        assert kept() == recount() and len(kept()) > 20
        assert HistoryEntry.objects.count() == before
        assert set(Rfm.objects.exclude(rfm_class="").values_list("rfm_as_of", flat=True)) == {
            datetime.now(UTC).date()
        } or (Rfm.objects.exclude(rfm_class="").values_list("rfm_as_of", flat=True).distinct().count() == 1)


def test_a_field_like_any_other():
    one = customers.customer(name="Ann")
    customers.customer(name="Ben")
    commerce.order(customer=one.pk, currency="EUR")
    score_everybody_of_the_day.function()
    api = Api(make.user("owner"))
    assert api.get(f"customers/{one.pk}")["rfm_class"] == "hibernating"
    where = {"field": "rfm_class", "op": "is", "value": "hibernating"}
    assert [row["name"] for row in api.get("customers", where=where)["rows"]] == ["Ann"]
    assert [row["name"] for row in api.get("customers", sort="-rfm_recency")["rows"]] == ["Ann", "Ben"]


def test_the_class_is_a_partition_that_ships_and_moves_are_told_once():
    Segment.objects.all().delete()
    starter.load()
    with frozen(BEGIN) as clock:
        one = customers.customer()
        commerce.order(customer=one.pk, currency="EUR")
        drain()
        clock.advance(timedelta(days=1))
        for _ in range(2):
            score_everybody_of_the_day.function()
            drain()
    segment = Segment.objects.get(key="rfm")
    held = Membership.objects.get(segment=segment, customer=one.pk)
    assert (held.class_name, held.cause, held.since) == ("hibernating", "rfm", clock.at)
    entered = EventEntry.objects.filter(name="customers.segment_entered", subjects__contains=[segment.pk, one.pk])
    assert list(entered.order_by("id").values_list("payload__class_name", "origin")) == [
        ("not_bought", "live"), ("hibernating", "live"),
    ]  # fmt: skip
    assert Decimal(Segment.objects.get(key="rfm").size) == 1
