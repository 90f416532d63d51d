"""A strategy over real servers: those who agreed get one letter each, an answer comes back and is noted."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.email import jobs as email_jobs
from guanxi.kernel.drain import drain
from guanxi.kernel.time import frozen
from guanxi.outreach.strategies.models import Recipient
from guanxi.outreach.strategies.operations import dry_run, send_strategy
from tests.channels.letters import EVERYONE, SUPPORT, answer
from tests.factories import channels, customers, outreach
from tests.factories import workspace as make
from tests.mailserver import mail_server, mail_system

__all__ = ["mail_server", "mail_system"]
pytestmark = [pytest.mark.mail, pytest.mark.django_db]


def test_a_segment_is_written_to_and_answers(mail_server):
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0)
    with frozen(noon) as clock:
        box = channels.mailbox(mail_server)
        email_jobs.read(box)
        for name, email, consent in (
            ("Alice Smith", "alice@customers.test", "marketing"),
            ("Bob Jones", "bob@customers.test", "marketing"),
            ("Carol Said-No", "carol@customers.test", ""),
        ):
            channels.customer(email, consent=consent, name=name, city="Leeds")
        channels.customer("dave@customers.test", consent="marketing", city="York")
        leeds = customers.segment({"field": "city", "op": "is", "value": "Leeds"})
        letter = channels.template(subject_en="News", body_en="Dear {{ customer.name }}, news from us.")
        marketer = make.actor("marketer")
        made = outreach.strategy(marketer, segment=leeds.pk, template=letter.pk)
        plan = dry_run(marketer, made.pk)
        assert (plan.total, plan.allowed, plan.refused) == (3, 2, {"no_consent": 1})
        send_strategy(marketer, made.pk)
        drain()
        assert mail_server.taken() == []
        clock.advance(timedelta(seconds=10))
        drain()
        arrived = {mail["To"]: mail for mail in mail_server.inbox("alice@customers.test") + mail_server.inbox(EVERYONE)}
        to_alice, to_bob = (arrived[to] for to in sorted(arrived))
        assert "Dear Alice Smith" in to_alice.as_string() and "Dear Bob Jones" in to_bob.as_string()
        assert sorted(one["to"] for one in mail_server.taken()) == ["alice@customers.test", "bob@customers.test"]
        mail_server.deliver(answer(to_alice, "Yes, please."), to=SUPPORT)
        box.refresh_from_db()
        email_jobs.read(box)
        drain()
    found = Recipient.objects.order_by("customer__name").values_list("customer__name", "state", "reason")
    assert list(found) == [
        ("Alice Smith", "answered", ""), ("Bob Jones", "sent", ""), ("Carol Said-No", "refused", "no_consent"),
    ]  # fmt: skip
