"""What is true of the demo firm: every figure of the product can be checked against these numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from guanxi.simulation.firm.people import Person


@dataclass(frozen=True, kw_only=True)
class Truths:
    """The parameters the dice are thrown with."""

    customers: int = 800
    months: int = 12
    enquiries_per_talk: float = 0.6
    complaint_share: float = 0.05
    answered_share: float = 0.97
    fast_share: float = 0.86
    fast_hours: float = 5.0
    slow_hours: float = 31.0
    receipt_minutes: float = 4.0
    solved_hours: float = 9.0
    calls_per_talk: float = 0.25


# Shares of arrivals by hour of the day and by weekday: a shop that is asked most on Monday mornings.
HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 22, 38, 44, 34, 22, 24, 30, 32, 30, 26, 20, 18, 16, 12, 7, 3)
WEEKDAYS = (1.35, 1.1, 1.05, 1.0, 1.0, 0.6, 0.4)


def moment(dice: Random, start: datetime, end: datetime) -> datetime:
    """A moment between two, as often as customers write at that hour of that weekday."""
    days = max(1, (end - start).days)
    while True:
        day = start + timedelta(days=dice.randrange(days + 1))
        if dice.random() * max(WEEKDAYS) < WEEKDAYS[day.weekday()]:
            break
    hour = dice.choices(range(24), weights=HOURS)[0]
    found = day.replace(hour=hour, minute=dice.randrange(60), second=dice.randrange(60), microsecond=0)
    return min(max(found, start), end - timedelta(minutes=1))


def answer_delay(dice: Random, truths: Truths) -> timedelta | None:
    """How long an answer takes; None where nobody answers."""
    if dice.random() > truths.answered_share:
        return None
    if dice.random() < truths.fast_share:
        return timedelta(hours=min(23.5, dice.expovariate(1 / truths.fast_hours) + 0.1))
    return timedelta(hours=24.5 + dice.expovariate(1 / (truths.slow_hours - 24.5)))


def order_days(dice: Random, who: Person) -> list[float]:
    """How many days ago somebody ordered, by their own rhythm; some fall silent for good."""
    found: list[float] = []
    left = who.since_days - dice.expovariate(1 / 9)
    stops = dice.uniform(0, who.since_days) if dice.random() < 0.22 else 0.0
    while left > stops:
        found.append(left)
        left -= max(2.0, dice.gauss(who.rhythm_days, who.rhythm_days * 0.3))
    return found
