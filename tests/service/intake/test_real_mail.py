"""A complaint over real servers: in by IMAP, receipt and answer out by SMTP, solved; the protocol counts it."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.app import starter
from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations.models import Conversation
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.rules import Purpose
from guanxi.customers.holds.models import Hold
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.protocols.protocols import queries
from guanxi.service.tickets import operations as tickets
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.company.operations import first_run
from tests.channels.email import samples
from tests.factories import channels as make
from tests.factories import workspace

pytestmark = [pytest.mark.mail, pytest.mark.django_db]
SUPPORT = "support@company.test"


@pytest.fixture
def at_noon():
    """Noon of today; mail servers keep their own clock."""
    with time.frozen(datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)) as clock:
        yield clock


@pytest.fixture
def box(mail_server, at_noon):
    """A company with what ships, and a connected mailbox that acknowledges."""
    starter.load()
    first_run(
        company="Acme", language="zh-Hans", zone="UTC", currency="CNY", line_of_work="shop", name="Ada",
        email="ada@acme.test", password="correct horse battery",
    )  # fmt: skip
    drain()
    mailbox = make.mailbox(mail_server, acknowledges=True)
    email_jobs.read(mailbox)
    mailbox.refresh_from_db()
    return mailbox


def figures() -> dict[str, tuple[int, int, int, int]]:
    """Cases, kept, missed and open of the clauses that measure this."""
    own = queries.in_force()
    page = queries.page(SYSTEM, own.pk, when=queries.period("month"))
    shown = {one.clause.key: one.figure for one in page.clauses if one.figure}
    wanted = ("mail-acknowledged", "complaint-first-answer", "problem-solved")
    return {key: (f.cases, f.kept, f.missed, f.open) for key in wanted for f in [shown[key]]}


def test_a_complaint_from_the_mailbox_to_the_protocol(mail_server, box, at_noon):
    person = make.customer("li@customers.test", consent="marketing", name="李伟")
    body = "我要投诉：杯子到的时候已经碎了，请退款。".encode()
    mail_server.deliver(samples.mail(body, From="li@customers.test"), to=SUPPORT)
    assert email_jobs.read(box) == 1
    drain()
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.status, ticket.customer_id) == ("complaint", "received", person.pk)
    assert ticket.receipt_at is not None
    assert ticket.complaint_replied_at is None
    assert Hold.objects.get(lifted_at=None).matter == ticket.pk
    assert figures() == {
        "mail-acknowledged": (1, 1, 0, 0), "complaint-first-answer": (1, 0, 0, 1), "problem-solved": (1, 0, 0, 1),
    }  # fmt: skip

    talk = Conversation.objects.get(customer=person)
    talks.write(SYSTEM, customer=person.pk, text="News!", subject="News", purpose=Purpose.MARKETING)
    drain()
    news = Delivery.objects.get(purpose="marketing")
    assert (news.status, news.reason) == ("refused", "hold")

    at_noon.advance(timedelta(hours=2))
    agent = workspace.actor("agent")
    talks.reply(agent, talk.pk, text="非常抱歉，新杯子今天寄出。")
    drain()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.complaint_replied_at) == ("replied", at_noon.at)
    tickets.solve(agent, ticket.pk, solution="寄出新杯子")
    tickets.confirm(agent, ticket.pk)
    assert not Hold.objects.filter(lifted_at=None).exists()
    assert figures() == {
        "mail-acknowledged": (1, 1, 0, 0), "complaint-first-answer": (1, 1, 0, 0), "problem-solved": (1, 1, 0, 0),
    }  # fmt: skip
