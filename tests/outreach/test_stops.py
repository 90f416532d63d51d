"""Rhythm and stop rules: every so many days, so many times at most, and each rule stops exactly when it says."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from guanxi.channels.conversations.operations import log_call, log_visit
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import mark_dead
from guanxi.customers.holds.models import Hold
from guanxi.events.channels import MessageReceived
from guanxi.journeys.runs.models import Run
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import emit
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen, now
from guanxi.lib.errors import Forbidden, Invalid
from guanxi.outreach.strategies import rules
from guanxi.outreach.strategies.models import Recipient
from guanxi.outreach.strategies.operations import (
    copy_strategy,
    dry_run,
    end_strategy,
    outlook,
    pause_strategy,
    send_strategy,
)
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import complete_todo
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import channels, commerce, customers, outreach, service
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
STEP = 30


@pytest.fixture
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def marketer(clock):
    """In a sample company: the gate decides as always, nothing leaves the house."""
    return make.actor("marketer").as_origin(Origin.SIMULATION)


@pytest.fixture
def watching(clock):
    """One who sees complaints, too."""
    return make.actor("owner").as_origin(Origin.SIMULATION)


def sent(actor, clock, **values):
    made = outreach.strategy(actor, **values)
    send_strategy(actor, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    made.refresh_from_db()
    return made


def next_round(clock):
    clock.advance(timedelta(days=STEP))
    drain()


def of(who):
    rows = Recipient.objects.filter(customer=who).order_by("created_at", "pk")
    return [(row.state, row.reason) for row in rows]


def answer(who):
    row = Recipient.objects.get(customer=who)
    received = MessageReceived(
        message_id=uuid4(), conversation_id=row.conversation_id, customer_id=who.pk, contact_point_id=None,
        account_id=None, channel="email", subject="Re", automatic="", may_be_acknowledged=True, opened=False,
    )  # fmt: skip
    emit(SYSTEM.as_origin(Origin.SIMULATION), received)
    drain()


def buy(who):
    commerce.order(customer=who.pk)


def complain(who):
    """They complained, and the matter is over within the hour: the gate has no objection any more."""
    service.ticket(kind="complaint", customer=who.pk)
    drain()
    Hold.objects.update(until=now() + timedelta(hours=1))


@pytest.mark.parametrize(("stop", "did"), [("answered", answer), ("bought", buy), ("complained", complain)])
def test_who_did_it_is_left_in_peace_from_then_on_and_nobody_else_is(watching, clock, stop, did):
    ann, bob = (channels.customer(consent="marketing", name=name) for name in ("Ann", "Bob"))
    before = channels.customer(consent="marketing", name="Before")
    if did is not answer:
        did(before)  # what happened before the strategy turned to them stops nothing
        clock.advance(timedelta(days=1))
    made = sent(watching, clock, every_days=STEP, stops=[stop])
    clock.advance(timedelta(days=1))
    did(ann)
    next_round(clock)
    next_round(clock)
    first = "answered" if stop == "answered" else "sent"
    assert of(ann) == [(first, ""), ("refused", f"stop.{stop}")], "it is said once, not at every round"
    assert of(bob) == of(before) == [("sent", "")] * 3
    plan = dry_run(watching, made.pk)
    assert (plan.total, plan.allowed, plan.refused) == (3, 2, {f"stop.{stop}": 1})
    spared = EventEntry.objects.filter(name="outreach.customer_spared", payload__customer_id=str(ann.pk))
    assert spared.count() == 1


@pytest.mark.parametrize("stop", rules.STOPS)
def test_without_the_rule_it_goes_on(watching, clock, stop):
    ann = channels.customer(consent="marketing", name="Ann")
    others = [one for one in rules.STOPS if one != stop]
    sent(watching, clock, every_days=STEP, stops=others)
    clock.advance(timedelta(days=1))
    {"answered": answer, "bought": buy, "complained": complain}[stop](ann)
    next_round(clock)
    assert [state for state, _ in of(ann)][1:] == ["sent"]


def test_an_open_complaint_is_a_matter_of_the_gate_and_ends_with_it(marketer, clock):
    ann = channels.customer(consent="marketing", name="Ann")
    sent(marketer, clock, every_days=STEP)
    held = customers.hold(ann)
    next_round(clock)
    held.__class__.objects.update(until=clock.at)
    next_round(clock)
    assert of(ann) == [("sent", ""), ("refused", "hold"), ("sent", "")]


def test_after_so_many_contacts_it_stops_and_who_could_not_be_reached_was_not_contacted(marketer, clock):
    ann = channels.customer(consent="marketing", name="Ann")
    late = channels.customer(name="Late")
    sent(marketer, clock, every_days=STEP, most_contacts=2)
    customers.consent(late, channel="email", purpose="marketing")
    for _ in range(3):
        next_round(clock)
    assert of(ann) == [("sent", ""), ("sent", ""), ("refused", "stop.most_contacts")]
    assert of(late) == [("refused", "no_consent"), ("sent", ""), ("sent", ""), ("refused", "stop.most_contacts")]


def test_it_comes_round_so_many_times_at_most_and_is_over_then(marketer, clock):
    ann = channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock, every_days=STEP, most_rounds=3)
    seen = []
    for _ in range(4):
        made.refresh_from_db()
        seen.append((made.status, len(of(ann))))
        next_round(clock)
    assert seen == [("running", 1), ("running", 2), ("sent", 3), ("sent", 3)]
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    made.refresh_from_db()
    assert (made.status, len(of(ann))) == ("running", 4)


def test_sent_again_by_hand_what_stopped_the_last_send_does_not_stop_this_one(marketer, clock):
    ann = channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock, stops=["answered"], most_contacts=1)
    answer(ann)
    clock.advance(timedelta(days=STEP))
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    assert of(ann) == [("answered", ""), ("sent", "")]


def test_while_it_waits_after_an_event_what_happens_then_stops_it(watching, clock):
    ann, bob = (channels.customer(consent="marketing", name=name) for name in ("Ann", "Bob"))
    sent(
        watching, clock, purpose="service", stops=["bought"],
        begins={"event": "commerce.order_placed", "order": "order_id", "wait": {"days": 5}},
    )  # fmt: skip
    for who in (ann, bob):
        buy(who)
    drain()
    clock.advance(timedelta(days=2))
    buy(ann)
    drain()
    clock.advance(timedelta(days=3, hours=1))
    drain()
    assert (of(ann), of(bob)) == ([("refused", "stop.bought")], [("waiting", "")])


@pytest.mark.parametrize(
    ("log", "channel", "result", "answered"),
    [(log_call, "phone", "reached", True), (log_call, "phone", "no_answer", False),
     (log_call, "phone", "call_back", True), (log_visit, "visit", "agreed", True),
     (log_visit, "visit", "not_met", False)],
)  # fmt: skip
def test_a_call_or_a_visit_is_answered_when_they_really_spoke(watching, clock, log, channel, result, answered):
    ann = channels.customer(name="Ann")
    customers.contact_point(ann, kind="phone", value="+442079460000")
    sent(watching, clock, channels=[channel], purpose="service", stops=["answered"], every_days=STEP)
    clock.advance(timedelta(hours=1))
    log(watching, customer=ann.pk, result=result, text="About the tea")
    drain()
    row = Recipient.objects.get()
    assert (row.answered_at, row.sent_at) == ((clock.at, clock.at) if answered else (None, None))
    for todo in Todo.objects.filter(done_at=None):
        clock.advance(timedelta(hours=1))
        complete_todo(watching, todo.pk, result="over")
        drain()
    row.refresh_from_db()
    assert (row.state, row.sent_at is not None, row.answered_at is not None) == ("done", True, answered)
    next_round(clock)
    assert Recipient.objects.filter(reason="stop.answered").exists() == answered


def test_a_call_about_something_before_the_strategy_meant_them_is_no_answer_to_it(watching, clock):
    ann = channels.customer(name="Ann")
    customers.contact_point(ann, kind="phone", value="+442079460000")
    sent(watching, clock, channels=["phone"], purpose="service")
    log_call(watching, customer=ann.pk, result="reached", text="Earlier", at=clock.at - timedelta(days=1))
    drain()
    assert Recipient.objects.get().answered_at is None


def test_who_is_left_alone_stands_in_the_book_with_the_occasion_and_the_way_that_was_allowed(marketer, clock):
    people = [channels.customer(consent="marketing", name=f"C {n}") for n in range(12)]
    silent = [channels.customer(name=f"S {n}") for n in range(12)]
    segment = customers.segment({"and": []})
    made = sent(marketer, clock, hold_out=0.5, every_days=STEP, segment=segment.pk)
    next_round(clock)
    left = Recipient.objects.filter(state="held_out")
    runs = Run.objects.filter(status="held_out").order_by("pk")
    assert [(row.customer_id, row.occasion) for row in left.order_by("occasion", "customer_id")] == sorted(
        ((run.subject_id, f"1/{run.start_key}") for run in runs), key=lambda one: (one[1], one[0])
    )
    assert 0 < left.count() < 48 and Recipient.objects.count() == 48
    ways = {row.customer_id: (row.channel, row.reason, row.segment_id) for row in left}
    assert ways.items() <= {
        **{who.pk: ("email", "", segment.pk) for who in people},
        **{who.pk: ("", "no_consent", segment.pk) for who in silent},
    }.items()  # fmt: skip
    rounds = [set(left.filter(occasion=f"1/round:{n}").values_list("customer_id", flat=True)) for n in (1, 2)]
    assert rounds[0] == rounds[1], "whoever is left alone stays so while the strategy runs"
    assert made.status == "running"


def test_a_copy_is_a_draft_with_all_that_was_wished(marketer, clock):
    made = sent(
        marketer, clock, name="Spring", every_days=STEP, most_rounds=4, stops=["answered", "bought"], most_contacts=3,
        hold_out=0.1, call_them=True, script="Ask",
    )  # fmt: skip
    again = copy_strategy(marketer, made.pk)
    assert (again.status, again.name, again.sends, again.owner_id) == ("draft", "Spring (copy)", 0, marketer.id)
    same = (
        "purpose", "channels", "condition", "segment_id", "template_id", "every_days", "most_rounds", "stops",
        "most_contacts", "hold_out", "call_them", "script", "begins",
    )  # fmt: skip
    assert [getattr(again, name) for name in same] == [getattr(made, name) for name in same]


def test_before_it_is_paused_or_ended_it_says_who_is_under_way_and_that_is_what_happens(watching, clock):
    ann, bob, cid = (channels.customer(name=name) for name in ("Ann", "Bob", "Cid"))
    customers.contact_point(ann, kind="phone", value="+442079460000")
    calls = sent(watching, clock, channels=["phone"], purpose="service", every_days=STEP)
    assert asdict(outlook(watching, calls.pk)) == {
        "waiting": 0, "letters": 0, "todos": 1, "next_at": clock.at + timedelta(days=STEP),
    }  # fmt: skip
    after = sent(
        watching, clock, purpose="service",
        begins={"event": "commerce.order_placed", "order": "order_id", "wait": {"days": 5}},
    )  # fmt: skip
    for who in (bob, cid):
        buy(who)
    drain()
    assert asdict(outlook(watching, after.pk)) == {"waiting": 2, "letters": 0, "todos": 0, "next_at": None}
    pause_strategy(watching, calls.pk)
    end_strategy(watching, after.pk)
    drain()
    assert outlook(watching, after.pk).waiting == 0
    clock.advance(timedelta(days=STEP + 1))
    drain()
    assert Recipient.objects.filter(strategy=after).count() == 0
    assert of(ann) == [("todo", "")]
    assert Todo.objects.get(kind="call").done_at is None, "the to-do stays with whoever has it"


def test_a_letter_that_was_handed_over_still_leaves_when_the_strategy_ends(clock):
    owner = make.actor("owner")
    ann = channels.customer(name="Ann")
    clock.advance(timedelta(hours=10))  # at night: it leaves in the morning
    made = sent(owner, clock, purpose="service", every_days=STEP, template=channels.template(purpose="service").pk)
    assert (of(ann), outlook(owner, made.pk).letters) == ([("waiting", "")], 1)
    end_strategy(owner, made.pk)
    drain()
    assert (of(ann), outlook(owner, made.pk).letters) == ([("waiting", "")], 1)
    mark_dead(SYSTEM, ContactPoint.objects.get(customer=ann).pk, why="bounced")
    clock.advance(timedelta(hours=12))
    drain()
    assert of(ann) == [("refused", "dead_way")], "in the morning it was tried, and the gate asked again"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"stops": ["died"]}, "strategy.wrong_stops"),
        ({"stops": ["bought", "bought"]}, "strategy.wrong_stops"),
        ({"most_rounds": 3}, "strategy.rounds_without_rhythm"),
        ({"most_rounds": 0, "every_days": 7}, "strategy.wrong_times"),
        ({"most_contacts": 0}, "strategy.wrong_times"),
        ({"most_contacts": 1001}, "strategy.wrong_times"),
    ],
)
def test_a_rule_that_stops_nothing_is_refused(marketer, values, code):
    letter = channels.template()
    with nothing_changes(), pytest.raises(Invalid) as refused:
        outreach.strategy(marketer, template=letter.pk, **values)
    assert refused.value.code == code


def test_who_does_not_see_all_orders_cannot_stop_by_them(clock):
    grants = {"outreach.*": 4, "journeys.*": 4, "customers.*": 4, "channels.template.read": 4}
    blind = actor_of(make.holder({**grants, "commerce.order.read": 1}).pk)
    letter = channels.template()
    with nothing_changes(), pytest.raises(Forbidden):
        outreach.strategy(blind, template=letter.pk, stops=["bought"])


@pytest.mark.parametrize(
    ("so_far", "stops", "most", "stop"),
    [
        ({}, (), None, ""),
        ({"answered": True}, (), None, ""),
        ({"answered": True}, ("answered",), None, "stop.answered"),
        ({"answered": True, "bought": True}, ("bought", "answered"), None, "stop.answered"),
        ({"complained": True}, ("answered", "complained"), 5, "stop.complained"),
        ({"contacts": 1}, (), 2, ""),
        ({"contacts": 2}, (), 2, "stop.most_contacts"),
    ],
)
def test_by_which_rule_it_stops(so_far, stops, most, stop):
    assert rules.stopped_by(rules.SoFar(**so_far), stops, most) == stop
