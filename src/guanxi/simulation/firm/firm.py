"""The firm as the dice make it: known from its seed, its size and its last day, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from guanxi.simulation.firm.matters import Letter, Matter, matters_of, waiting_matters
from guanxi.simulation.firm.people import Person, crowd
from guanxi.simulation.firm.truths import Truths

AFTERNOON = (17, 30)
"""When letters leave: an afternoon in the east and a morning in the west, when nobody is asleep."""


@dataclass(frozen=True, kw_only=True)
class Firm:
    """A sample company with a year behind it; the same seed, size and end make the same firm."""

    seed: int
    end: datetime
    zone: str
    truths: Truths

    @cached_property
    def start(self) -> datetime:
        """The first day of the year that is lived through."""
        return (self.end - timedelta(days=round(self.truths.months * 30.42))).astimezone(ZoneInfo(self.zone))

    @cached_property
    def people(self) -> list[Person]:
        """The customers, in the order of their numbers."""
        return crowd(self.dice("people"), self.truths.customers, self.end.date(), buying=self.truths.buying_share)

    @cached_property
    def agenda(self) -> "Sequence[Matter | Letter]":
        """What waits today, so that the first page lives at once; then all that happened, as it began."""
        dice = self.dice("matters")
        found: list[Matter | Letter] = []
        for who in self.people:
            met = max(self.start, self.end - timedelta(days=who.since_days))
            found += matters_of(dice, self.truths, who, met, self.end)
        found += [Letter(at=self.moment(one.days, *AFTERNOON), campaign=one) for one in self.truths.campaigns]
        waiting = waiting_matters(self.dice("today"), self.truths, self.people, self.end)
        return [*waiting, *sorted(found, key=lambda one: one.at)]

    def dice(self, theme: str) -> Random:
        """The dice for one theme, so that what one throws changes nothing for the others."""
        return Random(f"{self.seed}:{theme}")

    def moment(self, days: int, hour: int, minute: int = 0) -> datetime:
        """So many days before the end, at so much o'clock where the company is."""
        day = self.end.astimezone(ZoneInfo(self.zone)) - timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
