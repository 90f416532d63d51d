"""Hostile HTML loads nothing and runs nothing; honest HTML keeps its look and becomes readable text."""

import re

import pytest

from guanxi.channels.email.mime import html

HOSTILE = [
    "<script>alert(1)</script>x",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<iframe src='https://evil.test'></iframe>",
    "<form action='https://evil.test'><input name=p><button>go</button></form>",
    "<object data='evil.swf'></object>",
    "<link rel=stylesheet href='https://evil.test/x.css'>",
    "<style>@import 'https://evil.test/x.css';</style>",
    "<div style=\"background:url('https://evil.test/x')\">x</div>",
    "<div style='background-color: u\\72l(x)'>x</div>",
    "<p style='color: expression(alert(1))'>x</p>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<base href='https://evil.test/'><a href='x'>x</a>",
    "<img srcset='https://evil.test/a 1x'>",
    "<math><mi//xlink:href='data:x'>",
    "<video poster='https://evil.test/p'></video>",
    "<table background='https://evil.test/b'><tr><td>x</table>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<img src='https://evil.test/pixel.gif'>",
    "<img src=' https://evil.test/pixel.gif'>",
    "<img src='//evil.test/p.gif'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='vbscript:x'>x</a>",
    "<a href='ja&#x0A;vascript:alert(1)'>x</a>",
    "<p style='position:fixed;top:0;width:100%'>x</p>",
    "<xmp><script>alert(1)</script></xmp>",
    "<template><script>alert(1)</script></template>",
    "<body onload=alert(1)>x",
]


@pytest.mark.parametrize("given", HOSTILE)
def test_hostile_html_is_harmless(given):
    cleaned = html.sanitise(given).html
    assert not re.search(
        r"<(script|style|svg|math|iframe|form|input|button|object|link|meta|base|video|template|xmp)", cleaned, re.I
    )
    assert "evil.test" not in cleaned and "alert" not in cleaned.replace("&lt;", "<")
    assert not re.search(r"\son\w+\s*=|javascript:|vbscript:|data:|position|url\(", cleaned, re.I)


def test_links_open_apart_and_tell_nothing():
    assert html.sanitise('<a href="https://shop.test/1">x</a>').html == (
        '<a href="https://shop.test/1" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )


def test_only_enclosed_images_are_shown_and_the_rest_is_counted():
    cleaned = html.sanitise('<img src="cid:logo"><img src="https://t.test/1"><img src="http://t.test/2" alt="b">')
    assert cleaned.html == '<img src="cid:logo"><img><img alt="b">'
    assert cleaned.blocked_images == 2


@pytest.mark.parametrize(
    "given", ["<div>" * 50_000 + "x", "<b>" * 200_000, "<a " * 100_000, "&" * 400_000, "x" * 2_000_000, "<" * 400_000]
)
def test_html_made_to_exhaust_us_does_not(given):
    cleaned = html.sanitise(given)
    assert len(cleaned.html) <= 2 * html.LIMIT * 5
    html.to_text(cleaned.html)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('<a href="https://x.test/y">here</a>', "here (https://x.test/y)"),
        ('<a href="https://x.test">https://x.test</a>', "https://x.test"),
        ('<a href="mailto:a@x.test">a@x.test</a>', "a@x.test"),
        ("<p>New</p><blockquote>Old<br>older</blockquote>", "New\n\n> Old\n> older"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<title>no</title>yes", "yes"),
    ],
)
def test_html_as_text(given, text):
    assert html.to_text(html.sanitise(given).html) == text


def test_text_as_html_is_escaped():
    assert html.from_text("a <b>\nc\n\nd") == "<p>a &lt;b&gt;<br>c</p><p>d</p>"


def test_a_letter_of_nothing_but_ampersands_is_not_parsed():
    """The parser takes the square of their number in time."""
    assert html.sanitise("&#" * (html.REFERENCES + 1)).reduced
    assert not html.sanitise("<p>" + "&#22312;" * (html.REFERENCES - 1)).reduced
