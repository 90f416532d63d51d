"""The whole way of a letter by a real postfix: out, into a Maildir, answered or sent back, and read in again."""

import dataclasses
import smtplib
from datetime import timedelta
from email.message import Message as Mail

import pytest

from guanxi.channels.conversations import operations as talks
from guanxi.channels.conversations.models import Message
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.email import lines, smtp
from guanxi.channels.email.hosts import Security
from guanxi.channels.gate.models import Delivery
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.lib.errors import Unavailable
from tests import postfix as postfixes
from tests.channels.letters import SUPPORT, answer, read
from tests.factories import channels as make
from tests.house import until

pytestmark = [pytest.mark.mail, pytest.mark.postfix, pytest.mark.django_db]
ALICE, NOBODY = "alice@customers.test", "nobody@customers.test"


@pytest.fixture(params=[Security.TLS, Security.STARTTLS])
def box(request, postfix, mail_server, at_noon):
    """A mailbox that sends by postfix and reads from dovecot, both with its password."""
    security = getattr(request, "param", Security.TLS)
    place = {"smtp_port": postfix.server(security=security).port, "smtp_security": security}
    found = make.mailbox(mail_server, **place)
    email_jobs.read(found)
    drain()
    yield found
    lines.hang_up(idle_seconds=0)


def write(address: str, purpose: str = "marketing") -> Delivery:
    """A letter to somebody, handed to postfix."""
    person = make.customer(address, consent="marketing")
    talks.send_letter(SYSTEM, customer=person.pk, template=make.template(purpose=purpose).pk)
    drain()
    return Delivery.objects.get(customer=person)


def arrived(mail_server, user: str) -> Mail:
    """The one mail a user has got."""
    (found,) = until(lambda: mail_server.inbox(user), what=f"mail for {user}")
    return found


def test_a_letter_goes_out_and_its_answer_comes_back(postfix, mail_server, box):
    letter = write(ALICE)
    assert (letter.status, letter.reason) == ("sent", ""), letter.detail
    mail = arrived(mail_server, ALICE)
    assert (mail["Message-ID"], mail["Return-Path"]) == (letter.provider, f"<{SUPPORT}>")
    assert "with ESMTPSA" in mail["Received"] and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    server = postfix.server(ALICE, Security.STARTTLS)
    with smtplib.SMTP("127.0.0.1", server.port, timeout=10) as program:
        program.starttls()
        program.login(ALICE, server.password)
        program.send_message(answer(mail, "Yes, please.", ALICE))
    until(lambda: read(box), what="the answer")
    came, left = Message.objects.get(direction="in"), Message.objects.get(direction="out")
    assert (came.new_text, came.conversation_id) == ("Yes, please.", left.conversation_id)
    assert ContactPoint.objects.get(value=ALICE).verified_at is not None


def test_what_postfix_sends_back_is_the_bounce_of_that_very_letter(postfix, mail_server, box):
    lost, other = write(NOBODY), write(ALICE)
    assert (lost.status, other.status) == ("sent", "sent")  # it took both, and found out later
    until(lambda: read(box), what="the bounce")
    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.report, other.report) == ("bounced", "")
    states = {one.pk: (one.state, one.reason) for one in Message.objects.filter(direction="out")}
    assert states == {lost.pk: ("bounced", "5.1.1"), other.pk: ("sent", "")}
    dead = dict(ContactPoint.objects.values_list("value", "dead_at"))
    assert dead[NOBODY] is not None and dead[ALICE] is None
    bounce = Message.objects.get(direction="in")
    assert (bounce.automatic, bounce.conversation_id) == ("bounce", Message.objects.get(pk=lost.pk).conversation_id)
    postfix.rest()
    assert len(mail_server.inbox(SUPPORT)) == 1  # nobody answered the report


@pytest.mark.parametrize("box", [Security.TLS], indirect=True)
def test_a_postfix_that_was_away_gets_each_letter_once(postfix, mail_server, box, at_noon):
    assert write(ALICE, "contract").status == "sent"
    postfix.stop()  # under the connection that stands open to it
    try:
        waiting = write("everyone@customers.test", "contract")
        assert (waiting.status, waiting.reason) == ("reserved", "mailbox.refused_connection")
        box.refresh_from_db()
        assert box.problem == "mailbox.refused_connection"
    finally:
        postfix.start()
    at_noon.advance(timedelta(minutes=1, seconds=1))
    drain()
    waiting.refresh_from_db()
    assert waiting.status == "sent"
    postfix.rest()
    assert [len(mail_server.inbox(user)) for user in (ALICE, "everyone@customers.test")] == [1, 1]


def test_what_postfix_refuses_is_told_as_it_is(postfix, mail_server):
    good = postfix.server()
    with pytest.raises(Unavailable) as found:
        smtp.test(dataclasses.replace(good, password="wrong"))
    assert found.value.code == "mailbox.refused_password"
    with smtp.connected(good) as session:
        large = Mail()
        large["Message-ID"], payload = "<large@company.test>", "x\n" * postfixes.LARGEST_BYTES
        large.set_payload(payload)
        assert session.send(large, sender=SUPPORT, recipient=ALICE).code == "5.3.4"
        small = Mail()
        small["Message-ID"] = "<small@company.test>"
        forged = session.send(small, sender="sales@company.test", recipient=ALICE)
        assert (forged.outcome, forged.code) == ("refused", "5.7.1")
        assert session.send(small, sender=SUPPORT, recipient=ALICE).outcome == "sent"
    postfix.rest()
    assert [mail["Message-ID"] for mail in mail_server.inbox(ALICE)] == ["<small@company.test>"]
