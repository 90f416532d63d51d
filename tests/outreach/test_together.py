"""Many customers at once: the same becomes of everybody as one by one, in as many statements for more of them."""

import ast
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guanxi.channels.conversations import mailing
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.journeys.runs import jobs as runs
from guanxi.journeys.runs import operations as engine
from guanxi.journeys.runs.models import Run, StepTaken
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Forbidden
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.outreach.strategies.operations import send_strategy
from guanxi.workspace.todos.models import Todo
from tests.factories import channels, customers, outreach
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "Dear {{ customer.first_name }}, today is {{ today }}"
TOKEN = re.compile(r"unsubscribe/\S+")


@pytest.fixture
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def marketer(clock):
    return make.actor("marketer")


def everybody():
    """Who can be written to, who cannot, whom only a person may call, and a firm, that has no first name."""
    for n in range(6):
        channels.customer(
            f"a{n}@x.test", consent="marketing", name=f"Anna Agreed{n}", language=("en", "zh-Hans", "")[n % 3]
        )
    channels.customer("s@x.test", name="Sil Ent")
    customers.hold(channels.customer("h@x.test", consent="marketing", name="Hel Held"))
    channels.customer(email=None, consent="marketing", name="Un Known")
    channels.customer("f@x.test", consent="marketing", name="Firm Ltd", kind="organisation")
    caller = channels.customer("c@x.test", name="Cal Ler")
    customers.contact_point(caller, kind="phone", value="+442079460000")
    customers.consent(caller, channel="phone")


def send(by, clock):
    made = outreach.strategy(by, name="Spring", template=channels.template(body_en=TEXT).pk, call_them=True)
    send_strategy(by, made.pk)
    clock.advance(timedelta(seconds=10))
    drain()
    return Strategy.objects.get(pk=made.pk)


def world():
    """What became of everybody, without ids and the tokens made of them."""
    found = {
        Recipient: ("customer__name", "state", "channel", "reason", "occasion", "todo__subject"),
        Message: (
            "customer__name", "subject", "text", "new_text", "state", "purpose", "recipients", "author_id",
            "author_kind", "conversation__customer__name",
        ),
        Conversation: ("customer__name", "subject", "with_name", "owner", "team", "messages", "contact_point__value"),
        Delivery: ("customer__name", "status", "reason", "purpose", "recipient", "contact_point__value", "attempts"),
        Approach: ("customer__name", "channel", "purpose"),
        Todo: ("customer__name", "kind", "owner"),
        Run: ("status", "outcome", "step"),
        StepTaken: ("kind", "said"),
        EventEntry: ("name",),
    }  # fmt: skip
    return {
        table.__name__: Counter(TOKEN.sub("", repr(row)) for row in table.objects.values_list(*columns))
        for table, columns in found.items()
    }


def played(by, clock):
    """What a send comes to, taken back afterwards."""
    with transaction.atomic():
        everybody()
        send(by, clock)
        found = world()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("origin", [Origin.SIMULATION, Origin.LIVE])
def test_the_same_becomes_of_everybody_as_one_by_one(marketer, clock, monkeypatch, origin):
    by = marketer.as_origin(origin)
    together = played(by, clock)
    clock.at = AT
    monkeypatch.setattr(runs, "_together", lambda _runs, _owners: None)
    alone = played(by, clock)
    assert together == alone
    states = Counter(ast.literal_eval(row)[1] for row in together["Recipient"])
    assert states == {"sent" if origin is Origin.SIMULATION else "waiting": 6, "refused": 4, "todo": 1}


def test_forty_take_as_many_statements_as_twenty(marketer, clock, monkeypatch):
    take, counted = engine.take_together, []

    def counting(ids, owners):
        with CaptureQueriesContext(connection) as seen:
            take(ids, owners)
        counted.append((len(ids), len(seen)))

    monkeypatch.setattr(engine, "take_together", counting)
    for people in (20, 40):
        with transaction.atomic():
            for n in range(people):
                channels.customer(consent="marketing" if n % 5 else "", name=f"Anna A{n}")
            send(marketer, clock)
            assert Counter(Recipient.objects.values_list("state", flat=True)) == {
                "waiting": people * 4 // 5,
                "refused": people // 5,
            }
            transaction.set_rollback(True)
    (few, statements), (many, more) = counted
    assert (few, many) == (20, 40) and statements == more < 60


def test_a_letter_that_was_sent_under_its_key_is_not_sent_again(marketer, clock):
    person, template = channels.customer(consent="marketing"), channels.template()
    wanted = [mailing.Wanted(customer=person.pk, key="k")]
    assert list(mailing.send_letters(SYSTEM, template=template.pk, wanted=wanted)) == ["k"]
    assert mailing.send_letters(SYSTEM, template=template.pk, wanted=wanted) == {}
    assert Delivery.objects.count() == Message.objects.count() == 1


def test_who_may_not_write_letters_writes_none_together_either(clock):
    reader = make.actor("analyst")
    person, template = channels.customer(consent="marketing"), channels.template()
    with nothing_changes(), pytest.raises(Forbidden):
        mailing.send_letters(reader, template=template.pk, wanted=[mailing.Wanted(customer=person.pk, key="k")])


def test_customers_that_are_not_seen_get_no_letter(clock):
    seller = make.actor("seller")
    mine, other = (
        channels.customer(consent="marketing", owner_id=owner) for owner in (seller.id, make.user("seller").pk)
    )
    template = channels.template()
    wanted = [mailing.Wanted(customer=one.pk, key=str(one.pk)) for one in (mine, other)]
    assert list(mailing.send_letters(seller, template=template.pk, wanted=wanted)) == [str(mine.pk)]
