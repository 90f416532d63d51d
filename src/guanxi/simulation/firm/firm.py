"""The firm while it is being made."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappush
from random import Random
from uuid import UUID

from guanxi.kernel.actor import Actor
from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.truths import Truths


@dataclass(kw_only=True)
class Firm:
    """The firm while it is being made: who acts, the dice, its people and what was really done."""

    actor: Actor
    dice: Random
    truths: Truths
    start: datetime
    end: datetime
    people: list[Person] = field(default_factory=list)
    ids: dict[int, UUID] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    plan: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    planned: int = 0

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Have something done at a time; what lies ahead is left to the real world."""
        if when < self.end:
            self.planned += 1
            heappush(self.plan, (when, self.planned, act))
