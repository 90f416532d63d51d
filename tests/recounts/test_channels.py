"""Every figure of channels equals its recount, over two weeks of mails, answers, receipts, refusals and bounces."""

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Conversation
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate import reports
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.wire.messages import DeliveryState, Outcome, Receipt, State
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.measures import measures
from guanxi.kernel.models import SettingValue
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers as people
from tests.factories import workspace
from tests.recounts.channels import COUNTED, RATED, RECOUNTS, rating_satisfied
from tests.recounts.figures import require_recounts
from tests.recounts.test_service import assert_same, key
from tests.recounts.withdrawals import after_withdrawal

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHANGED = BEGIN + timedelta(days=6)
HOURS = 10 * 24
AFTER = "channels.contacts.after_withdrawal"


def limit(at: datetime) -> float:
    """24 hours, from the seventh day on 12."""
    return (12 if at >= CHANGED else 24) * 3600


def two_weeks(clock, dice: random.Random, users: list) -> None:
    """Mails come in and are answered, some late, some never; letters are wished for and sent or not."""
    letters = [make.template(purpose=purpose) for purpose in ("marketing", "survey", "service")]
    people = [make.customer(consent=dice.choice(["", "marketing", "marketing"])) for _ in range(12)]
    for hour in range(0, HOURS, 2):
        moment = BEGIN + timedelta(hours=hour)
        clock.move(moment)
        if moment == CHANGED:
            for name in ("channels.mail.acknowledged", "channels.first_human_reply"):
                choose(SYSTEM, name, 12, source="clause:test")
        if dice.random() < 0.4:
            talk = make.conversation(received_at=moment, waiting_since=moment, owner=dice.choice(users))
            make.message(conversation=talk, needs_answer=True, at=moment)
            for delay, by_person, chance in ((1, False, 0.6), (7, True, 0.8)):
                if dice.random() < chance:
                    at = moment + timedelta(hours=delay * dice.randint(1, 5))
                    sending.note_answers(
                        SYSTEM, "channels.conversation.deliver", [sending.Answer(talk.pk, at, by_person)]
                    )
        if dice.random() < 0.6:
            talks.send_letter(SYSTEM, customer=dice.choice(people).pk, template=dice.choice(letters).pk)
        provider(dice)


def provider(dice: random.Random) -> None:
    """What is due leaves, comes back or is refused."""
    waiting = Delivery.objects.filter(status__in=("waiting", "reserved")).values_list("pk", flat=True)
    for one in waiting:
        if dice.random() < 0.2 or gate.reserve(one) is None:
            continue
        outcome = dice.choice([Outcome.SENT, Outcome.SENT, Outcome.SENT, Outcome.REFUSED, Outcome.UNCERTAIN])
        gate.settle({one: Receipt(outcome=outcome, provider_id=f"<{uuid4()}@x>", code="5.7.1")})
        sent = Delivery.objects.get(pk=one)
        if sent.status == "sent" and dice.random() < 0.2:
            reports.report(SYSTEM, one, DeliveryState(state=State.BOUNCED, message_id="", recipient=sent.recipient))


def test_every_figure_of_channels_has_a_recount():
    require_recounts("channels", {*RECOUNTS, *COUNTED, AFTER, RATED})


def test_figures_equal_their_recounts_in_all_and_by_agent_channel_and_purpose():
    with frozen(BEGIN) as clock:
        users = [workspace.user("agent") for _ in range(3)]
        two_weeks(clock, random.Random(20260302), users)
        api = Api(workspace.user("owner"))
        messages = api.get("messages", limit=200)["rows"]
        deliveries = api.get("deliveries", limit=200)["rows"]
        owners = {str(talk.pk): str(talk.owner_id) for talk in Conversation.objects.all()}
        assert len(messages) < 200 and 30 < len(deliveries) < 200
        assert {row["status"] for row in deliveries} >= {"sent", "refused", "failed", "uncertain"}
        for name, recount in RECOUNTS.items():
            said = api.get(f"measures/{name}")["total"]
            assert said["cases"] > 9, f"too little happens in two_weeks() for {name} to be counted"
            assert_same(said, recount(messages, deliveries, limit, clock.at), name)
            for dimension in set(measures()[name].dimensions) & {"agent", "channel", "purpose", "reason"}:
                for group in api.get(f"measures/{name}", by=dimension)["groups"]:
                    kept = [row for row in messages if of(row, dimension, owners) == group["key"]]
                    left = [row for row in deliveries if of(row, dimension, owners) == group["key"]]
                    assert_same(group, recount(kept, left, limit, clock.at), (name, dimension, group["key"]))


def of(row, dimension: str, owners):
    """The value of a row in a dimension; a message's agent is whoever has its conversation."""
    if dimension == "agent":
        return owners.get(key(row["conversation"])) if row.get("conversation") else None
    return row.get(dimension)


