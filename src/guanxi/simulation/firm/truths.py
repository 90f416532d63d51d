"""What is true of the demo firm: every figure of the product can be checked against these numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A strategy that was carried out: when, how many were left alone, how many answer and how many buy because of it."""

    key: str
    days: int
    """How many days before the end."""
    answered_share: float
    ordered_share: float = 0.0
    """Of those reached; beside whatever they would have bought anyway."""
    hold_out: float = 0.0
    rated_share: float = 0.0
    """Of those who got it or spoke: who says how content they are."""
    content_share: float = 0.0
    """Of those who say: who is content, with 4 or 5 of 5."""


NEW_TEA, FESTIVAL, VISITORS = "new-tea", "spring-festival", "ask-companies"


@dataclass(frozen=True, kw_only=True)
class Truths:
    """The parameters the dice are thrown with."""

    customers: int = 800
    months: int = 12
    buying_share: float = 0.88
    mails_each: float = 0.5
    complaint_share: float = 0.06
    answered_share: float = 0.97
    fast_share: float = 0.9
    fast_hours: float = 4.0
    slow_hours: float = 31.0
    receipt_minutes: float = 4.0
    solved_hours: float = 3.5
    confirmed_share: float = 0.85
    calls_each: float = 0.22
    followed_up_share: float = 0.94
    new_tea: Campaign = Campaign(key=NEW_TEA, days=12, answered_share=0.2)
    compared: tuple[Campaign, ...] = (
        Campaign(
            key=FESTIVAL,
            days=150,
            answered_share=0.12,
            ordered_share=0.45,
            hold_out=0.4,
            rated_share=0.12,
            content_share=0.7,
        ),
        Campaign(
            key=VISITORS,
            days=95,
            answered_share=0.7,
            ordered_share=0.1,
            hold_out=0.25,
            rated_share=0.8,
            content_share=0.9,
        ),
    )
    """What was compared with those left alone, in a firm that has enough customers to leave some alone."""
    waiting: tuple[float, ...] = (0.4, 1.1, 2.6, 4.2, 7.5, 13.0, 22.4, 23.3)
    """How many hours ago the mails came that nobody has answered yet."""
    waiting_complaints: frozenset[int] = frozenset({2, 6})
    """Which of those complain."""

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        """What was carried out in the year."""
        return (*(self.compared if self.customers >= ENOUGH else ()), self.new_tea)


ENOUGH = 100
"""A firm with fewer customers leaves nobody alone."""

# Shares of arrivals by hour of the day and by weekday: a shop that is asked most on Monday mornings.
HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 22, 38, 44, 34, 22, 24, 30, 32, 30, 26, 20, 18, 16, 12, 7, 3)
WEEKDAYS = (1.35, 1.1, 1.05, 1.0, 1.0, 0.6, 0.4)


def moment(dice: Random, start: datetime, end: datetime) -> datetime:
    """A moment between two, as often as customers write at that hour of that weekday."""
    days = max(1, (end - start).days)
    while True:
        day = start + timedelta(days=dice.randrange(days + 1))
        hour = dice.choices(range(24), weights=HOURS)[0]
        found = day.replace(hour=hour, minute=dice.randrange(60), second=dice.randrange(60), microsecond=0)
        if start <= found < end and dice.random() * max(WEEKDAYS) < WEEKDAYS[day.weekday()]:
            return found


def answer_delay(dice: Random, truths: Truths, *, complaint: bool) -> timedelta | None:
    """How long an answer takes; None where nobody answers. A complaint is answered in any case, and within a day."""
    if complaint:
        return timedelta(hours=min(20.0, dice.expovariate(1 / truths.fast_hours) + 0.1))
    if dice.random() > truths.answered_share:
        return None
    if dice.random() < truths.fast_share:
        return timedelta(hours=min(23.5, dice.expovariate(1 / truths.fast_hours) + 0.1))
    return timedelta(hours=24.5 + dice.expovariate(1 / (truths.slow_hours - 24.5)))
