"""The verbs of strategies."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from guanxi.channels.conversations.operations import send_letter
from guanxi.channels.conversations.rules import TODO_KIND
from guanxi.channels.gate.models import Delivery
from guanxi.channels.templates.models import Template
from guanxi.customers.customers.models import Customer
from guanxi.events.outreach import CustomerContacted, CustomerSpared, StrategyDue, StrategyRecalled, StrategyScheduled
from guanxi.journeys.journeys import operations as journeys
from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.queries import promised
from guanxi.journeys.journeys.rules import standards
from guanxi.kernel import clocks
from guanxi.kernel.access import get
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.operations import operation
from guanxi.kernel.records import type_of
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.kernel.writes import change, create, create_many
from guanxi.lib.errors import Conflict, Invalid, NotFound
from guanxi.outreach.strategies import queries, rules
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.workspace.todos.operations import add_todo_of
from guanxi.workspace.tokens.queries import actor_of

Purpose = Literal["service", "survey", "greeting", "marketing"]
Channel = Literal["email", "phone", "visit"]
Stop = Literal["answered", "bought", "complained"]
Status, State = Strategy.Status, Recipient.State
CALL_WITHIN = timedelta(days=3)


@operation("outreach.strategy.create")
def create_strategy(
    actor: Actor,
    *,
    name: str,
    purpose: Purpose,
    channels: list[Channel],
    segment: UUID | None = None,
    condition: dict[str, Any] | None = None,
    template: UUID | None = None,
    every_days: int | None = None,
    most_rounds: int | None = None,
    stops: list[Stop] | None = None,
    most_contacts: int | None = None,
    call_them: bool = False,
    script: str = "",
    hold_out: float = 0,
    begins: dict[str, Any] | None = None,
    key: str | None = None,
) -> Strategy:
    """Say whom to contact, what for, by which ways, how often and with which words; nothing is sent yet."""
    given = {
        "segment_id": segment, "condition": condition, "channels": list(channels), "template_id": template,
        "every_days": every_days, "purpose": purpose, "begins": begins or {}, "most_rounds": most_rounds,
        "stops": list(stops or []), "most_contacts": most_contacts,
    }  # fmt: skip
    _require_sound(actor, given)
    return create(
        actor, Strategy, using="outreach.strategy.create", name=name.strip(), key=key, call_them=call_them,
        script=script, hold_out=hold_out, **given,
    )  # fmt: skip


@operation("outreach.strategy.redefine")
def redefine_strategy(
    actor: Actor,
    strategy_id: UUID,
    *,
    purpose: Purpose,
    channels: list[Channel],
    segment: UUID | None = None,
    condition: dict[str, Any] | None = None,
    template: UUID | None = None,
    every_days: int | None = None,
    most_rounds: int | None = None,
    stops: list[Stop] | None = None,
    most_contacts: int | None = None,
    call_them: bool = False,
    script: str = "",
    hold_out: float = 0,
) -> Strategy:
    """Change whom, what for, by which ways or how often; of a strategy that is not under way."""
    given = {
        "segment_id": segment, "condition": condition, "channels": list(channels), "template_id": template,
        "every_days": every_days, "purpose": purpose, "most_rounds": most_rounds, "stops": list(stops or []),
        "most_contacts": most_contacts,
    }  # fmt: skip
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.redefine") as strategy:
        if strategy.status not in (Status.DRAFT, Status.SENT):
            rules.require_move(strategy.status, Status.SCHEDULED)
        _require_sound(actor, given | {"begins": strategy.begins})
        for field, value in {**given, "call_them": call_them, "script": script, "hold_out": hold_out}.items():
            setattr(strategy, field, value)
    return strategy


@operation("outreach.strategy.dry_run", reads=True)
def dry_run(actor: Actor, strategy_id: UUID) -> rules.Plan:
    """See whom it would reach now, and why not the others; nobody is contacted."""
    return queries.plan(actor, get(actor, Strategy, strategy_id, using="outreach.strategy.dry_run"))


@operation("outreach.strategy.send", asks=True)
def send_strategy(actor: Actor, strategy_id: UUID) -> Strategy:
    """Carry a strategy out; for ten seconds it can be called back."""
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.send") as strategy:
        rules.require_move(strategy.status, Status.SCHEDULED)
        strategy.owner_id, strategy.sends = actor.id, strategy.sends + 1
        strategy.journey = _journey(actor, strategy)
        strategy.status, strategy.send_at = Status.SCHEDULED, now() + rules.CALL_BACK
        strategy.emit(StrategyScheduled(strategy_id=strategy.pk, strategy=strategy.name))
    _set_clock(strategy, actor.origin)
    return strategy


@operation("outreach.strategy.recall")
def recall_strategy(actor: Actor, strategy_id: UUID) -> Strategy:
    """Call a send back before anybody is contacted."""
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.recall") as strategy:
        rules.require_move(strategy.status, Status.DRAFT)
        strategy.status, strategy.send_at = Status.DRAFT, None
        strategy.emit(StrategyRecalled(strategy_id=strategy.pk, strategy=strategy.name))
    _set_clock(strategy, actor.origin)
    return strategy


@operation("outreach.strategy.outlook", reads=True)
def outlook(actor: Actor, strategy_id: UUID) -> rules.Outlook:
    """See who is under way in a strategy, before it is paused, goes on or ends."""
    return queries.outlook(get(actor, Strategy, strategy_id, using="outreach.strategy.outlook"))


@operation("outreach.strategy.pause")
def pause_strategy(actor: Actor, strategy_id: UUID) -> Strategy:
    """Let a strategy stand still; nobody further is contacted until it goes on."""
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.pause") as strategy:
        rules.require_move(strategy.status, Status.PAUSED)
        strategy.status = Status.PAUSED
    if strategy.journey_id:
        journeys.pause_journey(actor, strategy.journey_id)
    return strategy


@operation("outreach.strategy.resume")
def resume_strategy(actor: Actor, strategy_id: UUID) -> Strategy:
    """Let a paused strategy go on."""
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.resume") as strategy:
        rules.require_move(strategy.status, Status.RUNNING)
        strategy.status = Status.RUNNING
    if strategy.journey_id:
        journeys.resume_journey(actor, strategy.journey_id)
    return strategy


@operation("outreach.strategy.end", asks=True)
def end_strategy(actor: Actor, strategy_id: UUID) -> Strategy:
    """End a strategy for good."""
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.end") as strategy:
        rules.require_move(strategy.status, Status.ENDED)
        strategy.status = Status.ENDED
    if strategy.journey_id:
        journeys.end_journey(actor, strategy.journey_id)
    return strategy


@operation("outreach.strategy.copy")
def copy_strategy(actor: Actor, strategy_id: UUID) -> Strategy:
    """Draft a strategy like this one; nothing is sent yet."""
    like = get(actor, Strategy, strategy_id, using="outreach.strategy.copy")
    return create_strategy(
        actor,
        name=say("outreach.copy_of", actor.language, name=like.name)[:160],
        segment=like.segment_id,
        template=like.template_id,
        **{field: getattr(like, field) for field in _COPIED},
    )


_COPIED = (
    "purpose", "channels", "condition", "every_days", "most_rounds", "stops", "most_contacts", "call_them", "script",
    "hold_out", "begins",
)  # fmt: skip


@operation(rules.CONTACT)
def contact(
    actor: Actor,
    strategy_id: UUID,
    *,
    customer: UUID,
    occasion: str,
    order: UUID | None = None,
    since: datetime | None = None,
) -> Recipient:
    """Reach out to one customer on one occasion by the first way the gate allows; asked again, it is done once."""
    strategy = get(actor, Strategy, strategy_id, using=rules.CONTACT)
    get(actor, Customer, customer)
    rules.require_begun(since, now())
    stop = queries.stopped(strategy, [customer], since={customer: since} if since else {}).get(customer, "")
    known = _known(strategy, customer, occasion, stop)
    if known:
        return known
    keeping = keeper(actor)
    recipient = create(
        keeping, Recipient, using=rules.CONTACT, strategy=strategy, customer_id=customer, occasion=occasion[:120],
        order_id=order, segment_id=strategy.segment_id,
    )  # fmt: skip
    way = rules.Way(reason=stop) if stop else queries.ways_to(actor, strategy, [customer])[customer]
    with change(Recipient, recipient.pk, by=keeping, using=rules.CONTACT) as row:
        if way.channel == "email":
            _write(actor, strategy, row)
        elif way.channel:
            _hand_over(actor, strategy, row, way.channel)
        else:
            spare(actor, strategy, row, way.reason, call=way.call)
    return row


@operation("outreach.strategy.begin")
def begin_strategy(actor: Actor, strategy_id: UUID, *, number: int) -> Strategy:
    """Start what was scheduled, when the time to call it back is over; the same send begins once."""
    with change(Strategy, strategy_id, by=actor, using="outreach.strategy.begin") as strategy:
        if strategy.status != Status.SCHEDULED or strategy.sends != number or strategy.journey_id is None:
            return strategy
        lasts = strategy.every_days is not None or bool(strategy.begins)
        strategy.status, strategy.sent_at = Status.RUNNING if lasts else Status.SENT, now()
        journeys.start_journey(actor, strategy.journey_id)
    return strategy


def _known(strategy: Strategy, customer: UUID, occasion: str, stop: str) -> Recipient | None:
    """What became of this customer on this occasion already; that a rule stopped it is said once for a send."""
    mine = Recipient.objects.filter(strategy=strategy, customer_id=customer)
    known = mine.filter(occasion=occasion[:120]).first()
    if known or not stop:
        return known
    return mine.filter(occasion__startswith=rules.of_send(strategy.sends), reason__startswith="stop.").first()


def spare(actor: Actor, strategy: Strategy, row: Recipient, reason: str, *, call: bool) -> None:
    """Leave a customer alone, and say why; where a person may call instead, make it a to-do."""
    row.reason = reason
    if call:
        _hand_over(actor, strategy, row, "phone")
        return
    row.state = State.REFUSED
    row.emit(
        CustomerSpared(
            strategy_id=strategy.pk, recipient_id=row.pk, customer_id=row.customer_id, strategy=strategy.name,
            reason=reason,
        )
    )  # fmt: skip


def keep_left_alone(keeper: Actor, journey_id: UUID) -> None:
    """Write down whom a journey left alone for comparison, on which occasion, and by which way the gate allowed."""
    journey = Journey.objects.get(pk=journey_id)
    carried = rules.carried_out(journey.steps)
    if carried is None:
        return
    strategy, prefix = Strategy.objects.get(pk=carried[0]), rules.of_send(carried[1])
    fresh = list(queries.left_alone(journey, strategy, prefix))
    owner = (actor_of(strategy.owner_id, kind="journey") if strategy.owner_id else None) or keeper
    ways = queries.ways_to(owner, strategy, list({run.subject_id for run in fresh}))
    order = strategy.begins.get("order", "")
    rows = [
        {
            "strategy_id": strategy.pk, "customer_id": run.subject_id, "occasion": prefix + run.start_key,
            "segment_id": strategy.segment_id, "state": State.HELD_OUT, "created_at": run.created_at,
            "channel": ways[run.subject_id].channel, "reason": ways[run.subject_id].reason,
            "order_id": run.context.get("event", {}).get(order),
        }
        for run in fresh
    ]  # fmt: skip
    if rows:
        create_many(keeper, Recipient, rows, using=rules.CONTACT)


def _write(actor: Actor, strategy: Strategy, row: Recipient) -> None:
    key = rules.letter_key(strategy.pk, row.occasion, row.customer_id)
    try:
        with transaction.atomic():
            talk = send_letter(
                actor, customer=row.customer_id, template=template_of(strategy), matter=row.order_id, key=key
            )
    except (
        Invalid,
        Conflict,
        NotFound,
    ) as problem:  # a letter that cannot be written to this one customer is no reason to stop for others
        spare(actor, strategy, row, problem.code, call=False)
        return
    row.state, row.channel, row.conversation_id = State.WAITING, "email", talk.pk
    row.message_id = Delivery.objects.filter(key=key).values_list("pk", flat=True).first()
    _tell(strategy, row)


def _hand_over(actor: Actor, strategy: Strategy, row: Recipient, channel: str) -> None:
    """A way that only a person can go: a to-do for the customer's own owner, else for the strategy's."""
    customer = Customer.objects.only("owner_id", "name").get(pk=row.customer_id)
    kind: Any = "follow_up" if row.order_id else TODO_KIND[channel]
    owner = customer.owner_id or actor.id
    row.todo = add_todo_of(
        actor,
        subject=queries.what_to_do(actor, strategy, customer, kind=kind, reader=owner),
        kind=kind,
        note=strategy.script,
        due_at=_due(row),
        owner=owner,
        customer=row.customer_id,
        about="commerce.order" if row.order_id else "outreach.strategy",
        about_id=row.order_id or strategy.pk,
        source=f"recipient:{row.pk}",
    )
    row.state, row.channel = State.TODO, channel
    _tell(strategy, row)


def _due(row: Recipient) -> datetime:
    """By when a person should have gone this way: after an order, when the company promised to ask."""
    promised = queries.promised_until(row.order_id) if row.order_id else None
    return max(promised, now()) if promised else now() + CALL_WITHIN


def _tell(strategy: Strategy, row: Recipient) -> None:
    row.emit(
        CustomerContacted(
            strategy_id=strategy.pk, recipient_id=row.pk, customer_id=row.customer_id, strategy=strategy.name,
            channel=row.channel,
        )
    )  # fmt: skip


def _journey(actor: Actor, strategy: Strategy) -> Journey:
    start, steps = rules.laid_out(
        strategy.pk, number=strategy.sends, audience=queries.audience_condition(strategy),
        every_days=strategy.every_days, most_rounds=strategy.most_rounds, begins=strategy.begins,
    )  # fmt: skip
    shape: journeys.Shape = "follow_up" if strategy.begins else "strategy"
    return journeys.create_journey(
        actor, name=strategy.name, record="customers.customer", shape=shape, start=start, steps=steps,
        hold_out=strategy.hold_out,
    )  # fmt: skip


def _require_sound(actor: Actor, given: Mapping[str, Any]) -> None:
    rules.require_whole(
        segment=given["segment_id"], condition=given["condition"], channels=given["channels"],
        template=given["template_id"], every_days=given["every_days"],
    )  # fmt: skip
    rules.require_end(**{name: given[name] for name in ("every_days", "most_rounds", "stops", "most_contacts")})
    rules.require_own_accord(given["purpose"])
    queries.require_stops_seen(actor, given["stops"])
    rules.require_begins(given["begins"])
    for name in standards(given["begins"]):
        promised(name)
    if given["template_id"]:
        rules.require_same_purpose(given["purpose"], get(actor, Template, given["template_id"]).purpose)
    if given["condition"] is not None:
        compiled(actor, given["condition"], type_of(Customer), kept=True)


def keeper(actor: Actor) -> Actor:
    """Who keeps the book of recipients: it also names what went to others and the actor does not see."""
    return replace(SYSTEM, origin=actor.origin, change_set=actor.change_set)


def template_of(strategy: Strategy) -> UUID:
    """The letter of a strategy that writes."""
    if strategy.template_id is None:
        raise Invalid("strategy.needs_template")
    return strategy.template_id


@clocks.of_noun("outreach.strategy")
def send_anew(ids: Collection[UUID]) -> None:
    """After an undo a strategy that was called back is sent when it was to be, and no other is."""
    for strategy in Strategy.objects.filter(pk__among=ids):
        _set_clock(strategy, Origin(strategy.origin))


def _set_clock(strategy: Strategy, origin: Origin) -> None:
    key = f"outreach.strategy:{strategy.pk}"
    if strategy.status == Status.SCHEDULED and strategy.send_at is not None:
        due = StrategyDue(strategy_id=strategy.pk, number=strategy.sends)
        clocks.start(key, strategy.send_at, due, origin=origin)
    else:
        clocks.stop(key)
