"""Ids that say when they were made."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from uuid_utils.compat import uuid7

from guanxi.lib.timed_ids import first_of, moment_of


def test_an_id_says_when_it_was_made():
    assert abs(moment_of(uuid7()) - datetime.now(UTC)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 11, 26, 20, 0, 0, 123_000, tzinfo=UTC)]
)
def test_the_first_of_a_moment_is_of_that_moment(moment):
    assert moment_of(first_of(moment)) == moment


def test_ids_lie_between_the_first_ones_of_before_and_after():
    before = datetime.now(UTC) - timedelta(milliseconds=2)
    made = uuid7()
    assert first_of(before) < made < first_of(datetime.now(UTC) + timedelta(milliseconds=2))


def test_a_zone_makes_no_difference():
    eight = timezone(timedelta(hours=8))
    assert first_of(datetime(2026, 12, 1, 8, tzinfo=eight)) == first_of(datetime(2026, 12, 1, tzinfo=UTC))
