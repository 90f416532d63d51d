"""Figures as they are printed: a table that can stand in docs/performance.md as it is."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One promise: at most floor + factor × bare + slack milliseconds, in so many statements whatever the rows."""

    name: str
    floor: float
    ours: float
    bare: float
    factor: float = 1.5
    slack: float = 3.0
    few: int
    many: int
    most: int = 5

    @property
    def limit(self) -> float:
        """What was promised, in milliseconds."""
        return self.floor + self.factor * self.bare + self.slack

    @property
    def missed(self) -> str:
        """What of the promise is not kept; nothing where all is."""
        broken = ["time"] if self.ours > self.limit else []
        broken += ["statements"] if self.many > self.most else []
        broken += ["statements grow with rows"] if self.few != self.many else []
        return ", ".join(broken)


def table(title: str, figures: Sequence[Figure]) -> bool:
    """Print figures as a table in Markdown; True when every promise is kept."""
    print(f"\n**{title}**\n")
    print("| | ours / bare | ours, ms | bare, ms | floor, ms | limit, ms | statements | missed |")
    print("|---|--:|--:|--:|--:|--:|--:|---|")
    for one in figures:
        times = f"{one.ours:.2f} | {one.bare:.2f} | {one.floor:.2f} | {one.limit:.2f}"
        print(f"| {one.name} | {one.ours / one.bare:.1f} | {times} | {one.many} | {one.missed} |")
    return not any(one.missed for one in figures)
