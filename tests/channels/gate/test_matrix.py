"""Every purpose in every circumstance on every channel: planned, sent, and a no that changed nothing."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.explaining import answers
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import PURPOSES, STOPPED, Allowed, Purpose, Wish
from guanxi.customers.consents.operations import give_consent, withdraw_consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.customers.holds.operations import lift_hold
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from guanxi.workspace.holidays.operations import choose_calendar, put_holiday
from tests.channels.gate import matrix
from tests.factories import channels as make
from tests.factories import customers as people
from tests.unchanged import fingerprint, nothing_changes

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)  # a Wednesday
DAY, YEAR = timedelta(days=1), timedelta(days=365)
MATTER = uuid4()
CHANNELS = ("email", "phone", "visit", "letter")
WORDS = {
    "consent_withdrawn": "withdrawn", "quiet_hours": "quiet", "pressure": "often", "too_many_proofs": "codes",
    "unverified_way": "unverified", "public_holiday": "rest",
}  # fmt: skip
OF_A_SEND = {
    "channels_delivery", "channels_budget", "kernel_deadline", "kernel_evententry", "kernel_historyentry",
    "kernel_changeset", "procrastinate_jobs",
}  # fmt: skip
"""What a message that does not leave may write: itself, when it is looked at again, and what is told of it."""


class Case:
    """One customer, and when and how they would be written to."""

    def __init__(self, channel: str) -> None:
        self.channel, self.at, self.urgent = channel, NOON, False
        self.person = make.customer(email=None, address="1 Market Street, Leeds")
        self.way: ContactPoint | None = None
        if channel in ("email", "phone"):
            value = "jane@customers.test" if channel == "email" else "+447400123456"
            self.way = people.contact_point(self.person, kind=channel, value=value)
            self.set_way(verified_at=NOON - DAY, verified_how="person")

    def set_way(self, **values: object) -> None:
        """Bring the way into a state."""
        ContactPoint.objects.filter(customer=self.person).update(**values)

    def no_way(self) -> None:
        """They have none."""
        ContactPoint.objects.filter(customer=self.person).delete()
        self.way = None

    def says(self, state: str, purpose: str = "", channel: str = "", ago: timedelta = DAY) -> None:
        """They said yes or no."""
        given = {"customer": self.person.pk, "channel": channel, "how": "told", "at": NOON - ago}
        if state == "no":
            withdraw_consent(SYSTEM, purpose=purpose, **given)
            return
        for each in [purpose] if purpose else sorted(STOPPED.values()):
            give_consent(SYSTEM, purpose=each, wording="Yes, please.", place="shop", **given)

    def approached(self, *days: float, purpose: str = "survey") -> None:
        """They were approached so many days ago."""
        for ago in days:
            Approach.objects.create(
                customer=self.person, at=NOON - DAY * ago, channel="email", purpose=purpose, source_id=uuid4()
            )

    def codes(self, *minutes: int) -> None:
        """Codes left for their way so many minutes ago; each was asked for long before, in the night."""
        for ago in minutes:
            sent = NOON - timedelta(minutes=ago)
            with time.frozen(NOON - timedelta(hours=9)):
                make.delivery(
                    customer_id=self.person.pk, contact_point_id=self.way.pk, purpose="proof", status="sent",
                    channel=self.channel, sent_at=sent,
                )  # fmt: skip

    def planned(self, purpose: Purpose) -> str:
        """What the gate advises."""
        wish = Wish(purpose=purpose, at=self.at, urgent=self.urgent, matter=MATTER)
        advice = gate.advise(SYSTEM, [self.person.pk], wish, self.channel)
        answer = advice.allowed.get(self.person.pk) or advice.refused[self.person.pk]
        if isinstance(answer, Allowed):
            return "warn" if answer.cautions else "yes"
        return _cell(answer.reason, answer.next_allowed_at)

    def explained(self) -> dict[str, dict[str, Any]]:
        """What is told to whoever asks why, by purpose."""
        told = answers(SYSTEM, self.person.pk)["answers"]
        return {one["purpose"]: one for one in told if one["channel"] == self.channel}

    def sent(self, purpose: Purpose) -> str:
        """What becomes of a message whose time has come."""
        number = uuid4()
        gate.submit(
            SYSTEM, using="channels.conversation.send_letter", id=number, key=str(number), channel=self.channel,
            purpose=purpose, outgoing={"text": "Hello"}, recipient="jane", customer=self.person.pk,
            contact_point=self.way.pk if self.way else None, matter=MATTER, urgent=self.urgent,
        )  # fmt: skip
        before = fingerprint() if self.channel == "email" else {}  # what is written is the same on every channel
        reserved = gate.reserve(number)
        one = Delivery.objects.get(pk=number)
        if reserved is not None:
            assert one.status == "reserved"
            assert Approach.objects.filter(source_id=number).count() == 1
            return "yes"
        if before:
            assert {table for table, rows in fingerprint().items() if before[table] != rows} <= OF_A_SEND
        assert not Approach.objects.filter(source_id=number).exists()
        assert one.status == ("refused" if one.release_at <= self.at else "waiting")
        assert one.sent_at is None
        return _cell(one.reason, one.release_at if one.status == "waiting" else None)


def _cell(reason: str, later: datetime | None) -> str:
    word = WORDS.get(reason, reason)
    return f"wait {word}" if later else word


def shown(told: dict[str, Any]) -> str:
    """An explained answer as a cell of the table; every no has its reasons in words, with what helps."""
    said = [one[part] for one in told["reasons"] for part in ("sentence", "remedy")]
    assert told["allowed"] == (not said)
    assert all(one and "{" not in one and "[" not in one and not one.startswith("channels.") for one in said)
    if told["allowed"]:
        return "warn" if told["cautions"] else "yes"
    return _cell(told["reason"], told["allowed_from"])


def _hold(case: Case, **values: object) -> None:
    people.hold(case.person, **values)


def _at(case: Case, moment: datetime, *, urgent: bool = False) -> None:
    case.at, case.urgent = moment, urgent


def _other(case: Case) -> str:
    return "sms" if case.channel != "sms" else "email"


def _set(name: str, value: object) -> None:
    choose(SYSTEM, name, value, source="clause:test")


def _strict() -> None:
    _set("channels.gate.verified_way_required", True)


def _home(country: str, *chosen: tuple[str, object]) -> None:
    for name, value in (("workspace.company.country", country), *chosen):
        _set(name, value)


def _own(day: datetime, *, works: bool) -> None:
    with time.frozen(NOON - 300 * DAY):  # said long before, as a past day is not changed any more
        put_holiday(SYSTEM, day=day.date(), name="Stocktaking", works=works)


def _lives(case: Case, **where: str) -> None:
    Customer.objects.filter(pk=case.person.pk).update(**where)


SPRING_FESTIVAL = datetime(2026, 2, 17, 12, tzinfo=UTC)  # a Tuesday; days off from Monday to the Monday after
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)  # a Friday
MARKETING_ON = ("channels.gate.holidays_quiet", False)
CALLS_ON = ("channels.gate.holidays_without_calls", False)

ARRANGED: dict[str, Callable[[Case], object]] = {
    "nothing was said": lambda case: None,
    "yes to all of it": lambda case: case.says("yes"),
    "yes on another channel": lambda case: case.says("yes", channel=_other(case)),
    "yes, then no": lambda case: (case.says("yes", ago=2 * DAY), case.says("no", "marketing")),
    "no, then yes": lambda case: (case.says("no", ago=2 * DAY), case.says("yes")),
    "no to marketing": lambda case: (case.says("yes"), case.says("no", "marketing")),
    "no to surveys": lambda case: (case.says("yes"), case.says("no", "survey")),
    "no to greetings": lambda case: (case.says("yes"), case.says("no", "greeting")),
    "no to service": lambda case: (case.says("yes"), case.says("no", "service")),
    "no to everything": lambda case: (case.says("yes"), case.says("no")),
    "no to this channel": lambda case: (case.says("yes"), case.says("no", channel=case.channel)),
    "no to another channel": lambda case: (case.says("yes"), case.says("no", channel=_other(case))),
    "at night": lambda case: _at(case, NOON.replace(hour=23)),
    "at night, urgent": lambda case: _at(case, NOON.replace(hour=23), urgent=True),
    "night where they live": lambda case: Customer.objects.filter(pk=case.person.pk).update(zone="Asia/Tokyo"),
    "on a Saturday": lambda case: _at(case, NOON + 3 * DAY),
    "at half past eight": lambda case: _at(case, NOON.replace(hour=8, minute=30)),
    "two contacts this week": lambda case: case.approached(6, 1, 8),
    "three this week": lambda case: case.approached(6, 3, 1),
    "eight this month": lambda case: case.approached(*range(8, 24, 2)),
    "nine codes this week": lambda case: case.approached(*[n / 2 for n in range(1, 10)], purpose="proof"),
    "hold of this matter": lambda case: _hold(case, matter=MATTER),
    "hold of another matter": lambda case: _hold(case, matter=uuid4()),
    "hold of no matter": lambda case: _hold(case),
    "hold until Friday": lambda case: _hold(case, until=NOON + 2 * DAY),
    "hold of marketing": lambda case: _hold(case, purposes=["marketing"]),
    "hold that was lifted": lambda case: lift_hold(SYSTEM, people.hold(case.person).pk),
    "hold, not for money": lambda case: (_hold(case), _set("channels.gate.hold_stops_collection", False)),
    "archived": lambda case: Customer.objects.filter(pk=case.person.pk).update(archived_at=NOON - DAY),
    "verified": lambda case: None,
    "never verified": lambda case: case.set_way(verified_at=None, verified_how=""),
    "verified two years ago": lambda case: case.set_way(verified_at=NOON - 2 * YEAR),
    "never verified, strict": lambda case: (case.set_way(verified_at=None, verified_how=""), _strict()),
    "two years ago, strict": lambda case: (case.set_way(verified_at=NOON - 2 * YEAR), _strict()),
    "two years, kept three": lambda case: (
        case.set_way(verified_at=NOON - 2 * YEAR), _strict(), _set("customers.ways_verified_for", 3 * 365)
    ),
    "dead": lambda case: case.set_way(dead_at=NOON - DAY),
    "none": Case.no_way,
    "five codes this hour": lambda case: case.codes(50, 40, 30, 20, 10),
    "five, one an hour ago": lambda case: case.codes(60, 40, 30, 20, 10),
    "on a holiday": lambda case: (_home("CN"), _at(case, SPRING_FESTIVAL)),
    "on a holiday, urgent": lambda case: (_home("CN"), _at(case, SPRING_FESTIVAL, urgent=True)),
    "weekend in a holiday": lambda case: (_home("CN"), _at(case, SPRING_FESTIVAL + 4 * DAY)),
    "holiday at night": lambda case: (_home("CN"), _at(case, SPRING_FESTIVAL.replace(hour=23))),
    "the night before": lambda case: (_home("GB"), _at(case, CHRISTMAS - DAY / 2 - DAY / 24)),
    "holiday here, not there": lambda case: (_home("GB"), _lives(case, country="CN"), _at(case, CHRISTMAS)),
    "holiday by their zone": lambda case: (_home("CN"), _lives(case, zone="Europe/London"), _at(case, CHRISTMAS)),
    "a worked Saturday": lambda case: (_home("CN"), _at(case, datetime(2026, 2, 28, 12, tzinfo=UTC))),
    "our own day off": lambda case: (_home("GB"), _own(NOON + DAY, works=False), _at(case, NOON + DAY)),
    "our own, they abroad": lambda case: (
        _home("GB"), _own(NOON + DAY, works=False), _lives(case, country="CN"), _at(case, NOON + DAY)
    ),
    "a holiday that we work": lambda case: (_home("GB"), _own(CHRISTMAS, works=True), _at(case, CHRISTMAS)),
    "no holidays chosen": lambda case: (
        _home("GB"), choose_calendar(SYSTEM, calendar="none"), _at(case, CHRISTMAS)
    ),
    "advertised all the same": lambda case: (_home("GB", MARKETING_ON), _at(case, CHRISTMAS)),
    "called all the same": lambda case: (_home("GB", CALLS_ON), _at(case, CHRISTMAS)),
    "both all the same": lambda case: (_home("GB", MARKETING_ON, CALLS_ON), _at(case, CHRISTMAS)),
}  # fmt: skip
"""How each circumstance of the tables comes about; marketing is agreed to unless the circumstance is about that."""
ABOUT_CONSENT = {name for name in ARRANGED if name.startswith(("nothing", "yes", "no to", "no,"))}
EVERYWHERE, WITH_A_WAY = matrix.rows(matrix.EVERYWHERE), matrix.rows(matrix.WITH_A_WAY)
ON_HOLIDAYS, SPOKEN_ON_HOLIDAYS = matrix.rows(matrix.ON_HOLIDAYS), matrix.rows(matrix.SPOKEN_ON_HOLIDAYS)


def held_against(channel: str, circumstance: str, expected: dict[str, str]) -> None:
    """The gate says what the table says, when it is asked and when it sends."""
    with time.frozen(NOON) as clock:
        case = Case(channel)
        if circumstance not in ABOUT_CONSENT:
            case.says("yes")
        ARRANGED[circumstance](case)
        clock.move(case.at)
        with nothing_changes() if channel == "email" else nullcontext():
            planned = {purpose: case.planned(Purpose(purpose)) for purpose in expected}
            told = case.explained()
        assert planned == expected
        if not case.urgent and circumstance != "hold of this matter":  # nobody asks why about one matter alone
            assert {purpose: shown(one) for purpose, one in told.items()} == expected
        sent = {}
        for purpose in expected:
            with transaction.atomic():
                sent[purpose] = case.sent(Purpose(purpose))
                transaction.set_rollback(True)
        assert sent == {purpose: "yes" if cell == "warn" else cell for purpose, cell in expected.items()}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("circumstance", EVERYWHERE)
def test_the_table_holds_on_every_channel(circumstance, channel):
    held_against(channel, circumstance, EVERYWHERE[circumstance])


@pytest.mark.parametrize("channel", ["email", "phone"])
@pytest.mark.parametrize("circumstance", WITH_A_WAY)
def test_the_table_holds_for_every_state_of_a_way(circumstance, channel):
    held_against(channel, circumstance, WITH_A_WAY[circumstance])


@pytest.mark.parametrize("channel", ["email", "letter"])
@pytest.mark.parametrize("circumstance", ON_HOLIDAYS)
def test_the_table_holds_on_holidays_in_writing(circumstance, channel):
    held_against(channel, circumstance, ON_HOLIDAYS[circumstance])


@pytest.mark.parametrize("channel", ["phone", "visit"])
@pytest.mark.parametrize("circumstance", SPOKEN_ON_HOLIDAYS)
def test_the_table_holds_on_holidays_by_voice(circumstance, channel):
    held_against(channel, circumstance, SPOKEN_ON_HOLIDAYS[circumstance])


def test_the_matrix_has_every_purpose_and_every_circumstance():
    assert set(matrix.PURPOSES) == {purpose.value for purpose in Purpose} == {one.value for one in PURPOSES}
    assert set(ARRANGED) == {*EVERYWHERE, *WITH_A_WAY, *ON_HOLIDAYS, *SPOKEN_ON_HOLIDAYS}


def test_a_letter_by_post_needs_an_address():
    with time.frozen(NOON):
        case = Case("letter")
        Customer.objects.filter(pk=case.person.pk).update(address=" ")
        assert {case.planned(purpose) for purpose in Purpose} == {"no_way"}
