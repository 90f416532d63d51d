"""Blanks are a closed set, are filled or refused, and a text cannot do more than fill blanks."""

import time
import tracemalloc
from itertools import product

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
    known = ("template.mistake", "template.not_closed", "template.unknown_field", "template.unknown_filter")
    assert code(rules.check, text) in known


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


GROWING = {
    "append": ": customer.name", "date": ": '%c%c%c%c%c%c%c%c%c%c'", "default": ": customer.name",
    "prepend": ": customer.name", "replace": ": 'a', customer.name", "round": ": 999",
    "truncate": ": 999999, customer.name",
}  # fmt: skip
WORDS = ("&aßﬃa" * 3000, "a" * 200, "2026-01-05", "9" * 30, "1e999999", "nan", "²", "-1", " ")


def test_no_chain_of_filters_makes_more_than_a_letter_holds():
    """Whatever is multiplied: it is refused or stays within the bound, and is not built before it is refused."""
    names = sorted(rules._FILTERS)
    texts = [
        "{{ customer.name" + "".join(f" | {one}{GROWING.get(one, '')}" for one in (*chain, *chain)) + " }}"
        for chain in product(names, repeat=3)
    ]
    tracemalloc.start()
    try:
        for word in WORDS:
            for text in texts if word is WORDS[1] else texts[::7]:
                try:
                    made = rules.fill(text, {"customer": {"name": word}})
                except Invalid as problem:
                    assert problem.code in ("template.too_long", "template.mistake", "template.missing_value")
                else:
                    assert len(made) <= max(rules.LONGEST, len(word))
        assert tracemalloc.get_traced_memory()[1] < 300 * rules.LONGEST
    finally:
        tracemalloc.stop()


def test_a_text_that_multiplies_itself_is_refused_before_it_is_built():
    for text in (
        "{{ '" + "a" * 300 + "' | replace: 'a', '" + "b" * 60 + "' | replace: 'b', '" + "c" * 20 + "' }}",
        "{{ customer.name" + " | replace: '', customer.name" * 10 + " }}",
        "{{ customer.name" + " | append: customer.name" * 15 + " }}",
    ):
        assert code(rules.fill, text, {"customer": {"name": "x" * 1500}}) == "template.too_long"


@pytest.mark.parametrize(
    "text",
    [
        "{{ '1e999999' | round }}", "{{ 'nan' | round }}", "{{ 1.5 | round: 'inf' }}", "{{ '²' | date: '%Y' }}",
        "{{ '99999999999999999999' | date: '%Y' }}", "{{ '9999999999999999999999 1 1' | date: '%Y' }}",
    ],
)  # fmt: skip
def test_a_number_no_one_can_count_is_a_mistake(text):
    assert code(rules.fill, text, VALUES) == "template.mistake"


@pytest.mark.parametrize(
    "text",
    [
        "{{", "{", "{%", "{% if ", "{{-", "{{ ", "{{ '", "{% comment %}", "{% raw %}", "{{ customer[", "{% if today %}",
        "{{ '' | append: ''", "{{ today",
    ],
)  # fmt: skip
def test_a_text_of_nothing_but_openings_is_refused_at_once(text):
    since = time.process_time()
    whole = text * (rules.LONGEST // len(text))
    assert code(rules.check, whole) in ("template.not_closed", "template.mistake", "template.too_long")
    assert code(rules.check, f"{{{{{' ' * 19_000}}}}}") == "template.not_closed"
    assert time.process_time() - since < 3


def test_where_a_blank_is_not_closed_is_told():
    with pytest.raises(Invalid) as found:
        rules.check("one\n{{ today }}\ntwo {{ customer.name\n{{ today }}")
    assert (found.value.code, found.value.values["line"], found.value.values["closed"]) == (
        "template.not_closed", 3, "}}",
    )  # fmt: skip
    assert rules.check("a } b }} c %} {{ today }}}") == ("today",)


def test_a_range_that_would_be_counted_to_its_end_is_refused():
    for text in ("{% if (1..1000000000000) contains 'x' %}a{% endif %}", "{{ today | default: (1..3) }}"):
        assert code(rules.check, text) == "template.range"


def test_a_part_may_depend_on_whether_something_is_known():
    lives = "{% if customer.city %}in {{ customer.city }}{% else %}somewhere{% endif %}"
    assert rules.fill(lives, VALUES) == "somewhere"
    assert rules.fill(lives, {"customer": {"city": "Leeds"}}) == "in Leeds"
    assert rules.fill("{% unless order.number %}none{% endunless %}", VALUES) == "none"
    assert rules.fill("{% if customer.city == 'Leeds' %}L{% else %}N{% endif %}", VALUES) == "N"
    assert rules.missing(lives, VALUES) == ()
    assert rules.missing("{% if customer.name %}{{ customer.city }}{% endif %}", VALUES) == ("customer.city",)
