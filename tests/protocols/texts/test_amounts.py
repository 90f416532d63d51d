"""Numbers as people write them in protocols, and what is none."""

from decimal import Decimal

import pytest

from guanxi.protocols.texts.amounts import amounts, folded, number

WITHIN = [
    ("铃响4声内接听", "4", "rings", "4声"),
    ("电话须在三声以内接听", "3", "rings", "三声"),
    ("電話鈴響四聲內接聽", "4", "rings", "四聲"),
    ("响铃不超过５声", "5", "rings", "５声"),
    ("picked up within four rings", "4", "rings", "four rings"),
    ("24小时内回复", "24", "hours", "24小时"),
    ("２４小時內回覆", "24", "hours", "２４小時"),
    ("二十四小时之内答复", "24", "hours", "二十四小时"),
    ("不得超过两小时", "2", "hours", "两小时"),
    ("答复时限：24h内", "24", "hours", "24h"),
    ("一个半小时内", "1.5", "hours", "一个半小时"),
    ("两小时半以内", "2.5", "hours", "两小时半"),
    ("半小時內回電", "0.5", "hours", "半小時"),
    ("十五分钟内", "15", "minutes", "十五分钟"),
    ("10分内", "10", "minutes", "10分"),
    ("一刻钟之内", "15", "minutes", "一刻钟"),
    ("平均不超过三十秒", "30", "seconds", "三十秒"),
    ("三十秒鐘內", "30", "seconds", "三十秒鐘"),
    ("两个工作日内", "2", "working_days", "两个工作日"),
    ("兩個營業日內", "2", "working_days", "兩個營業日"),
    ("七天内回访", "7", "days", "七天"),
    ("3日内", "3", "days", "3日"),
    ("一周之内", "7", "days", "一周"),
    ("兩星期內", "14", "days", "兩星期"),
    ("一年内", "365", "days", "一年"),
    ("24 小时（自然日）内", "24", "hours", "24 小时"),
    ("within 30 seconds", "30", "seconds", "30 seconds"),
    ("in under 5 mins", "5", "minutes", "5 mins"),
    ("no later than two hours after", "2", "hours", "two hours"),
    ("within twenty-four hours", "24", "hours", "twenty-four hours"),
    ("within an hour", "1", "hours", "an hour"),
    ("within one and a half hours", "1.5", "hours", "one and a half hours"),
    ("within half an hour", "30", "minutes", "half an hour"),
    ("48 hrs or less", "48", "hours", "48 hrs"),
    ("within 1.5 hours", "1.5", "hours", "1.5 hours"),
    ("in two working days", "2", "working_days", "two working days"),
    ("within 3 business days", "3", "working_days", "3 business days"),
    ("at most three times a week", "3", "per_week", "three"),
    ("in any month it is at most eight times", "8", "per_month", "eight"),
    ("每周不超过三次", "3", "per_week", "三次"),
    ("每個月最多8封", "8", "per_month", "8封"),
]


@pytest.mark.parametrize(("text", "value", "unit", "said"), WITHIN)
def test_a_limit_is_recognised_with_its_unit_and_place(text, value, unit, said):
    (found,) = [one for one in amounts(text) if one.limit]
    assert (found.value, found.unit) == (Decimal(value), unit)
    assert text[found.start : found.end].startswith(said)


@pytest.mark.parametrize(
    "text",
    ["at most three times a week and eight times a month", "每周不超过三次，每月不超过八次"],
)
def test_two_counts_in_one_sentence_keep_their_own_spans(text):
    found = [(one.value, one.unit) for one in amounts(text) if one.unit.startswith("per_")]
    assert found == [(Decimal(3), "per_week"), (Decimal(8), "per_month")]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("超过24小时未回复", "24", "hours"),
        ("a case older than 24 hours", "24", "hours"),
        ("一声按五秒计算", "5", "seconds"),
        ("the last 90 days", "90", "days"),
    ],
)
def test_a_number_that_limits_nothing_is_no_limit(text, value, unit):
    found = amounts(text)[-1]
    assert (found.value, found.unit, found.limit) == (Decimal(value), unit, False)


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月1日起施行", "7×24小时热线", "24/7", "第3天", "晚上九点至早上八点", "第三条", "9:00–18:00",
        "open 24 hours a day", "call the hotline", "满意度90分", "我们三人一组", "周一至周五", "a member of the team",
    ],
)  # fmt: skip
def test_dates_opening_hours_and_ordinals_are_no_amounts(text):
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("two to four hours", "4", "hours"), ("三到五天内", "5", "days"), ("within 2–4 hours", "4", "hours"),
     ("三个月内", "90", "days")],
)  # fmt: skip
def test_of_two_numbers_and_of_months_none_is_exact(text, value, unit):
    (found,) = amounts(text)
    assert (found.value, found.unit, found.exact) == (Decimal(value), unit, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [("95%", "0.95"), ("９８％", "0.98"), ("百分之九十五", "0.95"), ("九成", "0.9"), ("九成五", "0.95"),
     ("80 per cent", "0.8")],
)  # fmt: skip
def test_shares(text, value):
    (found,) = amounts(text)
    assert (found.value, found.unit) == (Decimal(value), "share")


@pytest.mark.parametrize(
    ("text", "days", "exact"),
    [
        ("每年重新验证一次", 365, True), ("every year", 365, True), ("once a year", 365, True),
        ("verified annually", 365, True),
        ("每两年", 730, True), ("每半年", 182, False), ("every six months", 180, False), ("每季度評審", 91, False),
    ],
)  # fmt: skip
def test_rhythms(text, days, exact):
    (found,) = amounts(text)
    assert (found.value, found.unit, found.every, found.exact) == (days, "days", True, exact)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("两", 2), ("十", 10), ("十二", 12), ("二十四", 24), ("一百二十", 120), ("九十", 90), ("三六五", 365),
        ("一千", 1000),
        ("二点五", "2.5"), ("2,5", "2.5"), ("thirty", 30), ("forty-five", 45), ("an", 1), ("twelve", 12),
    ],
)  # fmt: skip
def test_numerals(said, value):
    assert number(said) == Decimal(value)


def test_every_character_keeps_its_place_when_it_is_folded():
    text = "電話鈴響４聲內，İstanbul　ＡＢＣ（％）"
    assert len(folded(text)) == len(text)
    assert folded("電話４聲　％") == "电话4声 %"
