"""After an order somebody asks, within the days the company promised; the figure equals its recount."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.app import starter
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.cases import Question
from guanxi.kernel.drain import drain
from guanxi.kernel.measures import total
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.outreach.strategies.operations import dry_run, send_strategy
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import complete_todo
from tests.client import Api
from tests.factories import channels, commerce, customers, outreach
from tests.factories import workspace as make
from tests.recounts.figures import Case, durations, shares

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
MEASURE = "outreach.order.followed_up"


@pytest.fixture
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def started(clock):
    """The shipped strategy, sent by somebody who is its owner from then on."""
    owner = make.actor("owner")
    starter.load()
    shipped = Strategy.objects.get(key="after-an-order")
    assert (shipped.status, shipped.owner_id) == ("draft", None)
    send_strategy(owner, shipped.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    return owner


def test_five_days_after_an_order_somebody_has_to_ask_by_the_seventh(started, clock):
    ann = customers.customer("Ann")
    order = commerce.order(customer=ann.pk)
    commerce.order()  # a guest's
    drain()
    clock.advance(timedelta(days=4, hours=23))
    drain()
    assert not Todo.objects.exists()
    clock.advance(timedelta(hours=2))
    drain()
    todo = Todo.objects.get()
    assert (todo.kind, todo.customer_id, todo.about, todo.about_id, todo.owner_id) == (
        "follow_up", ann.pk, "commerce.order", order.pk, started.id,
    )  # fmt: skip
    assert todo.due_at == order.ordered_at + timedelta(days=7)
    assert todo.note.startswith("Did everything arrive")


def test_the_dry_run_says_by_what_and_when_it_turns_to_a_customer(clock):
    owner = make.actor("owner")
    starter.load()
    shipped = Strategy.objects.get(key="after-an-order")
    assert dry_run(owner, shipped.pk).begins == "Reaches out to each customer by itself, 5 days after “Order placed”."
    assert dry_run(owner, outreach.strategy(owner).pk).begins == ""


def test_what_ships_is_written_once_in_the_company_s_language_and_never_over_what_people_changed(clock):
    choose(SYSTEM, "workspace.company.language", "zh-Hant")
    starter.load()
    starter.load()
    shipped = Strategy.objects.get(key="after-an-order")
    assert shipped.name == "訂單後關懷"
    choose(SYSTEM, "workspace.company.language", "en")
    starter.load()
    shipped.refresh_from_db()
    assert shipped.name == "How is it after the order?"
    Api(make.user("owner")).patch(f"strategies/{shipped.pk}", {"name": "Our own"})
    starter.load()
    shipped.refresh_from_db()
    assert shipped.name == "Our own"


def test_a_promise_of_four_days_moves_the_next_follow_up(started, clock):
    choose(SYSTEM, "outreach.order.followed_up", 4, source="clause:test")
    order = commerce.order(customer=customers.customer("Ann").pk)
    drain()
    clock.advance(timedelta(days=2, minutes=1))
    drain()
    assert Todo.objects.get().due_at == order.ordered_at + timedelta(days=4)


def test_an_order_is_asked_about_once_and_imported_ones_never(started, clock):
    ann = customers.customer("Ann")
    commerce.order(customer=ann.pk)
    commerce.order(customer=ann.pk)
    commerce.place_order(
        SYSTEM.as_origin(Origin.IMPORT), number="old", customer=ann.pk, currency="GBP",
        lines=[commerce.Line(quantity=commerce.Decimal(1), unit_price=commerce.Decimal(1))],
    )  # fmt: skip
    for _ in range(20):
        clock.advance(timedelta(days=1))
        drain()
    assert Todo.objects.count() == Recipient.objects.count() == 2


def test_whoever_is_left_in_peace_is_not_asked(started, clock):
    ann = customers.customer("Ann")
    customers.hold(ann)
    commerce.order(customer=ann.pk)
    drain()
    clock.advance(timedelta(days=6))
    drain()
    assert not Todo.objects.exists()
    assert Recipient.objects.get().reason == "hold"


def test_the_figure_equals_its_recount(started, clock):
    people = [customers.customer() for _ in range(6)]
    for day in range(30):
        clock.move(AT + timedelta(days=day))
        commerce.order(customer=people[day % 6].pk, ordered_at=AT + timedelta(days=day), kind="sale")
        if day % 5 == 0:
            commerce.order(customer=people[0].pk, kind="adjustment")
            commerce.order()
        clock.move(AT + timedelta(days=day, hours=5))
        drain()
        for number, todo in enumerate(Todo.objects.filter(done_at=None).order_by("due_at")):
            if (number + day) % 3 == 0:
                complete_todo(SYSTEM, todo.pk, result="fine")
    rows = Api(make.user("owner"))
    orders = _all(rows, "orders")
    todos = [row for row in _all(rows, "todos") if row["kind"] == "follow_up" and row["done_at"]]
    cases = []
    for order in orders:
        if order["kind"] != "sale" or not order["customer"] or order["origin"] not in ("live", "simulation"):
            continue
        begun = datetime.fromisoformat(order["ordered_at"])
        ends = [datetime.fromisoformat(one["done_at"]) for one in todos if one["about_id"] == order["id"]]
        cases.append(Case(at=begun, value=(min(ends) - begun).total_seconds() if ends else None, open=not ends))
    moment = clock.at
    cases = [case for case in cases if case.at <= moment]
    expected = durations(cases, limit=lambda at: 7 * 86400, now=moment)
    found = total(started, MEASURE, Question())
    assert expected["kept"] > 3 and expected["missed"] > 3 and expected["open"] > 1
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value), name


def test_the_shares_of_strategies_equal_their_recounts(clock):
    made = [outreach.strategy(), outreach.strategy(channels=["phone"])]
    for n in range(40):
        sent = AT - timedelta(days=n)
        outreach.recipient(
            strategy=made[n % 2],
            customer=channels.customer(),
            channel="email",
            **[
                {"state": "sent", "sent_at": sent},
                {"state": "answered", "sent_at": sent, "answered_at": AT},
                {"state": "refused", "reason": "hold"},
                {"state": "waiting"},
                {"state": "delivered", "sent_at": sent},
            ][n % 5],
        )
    rows = _all(Api(make.user("owner")), "recipients")
    sent_ones = [row for row in rows if row["sent_at"]]
    answered = shares(Case(at=AT, value=float(bool(row["answered_at"]))) for row in sent_ones)
    reached = shares(
        Case(at=AT, value=float(row["state"] != "refused"), open=row["state"] in ("planned", "waiting")) for row in rows
    )
    for name, expected in (("outreach.strategy.answered", answered), ("outreach.strategy.reached", reached)):
        found = total(SYSTEM, name, Question())
        for key in ("cases", "kept", "missed", "open", "share"):
            assert getattr(found, key) == expected[key], (name, key)


def _all(api, plural):
    rows, cursor = [], ""
    while cursor is not None:
        page = api.get(plural, limit=200, cursor=cursor)
        rows, cursor = rows + page["rows"], page["next"]
    return rows
