"""The link that says no more: forged, altered, foreign, aged and replayed ones change nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import signing

from guanxi.channels.gate.links import UNSUBSCRIBE, unsubscribe_token
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.operations import stop_purpose
from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.queries import standing
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers as people
from tests.unchanged import nothing_changes_but_counting

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon."""
    with time.frozen(NOON) as clock:
        yield clock


def letter(purpose="marketing", **values) -> Delivery:
    """A letter that left for somebody who had agreed."""
    person = make.customer(consent="marketing")
    way = ContactPoint.objects.get(customer=person)
    return make.delivery(customer_id=person.pk, contact_point_id=way.pk, purpose=purpose, **values)


def click(token: str, method: str = "post"):
    """What a browser or a mail program does with a link."""
    return getattr(Api().client, method)(f"/api/unsubscribe/{token}", HTTP_ACCEPT_LANGUAGE="zh-TW", HTTP_ACCEPT=BROWSER)


def state(one: Delivery) -> str:
    """Whether its receiver agrees to marketing by mail now."""
    return standing([one.customer_id], "marketing", "email")[one.customer_id].state


FORGED = {
    "empty signature": lambda one: f"{one.pk.hex}::",
    "no signature": lambda one: one.pk.hex,
    "one letter of the id": lambda one: _flipped(unsubscribe_token(one.pk), 0),
    "one letter of the time": lambda one: _flipped(unsubscribe_token(one.pk), 34),
    "one letter of the signature": lambda one: _flipped(unsubscribe_token(one.pk), -1),
    "cut short": lambda one: unsubscribe_token(one.pk)[:-1],
    "something behind": lambda one: unsubscribe_token(one.pk) + "x" * 200,
    "another letter's id before its signature": lambda one: (
        letter().pk.hex + unsubscribe_token(one.pk).removeprefix(one.pk.hex)
    ),
    "signed for another use": lambda one: signing.TimestampSigner(salt="channels.other").sign(one.pk.hex),
    "signed in another house": lambda one: signing.TimestampSigner(
        key=settings.SECRET_KEY + "x", salt=UNSUBSCRIBE
    ).sign(one.pk.hex),
    "signed without a time": lambda one: signing.Signer(salt=UNSUBSCRIBE).sign(one.pk.hex),
    "signed, but no id": lambda one: signing.TimestampSigner(salt=UNSUBSCRIBE).sign("x"),
    "a message there never was": lambda one: unsubscribe_token(uuid4()),
    "a message that cannot be stopped": lambda one: unsubscribe_token(letter("contract").pk),
    "bytes of no text": lambda one: "%ff%00",
}


def _flipped(token: str, place: int) -> str:
    place %= len(token)
    return token[:place] + ("1" if token[place] != "1" else "2") + token[place + 1 :]


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_altered_or_foreign_link_is_refused_and_changes_nothing(kind):
    token = FORGED[kind](letter())
    with nothing_changes_but_counting():
        answer = click(token)
    assert answer.status_code == 404
    assert "這個連結無效" in answer.content.decode()
    assert "<code>unsubscribe.unknown_link</code>" in answer.content.decode()
    assert not Consent.objects.filter(state="withdrawn").exists()


def test_a_link_is_good_for_a_year_and_a_month(monkeypatch):
    one = letter()
    monkeypatch.setattr("time.time", lambda: NOON.timestamp())
    token = unsubscribe_token(one.pk)
    monkeypatch.setattr("time.time", lambda: (NOON + timedelta(days=401)).timestamp())
    assert click(token).status_code == 404
    monkeypatch.setattr("time.time", lambda: (NOON + timedelta(days=399)).timestamp())
    assert click(token).status_code == 200
    assert state(one) == "withdrawn"


def test_the_same_click_twice_is_one_no_told_once():
    one = letter()
    assert [click(unsubscribe_token(one.pk)).status_code for _ in range(3)] == [200] * 3
    assert Consent.objects.filter(state="withdrawn").count() == 1
    assert EventEntry.objects.filter(name="channels.unsubscribed").count() == 1


def test_a_used_link_takes_no_later_yes_back_a_newer_one_does(noon):
    one = letter()
    click(unsubscribe_token(one.pk))
    noon.advance(timedelta(days=1))
    people.consent(one.customer)
    noon.advance(timedelta(days=1))
    with nothing_changes_but_counting():
        answer = click(unsubscribe_token(one.pk))
    assert answer.status_code == 409
    assert "<code>unsubscribe.used_link</code>" in answer.content.decode()
    assert state(one) == "given"
    newer = make.delivery(customer_id=one.customer_id, contact_point_id=one.contact_point_id, purpose="marketing")
    assert click(unsubscribe_token(newer.pk)).status_code == 200
    assert state(one) == "withdrawn"


def test_a_complaint_reported_again_takes_no_later_yes_back(noon):
    one = letter()
    stop_purpose(SYSTEM, one.pk, how="reply")
    noon.advance(timedelta(days=1))
    people.consent(one.customer)
    noon.advance(timedelta(days=1))
    stop_purpose(SYSTEM, one.pk, how="reply")
    assert state(one) == "given"


def test_a_link_stops_whom_the_letter_went_to_though_the_address_is_anothers_by_now():
    one, other = letter(), make.customer(email=None)
    people.consent(other, state="withdrawn")
    ContactPoint.objects.filter(pk=one.contact_point_id).update(customer=other)
    assert click(unsubscribe_token(one.pk)).status_code == 200
    assert state(one) == "withdrawn"


def test_looking_changes_nothing_and_a_forged_look_is_told_so():
    one = letter()
    with nothing_changes_but_counting():
        assert click(unsubscribe_token(one.pk), "get").status_code == 200
        assert click(unsubscribe_token(uuid4()), "get").status_code == 404


def test_a_mail_program_is_told_as_programs_are():
    answer = Api().client.post("/api/unsubscribe/x", HTTP_ACCEPT="*/*")
    assert (answer.status_code, answer.json()["code"]) == (404, "unsubscribe.unknown_link")
