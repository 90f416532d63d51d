"""RFM again in plain Python, from rows of (customer, kind, total, day) that somebody else has read."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

Scores = tuple[int, int, int, str]
NAMES = ("champions", "new", "loyal", "promising", "cannot_lose", "at_risk", "hibernating")


def fifths(values: dict[str, object]) -> dict[str, int]:
    """1 for the worst fifth to 5 for the best; whoever has the same value has the same score."""
    ordered = sorted(values.values())
    place = {value: len(ordered) - 1 - at for at, value in enumerate(reversed(ordered))}
    return {who: 1 + 5 * place[value] // len(ordered) for who, value in values.items()}


def named(r: int, f: int, m: int) -> str:
    """What the scores are called, written out."""
    value = (f + m + 1) // 2
    if r >= 4:
        return "champions" if value >= 4 else "new" if f == 1 else "loyal" if value == 3 else "promising"
    if r == 3:
        return "loyal" if value >= 3 else "promising"
    if r == 1 and value >= 4:
        return "cannot_lose"
    return "at_risk" if value >= 3 else "hibernating"


def scores(documents: Iterable[tuple[str, str, Decimal, date]]) -> dict[str, Scores]:
    """The scores and the class of whoever bought."""
    last: dict[str, date] = {}
    often: dict[str, int] = {}
    spent: dict[str, Decimal] = {}
    for who, kind, total, day in documents:
        spent[who] = spent.get(who, Decimal(0)) + total
        if kind == "sale":
            often[who] = often.get(who, 0) + 1
            last[who] = max(day, last.get(who, day))
    recency, frequency = fifths(dict(last)), fifths(dict(often))
    monetary = fifths({who: spent[who] for who in often})
    return {who: (recency[who], frequency[who], monetary[who], named(recency[who], frequency[who], monetary[who]))
            for who in often}  # fmt: skip