def test_written_down_contacts_are_counted():
    owner = workspace.user("owner")
    person = make.customer()
    for result in ("reached", "reached", "no_answer"):
        talks.log_call(SYSTEM, customer=person.pk, result=result, text="Hello")
    drain()
    said = Api(owner).get("measures/channels.contacts.logged", by="result")
    assert said["total"]["cases"] == 3
    assert {group["key"]: group["cases"] for group in said["groups"]} == {"reached": 2, "no_answer": 1}


def test_satisfied_customers_are_counted_by_channel_agent_and_score():
    dice, users = random.Random(7), [workspace.user("agent") for _ in range(2)]
    for _ in range(30):
        talk = make.conversation(
            channel=dice.choice(["phone", "visit"]), result="reached", customer_id=make.customer().pk,
            owner=dice.choice(users),
        )  # fmt: skip
        said = make.message(conversation=talk, channel=talk.channel, direction="out", state="logged", result="reached")
        make.rating(message=said, score=dice.randint(1, 5), came_by=dice.choice(["staff", "link"]))
    api = Api(workspace.user("owner"))
    rows = api.get("ratings", limit=200)["rows"]
    owners = {str(talk.pk): str(talk.owner_id) for talk in Conversation.objects.all()}
    assert_same(api.get(f"measures/{RATED}")["total"], rating_satisfied(rows), RATED)
    for dimension in ("channel", "agent", "score", "came_by"):
        for group in api.get(f"measures/{RATED}", by=dimension)["groups"]:
            mine = [row for row in rows if str(of(row, dimension, owners)) == group["key"]]
            assert_same(group, rating_satisfied(mine), (RATED, dimension))


def what_people_say(clock, dice: random.Random) -> None:
    """Ten days of yes and no, of letters the gate decides about and of calls that nobody asked it about."""
    persons = [make.customer(consent="marketing") for _ in range(6)]
    for one in persons:
        people.contact_point(one)  # a second address
    letters = [make.template(purpose=purpose) for purpose in ("marketing", "survey", "service")]
    for hour in range(0, HOURS, 3):
        clock.move(BEGIN + timedelta(hours=hour))
        person, purpose = dice.choice(persons), dice.choice(["marketing", "survey", "service"])
        match dice.choice(["yes", "no", "letter", "call", "call", "visit"]):
            case "yes":
                people.consent(person, purpose=purpose, channel=dice.choice(["", "email", "phone"]))
            case "no":
                ways = ContactPoint.objects.filter(customer=person, kind="email").values_list("pk", flat=True)
                people.consent(
                    person, state="withdrawn", purpose=dice.choice(["", purpose]),
                    channel=dice.choice(["", "", "phone", "email"]), contact_point=dice.choice([None, None, *ways]),
                )  # fmt: skip
            case "letter":
                talks.send_letter(SYSTEM, customer=person.pk, template=dice.choice(letters).pk)
            case "call":
                talks.log_call(SYSTEM, customer=person.pk, result="reached", text="Hello", purpose=Purpose(purpose))
            case "visit":
                talks.log_visit(SYSTEM, customer=person.pk, result="reached", text="Hello", purpose=Purpose(purpose))
        provider(dice)


def test_what_came_after_a_withdrawal_equals_its_recount():
    with frozen(BEGIN) as clock:
        choose(SYSTEM, "channels.gate.contacts_per_week", 99, source="clause:test")
        choose(SYSTEM, "channels.gate.contacts_per_month", 99, source="clause:test")
        what_people_say(clock, random.Random(20260303))
        api = Api(workspace.user("owner"))
        consents, deliveries, messages = (
            api.get(plural, limit=200)["rows"] for plural in ("consents", "deliveries", "messages")
        )
        assert max(map(len, (consents, deliveries, messages))) < 200
        for minutes in (0, 36 * 60):
            SettingValue.objects.filter(name=AFTER).delete()
            choose(SYSTEM, AFTER, minutes, source="clause:test")
            SettingValue.objects.filter(name=AFTER).update(valid_from=BEGIN - timedelta(days=1))
            said = api.get(f"measures/{AFTER}")["total"]
            assert_same(said, after_withdrawal(consents, deliveries, messages, minutes=minutes, now=clock.at), minutes)
            assert said["kept"] > 1 and said["missed"] > 1
        for dimension in ("purpose", "channel", "how"):
            for group in api.get(f"measures/{AFTER}", by=dimension)["groups"]:
                of_group = [
                    row for row in consents if row["state"] == "given" or row[dimension] == (group["key"] or "")
                ]
                again = after_withdrawal(of_group, deliveries, messages, minutes=36 * 60, now=clock.at)
                assert_same(group, again, (dimension, group["key"]))
