from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.lib import money
from guanxi.lib.errors import Invalid
from guanxi.lib.money import Money

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def gbp(text):
    return Money(Decimal(text), "GBP")


def test_arithmetic_keeps_the_currency():
    assert gbp("1.10") + gbp("2.20") == gbp("3.30")
    assert gbp("1") - gbp("2") == -gbp("1")
    assert gbp("1.25") * 3 == 3 * gbp("1.25") == gbp("3.75")
    assert abs(gbp("-2")) == gbp("2")
    assert gbp("1") < gbp("2") <= gbp("2")
    assert gbp("2") > gbp("1") >= gbp("1")
    assert not gbp("0.00")
    assert gbp("3").ratio(gbp("2")) == Decimal("1.5")
    assert money.total([gbp("1"), gbp("2")], currency="GBP") == gbp("3")
    assert money.total([], currency="GBP") == gbp("0")


@pytest.mark.parametrize("act", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a.ratio(b)])
def test_currencies_are_never_mixed(act):
    with pytest.raises(Invalid) as refused:
        act(gbp("1"), Money(Decimal(1), "EUR"))
    assert refused.value.code == "money.mixed_currencies"


def test_floats_and_odd_values_are_refused():
    with pytest.raises(TypeError):
        gbp("1") * 1.5
    for amount, currency, code in [
        (1.5, "GBP", "money.not_an_amount"),
        (Decimal("NaN"), "GBP", "money.not_an_amount"),
        (Decimal(1), "pounds", "money.not_a_currency"),
        (Decimal(1), "gbp", "money.not_a_currency"),
    ]:
        with pytest.raises(Invalid) as refused:
            Money(amount, currency)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("1.005", "GBP", "1.01"), ("-1.005", "GBP", "-1.01"), ("1.5", "JPY", "2"), ("1.0005", "KWD", "1.001")],
)
def test_rounding_is_half_up_to_the_smallest_coin(amount, currency, rounded):
    assert Money(Decimal(amount), currency).rounded().amount == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("1234.5", "GBP", "en", "£1,234.50"),
        ("-12", "GBP", "zh-Hans", "-£12.00"),
        ("1234.5", "CNY", "zh-Hans", "¥1,234.50"),
        ("1234.5", "CNY", "en", "CN¥1,234.50"),
        ("1234.5", "CNY", "zh-Hant", "CN¥1,234.50"),
        ("1234.5", "TWD", "zh-Hant", "NT$1,235"),
        ("1234.4", "TWD", "en", "NT$1,234"),
        ("1234.5", "JPY", "en", "JP¥1,235"),
        ("1234.5", "JPY", "zh-Hans", "JP¥1,235"),
        ("1.5", "USD", "en", "US$1.50"),
        ("1.5", "USD", "zh-Hant", "US$1.50"),
        ("1.5", "KWD", "en", "KWD\u00a01.500"),
        ("-0.001", "GBP", "en", "£0.00"),
    ],
)
def test_format(amount, currency, language, shown):
    assert money.format(Money(Decimal(amount), currency), language=language) == shown


@pytest.mark.parametrize(
    ("currency", "home", "language", "shown"),
    [
        ("CNY", "CNY", "en", "¥128.00"),
        ("CNY", "CNY", "zh-Hant", "¥128.00"),
        ("JPY", "JPY", "en", "¥128"),
        ("USD", "USD", "zh-Hans", "$128.00"),
        ("TWD", "TWD", "zh-Hant", "NT$128"),
        ("CNY", "GBP", "en", "CN¥128.00"),
        ("JPY", "CNY", "zh-Hans", "JP¥128"),
        ("USD", "CNY", "en", "US$128.00"),
    ],
)
def test_a_companys_own_currency_has_its_narrow_sign_and_others_a_wide_one(currency, home, language, shown):
    assert money.format(Money(Decimal(128), currency), language=language, home=home) == shown


def test_format_exact():
    assert money.format(Money(Decimal("1234.5"), "TWD"), language="en", exact=True) == "NT$1,234.50"


