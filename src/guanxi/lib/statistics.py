"""Figures with how sure they are: shares, differences, means and percentiles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

from guanxi.lib.errors import Invalid

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the bounds it lies between at the chosen confidence."""

    value: float
    low: float
    high: float


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise Invalid("statistics.confidence", confidence=confidence)
    return _NORMAL.inv_cdf(0.5 + confidence / 2)


def _require_counts(successes: int, cases: int) -> None:
    if cases < 1 or not 0 <= successes <= cases:
        raise Invalid("statistics.no_cases", successes=successes, cases=cases)


def wilson(successes: int, cases: int, *, confidence: float = 0.95) -> Interval:
    """Give a share with its score interval, honest for small numbers and shares near 0 or 1.

    Source: E. B. Wilson, Probable inference, JASA 22 (1927) 209-212.
    """
    _require_counts(successes, cases)
    z, share = _z(confidence), successes / cases
    middle = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z / (1 + z * z / cases) * math.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def difference_of_proportions(
    successes: int, cases: int, other_successes: int, other_cases: int, *, confidence: float = 0.95
) -> Interval:
    """Give the first share minus the second with its interval.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, method 10,
    Statistics in Medicine 17 (1998) 873-890.
    """
    one = wilson(successes, cases, confidence=confidence)
    other = wilson(other_successes, other_cases, confidence=confidence)
    difference = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return Interval(difference, max(-1.0, difference - down), min(1.0, difference + up))


Stratum = tuple[int, int, int, int]
"""Successes and cases, other successes and other cases, of those who are alike."""


def pooled_difference(strata: Sequence[Stratum], *, confidence: float = 0.95) -> Interval:
    """Give the first share minus the second over several strata, each compared within itself.

    A stratum of n and m cases weighs n m / (n + m). One alone is `difference_of_proportions`; several with very
    different shares are never added up first, which could turn the sign around (Simpson's paradox).
    Source of the weights: N. Mantel, W. Haenszel, J. Nat. Cancer Inst. 22 (1959) 719-748, for differences S. Greenland,
    J. M. Robins, Biometrics 41 (1985) 55-68; of the interval, from those of Wilson: G. Y. Zou, W. Huang, X. Zhang,
    Computational Statistics and Data Analysis 53 (2009) 1080-1085.
    """
    if not strata:
        raise Invalid("statistics.no_cases", successes=0, cases=0)
    weights = [n * m / (n + m) if n > 0 and m > 0 else 0.0 for _, n, _, m in strata]
    difference = down = up = 0.0
    for weight, (successes, cases, other_successes, other_cases) in zip(weights, strata, strict=True):
        one = wilson(successes, cases, confidence=confidence)
        other = wilson(other_successes, other_cases, confidence=confidence)
        part = weight / sum(weights)
        difference += part * (one.value - other.value)
        down = math.hypot(down, part * (one.value - one.low), part * (other.high - other.value))
        up = math.hypot(up, part * (one.high - one.value), part * (other.value - other.low))
    return Interval(difference, max(-1.0, difference - down), min(1.0, difference + up))


def two_proportion_z(successes: int, cases: int, other_successes: int, other_cases: int) -> tuple[float, float]:
    """Give z and the two-sided p of the test that two shares are equal, with the pooled share (textbook form)."""
    _require_counts(successes, cases)
    _require_counts(other_successes, other_cases)
    pooled = (successes + other_successes) / (cases + other_cases)
    error = math.sqrt(pooled * (1 - pooled) * (1 / cases + 1 / other_cases))
    if not error:
        return 0.0, 1.0
    z = (successes / cases - other_successes / other_cases) / error
    return z, math.erfc(abs(z) / math.sqrt(2))


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share (0 to 1) lies, between neighbours in proportion, as percentile_cont does.

    Source: PostgreSQL, orderedsetaggs.c: position share * (n - 1), then first + (second - first) * fraction.
    """
    if not values or not 0 <= share <= 1:
        raise Invalid("statistics.no_cases", successes=0, cases=len(values))
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below, above = ordered[math.floor(position)], ordered[math.ceil(position)]
    return below + (above - below) * (position - math.floor(position))


def mean(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Give the mean with Student's interval; one value alone has no bounds (infinite)."""
    if not values:
        raise Invalid("statistics.no_cases", successes=0, cases=0)
    middle = fmean(values)
    if len(values) == 1:
        return Interval(middle, -math.inf, math.inf)
    half = student_quantile(0.5 + confidence / 2, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return Interval(middle, middle - half, middle + half)


def student_quantile(probability: float, freedom: int) -> float:
    """Give the quantile of Student's t by halving on its distribution function."""
    if not 0 < probability < 1 or freedom < 1:
        raise Invalid("statistics.confidence", confidence=probability)
    if probability < 0.5:
        return -student_quantile(1 - probability, freedom)
    low, high = 0.0, 1.0
    while _student_cdf(high, freedom) < probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _student_cdf(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def _student_cdf(t: float, freedom: int) -> float:
    """Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1: one minus half an incomplete beta."""
    return 1 - _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function by its continued fraction (same handbook, 26.5.8, Lentz's method)."""
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    tiny, c, d = 1e-300, 1.0, 1 / (1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, 1_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + even * d) or tiny)
        c = 1 + even / c or tiny
        result *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / ((1 + odd * d) or tiny)
        c = 1 + odd / c or tiny
        step = d * c
        result *= step
        if abs(step - 1) < 1e-15:
            break
    return front * result
