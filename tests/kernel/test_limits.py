"""Several processes count together, within what is said of them; who is told to wait gets in afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from guanxi.kernel.limits import MOST_KEPT, PART, RateLimit, Tally, limit, limits
from guanxi.kernel.models import Limit
from guanxi.kernel.time import frozen
from guanxi.lib.errors import TooMany

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def door(most: int = 100) -> RateLimit:
    """A limit of the test alone; what frees itself of it in a few seconds is not one."""
    day = timedelta(days=1)
    return RateLimit(name="test.door", most=most, per=day, by="actor", about="", code="limit.too_many")


def let_through(tally: Tally, limit: RateLimit, tries: int) -> int:
    """How many of so many tries got in."""
    refused = 0
    for _ in range(tries):
        try:
            tally.count(limit, "one")
        except TooMany:
            refused += 1
    return tries - refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("processes", [1, 2, 5])
def test_processes_together_let_through_the_limit_and_less_than_a_lot_more_each(processes):
    """Each process by two of its threads."""
    most, tallies = 400, [Tally() for _ in range(processes)]

    def knock(tally: Tally) -> int:
        try:
            return let_through(tally, door(most), most)
        finally:
            connection.close()

    with ThreadPoolExecutor(2 * processes) as threads:
        got_in = sum(threads.map(knock, tallies * 2))
    assert most <= got_in <= most + processes * (most // PART - 1)


@pytest.mark.django_db
def test_a_lot_takes_one_statement_and_what_is_too_many_takes_none(django_assert_num_queries):
    tally, limit = Tally(), door()
    with frozen(NOON):
        with django_assert_num_queries(0):
            assert let_through(tally, limit, limit.lot - 1) == limit.lot - 1
        with django_assert_num_queries(1):
            tally.count(limit, "one")
        let_through(tally, limit, 200)
        with django_assert_num_queries(0):
            assert let_through(tally, limit, 50) == 0


@pytest.mark.django_db
def test_who_waits_as_long_as_they_are_told_gets_in():
    tally, limit = Tally(), door()
    with frozen(NOON) as clock:
        assert let_through(tally, limit, 200) == limit.most + limit.lot - 1
        with pytest.raises(TooMany) as refused:
            tally.count(limit, "one")
        clock.advance(timedelta(seconds=refused.value.values["seconds"]))
        assert let_through(tally, limit, 200) == limit.lot
        tally.count(limit, "another")


@pytest.mark.django_db
def test_a_clock_that_is_set_back_keeps_nobody_waiting():
    tally, limit = Tally(), door()
    with frozen(NOON):
        let_through(tally, limit, 200)
    with frozen(NOON - timedelta(days=2)):
        Limit.objects.all().delete()
        assert let_through(tally, limit, 10) == 10


@pytest.mark.django_db
def test_many_addresses_fill_no_memory():
    tally, limit = Tally(), door()
    for n in range(MOST_KEPT + 50):
        tally.count(limit, n)
    assert len(tally._kept) == MOST_KEPT


def test_a_name_is_declared_once():
    taken = next(iter(limits()))
    with pytest.raises(LookupError):
        limit(taken, most=1, per=timedelta(hours=1), by="actor", about="")
