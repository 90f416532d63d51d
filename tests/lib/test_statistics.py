import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib import statistics
from guanxi.lib.errors import Invalid


@pytest.mark.parametrize(
    ("successes", "cases", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_as_printed_by_newcombe_1998(successes, cases, low, high):
    found = statistics.wilson(successes, cases)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 20), 0.6791, 1.0)],
)
def test_difference_as_printed_by_newcombe_1998(counts, low, high):
    found = statistics.difference_of_proportions(*counts)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_two_proportions_on_players_coming_back_after_1_and_7_days():
    """Mobile game "Cookie Cats", gate at level 30 against 40."""
    assert statistics.two_proportion_z(20034, 44700, 20119, 45489) == pytest.approx((1.784, 0.0744), abs=5e-4)
    assert statistics.two_proportion_z(8502, 44700, 8279, 45489) == pytest.approx((3.164, 0.0016), abs=5e-4)
    assert statistics.two_proportion_z(0, 5, 0, 9) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("probability", "freedom", "quantile"),
    [
        (0.975, 1, 12.7062047),
        (0.975, 10, 2.2281389),
        (0.95, 5, 2.0150484),
        (0.995, 30, 2.7499957),
        (0.975, 1000, 1.9623391),
    ],
)
def test_student_as_in_the_tables(probability, freedom, quantile):
    assert statistics.student_quantile(probability, freedom) == pytest.approx(quantile, abs=1e-7)
    assert statistics.student_quantile(1 - probability, freedom) == pytest.approx(-quantile, abs=1e-7)


def test_mean():
    found = statistics.mean([1, 2, 3, 4, 5])
    assert (found.value, found.low) == (3, pytest.approx(3 - 2.7764451 * math.sqrt(2.5 / 5), abs=1e-6))
    assert statistics.mean([7]).high == math.inf


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 2.5), (0.9, 3.7), (1, 4), (1 / 3, 2)])
def test_percentile(share, value):
    assert statistics.percentile([4, 1, 3, 2], share) == pytest.approx(value)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50), st.floats(0, 1))
def test_a_percentile_lies_among_the_values(values, share):
    assert min(values) - 1e-6 <= statistics.percentile(values, share) <= max(values) + 1e-6


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_bounds(counts):
    found = statistics.wilson(*counts)
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize(
    "act",
    [
        lambda: statistics.wilson(1, 0),
        lambda: statistics.wilson(3, 2),
        lambda: statistics.percentile([], 0.5),
        lambda: statistics.percentile([1], 1.5),
        lambda: statistics.mean([]),
        lambda: statistics.wilson(1, 2, confidence=1),
    ],
)
def test_nothing_to_say_is_refused(act):
    with pytest.raises(Invalid, match=r"statistics\."):
        act()
