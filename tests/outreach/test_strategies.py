"""Strategies: the numbers add up, ten seconds to call back, everybody once, what became of each."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from guanxi.events.channels import MessageReceived
from guanxi.journeys.runs.models import Run
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import emit
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.outreach.strategies import rules
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.outreach.strategies.operations import (
    contact,
    dry_run,
    end_strategy,
    pause_strategy,
    recall_strategy,
    redefine_strategy,
    resume_strategy,
    send_strategy,
)
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import complete_todo
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import channels, customers, outreach
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def marketer(clock):
    """In a sample company: the gate decides as always, nothing leaves the house."""
    return make.actor("marketer").as_origin(Origin.SIMULATION)


def people():
    """Two who agreed, one who agreed to calls only, one who is left in peace, one without an address."""
    agreed = [channels.customer(consent="marketing", name=f"Agreed {n}") for n in (1, 2)]
    silent = channels.customer(name="Silent")
    customers.contact_point(silent, kind="phone", value="+442079460000")
    customers.consent(silent, channel="phone")
    held = channels.customer(consent="marketing", name="Held")
    customers.hold(held)
    unknown = channels.customer(email=None, consent="marketing", name="Unknown")
    return {"agreed": agreed, "silent": silent, "held": held, "unknown": unknown}


def states():
    found = Recipient.objects.order_by("customer__name").values_list("customer__name", "state", "reason")
    return {name: (state, reason) for name, state, reason in found}


def sent(marketer, clock, **values):
    made = outreach.strategy(marketer, **values)
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    made.refresh_from_db()
    return made


def test_a_dry_run_adds_up_with_a_reason_for_each_and_contacts_nobody(marketer):
    people()
    made = outreach.strategy(marketer, call_them=True)
    with nothing_changes():
        plan = dry_run(marketer, made.pk)
    assert (plan.total, plan.allowed, plan.calls) == (5, 2, 1)
    assert plan.refused == {"hold": 1, "no_consent": 1, "no_way": 1}
    assert plan.total == plan.allowed + sum(plan.refused.values())
    by_name = {one["customer"]["label"]: one for one in plan.sample}
    assert (by_name["Silent"]["allowed"], by_name["Silent"]["reason"], by_name["Silent"]["call"]) == (
        False, "no_consent", True,
    )  # fmt: skip


def test_the_dry_run_says_what_sending_then_does(marketer, clock):
    people()
    made = outreach.strategy(marketer, call_them=True)
    plan = dry_run(marketer, made.pk)
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    found = [state for state, _ in states().values()]
    assert (len(found), found.count("sent"), found.count("todo")) == (plan.total, plan.allowed, plan.calls)
    assert states() == {
        "Agreed 1": ("sent", ""), "Agreed 2": ("sent", ""), "Held": ("refused", "hold"),
        "Silent": ("todo", "no_consent"), "Unknown": ("refused", "no_way"),
    }  # fmt: skip


def test_for_ten_seconds_it_can_be_called_back_and_nobody_was_contacted(marketer, clock):
    people()
    made = outreach.strategy(marketer)
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=9))
    drain()
    recall_strategy(marketer, made.pk)
    clock.advance(timedelta(days=1))
    drain()
    made.refresh_from_db()
    assert (made.status, made.send_at) == ("draft", None)
    assert Recipient.objects.count() == Run.objects.count() == 0
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    assert Recipient.objects.count() == 5
    with nothing_changes(), pytest.raises(Conflict) as refused:
        recall_strategy(marketer, made.pk)
    assert refused.value.code == "strategy.wrong_status"


def test_called_back_and_sent_again_the_first_time_to_come_changes_nothing(marketer, clock):
    people()
    made = outreach.strategy(marketer)
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=5))
    recall_strategy(marketer, made.pk)
    send_strategy(marketer, made.pk)
    clock.advance(timedelta(seconds=6))
    drain()
    assert Recipient.objects.count() == 0
    clock.advance(timedelta(seconds=4))
    drain()
    assert Recipient.objects.count() == 5


def test_asked_again_for_the_same_occasion_nobody_is_contacted_twice(marketer, clock):
    ann = channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock)
    row = Recipient.objects.get()
    messages = EventEntry.objects.filter(name="channels.message_sent").count()
    again = contact(marketer, made.pk, customer=ann.pk, occasion=row.occasion)
    drain()
    assert again.pk == row.pk
    assert EventEntry.objects.filter(name="channels.message_sent").count() == messages == 1


def test_a_rhythm_comes_round_and_the_gate_still_counts(marketer, clock):
    channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock, every_days=30)
    assert made.status == "running"
    for _ in range(2):
        clock.advance(timedelta(days=30))
        drain()
    assert list(Recipient.objects.order_by("created_at").values_list("occasion", "state")) == [
        ("1/round:1", "sent"), ("1/round:2", "sent"), ("1/round:3", "sent"),
    ]  # fmt: skip


def test_quiet_hours_only_put_it_off(marketer, clock):
    ann = channels.customer(consent="marketing", name="Ann", zone="Asia/Shanghai")
    clock.advance(timedelta(hours=4))  # midnight where she is
    assert dry_run(marketer, outreach.strategy(marketer).pk).allowed == 1
    made = outreach.strategy(make.actor("owner"))
    contact(make.actor("owner"), made.pk, customer=ann.pk, occasion="x")
    assert Recipient.objects.get(occasion="x").state == "waiting"


def test_refused_at_the_door_the_reason_is_noted_and_somebody_calls_where_that_is_allowed(clock):
    """What the gate allowed in the evening it may refuse in the morning: the last word is the one when sending."""
    owner = make.actor("owner")
    ann, bob = (channels.customer(consent="marketing", name=name) for name in ("Ann", "Bob"))
    for n, who in enumerate((ann, bob)):
        customers.contact_point(who, kind="phone", value=f"+44207946010{n}")
    clock.advance(timedelta(hours=10))
    sent(owner, clock, call_them=True)
    assert {name: state for name, (state, _) in states().items()} == {"Ann": "waiting", "Bob": "waiting"}
    customers.hold(ann)
    customers.consent(bob, state="withdrawn", channel="email")
    clock.advance(timedelta(hours=12))
    drain()
    assert states() == {"Ann": ("refused", "hold"), "Bob": ("todo", "consent_withdrawn")}


@pytest.mark.parametrize(("purpose", "calls"), [("marketing", 0), ("service", 1)])
def test_a_call_asks_the_same_purpose_advertising_needs_a_yes_by_phone_too(marketer, clock, purpose, calls):
    silent = channels.customer(email=None, name="Silent")
    customers.contact_point(silent, kind="phone", value="+442079460000")
    letter = channels.template(purpose=purpose).pk
    made = outreach.strategy(marketer, purpose=purpose, template=letter, call_them=True)
    assert dry_run(marketer, made.pk).calls == calls
    by_hand = outreach.strategy(marketer, purpose=purpose, channels=["phone"])
    assert dry_run(marketer, by_hand.pk).by_channel.get("phone", 0) == calls
    sent(marketer, clock, purpose=purpose, template=letter, call_them=True)
    assert Todo.objects.count() == calls


def test_the_order_of_ways_is_kept(marketer, clock):
    found = people()
    plan = dry_run(marketer, outreach.strategy(marketer, channels=["email", "phone"]).pk)
    assert plan.by_channel == {"email": 2, "phone": 1}
    sent(marketer, clock, channels=["phone"], script="Ask about the lamp")
    todo = Todo.objects.get()
    assert (todo.kind, todo.customer_id, todo.note) == ("call", found["silent"].pk, "Ask about the lamp")


def test_a_to_do_goes_to_the_customers_own_owner_and_done_it_is_noted(marketer, clock):
    keeper = make.user("agent")
    people()["silent"].__class__.objects.filter(name="Silent").update(owner=keeper)
    made = sent(marketer, clock, call_them=True, name="Spring")
    todo = Todo.objects.get()
    assert (todo.owner_id, todo.subject, todo.about_id) == (keeper.pk, "Call Silent: Spring", made.pk)
    complete_todo(SYSTEM.as_origin(Origin.SIMULATION), todo.pk, result="She agrees")
    drain()
    assert states()["Silent"] == ("done", "no_consent")


@pytest.mark.parametrize(("automatic", "state"), [("", "answered"), ("auto_reply", "sent")])
def test_an_answer_by_a_person_is_noted(marketer, clock, automatic, state):
    ann = channels.customer(consent="marketing", name="Ann")
    sent(marketer, clock)
    row = Recipient.objects.get()
    clock.advance(timedelta(hours=1))
    received = MessageReceived(
        message_id=uuid4(), conversation_id=row.conversation_id, customer_id=ann.pk, contact_point_id=None,
        account_id=None, channel="email", subject="Re", automatic=automatic, may_be_acknowledged=True, opened=False,
    )  # fmt: skip
    emit(SYSTEM.as_origin(Origin.SIMULATION), received)
    drain()
    row.refresh_from_db()
    assert row.state == state
    assert row.answered_at == (AT + timedelta(hours=1, seconds=10) if state == "answered" else None)


def test_a_letter_with_an_unknown_blank_spares_that_customer_alone(marketer, clock):
    channels.customer(consent="marketing", name="Ann", city="Leeds")
    channels.customer(consent="marketing", name="Bob")
    letter = channels.template(body_en="How is {{ customer.city }}?")
    sent(marketer, clock, template=letter.pk)
    assert states() == {"Ann": ("sent", ""), "Bob": ("refused", "template.missing_value")}


def test_the_share_left_alone_is_not_contacted(marketer, clock):
    for n in range(12):
        channels.customer(consent="marketing", name=f"C {n}")
    sent(marketer, clock, hold_out=0.5)
    left = Run.objects.filter(status="held_out").count()
    assert 0 < left < 12
    assert Recipient.objects.filter(state="held_out").count() == left
    assert Recipient.objects.filter(state="sent").count() == 12 - left


def test_paused_nobody_further_is_contacted(marketer, clock):
    channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock, every_days=7)
    pause_strategy(marketer, made.pk)
    clock.advance(timedelta(days=8))
    drain()
    assert Recipient.objects.count() == 1
    resume_strategy(marketer, made.pk)
    clock.advance(timedelta(hours=2))
    drain()
    assert Recipient.objects.count() == 2
    end_strategy(marketer, made.pk)
    clock.advance(timedelta(days=30))
    drain()
    assert Recipient.objects.count() == 2


def test_a_strategy_stands_still_when_its_owner_left(marketer, clock):
    keeper = make.user("owner")
    channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock, every_days=7, name="Spring")
    User.objects.filter(pk=marketer.id).update(archived_at=AT)
    channels.customer(consent="marketing", name="Bob")
    clock.advance(timedelta(days=8))
    drain()
    assert Recipient.objects.count() == 1
    assert Strategy.objects.get(pk=made.pk).status == "paused"
    todo = Todo.objects.get()
    assert (todo.owner_id, todo.subject.startswith("Journey “Spring” is paused")) == (keeper.pk, True)


def test_a_right_that_only_the_letter_needs_is_missed_as_well(clock):
    holder = make.holder({
        "outreach.*": 4, "journeys.*": 4, "customers.*": 4, "channels.template.read": 4, "workspace.*": 4,
    })  # fmt: skip
    channels.customer(consent="marketing", name="Ann")
    made = sent(actor_of(holder.pk).as_origin(Origin.SIMULATION), clock)
    assert Recipient.objects.count() == 0
    assert Run.objects.get().status == "active"
    made.journey.refresh_from_db()
    assert (made.journey.status, made.journey.paused_because) == ("paused", "lost_right")
    assert Todo.objects.get().subject.endswith("may no longer do “Send a template”")


def test_a_segment_is_meant_as_it_is_when_it_is_sent(marketer, clock):
    channels.customer(consent="marketing", name="Ann", city="Leeds")
    segment = customers.segment({"field": "city", "op": "is", "value": "Leeds"})
    made = outreach.strategy(marketer, segment=segment.pk)
    channels.customer(consent="marketing", name="Bob", city="Leeds")
    channels.customer(consent="marketing", name="Cid", city="York")
    assert dry_run(marketer, made.pk).total == 2
    by_hand = customers.segment(kind="static", name="Chosen")
    assert dry_run(marketer, outreach.strategy(marketer, segment=by_hand.pk).pk).total == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"condition": None}, "strategy.one_audience"),
        ({"channels": []}, "strategy.wrong_channels"),
        ({"channels": ["phone", "phone"]}, "strategy.wrong_channels"),
        ({"template": None}, "strategy.needs_template"),
        ({"every_days": 0}, "strategy.wrong_rhythm"),
        ({"begins": {"on": "x"}}, "strategy.wrong_beginning"),
        ({"begins": {"event": "commerce.order_placed", "wait": 5}}, "journey.wrong_span"),
        ({"begins": {"event": "commerce.order_placed", "wait": {"days": -1}}}, "journey.wrong_span"),
        (
            {"begins": {"event": "commerce.order_placed", "wait": {"standard": "channels.gate.contacts_per_week"}}},
            "journey.not_a_length",
        ),
        ({"condition": {"field": "no_such"}}, "record.unknown_field"),
        ({"template": uuid4()}, "record.not_found"),
        ({"hold_out": 1.0}, "constraint.strategy_hold_out_is_a_share"),
        ({"purpose": "reply"}, "strategy.asked_for"),
        ({"purpose": "proof"}, "strategy.asked_for"),
    ],
)
def test_what_is_not_whole_is_refused(marketer, values, code):
    letter = channels.template()
    with nothing_changes(), pytest.raises((Invalid, Conflict, NotFound)) as refused:
        outreach.strategy(marketer, **{"template": letter.pk, **values})
    assert refused.value.code == code


def test_the_letter_must_be_for_the_same_purpose(marketer):
    letter = channels.template(purpose="greeting")
    with nothing_changes(), pytest.raises(Invalid) as refused:
        outreach.strategy(marketer, template=letter.pk)
    assert refused.value.code == "strategy.other_purpose"


def test_under_way_it_is_not_redefined(marketer, clock):
    channels.customer(consent="marketing", name="Ann")
    made = sent(marketer, clock, every_days=7)
    with nothing_changes(), pytest.raises(Conflict):
        redefine_strategy(marketer, made.pk, purpose="marketing", channels=["phone"], condition={"and": []})


def test_who_may_not_send_contacts_nobody(marketer):
    made = outreach.strategy(marketer)
    for role in ("agent", "seller", "analyst"):
        actor = make.actor(role)
        for act in (send_strategy, dry_run):
            with nothing_changes(), pytest.raises((Forbidden, NotFound)):
                act(actor, made.pk)


def test_over_http_as_a_marketer(clock):
    user = make.user("marketer")
    people()
    api = Api(user)
    given = {
        "name": "Spring", "purpose": "marketing", "channels": ["email"], "condition": {"and": []},
        "template": str(channels.template().pk), "call_them": True,
    }  # fmt: skip
    made = api.post("strategies", given, status=201)
    assert made["can"] and made["status"] == "draft"
    plan = api.post(f"strategies/{made['id']}/dry_run")
    assert (plan["total"], plan["allowed"], plan["calls"]) == (5, 2, 1)
    assert api.post(f"strategies/{made['id']}/send")["status"] == "scheduled"
    clock.advance(timedelta(seconds=10))
    drain()
    rows = api.get(f"strategies/{made['id']}/recipients")["rows"]
    assert {row["customer"]["label"]: row["state"] for row in rows}["Silent"] == "todo"


@pytest.mark.parametrize(
    ("order", "refused", "call", "expected"),
    [
        (("email",), {}, False, rules.Way(channel="email")),
        (("email", "phone"), {"email": "no_way"}, False, rules.Way(channel="phone")),
        (("email",), {"email": "hold"}, False, rules.Way(reason="hold")),
        (("email",), {"email": "no_way"}, True, rules.Way(reason="no_way", call=True)),
        (("email", "visit"), {"email": "no_way", "visit": "hold"}, True, rules.Way(reason="hold")),
    ],
)
def test_the_way_to_a_customer(order, refused, call, expected):
    assert rules.way(order, refused, call=call) == expected
