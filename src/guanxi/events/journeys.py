"""What happens in journeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("journeys.journey_started")
@dataclass(frozen=True, kw_only=True)
class JourneyStarted(Event):
    """A journey runs from now on."""

    journey_id: UUID


@event("journeys.journey_resumed")
@dataclass(frozen=True, kw_only=True)
class JourneyResumed(Event):
    """A paused journey goes on."""

    journey_id: UUID


@event("journeys.journey_paused")
@dataclass(frozen=True, kw_only=True)
class JourneyPaused(Event):
    """A journey stands still until somebody lets it go on."""

    tells: ClassVar[Mapping[str, str]] = {
        "reason": "journeys.journey.paused_because",
        "permission": "journeys.journey.paused_because",
    }

    journey_id: UUID
    owner_id: UUID | None
    reason: str
    permission: str = ""


@event("journeys.journey_ended")
@dataclass(frozen=True, kw_only=True)
class JourneyEnded(Event):
    """A journey is over; whoever was under way in it was stopped."""

    journey_id: UUID


@event("journeys.round_due")
@dataclass(frozen=True, kw_only=True)
class RoundDue(Event):
    """It is time to see for whom a journey begins: the next round of an audience, or the next day."""

    journey_id: UUID
    number: int


@event("journeys.run_due")
@dataclass(frozen=True, kw_only=True)
class RunDue(Event):
    """What a run waited for has come: its time."""

    run_id: UUID
    step: str


@event("journeys.run_failed")
@dataclass(frozen=True, kw_only=True)
class RunFailed(Event):
    """A run cannot go on; the reason is one a person can act on."""

    tells: ClassVar[Mapping[str, str]] = {"code": "journeys.run.trouble"}

    run_id: UUID
    journey_id: UUID
    subject_id: UUID
    code: str


@event("journeys.subjects_held_out")
@dataclass(frozen=True, kw_only=True)
class SubjectsHeldOut(Event):
    """A journey began and left some alone, for comparison."""

    journey_id: UUID
