"""What we write is clean, threads, can be unsubscribed from, and lets nothing through a header."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest

from guanxi.channels.email.mime import charsets, composing, parsing, threads
from guanxi.channels.wire.messages import Address, Attachment, Automatic, Outgoing
from guanxi.lib.errors import Invalid

ID = "018f2b6e-1234-7abc-8def-0123456789ab"
AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
KEY = b"k" * 32


def outgoing(**changes) -> Outgoing:
    given = {
        "id": ID, "account": "1", "purpose": "reply", "subject": "Re: Order", "text": "Hello",
        "sender": Address(value="support@company.test", name="客服 Company"),
        "recipient": Address(value="alice@customers.test", name="张伟"),
    }  # fmt: skip
    return Outgoing(**(given | changes))


def written(**changes):
    return message_from_bytes(composing.compose(outgoing(**changes), at=AT).as_bytes(), policy=default)


def test_headers_of_a_reply():
    mail = written(answers=("<a@x.test>", "<b@x.test>"), reply_to="support+c-x@company.test")
    assert mail["From"] == "客服 Company <support@company.test>"
    assert mail["To"] == "张伟 <alice@customers.test>"
    assert mail["Message-ID"] == "<gx.018f2b6e12347abc8def0123456789ab@company.test>"
    assert mail["In-Reply-To"] == "<b@x.test>"
    assert mail["References"] == "<a@x.test> <b@x.test>"
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] is None and mail["List-Unsubscribe"] is None
    assert mail["Reply-To"] == "客服 Company <support+c-x@company.test>"


def test_the_same_message_has_the_same_id_at_every_attempt():
    assert written()["Message-ID"] == written()["Message-ID"] == composing.provider_id(outgoing())


def test_one_click_unsubscribe():
    mail = written(unsubscribe_url="https://company.test/u/abc", unsubscribe_address="support+u@company.test")
    assert (
        mail["List-Unsubscribe"] == "<https://company.test/u/abc>, <mailto:support+u@company.test?subject=unsubscribe>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_receipt_says_that_a_machine_wrote_it_and_is_known_again():
    mail = composing.compose(outgoing(automatic=True, answers=("<a@x.test>",)), at=AT)
    assert mail["Auto-Submitted"] == "auto-replied" and mail["X-Auto-Response-Suppress"] == "All"
    assert parsing.parse(mail.as_bytes()).message.automatic is Automatic.OWN


def test_text_html_and_files():
    mail = written(
        html="<p>您好</p>",
        text="您好",
        attachments=(Attachment(name="发票.pdf", media_type="application/pdf", content=b"%PDF"),),
    )
    assert mail.get_body(("plain",)).get_content().strip() == "您好"
    assert mail.get_body(("html",)).get_content().strip() == "<p>您好</p>"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("发票.pdf", b"%PDF")


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: v@x.test", "x\nBcc: v@x.test", "x\r\n\r\nBody", "x\x00y", "x\u2028Bcc: v@x.test"]
)
def test_nothing_is_smuggled_into_a_header(evil):
    mail = written(subject=evil, sender=Address(value="s@company.test", name=evil), attachments=(
        Attachment(name=evil, media_type="text/plain\r\nX: y", content=b"x"),))  # fmt: skip
    assert mail["Bcc"] is None and mail["X"] is None
    assert set(mail.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "X-Guanxi-Message", "MIME-Version", "Content-Type",
    }  # fmt: skip


@pytest.mark.parametrize(
    "bad", ["", "x", "@x.test", "a@", "a b@x.test", "a@x.test\r\nBcc: v@x.test", "a@x..test", "a@-x.test", "<a@x.test>",
            "a@x.test, b@x.test", "a..b@x.test", ".a@x.test", "a@" + "x" * 300, "a@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(Invalid, match=r"mail\.address"):
        written(recipient=Address(value=bad))


NAMES = [
    "",
    "Anna Smith",
    "Smith, Anna",
    'Anna "An" Smith',
    "Anna (work)",
    "a@b.test",
    "a\\b",
    "张伟",
    "=?utf-8?q?x?=",
    "A" * 150,
]
SUBJECTS = [
    "",
    " ",
    "Order 7",
    "订单",
    "Re: 订单 7",
    "=?utf-8?b?5Y2h?=",
    "word " * 99,
    "x" * 499,
    "a\tb",
    '50 % "off"',
    ".",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_header_that_stands_as_it_is_reads_as_one_that_was_taken_apart(name, subject, monkeypatch):
    given = {"sender": Address(value="s@company.test", name=name), "recipient": Address(value="a@x.test", name=name)}
    quick = composing.compose(outgoing(subject=subject, text="Hi", **given), at=AT).as_bytes()
    monkeypatch.setattr(composing, "_PLAIN", re.compile("(?!)"))
    assert composing.compose(outgoing(subject=subject, text="Hi", **given), at=AT).as_bytes() == quick


TEXTS = [
    "", "Hello", "Hello\n", "a\n\n\nb\n\n", "x" * 2000, "您好" * 500, "您好, " + "hello " * 300, "trailing \t\n x",
    "From me", ".", "=3D=\n", "\x00 \ud800", "a\r\nb\rc", f"--{composing._BOUNDARY}\n",
    f"--{composing._BOUNDARY}--",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))  # the boundary is another in every process
@pytest.mark.parametrize("attachments", [(), (Attachment(name="a.txt", media_type="text/plain", content=b"x"),)])
def test_every_text_arrives_as_it_was_written_in_lines_that_any_server_takes(text, attachments):
    said = charsets.clean(text).rstrip("\n") + "\n"
    for html in ("", f"<p>{said}</p>"):
        made = composing.compose(outgoing(text=text, html=html, attachments=attachments), at=AT)
        raw = composing.as_bytes(made)
        assert raw == re.sub(rb"\r?\n", b"\r\n", made.as_bytes())
        mail = message_from_bytes(raw, policy=default)
        assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == said
        if html:
            assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == html + "\n"
        assert len(list(mail.iter_attachments())) == len(attachments)
        assert raw.isascii() and max(map(len, raw.splitlines())) <= 998
        assert not mail.defects


def test_international_domains_travel_in_ascii():
    assert written(recipient=Address(value="chen@公司.中国"))["To"] == "chen@xn--55qx5d.xn--fiqs8s"


@pytest.mark.parametrize("bad", ["javascript:x", "https://x.test/ >,<mailto:v", "https://x.test/\r\nBcc: v"])
def test_a_strange_unsubscribe_address_is_refused(bad):
    with pytest.raises(Invalid):
        written(unsubscribe_url=bad)


def test_long_references_of_others_are_not_broken():
    long = "<" + "a" * 200 + "@x.test>"
    mail = written(answers=(*(f"<m{n}@x.test>" for n in range(60)), long))
    assert mail["In-Reply-To"] == long
    assert len(mail["References"].split()) == 20 and mail["References"].split()[0] == "<m0@x.test>"


def test_our_ids_are_known_only_under_our_domains():
    made = threads.message_id(UUID(ID), "company.test")
    assert threads.ours(made, ["company.test"]) == UUID(ID)
    assert threads.ours(made, ["other.test"]) is None
    assert threads.ours("<gx.zz@company.test>", ["company.test"]) is None


def test_tokens_cannot_be_made_or_changed_by_others():
    mark = threads.token(UUID(ID), KEY)
    assert threads.conversation_of(mark, KEY) == UUID(ID)
    assert threads.conversation_of(mark, b"other") is None
    changed = ("a" if mark[0] != "a" else "b") + mark[1:]
    assert threads.conversation_of(changed, KEY) is None
    for nonsense in ("", "x", mark[:-1], "!" * 34):
        assert threads.conversation_of(nonsense, KEY) is None
    assert threads.token_in([threads.with_token("support@company.test", mark)], "") == mark
    assert threads.token_in(["a@x.test"], f"Re: Order [c-{mark}]") == mark


@pytest.mark.parametrize(
    "given", ["Re: Order", "RE: Fwd: Order", "回复：Order", "回覆: 轉寄: Order", "Re[2]: Order", "AW: Order"]
)
def test_subjects_without_prefix(given):
    assert threads.without_prefix(given) == "Order"
