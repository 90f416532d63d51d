"""Bytes under right, wrong and missing labels become the text that was written."""

import pytest

from guanxi.channels.email.mime import charsets, parsing
from tests.channels.email import samples

TEXTS = [
    (samples.ZH, "gb18030"), (samples.ZH, "utf-8"), (samples.TW, "big5"), (samples.TW, "utf-8"),
    (samples.JP, "iso2022_jp"), (samples.JP, "cp932"), (samples.DE, "cp1252"), (samples.DE, "utf-8"),
]  # fmt: skip
LABELS = [None, "us-ascii", "iso-8859-1", "gb2312", "big5", "utf-8", "nonsense", "utf-7", "unicode_escape", "base64"]


@pytest.mark.parametrize(("text", "charset"), TEXTS, ids=[f"{c}-{t[:2]}" for t, c in TEXTS])
@pytest.mark.parametrize("label", LABELS)
def test_a_wrong_label_does_not_spoil_the_text(text, charset, label):
    assert charsets.decode(text.encode(charset), label).text == text


def test_iso_2022_cn_is_read():
    raw = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "订单已发货".encode("gb2312")) + b"\x0f ok"
    assert charsets.decode(raw, "ISO-2022-CN").text == "订单已发货 ok"


def test_hz_is_read():
    assert charsets.decode(b"~{6)5%~}", "HZ-GB-2312").text == "订单"


def test_utf7_is_read_by_its_label_alone():
    """Before HTML is cleaned, so that no markup hides in it."""
    assert charsets.decode(b"+ADw-script+AD4-", "utf-7").text == "<script>"
    assert charsets.decode(b"+ADw-script+AD4-").text == "+ADw-script+AD4-"
    hidden = samples.mail(b"+ADw-script+AD4-x+ADw-/script+AD4-Hello", kind="text/html; charset=utf-7")
    assert parsing.parse(hidden).message.html == "Hello"


def test_broken_bytes_are_noted_and_no_control_or_half_character_is_left():
    decoded = charsets.decode(samples.ZH.encode() + b"\xff\xfe\x00\x07", "utf-8")
    assert decoded.damaged
    assert decoded.text.startswith(samples.ZH[:10])
    assert "\x00" not in decoded.text and "\x07" not in decoded.text
    assert charsets.clean("a\ud800b\r\nc") == "a?b\nc"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (samples.encoded("订单问题", "gb18030", "gb2312"), "订单问题"),
        (samples.encoded("訂單問題", "big5"), "訂單問題"),
        ("=?utf-8?B?6K6i5Y2V?= =?utf-8?B?6Zeu6aKY?=", "订单问题"),
        ("=?utf-8?B?6K6i5Y0=?= =?utf-8?B?lemXrumimA==?=", "订单问题"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?= Re", "Grüße Re"),
        ("=?unknown?Q?abc?=", "abc"),
        ("=?utf-8?B?!!!?= still", None),
        ("a\r\n Bcc: victim@x.test", "a Bcc: victim@x.test"),
        ("plain", "plain"),
    ],
)
def test_headers_are_decoded_to_one_line(raw, said):
    found = charsets.header(raw)
    assert "\n" not in found and "\r" not in found
    if said is not None:
        assert found == said


def test_a_raw_8_bit_header_is_guessed():
    raw = "订单什么时候发货".encode("gb18030").decode("ascii", "surrogateescape")
    assert charsets.header(raw) == "订单什么时候发货"
