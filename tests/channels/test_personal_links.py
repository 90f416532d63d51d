"""Links that act for whoever got a letter: they stand in the letter that leaves, and nowhere in the house."""

import re
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from guanxi.channels.conversations.mailing import Wanted, send_letters
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.conversations.operations import send_letter
from guanxi.channels.gate.jobs import _outgoing
from guanxi.channels.gate.links import delivery_of, unsubscribe_url
from guanxi.channels.gate.models import Delivery
from guanxi.channels.ratings.links import message_of, rating_url
from guanxi.channels.wire import personal
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from tests.channels.email import samples
from tests.channels.email.test_hostile import taken
from tests.factories import channels as make

pytestmark = pytest.mark.django_db
ASKING = "Content? {{ rating_url }} No more: {{ unsubscribe_url }}"
TO_RATE, TO_STOP = re.compile(r"/api/rate/(\S+)"), re.compile(r"/api/unsubscribe/(\S+)")


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon."""
    with time.frozen(datetime(2026, 1, 7, 12, tzinfo=UTC)) as clock:
        yield clock


def kept() -> str:
    """All that the house keeps, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted({m._meta.db_table for m in apps.get_models() if m._meta.managed}):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def sent(alone: bool) -> Message:
    """A letter to one customer, alone or as one of many."""
    person, letter = make.customer(consent="marketing", language="en"), make.template(body_en=ASKING)
    if alone:
        return Message.objects.get(conversation=send_letter(SYSTEM, customer=person.pk, template=letter.pk))
    return send_letters(SYSTEM, template=letter.pk, wanted=[Wanted(customer=person.pk, key="k")])["k"]


@pytest.mark.parametrize("alone", [True, False])
def test_whoever_reads_a_letter_in_the_house_cannot_act_for_its_receiver_who_can(alone):
    message = sent(alone)
    assert personal._SIGNED.search(kept()) is None
    assert TO_RATE.search(message.text)[1] == TO_STOP.search(message.text)[1] == personal.MARK
    leaving = _outgoing(Delivery.objects.get(pk=message.pk)).text
    assert message_of(TO_RATE.search(leaving)[1]) == delivery_of(TO_STOP.search(leaving)[1]) == message.pk


def test_whoever_gets_a_copy_stops_what_comes_to_them_and_does_not_rate_for_another():
    message = sent(alone=True)
    copy = make.delivery(copy_of=message.pk, outgoing={"text": message.text, "message": str(message.pk)})
    leaving = _outgoing(copy).text
    assert TO_RATE.search(leaving)[1] == personal.MARK
    assert delivery_of(TO_STOP.search(leaving)[1]) == copy.pk


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_answer_that_quotes_a_letter_is_kept_without_its_links(wrapped):
    message = sent(alone=True)
    urls = [rating_url(message.pk), unsubscribe_url(message.pk)]
    if wrapped:  # as some mail servers write every link
        urls = [f"https://safe.test/?url={url.replace(':', '%3A').replace('/', '%2F')}&d=1" for url in urls]
    links = "".join(f'<p><a href="{url}">here</a> {url}</p>' for url in urls)
    mail = samples.mail(links.encode(), Subject=urls[0], **{"Content-Type": "text/html; charset=utf-8"})
    came = taken(make.mailbox(), mail)
    assert personal.MARK in came.text and personal.MARK in came.html
    assert personal._SIGNED.search(kept()) is None


def test_letters_of_before_are_kept_without_links_from_now_on():
    message = sent(alone=True)
    old = f"Rate {rating_url(message.pk)}, stop {unsubscribe_url(message.pk)}"
    Message.objects.filter(pk=message.pk).update(text=old, new_text=old, html=old)
    Conversation.objects.filter(pk=message.conversation_id).update(last_words=old[:200])
    migration = import_module("guanxi.channels.migrations.0013_letters_are_kept_without_links").Migration
    with connection.cursor() as cursor:
        for one in migration.operations:
            cursor.execute(one.sql)
    assert personal._SIGNED.search(kept()) is None
    message.refresh_from_db()
    assert message.text == f"Rate {personal.url('rate')}, stop {personal.url('unsubscribe')}"
