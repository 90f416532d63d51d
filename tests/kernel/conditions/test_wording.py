"""A condition reads as a person would say it, in each language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.records import relations, type_of
from guanxi.lib.errors import Invalid
from guanxi.workspace.users.models import User
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db


def said(condition, record, *, actor):
    return sentence(condition, record, actor=actor, currency="GBP")


LEEDS = {"field": "city", "op": "is", "value": "Leeds"}
SAID = [
    (None, "All customers", "全部客户", "全部客戶"),
    (LEEDS, "City is Leeds", "城市为 Leeds", "城市為 Leeds"),
    (
        {"field": "city", "op": "in", "value": ["Leeds", "York", "Hull"]},
        "City is Leeds, York or Hull", "城市为 Leeds、York 或 Hull", "城市為 Leeds、York 或 Hull",
    ),
    (
        {"field": "lifecycle", "op": "not_in", "value": ["churn", "contact"]},
        "Stage is neither Churn nor Contact", "生命周期阶段不是流失或初次接触", "生命週期階段不是流失或初次接觸",
    ),
    (
        {"field": "lifecycle", "op": "not_in", "value": ["churn"]},
        "Stage is not Churn", "生命周期阶段不是流失", "生命週期階段不是流失",
    ),
    ({"field": "email", "op": "empty"}, "No e-mail", "没有电子邮件", "沒有電子郵件"),
    ({"field": "email", "op": "not_empty"}, "E-mail is known", "有电子邮件", "有電子郵件"),
    ({"not": {"field": "email", "op": "empty"}}, "E-mail is known", "有电子邮件", "有電子郵件"),
    ({"not": LEEDS}, "City is not Leeds", "城市不是 Leeds", "城市不是 Leeds"),
    ({"not": {"not": LEEDS}}, "City is Leeds", "城市为 Leeds", "城市為 Leeds"),
    (
        {"field": "name", "op": "starts_with", "value": "王"},
        "Name begins with “王”", "姓名或名称以“王”开头", "姓名或名稱以「王」開頭",
    ),
    (
        {"field": "name", "op": "contains", "value": "son"},
        "Name contains “son”", "姓名或名称包含“son”", "姓名或名稱包含「son」",
    ),
    (
        {"field": "created_at", "op": "last", "value": {"days": 30}},
        "Created in the last 30 days", "创建时间在最近 30 天内", "建立時間在最近 30 天內",
    ),
    (
        {"field": "created_at", "op": "older_than", "value": {"months": 1}},
        "Created more than a month ago", "创建时间在 1 个月以前", "建立時間在 1 個月以前",
    ),
    (
        {"field": "birthday", "op": "anniversary_within", "value": {"days": 7}},
        "Birthday comes round in the next 7 days", "今后 7 天内逢生日", "未來 7 天內適逢生日",
    ),
    (
        {"field": "birthday", "op": "lt", "value": "1980-03-01"},
        "Birthday before 1 March 1980", "生日早于1980年3月1日", "生日早於1980年3月1日",
    ),
    (
        {"field": "birthday", "op": "between", "value": ["1980-01-01", "1989-12-31"]},
        "Birthday from 1 January 1980 to 31 December 1989",
        "生日在1980年1月1日至1989年12月31日之间", "生日在1980年1月1日至1989年12月31日之間",
    ),
    ({"field": "birth_year_known", "op": "false"}, "Year of birth known: no", "出生年份已知：否", "出生年份已知：否"),
    ({"field": "origin", "op": "is", "value": "import"}, "Origin is Import", "来源为导入", "來源為匯入"),
    (
        {"and": [LEEDS, {"or": [{"field": "country", "op": "is", "value": c} for c in ("GB", "IE")]}]},
        "City is Leeds and (country is GB or country is IE)",
        "城市为 Leeds，且（国家或地区为 GB，或国家或地区为 IE）",
        "城市為 Leeds，且（國家或地區為 GB，或國家或地區為 IE）",
    ),
    (
        {"not": {"and": [LEEDS, {"field": "country", "op": "is", "value": "GB"}]}},
        "Not (city is Leeds and country is GB)",
        "不符合（城市为 Leeds，且国家或地区为 GB）", "不符合（城市為 Leeds，且國家或地區為 GB）",
    ),
    ({"related": "holds"}, "Was on hold", "被暂停联系过", "被暫停聯絡過"),
    (
        {"not": {"related": "holds", "last": {"years": 1}}},
        "Was not on hold in the last year", "最近 1 年内未被暂停联系", "最近 1 年內未被暫停聯絡",
    ),
    (
        {"related": "holds", "aggregate": "count", "op": "lte", "value": 0},
        "Was not on hold", "未被暂停联系", "未被暫停聯絡",
    ),
    (
        {"related": "holds", "aggregate": "count", "op": "gte", "value": 1},
        "Was on hold", "被暂停联系过", "被暫停聯絡過",
    ),
    (
        {"related": "holds", "aggregate": "count", "op": "gte", "value": 2, "last": {"days": 90}},
        "Was on hold in the last 90 days twice or more",
        "最近 90 天内被暂停联系过 2 次及以上", "最近 90 天內被暫停聯絡過 2 次以上",
    ),
    (
        {"related": "holds", "aggregate": "count", "op": "between", "value": [2, 5]},
        "Was on hold 2 to 5 times", "被暂停联系过 2 到 5 次", "被暫停聯絡過 2 到 5 次",
    ),
    (
        {"related": "contact_points", "aggregate": "count", "op": "gte", "value": 3,
         "where": {"field": "kind", "op": "is", "value": "email"}},
        "Has at least 3 ways to reach (counting only: kind is E-mail)",
        "有至少 3 条联系方式（仅限类型为电子邮件）", "有至少 3 筆聯絡方式（僅限類型為電子郵件）",
    ),
    (
        {"related": "consents", "op": "false", "where": {"field": "purpose", "op": "is", "value": "marketing"}},
        "Has no consents (counting only: purpose is Marketing)",
        "没有同意记录（仅限用途为营销）", "沒有同意紀錄（僅限用途為行銷）",
    ),
    (
        {"related": "holds", "aggregate": "max", "of": "until", "op": "lt", "value": "2026-01-01T12:00:00+00:00"},
        "Was on hold, the latest until before 1 January 2026",
        "被暂停联系过，最近一次的截止时间早于2026年1月1日", "被暫停聯絡過，最近一次的截止時間早於2026年1月1日",
    ),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("condition", "en", "hans", "hant"), SAID, ids=[row[1] for row in SAID])
def test_a_condition_is_said(condition, en, hans, hant, language):
    wanted = {"en": en, "zh-Hans": hans, "zh-Hant": hant}[language]
    compiled(SYSTEM, condition, type_of(Customer))
    assert said(condition, type_of(Customer), actor=replace(SYSTEM, language=language)) == wanted


def bought(**more):
    return {"related": "orders", "last": {"days": 90}, **more}


BOUGHT = [
    (
        {"and": [
            bought(aggregate="count", op="gte", value=2), bought(aggregate="sum", of="total", op="gt", value=500),
        ]},
        "Bought in the last 90 days twice or more, for over £500 in all",
        "最近 90 天内购买过 2 次及以上，累计超过 £500", "最近 90 天內購買過 2 次以上，累計超過 £500",
    ),
    (
        {"related": "orders", "aggregate": "sum", "of": "total", "op": "gte", "value": "1234.50"},
        "Bought for at least £1,234.50 in all", "购买过，累计达到 £1,234.50", "購買過，累計達到 £1,234.50",
    ),
    ({"not": bought()}, "Did not buy in the last 90 days", "最近 90 天内没有购买", "最近 90 天內沒有購買"),
]  # fmt: skip


@pytest.mark.skipif("orders" not in relations(type_of(Customer)), reason="nothing can be bought here")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("condition", "en", "hans", "hant"), BOUGHT, ids=[row[1] for row in BOUGHT])
def test_what_was_bought_how_often_and_for_how_much_is_one_phrase(condition, en, hans, hant, language):
    wanted = {"en": en, "zh-Hans": hans, "zh-Hant": hant}[language]
    assert said(condition, type_of(Customer), actor=replace(SYSTEM, language=language)) == wanted


def test_a_referred_record_is_named_to_those_who_may_see_it():
    boss = make.user("owner", name="Jane Smith")
    condition = {"field": "owner", "op": "is", "value": str(boss.pk)}
    blind = replace(SYSTEM, grants={"customers.*": 4})
    assert said(condition, type_of(Customer), actor=SYSTEM) == "Owner is Jane Smith"
    assert said(condition, type_of(Customer), actor=blind) == "Owner is somebody you may not see"
    through = {"field": "owner.name", "op": "is", "value": "Jane Smith"}
    assert said(through, type_of(Customer), actor=SYSTEM) == "Name of the owner is Jane Smith"


def test_a_day_is_the_readers_day():
    at = datetime(2026, 1, 1, 20, tzinfo=UTC).isoformat()
    there = replace(SYSTEM, zone="Asia/Shanghai")
    assert said({"field": "created_at", "op": "gte", "value": at}, type_of(Customer), actor=there) == (
        "Created since 2 January 2026"
    )


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"field": "no_such"}, "record.unknown_field"),
        ({"field": "city", "op": "last", "value": {"days": 1}}, "condition.wrong_operator"),
        ({"related": "no_such"}, "condition.unknown_relation"),
        ({"field": "city", "op": "is", "value": 5}, "condition.wrong_value"),
        ({"related": "holds", "last": {"moons": 1}}, "condition.wrong_window"),
        ({"and": LEEDS}, "condition.not_a_list"),
        ({"says": 1}, "condition.unknown_shape"),
    ],
)
def test_what_cannot_be_asked_cannot_be_said(condition, code):
    with pytest.raises(Invalid) as caught:
        said(condition, type_of(Customer), actor=SYSTEM)
    assert caught.value.code == code


def test_other_nouns_are_said_too():
    assert said({"field": "language", "op": "is", "value": "zh-Hant"}, type_of(User), actor=SYSTEM) == (
        "Language is 繁體中文"
    )