@pytest.mark.parametrize(
    ("text", "hint", "mark", "amount", "currency"),
    [
        ("1,234.50", "GBP", None, "1234.50", "GBP"),
        ("¥1 234", "CNY", None, "1234", "CNY"),
        ("￥１,２３４.５", "CNY", None, "1234.5", "CNY"),
        ("¥1,234", "JPY", None, "1234", "JPY"),
        ("(12.00)", "GBP", None, "-12.00", "GBP"),
        ("(£12.00)", None, None, "-12.00", "GBP"),
        ("-£12.00", None, None, "-12.00", "GBP"),
        ("£-12.00", None, None, "-12.00", "GBP"),
        ("12.00-", "GBP", None, "-12.00", "GBP"),
        ("−5", "GBP", None, "-5", "GBP"),
        ("1.234,50", "EUR", None, "1234.50", "EUR"),
        ("1.234.567", "EUR", None, "1234567", "EUR"),
        ("1.234", "EUR", ",", "1234", "EUR"),
        ("1.234", "EUR", None, "1.234", "EUR"),
        ("1,234", "EUR", None, "1234", "EUR"),
        ("1,234", "EUR", ",", "1.234", "EUR"),
        ("12,5", "EUR", None, "12.5", "EUR"),
        ("1 234 567,89 €", None, None, "1234567.89", "EUR"),
        ("1\u00a0234,50", "EUR", None, "1234.50", "EUR"),
        ("CHF 1'234.50", None, None, "1234.50", "CHF"),
        ("12 EUR", "GBP", None, "12", "EUR"),
        ("€12", "GBP", None, "12", "EUR"),
        ("NT$1,200", None, None, "1200", "TWD"),
        ("1200元", "TWD", None, "1200", "TWD"),
        ("RMB 88", None, None, "88", "CNY"),
        ("人民币88元", None, None, "88", "CNY"),
        ("1.2万", "CNY", None, "12000", "CNY"),
        ("3亿元", "CNY", None, "300000000", "CNY"),
        ("1,00,000.50", "INR", None, "100000.50", "INR"),
        (".5", "GBP", None, "0.5", "GBP"),
        ("0", "GBP", None, "0", "GBP"),
    ],
)
def test_parse(text, hint, mark, amount, currency):
    assert money.parse(text, currency=hint, decimal_mark=mark) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "hint", "code"),
    [
        ("", "GBP", "money.not_an_amount"),
        ("abc", "GBP", "money.not_an_amount"),
        ("1.2.3,4,5", "GBP", "money.not_an_amount"),
        ("12,34,5", "GBP", "money.not_an_amount"),
        ("--5", "GBP", "money.not_an_amount"),
        ("12/5", "GBP", "money.not_an_amount"),
        ("1e5", "GBP", "money.not_an_amount"),
        ("12", None, "money.currency_missing"),
        ("$12", None, "money.currency_unclear"),
        ("$12", "EUR", "money.currency_differs"),
        ("£12 €", None, "money.mixed_currencies"),
    ],
)
def test_parse_refuses(text, hint, code):
    with pytest.raises(Invalid) as refused:
        money.parse(text, currency=hint)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("samples", "mark"),
    [
        (["1.234,50", "7"], ","),
        (["1,234.50"], "."),
        (["1.234"], "ambiguous"),
        (["0,5", "1.5"], "ambiguous"),
        (["9.5"], "."),
    ],
)
def test_guess_decimal_mark(samples, mark):
    assert money.guess_decimal_mark(samples) == mark


@given(amounts, st.lists(st.integers(0, 100), min_size=1, max_size=8).filter(sum))
def test_a_split_loses_no_coin(amount, shares):
    whole = Money(amount, "GBP")
    parts = whole.split(shares)
    assert money.total(parts, currency="GBP") == whole
    assert all(abs(p.amount - amount * s / sum(shares)) < Decimal("0.01") for p, s in zip(parts, shares, strict=True))


@given(amounts, st.sampled_from(["GBP", "CNY", "EUR", "USD"]), st.sampled_from(["en", "zh-Hans", "zh-Hant"]))
def test_what_is_shown_is_read_back(amount, currency, language):
    shown = money.format(Money(amount, currency), language=language)
    assert money.parse(shown, currency=currency) == Money(amount, currency)


@given(st.text(max_size=20))
def test_anything_else_is_refused_with_a_code(text):
    try:
        money.parse(text, currency="GBP")
    except Invalid as refused:
        assert refused.code.startswith("money.")
