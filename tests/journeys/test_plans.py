"""What a plan may say, and how one walks through it."""

from datetime import timedelta
from uuid import UUID

import pytest

from guanxi.journeys.journeys import rules
from guanxi.lib.errors import Conflict, Invalid

WAIT = {"wait": {"for": {"days": 1}}}
STOP = {"stop": "enough"}
BRANCH = {"branch": {"condition": {"field": "x"}, "then": [WAIT, STOP], "else": []}}
NESTED = {"branch": {"condition": {}, "then": [BRANCH], "else": [STOP]}}
STEPS = [WAIT, BRANCH, NESTED, STOP]


@pytest.mark.parametrize(
    ("path", "following"),
    [
        ("0", "1"),
        ("1.then.0", "1.then.1"),
        ("1.then.1", "2"),
        ("1", "2"),
        ("2.then.0.then.1", "3"),
        ("2.else.0", "3"),
        ("3", ""),
    ],
)
def test_what_follows_a_step(path, following):
    assert rules.after(STEPS, path) == following


@pytest.mark.parametrize(
    ("path", "arm", "first"),
    [("1", "then", "1.then.0"), ("1", "else", "2"), ("2", "then", "2.then.0"), ("2.then.0", "else", "3")],
)
def test_a_branch_leads_into_its_arm_or_past_an_empty_one(path, arm, first):
    assert rules.into(STEPS, path, arm) == first


def test_a_plan_is_walked_in_the_order_it_is_written():
    assert [step.path for step in rules.placed(STEPS)] == [
        "0", "1", "1.then.0", "1.then.1", "2", "2.then.0", "2.then.0.then.0", "2.then.0.then.1", "2.else.0", "3",
    ]  # fmt: skip


def deep(levels):
    steps = [STOP]
    for _ in range(levels):
        steps = [{"branch": {"condition": {}, "then": steps}}]
    return steps


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("wait", "journey.wrong_steps"),
        ([{"nap": {}}], "journey.wrong_step"),
        ([{"wait": {}}], "journey.wrong_step"),
        ([{"wait": {"for": {"days": -1}}}], "journey.wrong_span"),
        ([{"wait": {"for": {"days": True}}}], "journey.wrong_span"),
        ([{"wait": {"for": {"weeks": 40_000}}}], "journey.wrong_span"),
        ([{"wait": {"for": {"days": 10**400}}}], "journey.wrong_span"),
        ([{"wait": {"for": {"days": float("inf")}}}], "journey.wrong_span"),
        ([{"wait": {"for": {"days": float("nan")}}}], "journey.wrong_span"),
        ([{"wait": {"for": {"standard": 3}}}], "journey.wrong_span"),
        ([{"wait": {"until": {"event": "x"}}}], "journey.wrong_step"),
        ([{"wait": {"for": {"days": 1}}, "stop": "x"}], "journey.wrong_step"),
        ([{"branch": {"then": []}}], "journey.wrong_step"),
        ([{"branch": {"condition": {}, "then": [], "maybe": []}}], "journey.wrong_step"),
        ([{"branch": {"condition": {}, "then": {}}}], "journey.wrong_steps"),
        ([{"operation": {"on": "x"}}], "journey.wrong_step"),
        ([{"operation": {"name": "x", "input": []}}], "journey.wrong_step"),
        ([{"stop": ""}], "journey.wrong_step"),
        (deep(7), "journey.wrong_steps"),
        ([STOP] * 101, "journey.too_many_steps"),
    ],
)
def test_a_wrong_plan_is_refused_by_name(steps, code):
    with pytest.raises(Invalid) as refused:
        rules.placed(steps)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ({}, "none"),
        ({"event": "a.b", "where": {}, "once": True}, "event"),
        ({"condition": {}, "present": True}, "condition"),
        ({"audience": {}, "every": {"days": 30}}, "audience"),
        ({"date": "birthday", "before": {"days": 3}}, "date"),
    ],
)
def test_how_a_journey_begins(start, kind):
    assert rules.start_kind(start) == kind


@pytest.mark.parametrize(
    "start", [{"on": 1}, {"event": "a.b", "every": {"days": 1}}, {"audience": {}, "every": "x"}, []]
)
def test_a_wrong_beginning_is_refused(start):
    with pytest.raises(Invalid):
        rules.start_kind(start)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"days": 2}, timedelta(days=2)),
        ({"hours": 1.5}, timedelta(minutes=90)),
        ({"standard": "s"}, timedelta(days=7)),
        ({"standard": "s", "less": {"days": 2}}, timedelta(days=5)),
        ({"standard": "s", "less": {"days": 9}}, timedelta()),
    ],
)
def test_how_long_a_wait_lasts(value, expected):
    assert rules.delay(value, {"s": 7 * 86400}) == expected


@pytest.mark.parametrize("value", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-01-01", "soon"])
def test_a_moment_that_no_clock_can_hold_is_refused(value):
    with pytest.raises(Invalid) as refused:
        rules.moment(value)
    assert refused.value.code == "journey.wrong_moment"


def test_who_is_left_alone_is_fixed_and_near_the_share():
    journey = UUID(int=7)
    left = [rules.held_out(journey, UUID(int=i), 0.1) for i in range(10_000)]
    assert left == [rules.held_out(journey, UUID(int=i), 0.1) for i in range(10_000)]
    assert 900 <= sum(left) <= 1100
    assert not any(rules.held_out(journey, UUID(int=i), 0) for i in range(1000))


@pytest.mark.parametrize(
    ("frm", "to", "allowed"),
    [
        ("draft", "running", True), ("running", "paused", True), ("paused", "running", True), ("paused", "ended", True),
        ("draft", "paused", False), ("ended", "running", False), ("draft", "ended", False),
        ("running", "running", False),
    ],
)  # fmt: skip
def test_moves_of_a_journey(frm, to, allowed):
    if allowed:
        rules.require_move(frm, to)
    else:
        with pytest.raises(Conflict):
            rules.require_move(frm, to)
