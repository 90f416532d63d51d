"""Which journeys care for what."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from guanxi.journeys.journeys import rules
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.queries import running
from guanxi.kernel import access, clocks
from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.records import of_name
from guanxi.workspace.company.operations import ZONE

GREETING_HOUR = time(9)
NIGHT = time(0, 10)
HEARD = "EXISTS (SELECT FROM journeys_journey WHERE status = 'running' AND %s = ANY(hears))"


def listening(names: set[str]) -> list[Journey]:
    """The running journeys that listen to any of these events."""
    return list(running().filter(hears__overlap=sorted(names)))


def of_condition(journey: Journey, actor: Actor) -> QuerySet[Any]:
    """Those for whom a beginning condition holds now, as far as the owner sees them."""
    return _seen(journey, actor, journey.start["condition"])


def of_audience(journey: Journey, actor: Actor) -> QuerySet[Any]:
    """The audience as it is now, as far as the owner sees it."""
    return _seen(journey, actor, journey.start["audience"])


def of_day(journey: Journey, actor: Actor, day: date) -> QuerySet[Any]:
    """Those whose anniversary it is, or for whom it is the stated while before or after it."""
    shifted = anniversary(journey.start, day)
    noon = datetime.combine(shifted, time(12), tzinfo=ZoneInfo(ZONE.get()))
    condition = rules.on_its_day(journey.start["date"])
    return _alive(journey, actor).filter(
        compiled(SYSTEM, condition, of_name(journey.record), as_of=noon, zone=ZONE.get())
    )


def anniversary(start: dict[str, Any], day: date) -> date:
    """The anniversary that a day stands for."""
    nothing = {"days": 0}
    return day + rules.span(start.get("before", nothing)) - rules.span(start.get("after", nothing))


def next_day(day: date, *, greeting: bool) -> datetime:
    """When the day after a day is looked at: greetings in the morning, conditions at night."""
    zone = ZoneInfo(ZONE.get())
    return datetime.combine(day + timedelta(days=1), GREETING_HOUR if greeting else NIGHT, tzinfo=zone)


def _seen(journey: Journey, actor: Actor, condition: dict[str, Any]) -> QuerySet[Any]:
    return _alive(journey, actor).filter(compiled(SYSTEM, condition, of_name(journey.record), zone=ZONE.get()))


def _alive(journey: Journey, actor: Actor) -> QuerySet[Any]:
    kind = of_name(journey.record)
    rows: QuerySet[Any] = access.visible_to(actor, kind.model)
    return rows.filter(archived_at=None) if kind.has("archived_at") else rows


def clock(journey_id: UUID) -> str:
    """The key of the clock of a journey's rounds."""
    return f"journeys.round:{journey_id}"


def next_round_at(journey_id: UUID) -> datetime | None:
    """When a journey looks for whom to begin next; nothing where no further round follows."""
    return clocks.due_at(clock(journey_id))
