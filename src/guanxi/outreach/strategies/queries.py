"""Who is meant by a strategy, by which way each is reached, and the figures about it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DecimalField, Exists, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.rules import Allowed, Purpose, Wish
from guanxi.commerce.orders.models import Order
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Segment
from guanxi.customers.segments.queries import selected
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.runs.models import Run
from guanxi.journeys.runs.queries import length
from guanxi.journeys.starts.queries import next_round_at
from guanxi.kernel.access import veiled
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.cases import Subjects
from guanxi.kernel.conditions.queries import require_all_seen
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.measures import measure
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import labels
from guanxi.kernel.settings import standard
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.outreach.strategies import rules
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.outreach.strategies.rules import Plan, Way
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.office_hours.queries import falls_due
from guanxi.workspace.tokens.queries import actor_of

FOLLOW_UP = standard("outreach.order.followed_up", unit="days", default=7, office_hours=True)
SAMPLE = 20
CHUNK = 5000
UNDER_WAY = (Recipient.State.PLANNED, Recipient.State.WAITING, Recipient.State.TODO)
EVERYBODY: Condition = {"and": []}


def promised_until(order_id: UUID) -> datetime | None:
    """Until when the company promised to ask how it is after an order."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        return None
    return falls_due(order.ordered_at, FOLLOW_UP.held(order, order.ordered_at), FOLLOW_UP.unit)


def audience_condition(strategy: Strategy) -> Condition:
    """Whom a strategy means, as a condition on customers: of a dynamic segment its condition as it is now."""
    if strategy.segment is None:
        return strategy.condition or EVERYBODY
    if strategy.segment.kind == Segment.Kind.DYNAMIC and strategy.segment.condition:
        return dict(strategy.segment.condition)
    of_segment = {"field": "segment", "op": "is", "value": str(strategy.segment_id)}
    return {"related": "memberships", "aggregate": "exists", "op": "true", "where": of_segment}


def audience(actor: Actor, strategy: Strategy) -> QuerySet[Customer]:
    """Whom a strategy means now, as far as the actor sees them."""
    return selected(actor, audience_condition(strategy))


def plan(actor: Actor, strategy: Strategy) -> Plan:
    """What sending would come to now, asked of the gate for everybody and nobody contacted."""
    record = type_of(Customer)
    order = ("pk",) if record.title in veiled(actor, record) else ("name_sort", "pk")
    people = list(audience(actor, strategy).order_by(*order).values_list("pk", flat=True))
    ways: dict[UUID, Way] = {}
    for start in range(0, len(people), CHUNK):
        some = people[start : start + CHUNK]
        ways |= ways_to(actor, strategy, some)
        if strategy.status in (Strategy.Status.RUNNING, Strategy.Status.PAUSED):
            ways |= {id: Way(reason=stop) for id, stop in stopped(strategy, some).items()}
    some = _mixed(people, ways)
    called = labels(actor, record, some)
    sample = [
        {"customer": {"id": str(id), "label": called.get(id, "")}, "allowed": not ways[id].reason, **asdict(ways[id])}
        for id in some
    ]
    return rules.added_up(ways, sample, begins=_begins(actor, strategy))


def _begins(actor: Actor, strategy: Strategy) -> str:
    """By which event, and how long after it, a strategy turns to a customer; nothing if it is just sent."""
    if not strategy.begins:
        return ""
    event = f"{strategy.begins['event']}.label"
    days = length(strategy.begins["wait"]).days if strategy.begins.get("wait") else 0
    return say("outreach.begins.later" if days else "outreach.begins", actor.language, event=event, n=days)


def ways_to(actor: Actor, strategy: Strategy, customers: Sequence[UUID]) -> dict[UUID, Way]:
    """By which way each of these would be reached now, and why the others not; in a few statements for all."""
    refused: dict[UUID, dict[str, str]] = {id: {} for id in customers}
    wish = Wish(purpose=Purpose(strategy.purpose), at=now())
    for channel in strategy.channels:
        advice = gate.advise(actor, customers, wish, channel)
        for id, answer in advice.refused.items():
            if not rules.only_quiet(answer):
                refused[id][channel] = answer.reason.value
    nobody = [id for id in customers if len(refused[id]) == len(strategy.channels)]
    callable_ = _callable(actor, wish, nobody) if strategy.call_them else set()
    return {id: rules.way(strategy.channels, refused[id], call=id in callable_) for id in customers}


_SEEN_BY: dict[str, type[Any]] = {"bought": Order, "complained": Ticket}


def require_stops_seen(actor: Actor, stops: Sequence[str]) -> None:
    """Refuse to stop by what the actor does not see of all: it would tell whom it stopped for."""
    for stop in stops:
        if stop in _SEEN_BY:
            require_all_seen(actor, type_of(_SEEN_BY[stop]))


