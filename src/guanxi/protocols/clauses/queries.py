"""The live figure of a clause: how often it was kept in a time, its worst hour, where its cases are."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM, Actor, Reach
from guanxi.kernel.cases import SECONDS, Question
from guanxi.kernel.measures import Figure
from guanxi.kernel.models import CLOCK
from guanxi.kernel.settings import settings
from guanxi.protocols.clauses import rules
from guanxi.protocols.clauses.models import Clause


@dataclass(frozen=True, kw_only=True)
class Worst:
    """The hour of the week with the most missed cases: ISO weekday (1 Monday) and the hour it begins."""

    weekday: int
    hour: int
    cases: int
    missed: int
    share: float | None


@dataclass(frozen=True, kw_only=True)
class Live:
    """What a clause shows of itself."""

    clause: Clause
    state: rules.State
    figure: Figure | None
    worst: Worst | None

    @property
    def measured(self) -> bool:
        """Whether there is a number at all."""
        return self.figure is not None


def live(actor: Actor, clauses: Sequence[Clause], *, start: datetime, end: datetime, zone: str) -> list[Live]:
    """Clauses with their figures over a time; clauses that ask for the same figure ask once."""
    known: dict[Hashable, tuple[Figure, Worst | None]] = {}
    return [_live(actor, one, Question(start=start, end=end, where=one.scope, zone=zone), known) for one in clauses]


def _live(actor: Actor, clause: Clause, question: Question, known: dict[Hashable, tuple[Figure, Worst | None]]) -> Live:
    """One with its figure; without it where nothing measures it yet or the reader may not know."""
    if not clause.measure or clause.measure not in measures.measures():
        return Live(clause=clause, state="not_measured", figure=None, worst=None)
    if actor.reach(clause.measure) < Reach.ALL:  # a part of the cases would be another number
        return Live(clause=clause, state="hidden", figure=None, worst=None)
    asked = (clause.measure, orjson.dumps(clause.scope))
    if asked not in known:
        known[asked] = _seen(clause, question)
    figure, worst = known[asked]
    if clause.figure_kind == "mean" or _told_by_calendar(clause):  # which no counts of hours add up to
        figure = measures.total(SYSTEM, clause.measure, replace(question, counted_in=clause.counted_in))
    state = rules.state(clause, figure, limit_seconds=limit(clause))
    return Live(clause=clause, state=state, figure=figure, worst=worst)


def _told_by_calendar(clause: Clause) -> bool:
    """Whether a clause tells how long its cases took in office hours or working days."""
    measure = measures.of_name(clause.measure)
    return clause.counted_in != CLOCK and measure.unit == "seconds" and measure.function().hours is not None


def _seen(clause: Clause, question: Question) -> tuple[Figure, Worst | None]:
    """The figure and its worst hour: from the hours of the week in one statement, where these add up to it."""
    hours = measures.groups(SYSTEM, clause.measure, replace(question, by="hour_of_week"), brief=True)
    if measures.adds_up(clause.measure):
        return measures.added(clause.measure, hours), _worst(hours)
    return measures.total(SYSTEM, clause.measure, question), _worst(hours)


def limit(clause: Clause) -> float | None:
    """The number of a clause in seconds, where it is a length of time."""
    if clause.value is None or clause.unit not in SECONDS:
        return None
    return float(clause.value) * SECONDS[clause.unit]


def missing_names(clauses: list[Clause]) -> list[str]:
    """Measures and standards that clauses name and no catalogue has yet."""
    wanted = {c.measure for c in clauses} - set(measures.measures()) | {c.standard for c in clauses} - set(settings())
    return sorted(wanted - {""})


def _worst(groups: list[Figure]) -> Worst | None:
    """Most missed first; of equals the one with the smaller share kept, then the earlier."""
    bad = [group for group in groups if group.missed and group.key is not None]
    if not bad:
        return None
    found: Any = min(bad, key=lambda g: (-g.missed, g.share if g.share is not None else 1.0, int(g.key or 0)))
    day, hour = divmod(int(found.key), 24)
    return Worst(weekday=day + 1, hour=hour, cases=found.cases, missed=found.missed, share=found.share)
