"""Blanks are a closed set, are filled or refused, and a text cannot do more than fill blanks."""

import pytest

from guanxi.channels.templates import rules
from guanxi.lib.errors import Invalid

VALUES = {
    "customer": {"name": "张伟", "salutation": "张总", "city": ""},
    "company": {"name": "顺达"},
    "today": "2026-01-05",
}


def code(function, *args):
    with pytest.raises(Invalid) as found:
        function(*args)
    return found.value.code


def test_blanks_are_filled():
    assert rules.fill("{{ customer.salutation }}您好，{{ company.name }}", VALUES) == "张总您好，顺达"
    assert rules.fill("{% if customer.name == '张伟' %}A{% else %}B{% endif %}{{ today }}", VALUES) == "A2026-01-05"
    assert rules.check("{{ customer.salutation }}{{ today | upcase }}") == ("customer.salutation", "today")


def test_an_unknown_blank_is_named_with_those_there_are():
    for text in ("{{ foo }}", "{{ customer.password }}", "{{ customer }}", "{{ customer.name.x }}", "{{ today.x }}"):
        assert code(rules.check, text) == "template.unknown_field"


def test_a_value_that_is_not_known_refuses_the_letter():
    assert code(rules.fill, "{{ customer.city }}", VALUES) == "template.missing_value"
    assert code(rules.fill, "{{ order.number }}", VALUES) == "template.missing_value"
    assert rules.missing("{{ customer.city }}{{ order.number }}{{ today }}", VALUES) == (
        "customer.city",
        "order.number",
    )
    assert rules.fill("{{ customer.city | default: 'there' }}", VALUES) == "there"


@pytest.mark.parametrize(
    "text",
    [
        "{{ customer.name", "{% if %}", "{% for x in (1..1000000000) %}a{% endfor %}", "{% include 'x' %}",
        "{% render 'x' %}", "{% assign x = 1 %}", "{% capture x %}a{% endcapture %}", "{{ today | base64_decode }}",
        "{% unknown %}", "{% if customer.name %}", "{% tablerow x in (1..9) %}{% endtablerow %}",
    ],
)  # fmt: skip
def test_a_mistake_or_more_than_filling_is_refused(text):
    assert code(rules.check, text) in ("template.mistake", "template.unknown_field", "template.unknown_filter")


def test_the_line_of_a_mistake_is_told():
    with pytest.raises(Invalid) as found:
        rules.check("one\ntwo\n{% nonsense %}")
    assert found.value.values["line"] == 3


def test_a_long_text_is_refused():
    assert code(rules.check, "x" * 20_001) == "template.too_long"


def test_the_language_falls_back_to_what_is_written():
    written = {"en": ("S", "Text"), "zh-Hans": ("主题", "正文"), "zh-Hant": ("", " ")}
    assert rules.in_language(written, "zh-Hant", "en")[0] == "zh-Hans"
    assert rules.in_language(written, "en", "zh-Hans")[0] == "en"
    assert rules.in_language({"zh-Hant": ("a", "b")}, "en", "zh-Hans")[0] == "zh-Hant"
    assert code(rules.in_language, {"en": ("a", "")}, "en", "en") == "template.empty"


def test_a_subject_is_one_line():
    assert rules.letter(("a\nb {{ today }}", " x \n"), VALUES) == rules.Letter("a b 2026-01-05", "x")
