"""What becomes of recipients when a message leaves, comes back, is answered, or a call is made."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from guanxi.channels.conversations.rules import SPOKEN
from guanxi.events.channels import ContactLogged, DeliveryReported, MessageNotSent, MessageReceived, MessageSent
from guanxi.events.journeys import JourneyEnded, JourneyPaused, JourneyResumed, RoundDue, SubjectsHeldOut
from guanxi.events.outreach import StrategyAnswered, StrategyDue
from guanxi.events.workspace import TodoDone
from guanxi.journeys.journeys.rules import last_round
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import WORKING, by_system, on
from guanxi.kernel.writes import change, change_each
from guanxi.outreach.strategies import operations, queries
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.workspace.tokens.queries import actor_of

FOLLOW = "outreach.strategy.follow"
State, Status = Recipient.State, Strategy.Status
MAY_ANSWER = (State.PLANNED, State.WAITING, State.SENT, State.DELIVERED)
BY_HAND = (State.TODO, State.DONE)


@on(StrategyDue, origins=WORKING)
def begin_what_was_scheduled(event: StrategyDue) -> None:
    """Nobody called it back: it begins, in the name of whoever sent it."""
    strategy = Strategy.objects.get(pk=event.strategy_id)
    actor = actor_of(strategy.owner_id) if strategy.owner_id else None
    if actor:
        operations.begin_strategy(actor.as_origin(event.meta.origin), strategy.pk, number=event.number)


@on(MessageSent, origins=WORKING, set=True)
def note_that_it_left(happened: list[MessageSent]) -> None:
    """Letters of strategies left the house."""
    for system, events in by_system(happened):
        left: dict[UUID | None, datetime] = {event.message_id: event.meta.occurred_at for event in events}
        found = Recipient.objects.filter(message_id__among=left).values_list("pk", flat=True)
        with change_each(Recipient, list(found), by=system, using=FOLLOW) as (rows, _):
            for row in rows:
                row.sent_at = row.sent_at or left[row.message_id]
                row.state = State.SENT if row.state in (State.PLANNED, State.WAITING) else row.state


@on(MessageNotSent, origins=WORKING)
def note_why_it_did_not_leave(event: MessageNotSent) -> None:
    """The gate, asked again when sending, or the provider said no; a person may be asked to call."""
    for recipient in _of_message(event.message_id):
        strategy = Strategy.objects.get(pk=recipient.strategy_id)
        actor = _owner(strategy, event.system)
        way = queries.ways_to(actor, strategy, [recipient.customer_id])[recipient.customer_id]
        with change(Recipient, recipient.pk, by=event.system, using=FOLLOW) as row:
            operations.spare(actor, strategy, row, event.reason, call=way.call)


@on(DeliveryReported, origins=WORKING)
def note_that_it_arrived(event: DeliveryReported) -> None:
    """The provider says that it arrived, or that it came back."""
    for recipient in _of_message(event.delivery_id):
        with change(Recipient, recipient.pk, by=event.system, using=FOLLOW) as row:
            if event.report in ("delivered", "read") and row.state == State.SENT:
                row.state = State.DELIVERED
            elif event.report == "bounced" and event.permanent and row.state in (State.SENT, State.DELIVERED):
                row.state, row.reason = State.REFUSED, "bounced"


@on(MessageReceived, origins=WORKING)
def note_the_answer(event: MessageReceived) -> None:
    """A person answered what a strategy sent; an automatic answer is none."""
    if event.automatic:
        return
    open_ones = Recipient.objects.filter(
        conversation_id=event.conversation_id, answered_at=None, state__in=MAY_ANSWER, sent_at__isnull=False
    )
    for recipient in open_ones.select_related("strategy"):
        with change(Recipient, recipient.pk, by=event.system, using=FOLLOW) as row:
            row.state, row.answered_at = State.ANSWERED, event.meta.occurred_at
            _tell_answered(row, recipient.strategy)


@on(TodoDone, origins=WORKING)
def note_that_the_call_was_made(event: TodoDone) -> None:
    """A person did what no letter could."""
    for recipient in Recipient.objects.filter(todo_id=event.todo_id, state=State.TODO):
        with change(Recipient, recipient.pk, by=event.system, using=FOLLOW) as row:
            row.state, row.sent_at = State.DONE, row.sent_at or event.meta.occurred_at


@on(ContactLogged, origins=WORKING)
def note_that_they_spoke(event: ContactLogged) -> None:
    """Somebody who was to call or to visit wrote down that they really spoke: that is an answer."""
    if event.customer_id is None or event.direction != "out" or event.result not in SPOKEN:
        return
    at = event.meta.occurred_at
    theirs = Recipient.objects.filter(customer_id=event.customer_id, channel=event.channel, state__in=BY_HAND)
    open_ones = theirs.filter(Q(todo__done_at=None) | Q(todo__done_at__gte=at), answered_at=None, created_at__lte=at)
    for recipient in open_ones.select_related("strategy"):
        with change(Recipient, recipient.pk, by=event.system, using=FOLLOW) as row:
            row.sent_at, row.answered_at = row.sent_at or at, at
            row.conversation_id = row.conversation_id or event.conversation_id
            _tell_answered(row, recipient.strategy)


@on(SubjectsHeldOut, origins=WORKING)
def keep_who_was_left_alone(event: SubjectsHeldOut) -> None:
    """Whoever is left alone for comparison stands in the book of recipients, with the occasion."""
    operations.keep_left_alone(event.system, event.journey_id)


@on(RoundDue, origins=WORKING)
def be_over_after_the_last_round(event: RoundDue) -> None:
    """A strategy that comes round so many times at most is sent after the last of them."""
    for strategy in Strategy.objects.filter(journey_id=event.journey_id, status=Status.RUNNING).select_related(
        "journey"
    ):
        if strategy.most_rounds and strategy.journey and last_round(strategy.journey.start, event.number):
            with change(Strategy, strategy.pk, by=event.system, using=FOLLOW) as row:
                row.status = Status.SENT


@on(JourneyPaused, JourneyResumed, JourneyEnded, origins=WORKING)
def keep_strategies_in_step_with_their_journeys(event: JourneyPaused | JourneyResumed | JourneyEnded) -> None:
    """A strategy whose journey stands still, goes on or is over does so itself."""
    wanted = {JourneyPaused: Status.PAUSED, JourneyResumed: Status.RUNNING, JourneyEnded: Status.ENDED}[type(event)]
    for strategy in Strategy.objects.filter(journey_id=event.journey_id).exclude(status=wanted):
        if strategy.status != Status.ENDED:
            with change(Strategy, strategy.pk, by=event.system, using=FOLLOW) as row:
                row.status = wanted


def _tell_answered(row: Recipient, strategy: Strategy) -> None:
    row.emit(
        StrategyAnswered(
            strategy_id=row.strategy_id, recipient_id=row.pk, customer_id=row.customer_id, strategy=strategy.name
        )
    )


def _of_message(message: UUID) -> list[Recipient]:
    return list(Recipient.objects.filter(message_id=message))


def _owner(strategy: Strategy, otherwise: Actor) -> Actor:
    return (actor_of(strategy.owner_id, kind="journey") if strategy.owner_id else None) or otherwise
