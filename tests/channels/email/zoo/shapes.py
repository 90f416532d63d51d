"""Mail that is built wrongly, cruelly, or of things that are not letters."""

from base64 import b64encode

from tests.channels.email import samples
from tests.channels.email.samples import encoded, mail, multipart

_EVENT = (
    "BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VTIMEZONE\r\nDTSTART:16010101T000000\r\nEND:VTIMEZONE\r\n"
    "BEGIN:VEVENT\r\nSUMMARY:看样品\\, 第二次\r\nLOCATION:Room 4\\; floor 2\r\n"
    "DTSTART;TZID=Asia/Shanghai:20260105T100000\r\nDTEND;TZID=Asia/Sha\r\n nghai:20260105T110000\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
_TOLD = "看样品, 第二次\n2026-01-05 10:00 (Asia/Shanghai) – 2026-01-05 11:00 (Asia/Shanghai)\nRoom 4; floor 2"
_TEXT = "Content-Type: text/plain; charset=utf-8"
SUBJECT = "订单什么时候发货"


def _calendar(method: str) -> bytes:
    return multipart(
        (_TEXT, b"Shall we meet?"),
        (f"Content-Type: text/calendar; charset=utf-8; method={method}", _EVENT.format(method=method).encode()),
        kind="alternative",
    )


def _nested(depth: int, innermost: bytes) -> bytes:
    body = b"\r\n%s" % innermost
    for level in range(depth, 0, -1):
        kind = b'Content-Type: multipart/mixed; boundary="n%d"\r\n' % level if level < depth else b""
        body = b"--n%d\r\n%s%s\r\n--n%d--\r\n" % (level - 1, kind, body, level - 1)
        body = b"\r\n" + body
    return mail(body, kind='multipart/mixed; boundary="n0"')


def _named(head: str, name: str) -> tuple[bytes, dict[str, object]]:
    part = (f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {head}", b"%PDF")
    return multipart((_TEXT, b"see"), part), {"text": "see", "names": [name]}


def written() -> dict[str, tuple[bytes, dict[str, object]]]:
    """Each broken or strange mail, and what must be seen of it."""
    beasts: dict[str, tuple[bytes, dict[str, object]]] = {
        "nested ten deep": (_nested(10, b"deep"), {"text": "deep"}),
        "no boundary named": (mail(b"--x\r\n\r\nhello\r\n--x--", kind="multipart/mixed"), {"in_text": "hello"}),
        "another boundary than named": (
            mail(b"--y\r\n\r\nhello\r\n--y--", kind="multipart/mixed; boundary=x"),
            {"in_text": "hello"},
        ),
        "last boundary missing": (mail(b"--x\r\n\r\nhello\r\n", kind="multipart/mixed; boundary=x"), {"text": "hello"}),
        "a wrong length": (mail(b"hello", Content_Length="999999"), {"text": "hello"}),
        "a text that says it is base64": (
            mail(b"hello there", "Content-Transfer-Encoding: base64"),
            {"notes": ["part_damaged"]},
        ),
        "quoted-printable cut off": (
            mail(b"gr=C3=BC=C3=9Fe=", "Content-Transfer-Encoding: quoted-printable"),
            {"text": "grüße"},
        ),
        "an unknown encoding": (mail(b"hello", "Content-Transfer-Encoding: x-rot13"), {"text": "hello"}),
        "empty": (mail(b"", Subject="Only a subject"), {"subject": "Only a subject", "text": ""}),
        "no headers": (b"\r\njust text\r\n", {"text": "just text", "sender": "", "notes": ["no_sender"]}),
        "no From": (
            mail(b"hello", From=""),
            {"text": "hello", "sender": "", "notes": ["no_sender"], "needs_answer": True},
        ),
        "no From but a Sender": (
            mail(b"hello", From="", Sender="bob@customers.test"),
            {"sender": "bob@customers.test"},
        ),
        "several From": (
            mail(b"hello", From="Ann <ann@customers.test>, Bob <bob@customers.test>", Sender="bob@customers.test"),
            {"sender": "ann@customers.test"},
        ),
        "From twice": (mail(b"hello", "From: Eve <eve@evil.test>"), {"sender": "alice@customers.test"}),
        "a group address": (
            mail(b"hello", To="Friends: bob@customers.test, eve@customers.test;", Cc="undisclosed-recipients:;"),
            {"recipients": ["bob@customers.test", "eve@customers.test"]},
        ),
        "To and Cc": (
            mail(b"hello", Cc="Bob <bob@customers.test>, ann@customers.test"),
            {"recipients": ["support@company.test", "bob@customers.test", "ann@customers.test"]},
        ),
        "raw 8-bit headers": (
            mail(b"hello", Subject="@@").replace(b"@@", SUBJECT.encode("gb18030"), 1),
            {"subject": SUBJECT},
        ),
        "raw 8-bit From": (
            mail(b"hello", From="@@ <zhang@customers.test>").replace(b"@@", "张伟采购部门".encode("gb18030"), 1),
            {"sender": "zhang@customers.test", "sender_name": "张伟采购部门"},
        ),
        "NUL bytes": (mail(b"he\x00llo", Subject="Or\x00der"), {"text": "hello", "subject": "Order"}),
        "a word broken inside a character": (
            mail(b"hello", Subject="=?utf-8?B?6K6i5Y0=?=\r\n =?utf-8?B?lemXrumimA==?="),
            {"subject": "订单问题"},
        ),
        "words of two charsets": (
            mail(b"hello", Subject=f"{encoded('订单', 'gb18030', 'gb2312')} {encoded('訂單', 'big5')}"),
            {"subject": "订单訂單"},
        ),
        "an encoded word in quotes": (
            mail(b"hello", From=f'"{encoded("张伟", "utf-8")}" <z@customers.test>'),
            {"sender_name": "张伟"},
        ),
        "a subject that never ends": (mail(b"hello", Subject="x" * 5000), {"subject": "x" * 500}),
        "a winmail.dat": (
            multipart((_TEXT, b"see"), ("Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22")),
            {"text": "see", "names": ["winmail.dat"], "notes": ["winmail_kept"]},
        ),
        "an invitation": (
            _calendar("REQUEST"),
            {"text": f"Shall we meet?\n\n{_TOLD}", "names": ["1.ics"], "notes": ["invitation"]},
        ),
        "an invitation called off": (_calendar("CANCEL"), {"in_text": _TOLD, "notes": ["invitation_cancelled"]}),
        "an invitation answered": (_calendar("REPLY"), {"in_text": _TOLD, "notes": ["invitation_answered"]}),
        "an invitation alone": (
            mail(_EVENT.format(method="REQUEST").encode(), kind="text/calendar; charset=utf-8"),
            {"text": _TOLD, "notes": ["invitation"]},
        ),
        "a broken invitation": (
            multipart((_TEXT, b"see"), ("Content-Type: text/calendar", b"BEGIN:VEVENT\r\nDTSTART:\r\n:::")),
            {"text": "see", "notes": ["invitation"]},
        ),
        "a thousand parts": (
            multipart((_TEXT, b"first"), *[("Content-Type: image/png", b"x")] * 1000),
            {"text": "first", "files": 50, "notes": ["attachments_left_out", "parts_left_out"]},
        ),
        "nested without end": (
            mail(
                b"".join(
                    b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(3000)
                ),
                kind="multipart/mixed; boundary=b0",
            ),
            {"notes": ["structure_unreadable"]},
        ),
        "a picture in base64 that is cut": (
            multipart(
                (_TEXT, b"see"),
                ("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", b64encode(b"\x89PNG12")[:-2] + b"!"),
            ),
            {"names": ["1.png"], "notes": ["part_damaged"]},
        ),
        "only HTML": (mail(f"<p>{samples.ZH}</p>".encode(), kind="text/html; charset=utf-8"), {"text": samples.ZH}),
        "a file only": (mail(b"%PDF", kind="application/pdf; name=offer.pdf"), {"text": "", "names": ["offer.pdf"]}),
    }
    beasts |= {
        "name of RFC 2231": _named("filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        "name of RFC 2231 in pieces": _named(
            "filename*0*=UTF-8''%E5%8F%91; filename*1*=%E7%A5%A8; filename*2=.pdf", "发票.pdf"
        ),
        "name of RFC 2231 in GBK": _named("filename*=gbk''%B7%A2%C6%B1.pdf", "发票.pdf"),
        "name as an encoded word": _named(f'filename="{encoded("发票.pdf", "gb18030", "gb2312")}"', "发票.pdf"),
        "name as raw bytes": _named('filename="发票.pdf"', "发票.pdf"),
        "name with a path": _named('filename="../../etc/passwd"', "passwd"),
        "no name": _named("x=1", "1.pdf"),
    }
    return beasts
