"""Any mail is read: what can be is kept, what is broken is repaired and noted, what is dangerous is taken out."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from guanxi.channels.email.mime import parsing
from guanxi.channels.wire.messages import Address
from guanxi.lib.errors import Invalid
from tests.channels.email import samples
from tests.channels.email.samples import mail, multipart


def read(raw: bytes):
    return parsing.parse(raw).message


def test_a_plain_mail():
    message = read(mail(b"Where is it?\r\n", "References: <r1@x.test> <r2@x.test>", "In-Reply-To: <r2@x.test>"))
    assert message.provider_id == "<a1@customers.test>"
    assert message.sender == Address(value="alice@customers.test", name="Alice")
    assert [address.value for address in message.recipients] == ["support@company.test"]
    assert (message.subject, message.text, message.new_text, message.html) == (
        "Order",
        "Where is it?",
        "Where is it?",
        "",
    )
    assert message.written_at == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert message.answers == ("<r2@x.test>", "<r1@x.test>")
    assert message.automatic is None and message.may_be_acknowledged and message.notes == ()


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030", "us-ascii", "", "x-nonsense"])
def test_chinese_under_any_label(charset):
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    assert read(mail(samples.ZH.encode("gb18030"), kind=kind)).text == samples.ZH


def test_japanese_and_taiwanese():
    assert read(mail(samples.JP.encode("iso2022_jp"), kind="text/plain; charset=ISO-2022-JP")).text == samples.JP
    assert read(mail(samples.TW.encode("big5"), kind="text/plain; charset=big5")).text == samples.TW


def test_names_and_subjects_in_any_encoding():
    message = read(
        mail(From=f"{samples.encoded('张伟, 采购', 'gb18030', 'gb2312')} <z@x.test>", Subject="订单".encode().decode())
    )
    assert message.sender == Address(value="z@x.test", name="张伟, 采购")
    assert message.subject == "订单"


def test_alternative_keeps_one_text_and_one_safe_html():
    message = read(
        multipart(
            ("Content-Type: text/plain; charset=utf-8", b"Plain"),
            ("Content-Type: text/html; charset=utf-8", b'<p>Rich</p><script>x</script><img src="http://t.test/p">'),
            kind="alternative",
        )
    )
    assert (message.text, message.html) == ("Plain", "<p>Rich</p><img>")
    assert message.notes == ("images_blocked",)


def test_html_alone_becomes_text_and_its_quote_is_told_apart():
    intro = "客服 &lt;s@c.test&gt; 于2026年1月5日周一写道："
    body = f"<div>好的，谢谢</div><div>{intro}</div><blockquote>可以吗？</blockquote>"
    message = read(mail(body.encode(), kind="text/html; charset=utf-8"))
    assert message.new_text == "好的，谢谢"
    assert message.quoted_text.endswith("> 可以吗？")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('Content-Disposition: attachment; filename="report.pdf"', "report.pdf"),
        ("Content-Disposition: attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        ("Content-Disposition: attachment; filename*=gb18030''%B7%A2%C6%B1.pdf", "发票.pdf"),
        ("Content-Disposition: attachment; filename*0*=UTF-8''%E5%8F%91; filename*1*=%E7%A5%A8.pdf", "发票.pdf"),
        (f'Content-Disposition: attachment; filename="{samples.encoded("发票.pdf", "gb18030")}"', "发票.pdf"),
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        ('Content-Disposition: attachment; filename="C:\\\\Users\\\\a\\\\x.doc"', "x.doc"),
        ('Content-Disposition: attachment; filename="photo\u202egnp.exe"', "photognp.exe"),
        ('Content-Type: application/pdf; name="in-type.pdf"', "in-type.pdf"),
        ("Content-Disposition: attachment", "1.bin"),
        ("Content-Disposition: attachment; filename*=nonsense''%FF%FE", "1.bin"),
        (f'Content-Disposition: attachment; filename="{"x" * 400}.pdf"', "x" * 140 + ".pdf"),
    ],
)
def test_file_names(head, name):
    kind = "" if "Content-Type" in head else "Content-Type: application/octet-stream\r\n"
    message = read(multipart(("Content-Type: text/plain", b"x"), (f"{kind}{head}", b"data")))
    found = message.attachments[0].name
    assert found == name or ("nonsense" in head and found and "/" not in found)


def test_attachments_images_and_forwarded_mail_and_winmail_are_kept():
    message = read(
        multipart(
            ("Content-Type: text/html; charset=utf-8", b'<img src="cid:logo@x">'),
            (
                "Content-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64",
                b64encode(b"\x89PNG"),
            ),
            ("Content-Type: message/rfc822", mail(b"Inner", Subject="Inner subject")),
            ('Content-Type: application/ms-tnef; name="winmail.dat"', b"\x78\x9f\x3e\x22"),
        )
    )
    assert [(a.media_type, a.content_id) for a in message.attachments] == [
        ("image/png", "logo@x"),
        ("message/rfc822", ""),
        ("application/ms-tnef", ""),
    ]
    assert message.attachments[0].content == b"\x89PNG"
    assert b"Inner subject" in message.attachments[1].content
    assert message.html == '<img src="cid:logo@x">'
    assert message.notes == ("winmail_kept",)


def test_broken_base64_gives_what_can_be_read():
    body = b64encode(b"Hello there, this is long enough")[:-3] + b"!!\r\n"
    assert read(mail(body, "Content-Transfer-Encoding: base64")).text.startswith("Hello there, this is long")


BROKEN = {
    "no headers": b"just text\r\n",
    "no body": b"From: a@x.test\r\n\r\n",
    "only a boundary": mail(b"", kind="multipart/mixed; boundary=x"),
    "no boundary": mail(b"text", kind="multipart/mixed"),
    "unknown encoding": mail(b"text", "Content-Transfer-Encoding: x-rot13"),
    "bad type": mail(b"text", kind="text"),
    "bad charset": mail(b"text", kind='text/plain; charset="utf-8\x00"'),
    "bad date": mail(b"text", Date="Mon, 99 Foo 99999 99:99:99 +9999"),
    "far date": mail(b"text", Date="Mon, 05 Jan 0001 00:00:00 +1400"),
    "bad from": mail(b"text", From='<<>>, @@, "unclosed'),
    "bad address": mail(b"text", From="=?utf-8?B?8J+YgA==?="),
    "bad ids": mail(b"text", Message_ID="no brackets", References="<<a>> <b <c@d> x"),
    "8 bit headers": b"Subject: \xff\xfe\xd6\xd0\r\nFrom: \xe5\xbc\xa0 <a@x.test>\r\n\r\n\xd6\xd0",
    "nul": mail(b"a\x00b"),
    "utf-16": mail("text with words".encode("utf-16"), kind="text/plain; charset=utf-16"),
    "self boundary": mail(
        b"--b1\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n\r\nx\r\n--b1--",
        kind="multipart/mixed; boundary=b1",
    ),
    "rfc2231 mess": multipart(("Content-Disposition: attachment; filename*0*=; filename*2*=%zz; filename*x=1", b"x")),
    "delivery-status": mail(b"garbage", kind="message/delivery-status"),
    "empty rfc822": multipart(("Content-Type: message/rfc822", b"")),
    "partial": mail(b"x", kind="message/partial; id=1; number=a"),
    "report": mail(b"--b\r\n\r\nx\r\n--b--", kind="multipart/report; report-type=delivery-status; boundary=b"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_mail_is_read(name):
    parsed = parsing.parse(BROKEN[name])
    said = parsed.message.text + parsed.message.subject + parsed.message.sender.value
    assert "\x00" not in said
    said.encode("utf-8")


def test_mail_nested_without_end_is_read_as_text():
    body = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1) for level in range(3000)
    )
    message = read(mail(body, kind="multipart/mixed; boundary=b0"))
    assert message.subject == "Order"
    assert "structure_unreadable" in message.notes


def test_nesting_below_the_limit_of_the_parser_is_cut():
    body = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1) for level in range(300)
    )
    assert "parts_left_out" in read(mail(body, kind="multipart/mixed; boundary=b0")).notes


def test_a_thousand_parts_are_bounded():
    message = read(multipart(*[("Content-Type: image/png", b"x")] * 1000))
    assert len(message.attachments) == 50
    assert {"attachments_left_out", "parts_left_out"} <= set(message.notes)


def test_a_huge_text_is_cut_and_a_huge_mail_refused():
    message = read(mail(b"word " * 500_000))
    assert len(message.text) <= parsing.MAX_TEXT and "text_cut" in message.notes
    with pytest.raises(Invalid, match=r"mail\.too_large"):
        parsing.parse(b"x" * (parsing.MAX_BYTES + 1))
    with pytest.raises(Invalid, match=r"mail\.empty"):
        parsing.parse(b"\r\n")


def test_a_recipient_list_is_bounded():
    many = ", ".join(f"p{n}@x.test" for n in range(1000))
    assert len(read(mail(To=many)).recipients) <= 100
