import math
import random

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


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (1, 1, 0, 1)])
def test_one_stratum_pooled_is_the_difference_of_it(counts):
    found, alone = statistics.pooled_difference([counts]), statistics.difference_of_proportions(*counts)
    assert (found.value, found.low, found.high) == pytest.approx((alone.value, alone.low, alone.high))


def test_pooled_by_hand():
    """Weights 10 * 30 / 40 = 7.5 and 40 * 40 / 80 = 20; the bounds of each share are Wilson's as statsmodels 0.15 has
    them (`proportion_confint(method="wilson")`)."""
    found = statistics.pooled_difference([(6, 10, 9, 30), (10, 40, 5, 40)])
    assert found.value == pytest.approx((7.5 * (0.6 - 0.3) + 20 * (0.25 - 0.125)) / 27.5)
    down = up = 0.0
    for weight, p, p_low, p_high, q, q_low, q_high in (
        (7.5, 0.6, 0.312674, 0.831820, 0.3, 0.166647, 0.478758),
        (20, 0.25, 0.141871, 0.401940, 0.125, 0.054595, 0.261121),
    ):
        down += (weight / 27.5) ** 2 * ((p - p_low) ** 2 + (q_high - q) ** 2)
        up += (weight / 27.5) ** 2 * ((p_high - p) ** 2 + (q - q_low) ** 2)
    assert (found.low, found.high) == pytest.approx((0.172727 - down**0.5, 0.172727 + up**0.5), abs=1e-5)
    assert (found.low, found.high) == pytest.approx((0.016196, 0.314686), abs=1e-6)


BCG = [
    (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867), (33, 5069, 47, 5808),
    (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391), (29, 7499, 45, 7277), (17, 1716, 65, 1665),
    (186, 50634, 141, 27338), (5, 2498, 3, 2341), (27, 16913, 29, 17854),
]  # fmt: skip
"""Tuberculosis among those vaccinated and not, in 13 trials: G. A. Colditz and others, JAMA 271 (1994) 698-702."""


def test_pooled_as_the_r_package_metafor_has_it_for_13_trials():
    """`rma.mh(measure="RD", data=dat.bcg)`: -0.0033, 95 % from -0.0039 to -0.0027, by the variance of Greenland and
    Robins, to which the interval from those of Wilson comes close where there are many cases."""
    found = statistics.pooled_difference(BCG)
    assert (found.value, found.low, found.high) == pytest.approx((-0.0033, -0.0039, -0.0027), abs=5e-5)


def test_pooled_is_not_turned_around_by_adding_up_first():
    """Simpson's paradox, in the kidney stones of C. R. Charig and others, BMJ 292 (1986) 879-882."""
    strata = [(81, 87, 234, 270), (192, 263, 55, 80)]
    added = statistics.difference_of_proportions(81 + 192, 87 + 263, 234 + 55, 270 + 80)
    assert added.value < 0 < statistics.pooled_difference(strata).value


def test_the_interval_holds_the_truth_as_often_as_it_says_even_of_few():
    """Three small strata with a true difference of a tenth: of 2,000 draws about 95 of 100 hold it."""
    dice = random.Random(20260401)
    held = 0
    for _ in range(2_000):
        strata = []
        for p, n, m in ((0.15, 24, 12), (0.3, 40, 10), (0.55, 16, 16)):
            yes, no = sum(dice.random() < p + 0.1 for _ in range(n)), sum(dice.random() < p for _ in range(m))
            strata.append((yes, n, no, m))
        found = statistics.pooled_difference(strata)
        held += found.low <= 0.1 <= found.high
    assert 0.935 <= held / 2_000 <= 0.98


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
        lambda: statistics.pooled_difference([]),
        lambda: statistics.pooled_difference([(1, 2, 0, 0)]),
        lambda: statistics.percentile([], 0.5),
        lambda: statistics.percentile([1], 1.5),
        lambda: statistics.mean([]),
        lambda: statistics.wilson(1, 2, confidence=1),
    ],
)
def test_nothing_to_say_is_refused(act):
    with pytest.raises(Invalid, match=r"statistics\."):
        act()
