"""What binds when a message leaves: one budget for eight workers, every attempt asked anew, strangers, codes."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.customers.consents.operations import withdraw_consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import find_or_create
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.settings import choose
from tests.factories import channels as make
from tests.factories import customers as people

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
WORKERS = 8
DELAYED = Receipt(outcome=Outcome.DELAYED, provider_id="", code="4.2.0")


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon in UTC, the zone of all customers here."""
    with time.frozen(NOON) as clock:
        yield clock


def submit(person, purpose="marketing", channel="email", **values) -> Delivery:
    """A message whose time has come."""
    number = uuid4()
    point = ContactPoint.objects.filter(customer=person).values_list("pk", flat=True).first() if person else None
    return gate.submit(
        SYSTEM, using="channels.conversation.send_letter", id=number, key=str(number), channel=channel,
        purpose=Purpose(purpose), outgoing={"text": "Hello"}, recipient="a@customers.test",
        customer=person.pk if person else None, **{"contact_point": point if channel == "email" else None, **values},
    )  # fmt: skip


def at_once(deliveries: list[Delivery]) -> list[Delivery]:
    """What eight workers reserve that all begin in the same moment, each with a connection of its own."""
    reserved, problems, start = [], [], threading.Barrier(WORKERS)

    def work(own: list[Delivery]) -> None:
        try:
            start.wait()
            with time.frozen(NOON):
                reserved.extend(one for one in map(gate.reserve, [each.pk for each in own]) if one is not None)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(deliveries[number::WORKERS],)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    return reserved


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_eight_workers_never_reserve_more_than_the_budget_on_whichever_channel(limit):
    person = make.customer(consent="marketing", address="1 Market Street")
    choose(SYSTEM, "channels.gate.contacts_per_week", limit, source="clause:test")
    channels = ("email", "visit", "letter")
    waiting = [submit(person, channel=channels[number % 3]) for number in range(3 * WORKERS)]
    reserved = at_once(waiting)
    assert len(reserved) == len({one.pk for one in reserved}) == limit
    assert set(Approach.objects.values_list("source_id", flat=True)) == {one.pk for one in reserved}
    left = Delivery.objects.exclude(status="reserved").values_list("status", "reason")
    assert list(left) == [("waiting", "pressure")] * (3 * WORKERS - limit)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_no_more_codes_than_the_hour_allows():
    person = make.customer()
    waiting = [submit(person, "proof") for _ in range(2 * WORKERS)]
    assert len(at_once(waiting)) == 5
    left = Delivery.objects.exclude(status="reserved").values_list("reason", flat=True)
    assert set(left) == {"too_many_proofs"}


def test_a_no_between_two_attempts_holds(noon):
    person = make.customer()
    one = submit(person, "survey")
    gate.settle({gate.reserve(one.pk).pk: DELAYED})
    withdraw_consent(SYSTEM, customer=person.pk, how="told")
    noon.advance(timedelta(minutes=5))
    assert gate.reserve(one.pk) is None
    one.refresh_from_db()
    assert (one.status, one.reason, one.attempts) == ("refused", "consent_withdrawn", 1)
    assert not Approach.objects.exists()


def test_an_attempt_that_falls_into_the_night_waits_for_the_morning(noon):
    person = make.customer(consent="marketing")
    noon.move(NOON.replace(hour=20, minute=59))
    one = submit(person)
    gate.settle({gate.reserve(one.pk).pk: DELAYED})
    noon.advance(timedelta(minutes=5))
    assert gate.reserve(one.pk) is None
    one.refresh_from_db()
    morning = datetime(2026, 1, 8, 8, tzinfo=UTC)
    assert (one.status, one.reason, one.release_at) == ("reserved", "quiet_hours", morning)
    noon.move(morning)
    assert gate.reserve(one.pk).attempts == 2
    assert list(Approach.objects.values_list("at", flat=True)) == [morning]


def test_a_further_attempt_does_not_stand_in_its_own_way(noon):
    person = make.customer(consent="marketing")
    choose(SYSTEM, "channels.gate.contacts_per_week", 1, source="clause:test")
    one = submit(person)
    gate.settle({gate.reserve(one.pk).pk: DELAYED})
    noon.advance(timedelta(minutes=1))
    assert gate.reserve(one.pk).attempts == 2
    assert Approach.objects.count() == 1


def test_after_a_crash_nothing_is_repeated_that_was_meanwhile_forbidden():
    person = make.customer()
    one = submit(person, "service")
    gate.reserve(one.pk)
    gate.leaving(one.pk, version=Delivery.objects.get(pk=one.pk).version)
    withdraw_consent(SYSTEM, customer=person.pk, how="told")
    assert gate.reserve(one.pk) is None
    one.refresh_from_db()
    assert (one.status, one.reason) == ("uncertain", "interrupted")


def test_whoever_is_no_customer_yet_gets_answers_and_no_advertising():
    stranger = find_or_create(SYSTEM, kind="email", value="stranger@customers.test")
    reply = submit(None, "reply", contact_point=stranger.pk, own_way=True)
    letters = {purpose: submit(None, purpose, contact_point=stranger.pk) for purpose in ("marketing", "survey")}
    assert gate.reserve(reply.pk) is not None
    assert gate.reserve(letters["marketing"].pk) is None
    withdraw_consent(SYSTEM, contact_point=stranger.pk, how="told")
    assert gate.reserve(letters["survey"].pk) is None
    reasons = {purpose: Delivery.objects.get(pk=one.pk).reason for purpose, one in letters.items()}
    assert reasons == {"marketing": "no_consent", "survey": "consent_withdrawn"}


def test_codes_of_a_night_do_not_all_leave_in_the_morning(noon):
    person = make.customer()
    noon.move(NOON.replace(hour=22))
    codes = [submit(person, "proof") for _ in range(7)]
    assert [gate.reserve(one.pk) for one in codes] == [None] * 7
    noon.move(datetime(2026, 1, 8, 8, tzinfo=UTC))
    assert len([one for one in codes if gate.reserve(one.pk)]) == 5


def test_codes_are_not_held_against_a_letter():
    person = make.customer(consent="marketing")
    for _ in range(4):
        gate.settle({gate.reserve(submit(person, "proof").pk).pk: Receipt(outcome=Outcome.SENT, provider_id="")})
    assert gate.reserve(submit(person).pk) is not None


def test_the_hold_that_lasts_longest_is_the_one_to_wait_for():
    person = make.customer(consent="marketing")
    people.hold(person, reason="short", until=NOON + timedelta(days=1))
    people.hold(person, reason="long", until=NOON + timedelta(days=9))
    one = submit(person)
    assert gate.reserve(one.pk) is None
    assert Delivery.objects.get(pk=one.pk).release_at == NOON + timedelta(days=9)
