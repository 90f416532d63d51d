"""What journeys hear."""

from uuid import UUID

from guanxi.events.journeys import (
    JourneyEnded,
    JourneyPaused,
    JourneyResumed,
    JourneyStarted,
    RoundDue,
    RunDue,
)
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.rules import start_kind
from guanxi.journeys.runs import operations as runs
from guanxi.journeys.runs.jobs import advance
from guanxi.journeys.runs.models import Run
from guanxi.journeys.starts import operations, queries
from guanxi.kernel.actor import Origin
from guanxi.kernel.events import WORKING, Event, on
from guanxi.kernel.words import say
from guanxi.workspace.todos.operations import add_todo_of
from guanxi.workspace.users.models import User

UNHEARD = frozenset(Origin) - WORKING
LANGUAGE_OF_NOBODY = "en"


@on(Event, origins=WORKING, set=True, wanted=queries.HEARD)
def move_journeys_by_what_happened(happened: list[Event]) -> None:
    """Begin, wake and stop runs."""
    owners = runs.Owners()
    for journey in queries.listening({event.name for event in happened}):
        for origin in {event.meta.origin for event in happened}:
            mine = [event for event in happened if event.name in journey.hears and event.meta.origin == origin]
            advance(operations.by_events(journey, owners, mine, origin) if mine else [])


@on(Event, origins=UNHEARD, set=True, wanted=queries.HEARD)
def note_for_whom_conditions_hold_without_beginning(happened: list[Event]) -> None:
    """What an import brings was so before: its people are noted as fulfilling a condition, nothing begins for them."""
    owners = runs.Owners()
    for journey in queries.listening({event.name for event in happened}):
        actor, _ = owners.of(journey)
        if actor and start_kind(journey.start) == "condition":
            operations.note_present(actor, journey, happened)


@on(JourneyStarted, origins=WORKING)
def begin_what_the_start_itself_begins(event: JourneyStarted) -> None:
    """The first round of an audience, the first day of a date."""
    journey = Journey.objects.get(pk=event.journey_id)
    advance(operations.open_journey(journey, runs.Owners(), event.meta.origin))


@on(RoundDue, origins=WORKING)
def begin_for_the_next_round(event: RoundDue) -> None:
    """The next round of an audience, or the next day; nothing where the journey is over."""
    journey = Journey.objects.exclude(status=Journey.Status.ENDED).filter(pk=event.journey_id).first()
    if journey:
        advance(operations.hold_round(journey, runs.Owners(), event.number, event.meta.origin))


@on(RunDue, origins=WORKING, set=True)
def let_runs_go_on_when_their_wait_is_over(happened: list[RunDue]) -> None:
    """Wake those that still wait at that step."""
    steps: dict[UUID, str] = {event.run_id: event.step for event in happened}
    advance(runs.wake(list(steps), why="time", at_step=steps))


@on(JourneyResumed, origins=WORKING)
def let_the_runs_of_a_resumed_journey_go_on(event: JourneyResumed) -> None:
    """Take up what fell due while it stood still."""
    active = Run.objects.filter(journey_id=event.journey_id, status=Run.Status.ACTIVE)
    advance(list(active.order_by("pk").values_list("pk", flat=True)))


@on(JourneyEnded, origins=WORKING)
def stop_the_runs_of_an_ended_journey(event: JourneyEnded) -> None:
    """Nobody stays under way in what is over."""
    operations.close_journey(event.journey_id)


@on(JourneyPaused, origins=WORKING)
def give_somebody_the_paused_journey_to_do(event: JourneyPaused) -> None:
    """A journey that stands still because of its owner needs a person to see to it."""
    if event.reason not in ("lost_right", "owner_left"):
        return
    journey = Journey.objects.select_related("owner").get(pk=event.journey_id)
    keeper = _who_sees_to_it(journey)
    language = keeper.language if keeper else LANGUAGE_OF_NOBODY
    add_todo_of(
        event.system,
        subject=_why(event, journey, language),
        kind="check",
        due_at=event.meta.occurred_at,
        owner=keeper.pk if keeper else None,
        about="journeys.journey",
        about_id=journey.pk,
        source=f"journey_paused:{event.meta.id}",
    )


def _why(event: JourneyPaused, journey: Journey, language: str) -> str:
    """What its owner may no longer do or see, or that the owner left."""
    words = {"journey": journey.name, "owner": journey.owner.name if journey.owner else ""}
    noun, _, verb = event.permission.rpartition(".")
    if verb == "read":
        return say("journeys.todo.lost_sight", language, records=say(f"{noun}.many", language), **words)
    if event.permission:
        return say("journeys.todo.lost_right", language, operation=say(event.permission, language), **words)
    return say("journeys.todo.owner_left", language, **words)


def _who_sees_to_it(journey: Journey) -> User | None:
    if journey.owner and journey.owner.archived_at is None:
        return journey.owner
    return User.objects.filter(roles__contains=["owner"], archived_at=None).order_by("created_at").first()
