"""Journeys of teams: something that happens to them, and what is done then."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from guanxi.journeys.journeys.operations import start_journey
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import Event, emit, event
from guanxi.workspace.todos.models import Todo
from tests.factories.journeys import journey as draft

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = {"wait": {"for": {"days": 1}}}
TEAM = "workspace.team"


@event("test.team_met")
@dataclass(frozen=True, kw_only=True)
class TeamMet(Event):
    """A team met."""

    team_id: UUID
    minutes: int = 30


def add(subject="Look", **given):
    return {"operation": {"name": "workspace.todo.add", "input": {"subject": subject, **given}}}


def running(owner, **values):
    made = draft(owner, record=TEAM, **values)
    start_journey(owner, made.pk)
    drain()
    return made


def subjects():
    return sorted(Todo.objects.values_list("subject", flat=True))


def met(team, origin=Origin.LIVE, **values):
    emit(SYSTEM.as_origin(origin), TeamMet(team_id=team.pk, **values))
    drain()
