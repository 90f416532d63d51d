"""The verbs of journeys."""

from typing import Any, Literal
from uuid import UUID

from guanxi.events.journeys import JourneyEnded, JourneyPaused, JourneyResumed, JourneyStarted
from guanxi.journeys.journeys import queries, rules
from guanxi.journeys.journeys.models import Journey
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict

Shape = Literal["strategy", "campaign", "follow_up", "greeting", "care", "survey", "escalation", "rule"]


@operation("journeys.journey.create")
def create_journey(
    actor: Actor,
    *,
    name: str,
    record: str,
    start: dict[str, Any],
    steps: list[dict[str, Any]],
    shape: Shape = "rule",
    stops: list[dict[str, Any]] | None = None,
    hold_out: float = 0,
) -> Journey:
    """Draw a plan; nothing happens until it is started."""
    queries.require_sound(actor, record, start, steps, stops or [])
    return create(
        actor,
        Journey,
        using="journeys.journey.create",
        name=name.strip(),
        record=record,
        shape=shape,
        start=start,
        steps=steps,
        stops=stops or [],
        hold_out=hold_out,
    )


@operation("journeys.journey.redraw")
def redraw_journey(
    actor: Actor,
    journey_id: UUID,
    *,
    start: dict[str, Any],
    steps: list[dict[str, Any]],
    stops: list[dict[str, Any]] | None = None,
    hold_out: float = 0,
) -> Journey:
    """Change the plan of a draft; whoever draws it owns it, because it acts with its owner's rights."""
    with change(Journey, journey_id, by=actor, using="journeys.journey.redraw") as journey:
        if journey.status != Journey.Status.DRAFT:
            raise Conflict("journey.not_a_draft", status=journey.status)
        queries.require_sound(actor, journey.record, start, steps, stops or [])
        journey.start, journey.steps, journey.stops, journey.hold_out = start, steps, stops or [], hold_out
        journey.owner_id = actor.id
    return journey


@operation("journeys.journey.start", asks=True)
def start_journey(actor: Actor, journey_id: UUID) -> Journey:
    """Let a journey run from now on, with the rights of its owner."""
    with change(Journey, journey_id, by=actor, using="journeys.journey.start") as journey:
        rules.require_move(journey.status, Journey.Status.RUNNING)
        if journey.status == Journey.Status.PAUSED:
            raise Conflict("journey.wrong_status", frm=journey.status, to="started")
        queries.require_sound(actor, journey.record, journey.start, journey.steps, journey.stops)
        queries.require_rights(actor, journey.steps)
        journey.owner_id = journey.owner_id or actor.id
        journey.hears = queries.hears(journey.record, journey.start, journey.steps, journey.stops)
        journey.status, journey.running_since = Journey.Status.RUNNING, now()
        journey.emit(JourneyStarted(journey_id=journey.pk))
    return journey


@operation("journeys.journey.pause")
def pause_journey(actor: Actor, journey_id: UUID, *, reason: str = "") -> Journey:
    """Let a journey stand still; whoever is under way stays where they are."""
    return halt(actor, journey_id, reason=reason or "by_hand")


@operation("journeys.journey.resume")
def resume_journey(actor: Actor, journey_id: UUID) -> Journey:
    """Let a paused journey go on; what fell due meanwhile is done now."""
    with change(Journey, journey_id, by=actor, using="journeys.journey.resume") as journey:
        if journey.status != Journey.Status.PAUSED:
            raise Conflict("journey.wrong_status", frm=journey.status, to="resumed")
        queries.require_sound(actor, journey.record, journey.start, journey.steps, journey.stops)
        queries.require_rights(actor, journey.steps)
        journey.status, journey.paused_because = Journey.Status.RUNNING, ""
        journey.emit(JourneyResumed(journey_id=journey.pk))
    return journey


@operation("journeys.journey.end", asks=True)
def end_journey(actor: Actor, journey_id: UUID) -> Journey:
    """End a journey for good; whoever is under way in it is stopped."""
    with change(Journey, journey_id, by=actor, using="journeys.journey.end") as journey:
        rules.require_move(journey.status, Journey.Status.ENDED)
        journey.status = Journey.Status.ENDED
        journey.emit(JourneyEnded(journey_id=journey.pk))
    return journey


def halt(actor: Actor, journey_id: UUID, *, reason: str, permission: str = "") -> Journey:
    """Let a journey stand still for a reason; with the right that its owner lost, where that is the reason."""
    with change(Journey, journey_id, by=actor, using="journeys.journey.pause") as journey:
        rules.require_move(journey.status, Journey.Status.PAUSED)
        journey.status, journey.paused_because = Journey.Status.PAUSED, reason[:120]
        paused = JourneyPaused(
            journey_id=journey.pk, owner_id=journey.owner_id, reason=reason[:120], permission=permission
        )
        journey.emit(paused)
    return journey
