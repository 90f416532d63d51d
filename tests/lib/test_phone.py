import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib import phone

COUNTRIES = ("CN", "TW", "HK", "GB", "US", "DE", "FR", "SG")


def truth(raw, country):
    """What the number tables say, without any shortcut of ours."""
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if not phonenumbers.is_valid_number(number) and reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def generated(count, seed=20101209):
    """Numbers as lists hold them: right ones in all spellings, one digit short or long, and plain nonsense."""
    draw = random.Random(seed)
    for _ in range(count):
        country = draw.choice(COUNTRIES)
        example = phonenumbers.example_number_for_type(
            country, draw.choice([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
        )
        national = str(example.national_number)
        keep = draw.randint(1, len(national) - 1)
        changed = national[:keep] + "".join(draw.choice("0123456789") for _ in national[keep:])
        changed = draw.choice([changed, changed, changed, changed[:-1], changed + "7"])
        shape = draw.choice(
            ["{t}{n}", "+{c}{n}", "+{c} {n}", "+{c}-{a}-{b}", "{t}{a} {b}", "({t}{a}) {b}", "{n}", "{c}{n}"]
        )
        trunk = "" if country in ("HK", "SG", "US") or (country == "CN" and national.startswith("1")) else "0"
        half = len(changed) // 2
        home = draw.choice([country, country, draw.choice(COUNTRIES)])
        yield shape.format(t=trunk, n=changed, c=example.country_code, a=changed[:half], b=changed[half:]), home


def test_the_fast_way_gives_the_answer_of_the_number_tables_for_20_000_numbers():
    wrong = [(raw, home) for raw, home in generated(20_000) if phone.normalise(raw, country=home) != truth(raw, home)]
    assert wrong == []


def test_most_right_numbers_take_the_fast_way():
    good = [(raw, home) for raw, home in generated(4_000) if phone.verdict(raw, country=home) == "valid"]
    fast = [pair for pair in good if phone._fast(phone._tidy(pair[0]), pair[1])]
    assert len(good) > 1_500
    assert len(fast) > 0.6 * len(good)


@pytest.mark.parametrize(
    ("raw", "country", "number"),
    [
        ("138 1234 5678", "CN", "+8613812345678"),
        ("１３８１２３４５６７８", "CN", "+8613812345678"),
        ("+86 138-1234-5678", "GB", "+8613812345678"),
        ("008613812345678", "CN", "+8613812345678"),
        ("0086 138 1234 5678", "TW", "+8613812345678"),
        ("8613812345678", "CN", "+8613812345678"),
        ("010-88888888 转 8001", "CN", "+861088888888"),
        ("(02) 2345-6789 分機 12", "TW", "+886223456789"),
        ("0912-345-678", "TW", "+886912345678"),
        ("2345 6789", "HK", "+85223456789"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("020 7946 0958 ext. 12", "GB", "+442079460958"),
        ("\u202d+44 7400 123456\u202c", "CN", "+447400123456"),
        ("tel:+1-415-555-2671", "GB", "+14155552671"),
        ("400-800-1234", "CN", "+864008001234"),
        ("", "CN", None),
        ("   ", "CN", None),
        ("unknown", "CN", None),
        ("10086", "CN", None),
        ("13812345678901234567", "CN", None),
    ],
)
def test_normalise(raw, country, number):
    assert phone.normalise(raw, country=country) == number


@pytest.mark.parametrize(
    ("raw", "country", "said"),
    [
        ("13812345678", "CN", "valid"), ("", "CN", "missing"), (" - ", "CN", "impossible"),
        ("12345", "CN", "impossible"), ("+1 415 055 2671", "US", "possible"), ("call me", "GB", "impossible"),
    ],
)  # fmt: skip
def test_verdict(raw, country, said):
    assert phone.verdict(raw, country=country) == said


def test_display_is_national_at_home_and_international_abroad():
    assert phone.display("+8613812345678", country="CN") == "138 1234 5678"
    assert phone.display("+8613812345678", country="GB") == "+86 138 1234 5678"
    assert phone.display("+442079460958", country="GB") == "020 7946 0958"


def test_extension_and_national_digits():
    assert phone.extension("010-88888888 转 8001") == "8001"
    assert phone.extension("020 7946 0958 x12") == "12"
    assert phone.extension("020 7946 0958") is None
    assert phone.national_digits("+8613812345678") == "13812345678"
    assert phone.national_digits("+85223456789") == "23456789"
    assert phone.country_of("+442079460958") == "GB"


@given(st.text(), st.sampled_from(COUNTRIES))
def test_whatever_is_typed_gives_a_number_that_normalises_to_itself_or_none(text, country):
    number = phone.normalise(text, country=country)
    if number is not None:
        assert phone.normalise(number, country=country) == number
        assert phone.verdict(text, country=country) in ("valid", "possible")
        assert phone.display(number, country=country)
