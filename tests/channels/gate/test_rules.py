"""The purpose table: who is asked for what, which reason comes first, and when it is allowed again."""

import random
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from guanxi.channels.gate.rules import (
    PURPOSES,
    Advice,
    Allowed,
    Caution,
    Facts,
    Hold,
    Limits,
    Purpose,
    Reason,
    Refused,
    Wish,
    allowed_from,
    decide,
)  # fmt: skip
from guanxi.lib.holidays import OwnDay, Workdays

WAY, MATTER = uuid4(), uuid4()
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)  # a Wednesday
NIGHT = datetime(2026, 1, 7, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def facts(**given) -> Facts:
    return Facts(**({"zone": "UTC", "way": WAY, "way_verified_at": NOON - DAY, "consent": "given"} | given))


def ask(purpose, at=NOON, limits=None, urgent=False, matter=None, own_way=False, **given):
    wish = Wish(purpose=Purpose(purpose), at=at, urgent=urgent, matter=matter, own_way=own_way)
    return decide(wish, facts(**given), limits or Limits())


def reason(*args, **given):
    answer = ask(*args, **given)
    return answer.reason.value if isinstance(answer, Refused) else None


TABLE = [
    # purpose, no consent, withdrawn, at night, three this week, hold
    ("reply", None, None, None, None, None),
    ("contract", None, None, "quiet_hours", None, None),
    ("proof", None, None, "quiet_hours", None, None),
    ("service", None, "consent_withdrawn", "quiet_hours", "pressure", "hold"),
    ("survey", None, "consent_withdrawn", "quiet_hours", "pressure", "hold"),
    ("greeting", None, "consent_withdrawn", "quiet_hours", "pressure", "hold"),
    ("marketing", "no_consent", "consent_withdrawn", "quiet_hours", "pressure", "hold"),
    ("collection", None, None, "quiet_hours", "pressure", "hold"),
]


@pytest.mark.parametrize(("purpose", "none", "withdrawn", "night", "pressed", "hold"), TABLE)
def test_the_purpose_table(purpose, none, withdrawn, night, pressed, hold):
    assert reason(purpose) is None
    assert reason(purpose, consent="none") == none
    assert reason(purpose, consent="withdrawn") == withdrawn
    assert reason(purpose, at=NIGHT) == night
    assert reason(purpose, contacts=tuple(NOON - DAY * n for n in (3, 2, 1))) == pressed
    assert reason(purpose, holds=(Hold(until=None),)) == hold
    assert reason(purpose, way=None) == "no_way"
    assert reason(purpose, way_dead=True) == "dead_way"


def test_every_purpose_is_in_the_table():
    assert set(PURPOSES) == set(Purpose) == {Purpose(row[0]) for row in TABLE}


def test_what_is_urgent_or_about_the_matter_passes():
    assert reason("contract", at=NIGHT, urgent=True) is None
    assert reason("marketing", at=NIGHT, urgent=True) == "quiet_hours"
    held = {"holds": (Hold(until=None, matter=MATTER),)}
    assert reason("service", matter=MATTER, **held) is None
    assert reason("service", **held) == "hold"
    assert reason("survey", matter=MATTER, **held) == "hold"


def test_a_reply_needs_no_record_of_their_way_and_reaches_an_archived_customer():
    assert ask("reply", way=None, own_way=True, archived=True) == Allowed(way=None)
    assert reason("reply", own_way=True, way_dead=True) is None
    assert reason("contract", archived=True) == "archived"


def test_a_hold_that_ended_does_not_count_and_one_that_ends_says_when():
    assert reason("marketing", holds=(Hold(until=NOON - DAY),)) is None
    answer = ask("marketing", holds=(Hold(until=NOON + DAY), Hold(until=NOON + 2 * DAY)))
    assert answer == Refused(reason=Reason.HOLD, next_allowed_at=NOON + 2 * DAY)
    assert ask("marketing", holds=(Hold(until=None), Hold(until=NOON + DAY))).next_allowed_at is None
    assert reason("collection", limits=Limits(hold_stops_collection=False), holds=(Hold(until=None),)) is None


def test_an_unverified_way_is_said_and_refused_only_where_the_company_wants_it():
    for stale in (None, NOON - timedelta(days=366)):
        assert ask("marketing", way_verified_at=stale).cautions == (Caution.UNVERIFIED,)
        assert reason("marketing", way_verified_at=stale, limits=Limits(verified_way_required=True)) == "unverified_way"
        assert ask("service", way_verified_at=stale, limits=Limits(verified_way_required=True)).cautions
        assert ask("reply", way_verified_at=stale) == Allowed(way=WAY)


@pytest.mark.parametrize(
    ("at", "zone", "next_at"),
    [
        ("2026-01-07T20:59", "UTC", None),
        ("2026-01-07T21:00", "UTC", "2026-01-08T08:00"),
        ("2026-01-08T03:00", "UTC", "2026-01-08T08:00"),
        ("2026-01-08T08:00", "UTC", None),
        ("2026-01-07T14:00", "Asia/Shanghai", "2026-01-08T00:00"),
        ("2026-01-07T12:00", "Asia/Shanghai", None),
        ("2026-03-29T00:30", "Europe/London", "2026-03-29T07:00"),
        ("2026-03-28T23:30", "Europe/London", "2026-03-29T07:00"),
        ("2026-10-25T00:30", "Europe/London", "2026-10-25T08:00"),
    ],
)
def test_quiet_hours_are_the_customers_own(at, zone, next_at):
    answer = ask("greeting", at=datetime.fromisoformat(at + "+00:00"), zone=zone)
    if next_at is None:
        assert isinstance(answer, Allowed)
    else:
        assert answer == Refused(reason=Reason.QUIET, next_allowed_at=datetime.fromisoformat(next_at + "+00:00"))


@pytest.mark.parametrize(
    ("purpose", "at", "next_at"),
    [
        ("marketing", "2026-02-15T14:00", "2026-02-24T00:00"),  # the night before
        ("marketing", "2026-02-16T04:00", "2026-02-24T00:00"),  # eight days in one step
        ("marketing", "2026-02-20T16:30", "2026-02-24T00:00"),  # the night of a Saturday within
        ("marketing", "2026-02-28T04:00", None),
        ("collection", "2026-02-13T10:00", "2026-02-14T01:00"),  # a Saturday that is worked
        ("collection", "2026-02-14T10:00", "2026-02-24T01:00"),
        ("collection", "2026-02-28T04:00", None),
        ("collection", "2026-10-01T04:00", "2026-10-08T01:00"),
        ("greeting", "2026-02-17T04:00", None),
        ("reply", "2026-02-17T04:00", None),
    ],
)
def test_holidays_are_stepped_over_at_once(purpose, at, next_at):
    wish = Wish(purpose=Purpose(purpose), at=datetime.fromisoformat(at + "+00:00"))
    known = facts(zone="Asia/Shanghai", workdays=Workdays(country="CN"), way_verified_at=wish.at)
    answer = decide(wish, known, Limits())
    assert (answer.next_allowed_at if isinstance(answer, Refused) else None) == (
        next_at and datetime.fromisoformat(next_at + "+00:00")
    )
    assert allowed_from(wish, known, Limits()) == (datetime.fromisoformat(next_at + "+00:00") if next_at else wish.at)


def test_a_company_that_closes_for_ever_asks_for_no_money_tomorrow():
    closed = {NOON.date() + DAY * n: OwnDay(name="Closed", works=False) for n in range(100)}
    answer = ask("collection", workdays=Workdays(own=closed))
    assert (answer.reason, answer.next_allowed_at) == (Reason.HOLIDAY, NOON + 60 * DAY)


def test_quiet_hours_within_a_day_and_none():
    noonish = Limits(quiet_from=time(12), quiet_until=time(14))
    assert ask("greeting", limits=noonish).next_allowed_at == NOON + timedelta(hours=2)
    assert reason("greeting", at=NIGHT, limits=Limits(quiet_from=time(0), quiet_until=time(0))) is None


@pytest.mark.parametrize(
    ("at", "next_at"),
    [
        ("2026-01-07T12:00", None),
        ("2026-01-07T08:00", "2026-01-07T09:00"),
        ("2026-01-07T18:00", "2026-01-08T09:00"),
        ("2026-01-09T19:00", "2026-01-12T09:00"),
        ("2026-01-10T12:00", "2026-01-12T09:00"),
    ],
)
def test_money_is_asked_for_in_legal_hours(at, next_at):
    answer = ask("collection", at=datetime.fromisoformat(at + "+00:00"))
    assert getattr(answer, "next_allowed_at", None) == (datetime.fromisoformat(next_at + "+00:00") if next_at else None)


def test_pressure_says_when_there_is_room_again():
    contacts = tuple(NOON - DAY * n for n in (6, 3, 1))
    assert ask("marketing", contacts=contacts).next_allowed_at == contacts[0] + timedelta(days=7)
    month = tuple(NOON - DAY * n for n in range(29, 8, -3))
    assert ask("marketing", contacts=month, limits=Limits(per_month=7)).reason is Reason.PRESSURE
    assert ask("proof", proofs=(NOON - timedelta(minutes=9),) * 5).reason is Reason.TOO_MANY_PROOFS


def test_lasting_reasons_come_before_passing_ones_and_the_latest_time_counts():
    pressed = {"contacts": tuple(NOON - DAY * n for n in (3, 2, 1)), "at": NIGHT}
    assert reason("marketing", consent="none", **pressed) == "no_consent"
    assert ask("marketing", **pressed).reason is Reason.PRESSURE


def test_the_next_allowed_time_is_allowed_and_random_sequences_never_break_a_limit():
    chance = random.Random(20260105)
    limits = Limits(per_week=3, per_month=8)
    for _ in range(300):
        at, contacts = NOON, []
        zone = chance.choice(["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata"])
        for _ in range(40):
            at += timedelta(minutes=chance.randrange(1, 4000))
            known = tuple(one for one in contacts if one > at - timedelta(days=31))
            answer = ask("marketing", at=at, zone=zone, contacts=known, limits=limits, way_verified_at=at)
            if isinstance(answer, Refused):
                later = answer.next_allowed_at
                again = ask("marketing", at=later, zone=zone, contacts=known, limits=limits, way_verified_at=later)
                assert later > at
                # Where two limits follow each other, the second may move it once more, never back.
                assert isinstance(again, Allowed) or again.next_allowed_at > later
            else:
                contacts.append(at)
        for index, one in enumerate(contacts):
            assert sum(1 for other in contacts[: index + 1] if other > one - timedelta(days=7)) <= 3
            assert sum(1 for other in contacts[: index + 1] if other > one - timedelta(days=30)) <= 8


def test_the_numbers_of_an_advice_add_up():
    refused = {uuid4(): Refused(reason=r) for r in (Reason.NO_CONSENT, Reason.HOLD, Reason.NO_CONSENT)}
    advice = Advice(allowed={uuid4(): Allowed(way=WAY)}, refused=refused)
    assert advice.reasons == {"no_consent": 2, "hold": 1}
    assert advice.asked == len(advice.allowed) + sum(advice.reasons.values())
