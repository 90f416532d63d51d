"""Bounces and complaints are understood; machines are told from people."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.email.mime import automatic, parsing
from guanxi.channels.wire.messages import Automatic, State
from tests.channels.email import samples
from tests.channels.email.samples import mail

OURS = "<gx.0123@company.test>"


def report(raw: bytes):
    (found,) = parsing.parse(raw).reports
    return found.state, found.message_id, found.recipient, found.permanent, found.code


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (samples.dsn(), (State.BOUNCED, OURS, "bob@customers.test", True, "5.1.1")),
        (samples.dsn(status="5.2.2"), (State.BOUNCED, OURS, "bob@customers.test", False, "5.2.2")),
        (samples.dsn(status="4.4.1"), (State.BOUNCED, OURS, "bob@customers.test", False, "4.4.1")),
        (samples.dsn(action="delayed", status="4.0.0"), (State.DELAYED, OURS, "bob@customers.test", False, "5.1.1")),
        (
            samples.dsn(action="delivered", status="2.0.0", diagnostic=""),
            (State.DELIVERED, OURS, "bob@customers.test", False, "2.0.0"),
        ),
        (samples.dsn(status="5.0.0"), (State.BOUNCED, OURS, "bob@customers.test", True, "5.1.1")),
        (samples.qq_bounce(), (State.BOUNCED, OURS, "nobody123@qq.example", True, "5.1.1")),
        (samples.qmail_bounce(), (State.BOUNCED, OURS, "bob@customers.test", True, "5.1.1")),
        (samples.arf(), (State.COMPLAINED, OURS, "bob@customers.test", True, "abuse")),
    ],
)
def test_reports(raw, expected):
    assert report(raw) == expected
    message = parsing.parse(raw).message
    assert message.automatic in (Automatic.BOUNCE, Automatic.COMPLAINT)
    assert not message.may_be_acknowledged


@pytest.mark.parametrize("action", ["", "exploded", "  "])
def test_a_report_without_sense_reports_nothing(action):
    assert parsing.parse(samples.dsn(action=action)).reports == ()


def test_a_person_who_writes_about_a_failure_reports_nothing():
    parsed = parsing.parse(mail(b"bob@customers.test says 550", Subject="Undelivered order"))
    assert parsed.reports == () and parsed.message.automatic is None


@pytest.mark.parametrize(
    ("headers", "kind", "receipt"),
    [
        ({}, None, True),
        ({"Auto_Submitted": "no"}, None, True),
        ({"Auto_Submitted": "auto-replied"}, Automatic.REPLY, False),
        ({"Auto_Submitted": "auto-generated (nightly)"}, Automatic.NOTICE, False),
        ({"Subject": "Automatic reply: Order"}, Automatic.REPLY, False),
        ({"Subject": "自动回复：订单"}, Automatic.REPLY, False),
        ({"Subject": "Re: 自動回覆: 訂單"}, Automatic.REPLY, False),
        ({"X_Autoreply": "yes"}, Automatic.REPLY, False),
        ({"Precedence": "bulk"}, Automatic.BULK, False),
        ({"Precedence": "list"}, Automatic.LIST, False),
        ({"List_Id": "<news.x.test>"}, Automatic.LIST, False),
        ({"List_Unsubscribe": "<https://x.test/u>"}, Automatic.BULK, False),
        ({"Return_Path": "<>"}, Automatic.NOTICE, False),
        ({"From": "no-reply@shop.test"}, Automatic.NOTICE, False),
        ({"From": "MAILER-DAEMON@shop.test"}, Automatic.NOTICE, False),
        ({"X_Auto_Response_Suppress": "OOF, AutoReply"}, None, False),
        ({"X_Auto_Response_Suppress": "None"}, None, True),
        ({"X_Guanxi_Message": "ab"}, Automatic.OWN, False),
        ({"From": "Norbert Replyson <norbert@x.test>"}, None, True),
    ],
)
def test_machines_are_told_from_people(headers, kind, receipt):
    message = parsing.parse(mail(**headers)).message
    assert (message.automatic, message.may_be_acknowledged) == (kind, receipt)


def test_a_fast_repetition_is_a_circle():
    now = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert automatic.circling([now - timedelta(minutes=n) for n in range(5)], now)
    assert not automatic.circling([now - timedelta(minutes=n) for n in range(4)], now)
    assert not automatic.circling([now - timedelta(hours=n + 1, seconds=1) for n in range(9)], now)
