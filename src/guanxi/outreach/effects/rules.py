"""What a row of the effect table says: shares with their intervals, and the difference to those left alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from guanxi.lib.statistics import Interval, pooled_difference, wilson

CHANNELS = ("email", "phone", "visit")
MOST_DAYS = 366
MOST_COST = 1_000_000
Verdict = Literal["more", "less", "too_few", "not_yet", "nobody_left_alone"]


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of those that can be judged, how many cannot be yet, and the share with its 95 % interval.

    Source of the interval: E. B. Wilson, Probable inference, JASA 22 (1927) 209-212.
    """

    n: int = 0
    of: int = 0
    open: int = 0

    @property
    def interval(self) -> Interval | None:
        """The share and between which bounds it lies; None where nobody can be judged."""
        return wilson(self.n, self.of) if self.of else None

    def __add__(self, other: "Share") -> "Share":
        return Share(n=self.n + other.n, of=self.of + other.of, open=self.open + other.open)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What one strategy, channel or segment came to in a period."""

    key: str | None = None
    label: str | None = None
    contacted: int = 0
    delivered: Share = Share()
    answered: Share = Share()
    satisfied: Share = Share()
    ordered: Mapping[str, Share] = field(default_factory=dict)
    """By strategy, who ordered of those contacted."""
    ordered_alone: Mapping[str, Share] = field(default_factory=dict)
    """By strategy, who ordered of those it left alone."""
    revenue: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)

    @property
    def converted(self) -> Share:
        """Who ordered of those contacted, by whichever strategy."""
        return sum(self.ordered.values(), Share())

    @property
    def left_alone(self) -> Share:
        """Who ordered of those left alone, by whichever strategy."""
        return sum(self.ordered_alone.values(), Share())

    @property
    def compared(self) -> list[tuple[Share, Share]]:
        """Of each strategy that can be compared: those contacted beside those it left alone."""
        pairs = [(self.ordered.get(key, Share()), alone) for key, alone in self.ordered_alone.items()]
        return [(one, alone) for one, alone in pairs if one.of and alone.of]

    @property
    def difference(self) -> Interval | None:
        """The share that ordered after a contact less that of those left alone, with its 95 % interval.

        Each strategy leaves a share of its own alone, so it is compared within itself and then put together:
        `lib.statistics.pooled_difference`. Of one strategy that is Newcombe's interval, method 10, Statistics in
        Medicine 17 (1998) 873-890.
        """
        strata = [(one.n, one.of, alone.n, alone.of) for one, alone in self.compared]
        return pooled_difference(strata) if strata else None

    @property
    def verdict(self) -> Verdict:
        """What may be said for sure: more, less, or that there are too few to tell."""
        if not self.left_alone.of and not self.left_alone.open:
            return "nobody_left_alone"
        if self.difference is None:
            return "not_yet"
        if self.difference.low > 0:
            return "more"
        return "less" if self.difference.high < 0 else "too_few"


def together(effects: Iterable[Effect]) -> Effect:
    """Several rows as one; nobody stands in two of them."""
    whole = Effect()
    for one in effects:
        whole = replace(
            whole,
            contacted=whole.contacted + one.contacted,
            delivered=whole.delivered + one.delivered,
            answered=whole.answered + one.answered,
            satisfied=whole.satisfied + one.satisfied,
            ordered=_added(whole.ordered, one.ordered),
            ordered_alone=_added(whole.ordered_alone, one.ordered_alone),
            revenue=whole.revenue + one.revenue,
            cost=whole.cost + one.cost,
        )
    return whole


def _added(one: Mapping[str, Share], other: Mapping[str, Share]) -> dict[str, Share]:
    return {key: one.get(key, Share()) + other.get(key, Share()) for key in {**one, **other}}
