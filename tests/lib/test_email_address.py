import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib import email_address as email


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("jane@acme.com", "jane@acme.com"),
        (" Jane.Smith@ACME.com ", "Jane.Smith@acme.com"),
        ('"Smith, Jane" <jane@acme.com>', "jane@acme.com"),
        ("张三 <zhangsan@qq.com>", "zhangsan@qq.com"),
        ("mailto:jane@acme.com?subject=hello", "jane@acme.com"),
        ("jane＠acme．com", "jane@acme.com"),
        ("jane@acme.com;", "jane@acme.com"),
        ("'jane@acme.com'", "jane@acme.com"),
        ("jane\u200b@acme.com", "jane@acme.com"),
        ("jane+shop@acme.com", "jane+shop@acme.com"),
        ("jane@müller.de", "jane@xn--mller-kva.de"),
        ("信箱@例子.中国", "信箱@xn--fsqu00a.xn--fiqs8s"),
        ('"jane smith"@acme.com', '"jane smith"@acme.com'),
        ("o'brien@acme.ie", "o'brien@acme.ie"),
        ("jane@acme", None),
        ("jane@@acme.com", None),
        ("jane.acme.com", None),
        (".jane@acme.com", None),
        ("jane..smith@acme.com", None),
        ("jane@-acme.com", None),
        ("jane@acme..com", None),
        ("jane@acme.c", None),
        ("jane@127.0.0.1", None),
        ("jane smith@acme.com", None),
        ("jane@ac me.com", None),
        ("jane\r\nBcc: all@acme.com", None),
        ("a" * 65 + "@acme.com", None),
        ("a@" + "b" * 64 + ".com", None),
        ("", None),
    ],
)
def test_normalise(raw, address):
    assert email.normalise(raw) == address


def test_addresses_are_compared_without_case():
    assert email.key("Jane@ACME.com") == email.key("jane@acme.com") == "jane@acme.com"
    assert email.key("jane+a@acme.com") != email.key("jane@acme.com")
    assert email.key("no") is None


@pytest.mark.parametrize(
    ("raw", "said", "meant"),
    [
        ("jane@gmail.com", "valid", None), ("jane@gmial.com", "possible", "jane@gmail.com"),
        ("jane@qq.con", "possible", "jane@qq.com"), ("jane@gmial.con", "possible", "jane@gmail.com"),
        ("jane", "impossible", None), (" ", "missing", None),
    ],
)  # fmt: skip
def test_verdict(raw, said, meant):
    assert email.verdict(raw) == said
    assert email.suggestion(raw) == meant


def test_display_shows_a_domain_in_its_own_script():
    assert email.display("jane@xn--mller-kva.de") == "jane@müller.de"
    assert email.display("jane@acme.com") == "jane@acme.com"


@given(st.text() | st.emails())
def test_an_address_normalises_to_itself_and_holds_no_line_break(text):
    address = email.normalise(text)
    if address is not None:
        assert email.normalise(address) == address
        assert not set(address) & set("\r\n\x00<>,") or address.startswith('"')
        assert not set(address) & set("\r\n\x00")


@given(st.emails())
def test_ordinary_addresses_are_taken(address):
    assert email.key(address) is not None or len(address.split("@")[0]) > 64
