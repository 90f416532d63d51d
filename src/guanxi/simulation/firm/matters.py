"""What the customers of the demo firm write and are asked, when, and what becomes of it: thrown before it is lived."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from guanxi.simulation.firm import texts
from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.truths import Campaign, Truths, answer_delay, moment


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One mail with all that comes of it, or one call; what lies behind the end of the firm never comes."""

    at: datetime
    who: Person
    kind: Literal["enquiry", "complaint", "call"]
    worker: int
    """Who of the service team has it."""
    subject: str
    text: str
    answer: str = ""
    solution: str = ""
    result: str = ""
    seconds: int = 0
    receipt_at: datetime | None = None
    answered_at: datetime | None = None
    solved_at: datetime | None = None
    confirmed_at: datetime | None = None
    given_up_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A strategy that is carried out: a letter to those who agreed to such, or calls."""

    at: datetime
    campaign: Campaign


def matters_of(dice: Random, truths: Truths, who: Person, met: datetime, end: datetime) -> Iterator[Matter]:
    """What one customer brings up, and the calls to them."""
    for _ in range(_times(dice, who.talks * truths.mails_each) if who.email else 0):
        complaint = who.buys and dice.random() < truths.complaint_share
        yield mail(dice, truths, who, moment(dice, met, end), complaint=complaint)
    for _ in range(_times(dice, who.talks * truths.calls_each) if who.phone else 0):
        yield call(dice, who, moment(dice, met, end))


def waiting_matters(dice: Random, truths: Truths, people: Sequence[Person], end: datetime) -> Iterator[Matter]:
    """The mails of the last day that nobody has answered yet."""
    writing = [who for who in people if who.email and who.buys]
    for place, who in enumerate(dice.sample(writing, min(len(writing), len(truths.waiting)))):
        at = end - timedelta(hours=truths.waiting[place])
        one = texts.thrown(dice, who, complaint=place in truths.waiting_complaints)
        yield Matter(
            at=at, who=who, kind="complaint" if place in truths.waiting_complaints else "enquiry", worker=NOBODY,
            subject=one.subject, text=one.text, receipt_at=at + _receipt(dice, truths),
        )  # fmt: skip


NOBODY = -1


def mail(dice: Random, truths: Truths, who: Person, at: datetime, *, complaint: bool) -> Matter:
    """A mail, its receipt, its answer, its end."""
    said = texts.thrown(dice, who, complaint=complaint)
    return _followed(dice, truths, who, at, said, complaint=complaint)


def answer_to_letter(dice: Random, truths: Truths, who: Person, at: datetime) -> Matter:
    """What somebody writes back to the letter of the year."""
    return _followed(dice, truths, who, at, texts.thrown_back(dice, who), complaint=False)


def call(dice: Random, who: Person, at: datetime, *, result: str = "") -> Matter:
    """Somebody of the firm rings a customer up."""
    result = result or dice.choice(texts.CALL_RESULTS)
    spoke = result not in ("no_answer", "left_message")
    return Matter(
        at=at, who=who, kind="call", worker=dice.randrange(2), subject="", text=texts.thrown_call(dice, who, result),
        result=result, seconds=round(dice.expovariate(1 / 170)) + 25 if spoke else 20,
    )  # fmt: skip


def answered_in_time(matters: Iterable[Matter], end: datetime, *, hours: float) -> int:
    """How many of the mails are answered by a person within some hours, before the end."""
    limit = timedelta(hours=hours)
    return sum(1 for one in matters if one.answered_at and one.answered_at < end and one.answered_at - one.at <= limit)


def _followed(dice: Random, truths: Truths, who: Person, at: datetime, said: texts.Said, *, complaint: bool) -> Matter:
    delay = answer_delay(dice, truths, complaint=complaint)
    answered = at + delay if delay else None
    solved = answered + timedelta(hours=dice.expovariate(1 / truths.solved_hours)) if answered else None
    confirmed = complaint and solved and dice.random() < truths.confirmed_share
    return Matter(
        at=at, who=who, kind="complaint" if complaint else "enquiry", worker=dice.randrange(2), subject=said.subject,
        text=said.text, answer=said.answer, solution=said.solution, receipt_at=at + _receipt(dice, truths), answered_at=answered,
        solved_at=solved, confirmed_at=solved + timedelta(hours=dice.uniform(4, 60)) if confirmed and solved else None,
        given_up_at=None if answered else at + timedelta(days=dice.uniform(2, 5)),
    )  # fmt: skip


def _receipt(dice: Random, truths: Truths) -> timedelta:
    return timedelta(minutes=min(5.0, dice.expovariate(1 / truths.receipt_minutes)))


def _times(dice: Random, mean: float) -> int:
    """A whole number whose mean is the given one."""
    return int(mean) + (dice.random() < mean % 1)
