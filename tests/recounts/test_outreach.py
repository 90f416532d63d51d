"""Every figure of strategies equals its recount, in all, by dimension, and as a row of the effect table."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from guanxi.commerce.orders.operations import cancel_order
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen, now
from guanxi.lib.statistics import difference_of_proportions, pooled_difference, wilson
from guanxi.outreach.effects.operations import set_terms
from guanxi.workspace.todos.operations import add_todo
from tests.client import Api
from tests.factories import channels, commerce, customers, outreach, workspace
from tests.recounts.figures import require_recounts
from tests.recounts.outreach import COSTS, RECOUNTS, WINDOW

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
ELSEWHERE = {"outreach.order.followed_up"}  # tests/outreach/test_follow_ups.py


def a_season(clock, dice: random.Random) -> None:
    """Two strategies, three ways, some left alone, orders before, after, too late, taken back, in another currency."""
    choose(SYSTEM, "workspace.company.currency", "GBP")
    set_terms(SYSTEM, window_days=WINDOW.days, **{f"cost_{name}": float(cost) for name, cost in COSTS.items()})
    segment = customers.segment({"and": []})
    made = [outreach.strategy(), outreach.strategy(segment=segment.pk, purpose="greeting")]
    people = [channels.customer() for _ in range(14)]
    for day in range(120):
        clock.move(BEGIN + timedelta(days=day))
        if dice.random() < 0.85:
            _meant(dice, dice.choice(people), dice.choice(made), segment)
        clock.advance(timedelta(hours=dice.randint(1, 20)))
        if dice.random() < 0.5:
            order = commerce.order(
                customer=dice.choice(people).pk, currency=dice.choice(["GBP", "GBP", "CNY"]),
                lines=[(dice.randint(1, 4), dice.randint(5, 50))],
            )  # fmt: skip
            if dice.random() < 0.15:
                cancel_order(SYSTEM, order.pk)


BECAME = ("sent", "answered", "done", "done_spoken", "bounced", "refused", "alone", "alone_refused")


def _meant(dice, who, strategy, segment) -> None:
    then = {"sent_at": now(), "segment": segment if strategy.segment_id else None}
    letter, hand = {"channel": "email", **then}, {"channel": dice.choice(["phone", "visit"]), **then}
    way = {
        "sent": {"state": "sent", **letter},
        "answered": {"state": "answered", "answered_at": now(), **letter},
        "bounced": {"state": "refused", "reason": "bounced", **letter},
        "done": {"state": "done", **hand},
        "done_spoken": {"state": "done", "answered_at": now(), **hand},
        "refused": {"state": "refused", "reason": "hold"},
        "alone": {"state": "held_out", "channel": dice.choice(["email", "phone"]), "segment": then["segment"]},
        "alone_refused": {"state": "held_out", "reason": "no_way"},
    }[dice.choice(BECAME)]
    if way["state"] == "done":
        way["todo"] = add_todo(SYSTEM, subject="Call")
    if way.get("sent_at") and dice.random() < 0.7:
        way["conversation"] = _rated(dice, who, way["channel"])
    outreach.recipient(customer=who, strategy=strategy, **way)


def _rated(dice, who, channel):
    """What was said, and once, twice or never how content they are."""
    talk = channels.conversation(channel=channel, customer_id=who.pk, result="" if channel == "email" else "reached")
    for _ in range(dice.choice([0, 1, 1, 2])):
        said = channels.message(conversation=talk, channel=channel, direction="out", state="sent")
        at = now() + timedelta(hours=dice.randint(0, 90))
        channels.rating(message=said, score=dice.randint(1, 5), given_at=at + timedelta(seconds=dice.randint(0, 999)))
    return talk


def every(api: Api, plural: str) -> list:
    found, cursor = [], ""
    while cursor is not None:
        page = api.get(plural, limit=200, cursor=cursor)
        found, cursor = found + page["rows"], page["next"]
    return found


def test_every_figure_of_strategies_has_a_recount():
    require_recounts("outreach", set(RECOUNTS) | ELSEWHERE)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_and_the_table_equal_their_recounts(seed):
    with frozen(BEGIN) as clock:
        a_season(clock, random.Random(seed))
        clock.move(BEGIN + timedelta(days=130))
        api = Api(workspace.user("owner"))
        recipients, orders = every(api, "recipients"), every(api, "orders")
        raw = {"recipients": recipients, "all": recipients, "orders": orders, "ratings": every(api, "ratings")}
        for name, recount in RECOUNTS.items():
            assert_same(api.get(f"measures/{name}")["total"], recount(raw, clock.at), name)
        for by in ("strategy", "channel", "segment"):
            table = api.get("effects", by=by)
            assert sum(row["contacted"] for row in table["rows"]) == table["total"]["contacted"]
            for row in [*table["rows"], table["total"]]:
                mine = [one for one in recipients if row is table["total"] or key(one[by]) == row["key"]]
                assert_row(row, {**raw, "recipients": mine}, clock.at)
                assert_difference(row, mine, raw, clock.at)
            told = api.get("measures/outreach.strategy.converted", by=by)["groups"]
            assert {(g["key"], g["kept"], g["open"]) for g in told} == {
                (row["key"], row["converted"]["n"], row["converted"]["open"])
                for row in table["rows"] if row["contacted"]
            }  # fmt: skip


def key(value):
    return value["id"] if isinstance(value, dict) else value


def assert_row(row, raw, at) -> None:
    """A row of the table says what the recounts say, with the intervals of the textbook."""
    said = {name: RECOUNTS[f"outreach.strategy.{name}"](raw, at) for name in (
        "contacted", "delivered", "answered", "satisfied", "converted", "left_alone", "revenue", "cost")}  # fmt: skip
    assert row["contacted"] == said["contacted"]["cases"]
    for name in ("delivered", "answered", "satisfied", "converted", "left_alone"):
        share, counted = row[name], said[name]
        judged = counted["kept"] + counted["missed"]
        assert (share["n"], share["of"], share["open"]) == (counted["kept"], judged, counted["open"]), name
        bounds = wilson(counted["kept"], judged) if judged else None
        assert share["low"] == (pytest.approx(bounds.low) if bounds else None)
        assert share["high"] == (pytest.approx(bounds.high) if bounds else None)
    assert (Decimal(row["revenue"]), Decimal(row["cost"])) == (said["revenue"]["sum"], said["cost"]["sum"])


def assert_difference(row, mine, raw, at) -> None:
    """Each strategy leaves a share of its own alone: it is compared with that, and several are weighed together."""
    strata = []
    for strategy in {key(one["strategy"]) for one in mine}:
        of = {**raw, "recipients": [one for one in mine if key(one["strategy"]) == strategy]}
        one, other = (RECOUNTS[f"outreach.strategy.{name}"](of, at) for name in ("converted", "left_alone"))
        n, m = (figure["kept"] + figure["missed"] for figure in (one, other))
        if n and m:
            strata.append((one["kept"], n, other["kept"], m))
    assert row["compared"] == len(strata)
    if not strata:
        assert row["difference"] is None
        return
    wanted = pooled_difference(strata) if len(strata) > 1 else difference_of_proportions(*strata[0])
    assert row["difference"] == pytest.approx({"value": wanted.value, "low": wanted.low, "high": wanted.high})


def assert_same(said, counted, what) -> None:
    for part, value in counted.items():
        if isinstance(value, Decimal):
            assert Decimal(str(said[part])) == value, (what, part)
        elif isinstance(value, float):
            assert said[part] == pytest.approx(value), (what, part)
        else:
            assert said[part] == value, (what, part, said, counted)
