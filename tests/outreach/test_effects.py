"""The effect table: whose order it is, who is judged when, what may be said for sure, and who may see it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from guanxi.commerce.orders.operations import cancel_order
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Forbidden, Invalid
from guanxi.outreach.effects import rules
from guanxi.outreach.effects.operations import set_terms
from guanxi.outreach.effects.rules import Effect, Share
from guanxi.workspace.roles.operations import put_role
from guanxi.workspace.todos.operations import add_todo
from tests.client import Api
from tests.factories import channels, commerce, customers, outreach
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with frozen(AT) as held:
        choose(SYSTEM, "workspace.company.currency", "GBP")
        yield held


def letter(who, clock, strategy, **values):
    return outreach.recipient(
        customer=who, strategy=strategy, state="sent", channel="email", sent_at=clock.at, **values
    )


def call(who, clock, strategy):
    spoke = {"state": "done", "channel": "phone", "sent_at": clock.at, "answered_at": clock.at}
    return outreach.recipient(customer=who, strategy=strategy, todo=add_todo(SYSTEM, subject="Call"), **spoke)


def buys(who, price=10.0, **values):
    return commerce.order(customer=who.pk, lines=[(1, price)], **values)


def closed(grants, field):
    """Somebody who does not read a field."""
    user = make.holder(grants)
    put_role(SYSTEM, key=user.roles[0], name="Closed", grants=grants, fields={field: 0})
    return user


def table(**asked):
    found = Api(make.user("marketer")).get("effects", **asked)
    return {row["label"]: row for row in found["rows"]}, found


def test_an_order_counts_once_for_the_last_contact_before_it_by_whichever_way(clock):
    ann = channels.customer(name="Ann")
    spring, calls = outreach.strategy(name="Spring"), outreach.strategy(name="Calls")
    letter(ann, clock, spring)
    clock.advance(3 * DAY)
    call(ann, clock, calls)
    clock.advance(DAY)
    buys(ann, 80)
    clock.advance(60 * DAY)
    rows, found = table()
    assert (rows["Spring"]["converted"]["n"], Decimal(rows["Spring"]["revenue"])) == (0, 0)
    assert (rows["Calls"]["converted"]["n"], Decimal(rows["Calls"]["revenue"])) == (1, 80)
    assert (found["total"]["converted"]["n"], found["total"]["contacted"]) == (1, 2)
    by_channel, _ = table(by="channel")
    assert {label: (row["contacted"], row["answered"]["n"]) for label, row in by_channel.items()} == {
        "E-mail": (1, 0), "Phone": (1, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, (1, 1)),
        ({"window_days": 5}, {}, (0, 0)),
        ({}, {"taken_back": True}, (0, 0)),
        ({}, {"currency": "CNY"}, (1, 0)),
        ({}, {"early": True}, (0, 0)),
    ],
)
def test_which_order_counts(clock, before, after, expected):
    ann, made = channels.customer(name="Ann"), outreach.strategy(name="Spring")
    set_terms(SYSTEM, **before)
    currency = after.get("currency", "GBP")
    if after.get("early"):
        buys(ann)
        clock.advance(DAY)
    letter(ann, clock, made)
    clock.advance(7 * DAY)
    if not after.get("early"):
        order = buys(ann, currency=currency)
        if after.get("taken_back"):
            cancel_order(SYSTEM, order.pk)
    clock.advance(60 * DAY)
    row = table()[0]["Spring"]
    assert (row["converted"]["n"], int(Decimal(row["revenue"]) > 0)) == expected


def test_nobody_is_judged_before_the_days_are_over_not_even_who_has_bought(clock):
    made = outreach.strategy(name="Spring", hold_out=0.5)
    ann, bob = channels.customer(name="Ann"), channels.customer(name="Bob")
    letter(ann, clock, made)
    outreach.recipient(customer=bob, strategy=made, state="held_out", channel="email")
    clock.advance(DAY)
    buys(ann)
    clock.advance(28 * DAY)
    rows, found = table()
    row = rows["Spring"]
    assert (row["converted"]["of"], row["converted"]["open"], row["left_alone"]["open"]) == (0, 1, 1)
    assert (row["verdict"], row["difference"]) == ("not_yet", None)
    assert datetime.fromisoformat(found["first_known_at"]) == AT + 30 * DAY
    clock.advance(2 * DAY)
    row = table()[0]["Spring"]
    assert (row["converted"]["n"], row["converted"]["of"], row["left_alone"]["of"]) == (1, 1, 1)
    assert (row["verdict"], row["sentence"].startswith("Too few to tell")) == ("too_few", True)


def test_the_period_and_the_strategy_choose_the_contacts(clock):
    one, other = outreach.strategy(name="One"), outreach.strategy(name="Other")
    for made in (one, other):
        letter(channels.customer(), clock, made)
        clock.advance(10 * DAY)
    assert list(table(start=(AT + DAY).isoformat())[0]) == ["Other"]
    assert list(table(end=(AT + DAY).isoformat())[0]) == ["One"]
    assert list(table(strategy=str(other.pk))[0]) == ["Other"]


def test_a_segment_has_its_row_and_who_was_meant_by_a_condition_has_one_without_a_name(clock):
    segment = customers.segment({"and": []}, name="Tea drinkers")
    letter(channels.customer(), clock, outreach.strategy(segment=segment.pk), segment=segment)
    letter(channels.customer(), clock, outreach.strategy())
    assert {row["key"]: row["label"] for row in table(by="segment")[1]["rows"]} == {
        str(segment.pk): "Tea drinkers", None: "",
    }  # fmt: skip


def test_a_figure_is_split_by_two_dimensions_at_once(clock):
    made, other = outreach.strategy(), outreach.strategy(segment=customers.segment({"and": []}).pk)
    letter(channels.customer(), clock, made)
    letter(channels.customer(), clock, other, segment=other.segment)
    call(channels.customer(), clock, made)
    api, name = Api(make.user("marketer")), "outreach.strategy.contacted"
    found = api.get(f"measures/{name}", by="channel,strategy")["groups"]
    assert {group["key"]: group["cases"] for group in found} == {
        f"email,{made.pk}": 1, f"email,{other.pk}": 1, f"phone,{made.pk}": 1,
    }  # fmt: skip
    nobody = api.get(f"measures/{name}", by="segment,channel")["groups"]
    assert {group["key"] for group in nobody} == {",email", ",phone", f"{other.segment_id},email"}
    refused = api.get(f"measures/{name}", by="channel,shoe", status=422)
    assert (refused["code"], refused["values"]["dimension"]) == ("measure.unknown_dimension", "shoe")
    blind = Api(closed({"outreach.*": 4, "customers.*": 4}, "outreach.recipient.channel"))
    blind.get(f"measures/{name}", by="strategy,channel", status=403)


def test_what_a_contact_costs_is_a_choice_and_holds_for_all(clock):
    made = outreach.strategy(name="Calls")
    for n in range(3):
        call(channels.customer(name=f"C {n}"), clock, made)
    api = Api(make.user("marketer"))
    assert api.post("effect/set_terms", {"cost_phone": 2.5})["cost_phone"] == 2.5
    assert Decimal(table()[0]["Calls"]["cost"]) == Decimal("7.5")
    with nothing_changes(), pytest.raises(Invalid) as refused:
        set_terms(SYSTEM, cost_visit=-1)
    assert refused.value.code == "setting.out_of_bounds"
    with nothing_changes(), pytest.raises(Invalid) as refused:
        set_terms(SYSTEM, window_days=0)
    assert refused.value.code == "setting.out_of_bounds"
    analyst = make.actor("analyst")
    with nothing_changes(), pytest.raises(Forbidden):
        set_terms(analyst, window_days=3)


def test_a_closed_field_leaves_its_columns_out_and_the_others_stand(clock):
    ann, made = channels.customer(name="Ann"), outreach.strategy(name="Spring")
    letter(ann, clock, made)
    clock.advance(DAY)
    buys(ann)
    clock.advance(60 * DAY)
    everything = {"outreach.*": 4, "customers.*": 4, "commerce.*": 4}
    poor = Api(closed(everything, "commerce.order.total"))
    found = poor.get("effects")
    assert found["hidden"] == ["revenue"]
    assert (found["rows"][0]["revenue"], found["rows"][0]["converted"]["n"]) == (None, 1)
    assert poor.get("measures/outreach.strategy.revenue", status=403)["code"] == "field.not_readable"
    blind = Api(closed(everything, "commerce.order.kind")).get("effects")
    assert blind["hidden"] == ["converted", "left_alone", "revenue"]
    assert (blind["rows"][0]["verdict"], blind["rows"][0]["difference"]) == (None, None)


def test_the_cases_behind_a_figure_are_those_the_reader_sees(clock):
    made = outreach.strategy(name="Spring")
    mine = make.holder({"outreach.*": 4, "customers.customer.read": 1})
    letter(customers.customer("Mine", owner=mine.pk), clock, made)
    letter(channels.customer(), clock, made)
    found = Api(mine).get("measures/outreach.strategy.converted/cases")
    assert (len(found["rows"]), found["n"], found["hidden"]) == (1, 2, 1)


def test_nobody_without_the_right_learns_an_effect(clock):
    for role in ("agent", "seller"):
        Api(make.user(role)).get("effects", status=403)


@pytest.mark.parametrize(
    ("converted", "left_alone", "verdict"),
    [
        ((30, 100), (0, 0, 0), "nobody_left_alone"),
        ((30, 100), (0, 0, 5), "not_yet"),
        ((0, 0, 4), (1, 5), "not_yet"),
        ((30, 100), (10, 100), "more"),
        ((10, 100), (30, 100), "less"),
        ((12, 100), (10, 100), "too_few"),
        ((1, 1), (0, 1), "too_few"),
    ],
)
def test_what_may_be_said_for_sure(converted, left_alone, verdict):
    def share(n, of, still=0):
        return Share(n=n, of=of, open=still)

    one = Effect(ordered={"a": share(*converted)}, ordered_alone={"a": share(*left_alone)} if any(left_alone) else {})
    assert one.verdict == verdict


def test_several_strategies_are_compared_each_with_those_it_left_alone_itself():
    """A letter to good customers and calls to poor ones: added up first, contacting them would seem to do harm."""
    ordered = {"letter": Share(n=45, of=50), "calls": Share(n=60, of=300), "alone in no strategy": Share(n=0, of=900)}
    alone = {"letter": Share(n=160, of=200), "calls": Share(n=4, of=40)}
    row = Effect(ordered=ordered, ordered_alone=alone)
    assert row.converted.n / row.converted.of < row.left_alone.n / row.left_alone.of
    weights = 50 * 200 / 250, 300 * 40 / 340
    wanted = (weights[0] * (0.9 - 0.8) + weights[1] * (0.2 - 0.1)) / sum(weights)
    assert row.difference.value == pytest.approx(wanted) == pytest.approx(0.1)
    assert (len(row.compared), row.verdict) == (2, "more")


def test_by_channel_and_by_segment_the_difference_is_put_together_from_strategies(clock):
    for made, orders in ((outreach.strategy(name="One"), 6), (outreach.strategy(name="Other"), 5)):
        for n in range(8):
            who, left = channels.customer(), channels.customer()
            letter(who, clock, made)
            outreach.recipient(customer=left, strategy=made, state="held_out", channel="email")
            if n < orders:
                clock.advance(timedelta(seconds=1))
                buys(who)
    letter(channels.customer(), clock, outreach.strategy(name="Nobody left alone"))
    clock.advance(60 * DAY)
    rows, found = table(by="channel")
    row = rows["E-mail"]
    assert (row["contacted"], row["compared"], row["left_alone"]["of"]) == (17, 2, 16)
    assert row["difference"]["value"] == pytest.approx((6 / 8 + 5 / 8) / 2)
    assert row["sentence"].endswith("each of 2 strategies compared with its own.")
    assert found["total"]["difference"] == row["difference"]
    assert table(by="strategy")[1]["total"]["difference"] == pytest.approx(row["difference"])
    assert table()[0]["Nobody left alone"]["verdict"] == "nobody_left_alone"


def test_whoever_said_how_content_they_are_is_counted_by_the_last_word_of_the_conversation(clock):
    made, who = outreach.strategy(name="Calls", purpose="service", channels=["phone"]), channels.customer()
    for n, scores in enumerate([[5], [2], [1, 4], []]):
        talk = channels.conversation(channel="phone", result="reached", customer_id=who.pk)
        for score in scores:
            said = {"channel": "phone", "direction": "out", "state": "logged", "result": "reached"}
            channels.rating(message=channels.message(conversation=talk, **said), score=score)
            clock.advance(timedelta(minutes=1))
        todo = add_todo(SYSTEM, subject=f"Call {n}")
        outreach.recipient(
            customer=who, strategy=made, state="done", channel="phone", sent_at=clock.at, todo=todo, conversation=talk
        )
    row = table(by="channel")[0]["Phone"]
    assert (row["satisfied"]["n"], row["satisfied"]["of"], row["contacted"]) == (2, 3, 4)
    assert row["satisfied"]["value"] == pytest.approx(2 / 3)
    found = Api(make.user("marketer")).get("measures/outreach.strategy.satisfied/cases", missed=True)
    assert len(found["rows"]) == 1
    blind = closed({"outreach.*": 4, "customers.*": 4, "commerce.*": 4}, "channels.rating.score")
    assert Api(blind).get("effects")["hidden"] == ["satisfied"]


def test_a_closed_field_hides_what_a_yes_or_no_is_worked_out_of(clock):
    letter(channels.customer(), clock, outreach.strategy(name="Spring"))
    blind = closed({"outreach.*": 4, "customers.*": 4, "commerce.*": 4}, "outreach.recipient.answered_at")
    assert Api(blind).get("effects")["hidden"] == ["answered"]


def test_rows_together_add_up():
    one = Effect(contacted=3, ordered={"a": Share(n=1, of=3)}, revenue=Decimal(5), cost=Decimal(1))
    whole = rules.together([one, one, Effect(ordered_alone={"b": Share(open=2)})])
    assert (whole.contacted, whole.converted, whole.left_alone) == (6, Share(n=2, of=6), Share(open=2))
    assert whole.ordered == {"a": Share(n=2, of=6)}
    assert (whole.revenue, whole.cost) == (10, 2)