def stopped(
    strategy: Strategy, customers: Sequence[UUID], *, since: Mapping[UUID, datetime] = MappingProxyType({})
) -> dict[UUID, str]:
    """For whom of these the strategy stops, and by which rule; counted from when this send turned to them first."""
    if not strategy.stops and strategy.most_contacts is None:
        return {}
    of_send = Recipient.objects.filter(strategy=strategy, occasion__startswith=rules.of_send(strategy.sends))
    mine: dict[UUID, list[Recipient]] = {id: [] for id in customers}
    for row in of_send.filter(customer__in=customers).exclude(state=Recipient.State.HELD_OUT):
        mine[row.customer_id].append(row)
    began = {id: min([row.created_at for row in rows] + ([since[id]] if id in since else []), default=None)
             for id, rows in mine.items()}  # fmt: skip
    bought = _first_after(Order.objects.filter(kind=Order.Kind.SALE), "ordered_at", began, strategy, "bought")
    complained = _first_after(Ticket.objects.filter(kind="complaint"), "complained_at", began, strategy, "complained")
    found = {
        id: rules.SoFar(
            contacts=sum(row.sent_at is not None or row.state in UNDER_WAY for row in rows),
            answered=any(row.answered_at for row in rows), bought=id in bought, complained=id in complained,
        )
        for id, rows in mine.items()
    }  # fmt: skip
    by = {id: rules.stopped_by(one, strategy.stops, strategy.most_contacts) for id, one in found.items()}
    return {id: stop for id, stop in by.items() if stop}


def left_alone(journey: Journey, strategy: Strategy, prefix: str) -> QuerySet[Run]:
    """The runs that a journey left alone and that do not stand in the book of recipients yet."""
    written = Recipient.objects.filter(
        strategy=strategy, customer=OuterRef("subject_id"), occasion=Concat(Value(prefix), OuterRef("start_key"))
    )
    return Run.objects.filter(~Exists(written), journey=journey, status=Run.Status.HELD_OUT).order_by("pk")


def _first_after(
    rows: QuerySet[Any], at: str, began: Mapping[UUID, datetime | None], strategy: Strategy, stop: str
) -> set[UUID]:
    """Whose latest row is later than the strategy turned to them, where it stops by such rows."""
    if stop not in strategy.stops:
        return set()
    latest = rows.filter(customer__in=list(began)).values("customer").annotate(latest=Max(at))
    pairs = latest.values_list("customer", "latest")
    return {id for id, moment in pairs if (first := began[id]) is not None and moment > first}


def _callable(actor: Actor, wish: Wish, customers: Sequence[UUID]) -> set[UUID]:
    """Those who cannot be written to and may be called: for the same purpose, by the same rules."""
    if not customers:
        return set()
    advice = gate.advise(actor, customers, wish, "phone")
    quiet = {id for id, answer in advice.refused.items() if rules.only_quiet(answer)}
    return {id for id, answer in advice.allowed.items() if isinstance(answer, Allowed)} | quiet


def _mixed(people: list[UUID], ways: dict[UUID, Way]) -> list[UUID]:
    """Some of those who are reached and some of those who are not."""
    reached = [one for one in people if not ways[one].reason]
    spared = [one for one in people if ways[one].reason]
    return [*reached[: max(SAMPLE // 2, SAMPLE - len(spared))], *spared[: max(SAMPLE // 2, SAMPLE - len(reached))]]


def counts(strategy: Strategy) -> dict[str, int]:
    """How many recipients stand in which state."""
    rows = Recipient.objects.filter(strategy=strategy).order_by().values("state").annotate(n=Count("pk"))
    return dict(rows.values_list("state", "n"))


def outlook(strategy: Strategy) -> rules.Outlook:
    """Who is under way now: what is said before a strategy is paused, goes on or ends."""
    on_the_way = (Run.Status.ACTIVE, Run.Status.WAITING)
    found = counts(strategy)
    return rules.Outlook(
        waiting=Run.objects.filter(journey=strategy.journey_id, status__in=on_the_way).count(),
        letters=found.get(Recipient.State.WAITING, 0),
        todos=found.get(Recipient.State.TODO, 0),
        next_at=next_round_at(strategy.journey_id) if strategy.journey_id else None,
    )


@measure("outreach.strategy.reached", unit="share", dimensions=("strategy", "reason", "purpose"))
def strategy_reached() -> Subjects:
    """Share of those whom strategies meant who could be written to or got a call; the others have their reason."""
    rows: QuerySet[Any] = Recipient.objects.exclude(state=Recipient.State.HELD_OUT)
    return Subjects(
        rows=rows,
        at="created_at",
        value=one_if(~Q(state="refused")),
        open_when=Q(state__in=("planned", "waiting")),
        dimensions={"strategy": "strategy", "reason": "reason", "purpose": "strategy__purpose"},
    )


def one_if(condition: Q | Exists) -> Case:
    """The worth of a case of yes and no."""
    number = DecimalField(max_digits=2, decimal_places=0)
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=number)


def what_to_do(actor: Actor, strategy: Strategy, customer: Customer, *, kind: str, reader: UUID | None) -> str:
    """What somebody has to do for a strategy; a customer's name that is closed to them is not said."""
    noun = type_of(Customer)
    who = actor if reader in (None, actor.id) else actor_of(reader)
    closed = who and who.level(f"{noun.name}.name") < Level.READ
    called = say(f"{noun.name}.one", actor.language) if closed else customer.name
    return say(f"outreach.todo.{kind}", actor.language, customer=called, strategy=strategy.name)
