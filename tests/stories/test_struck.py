"""Killed at twenty random points inside running handlers: every effect is there once, here and at the mail server."""

import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.conf import settings

from guanxi.app import starter
from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations.models import Message
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.email.models import Mailbox
from guanxi.channels.gate.models import Delivery
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.jobs import jobs
from guanxi.kernel.models import Deadline, EventEntry, Failure
from guanxi.service.intake.models import TicketConversation
from guanxi.service.tickets.models import Ticket
from tests import databases
from tests.factories import channels as make
from tests.mailserver import mail_server, mail_system
from tests.requirements import CHECKOUT

__all__ = ["mail_server", "mail_system"]
pytestmark = [pytest.mark.mail, pytest.mark.thorough]
LETTERS, QUESTIONS, DEATHS = 16, 16, 20
WRITTEN = ("marketing", "contract")


@pytest.fixture
def own_database(mail_server, django_db_setup, django_db_blocker):
    """A database that the dying worker sees, with a mailbox whose place has been taken."""
    with django_db_blocker.unblock(), databases.apart("struck") as address:
        starter.load()
        email_jobs.read(make.mailbox(mail_server, acknowledges=True))
        drain()
        yield address


def question(number: int) -> EmailMessage:
    """A stranger's mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"asker{number}@customers.test", "support@company.test"
    mail["Subject"], mail["Message-ID"] = f"Question {number}", f"<question{number}@customers.test>"
    mail.set_content("Do you ship to York?")
    return mail


def test_a_worker_killed_at_twenty_points_does_everything_once(own_database, mail_server):
    ahead = 12 - datetime.now(UTC).hour
    for purpose in WRITTEN:
        letter = make.template(purpose=purpose).pk
        for number in range(LETTERS):
            person = make.customer(
                f"{purpose}{number}@customers.test", consent="marketing", zone=f"Etc/GMT{-ahead:+d}" if ahead else "UTC"
            )
            talks.send_letter(SYSTEM, customer=person.pk, template=letter)
    for number in range(QUESTIONS):
        mail_server.deliver(question(number), to="support@company.test", sender=f"asker{number}@customers.test")
    jobs()["channels.email.read_mailbox"].defer(mailbox=str(Mailbox.objects.get().pk))
    seed = random.randrange(10**6)

    told = subprocess.run(
        [sys.executable, "-m", "tests.stories.struck", str(seed), settings.SECRET_KEY], cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": own_database}, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip

    deaths = told.stdout.splitlines()
    about = (seed, told.stdout, told.stderr[-3000:])
    sys.stdout.write(f"seed {seed}\n{told.stdout}")
    assert told.returncode == 0, about
    assert len(deaths) == DEATHS, about
    everything_is_there_once(about)
    the_mail_server_took_each_once(mail_server, about)


def everything_is_there_once(about) -> None:
    """In the database, by key: each question a message, a ticket and a receipt; no handler gave up, nothing waits."""
    questions = Message.objects.filter(direction="in")
    assert Counter(questions.values_list("sender", flat=True)) == Counter(
        {f"asker{number}@customers.test": 1 for number in range(QUESTIONS)}
    ), about
    conversations = set(questions.values_list("conversation", flat=True))
    linked = Counter(TicketConversation.objects.values_list("conversation", flat=True))
    assert linked == Counter(dict.fromkeys(conversations, 1)), about
    assert Ticket.objects.count() == QUESTIONS, about
    for name in ("channels.message_received", "service.ticket_opened"):
        assert EventEntry.objects.filter(name=name).count() == QUESTIONS, (name, about)
    keys = Delivery.objects.filter(purpose="reply").values_list("key", flat=True)
    assert sorted(keys) == sorted(f"receipt:{id}" for id in questions.values_list("pk", flat=True)), about
    assert not Failure.objects.exists(), (list(Failure.objects.values()), about)
    ends = Counter(Delivery.objects.values_list("purpose", "status"))
    assert {status for _, status in ends} <= {"sent", "uncertain"}, (ends, about)
    assert sum(ends.values()) == len(WRITTEN) * LETTERS + QUESTIONS, (ends, about)
    assert EventEntry.objects.filter(name="channels.delivery_sent").count() == Delivery.objects.count(), about
    assert not Deadline.objects.filter(key__startswith="delivery:").exists(), about


def the_mail_server_took_each_once(mail_server, about) -> None:
    """By Message-ID: once; where a life ended while it left, marketing may be missing and the rest doubled."""
    taken = Counter(one["id"] for one in mail_server.taken() if one["from"] == "support@company.test")
    doubtful = 0
    for delivery in Delivery.objects.all():
        times = taken.pop(f"<gx.{delivery.pk.hex}@company.test>", 0)
        doubtful += abs(times - 1)  # each for a death of its own
        if times != 1:
            interrupted = delivery.purpose == "marketing" and delivery.status == "uncertain" and times == 0
            assert interrupted or (delivery.purpose != "marketing" and times > 1), (delivery.purpose, times, about)
    assert doubtful <= DEATHS, about
    assert not taken, about
