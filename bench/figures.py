"""Figures as they are printed: a table that can stand in docs/performance.md as it is."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One promise: at most floor + factor × bare + slack milliseconds, in so many statements whatever the rows."""

    name: str
    ours: float
    bare: float
    factor: float = 1.5
    slack: float = 3.0
    few: int
    many: int
    most: int = 5

    def limit(self, floor: float) -> float:
        """What was promised, in milliseconds."""
        return floor + self.factor * self.bare + self.slack

    def missed(self, floor: float) -> str:
        """What of the promise is not kept; nothing where all is."""
        broken = ["time"] if self.ours > self.limit(floor) else []
        broken += ["statements"] if self.many > self.most else []
        broken += ["statements grow with rows"] if self.few != self.many else []
        return ", ".join(broken)


def table(title: str, floor: float, figures: Sequence[Figure]) -> bool:
    """Print figures as a table in Markdown; True when every promise is kept."""
    print(f"\n**{title}**; floor {floor:.2f} ms\n")
    print("| | ours / bare | ours, ms | bare, ms | limit, ms | statements | missed |")
    print("|---|--:|--:|--:|--:|--:|---|")
    for one in figures:
        ratio, missed = one.ours / one.bare, one.missed(floor)
        limits = f"{one.ours:.2f} | {one.bare:.2f} | {one.limit(floor):.2f}"
        print(f"| {one.name} | {ratio:.1f} | {limits} | {one.many} | {missed} |")
    return not any(one.missed(floor) for one in figures)
