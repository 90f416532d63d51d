"""What the scores of recency, frequency and monetary value mean: classes as a table, the first that fits wins.

Scores are quintiles (Hughes, Strategic Database Marketing, 1994): 5 is the best fifth of the buyers. Equal values have
equal scores, those of the lowest place among them; so a fifth may be larger than another, and an import of the same
orders gives the same scores in whatever order they come.
"""

from collections.abc import Iterator
from dataclasses import dataclass

FIFTHS = 5


@dataclass(frozen=True, kw_only=True)
class RfmClass:
    """Buyers of a kind, by bounds of their recency, their frequency and their value (the mean of the other two)."""

    name: str
    recency: tuple[int, int] = (1, FIFTHS)
    frequency: tuple[int, int] = (1, FIFTHS)
    value: tuple[int, int] = (1, FIFTHS)


CLASSES = (
    RfmClass(name="champions", recency=(4, 5), value=(4, 5)),
    RfmClass(name="new", recency=(4, 5), frequency=(1, 1)),
    RfmClass(name="loyal", recency=(3, 5), value=(3, 5)),
    RfmClass(name="promising", recency=(3, 5)),
    RfmClass(name="cannot_lose", recency=(1, 1), value=(4, 5)),
    RfmClass(name="at_risk", recency=(1, 2), value=(3, 5)),
    RfmClass(name="hibernating"),
)
"""In this order; the last takes whoever is left."""


def bounds(one: RfmClass) -> Iterator[tuple[str, int, int]]:
    """What a class asks for: of which score, from, to."""
    for name in ("recency", "frequency", "value"):
        least, most = getattr(one, name)
        if (least, most) != (1, FIFTHS):
            yield name, least, most
