"""Texts as companies have them, taken apart: sections, clauses, and which number is which promise."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
import yaml

import guanxi
from guanxi.lib.errors import Invalid
from guanxi.protocols.clauses.rules import SECTIONS
from guanxi.protocols.texts import rules
from guanxi.protocols.texts.meanings import MEANINGS, Catalogue, bound

COMPLAINT, TICKET = "service.complaint.first_reply", "service.ticket.first_reply"
SOLVED, ON_AVERAGE = "service.ticket.solved", "service.ticket.solved_on_average"
RECEIPT, FOLLOW_UP = "channels.mail.acknowledged", "outreach.order.followed_up"
RINGS, BACK, CHAT = "channels.phone.picked_up", "channels.phone.called_back", "channels.chat.first_response"
WEEK, MONTH = "channels.gate.contacts_per_week", "channels.gate.contacts_per_month"
VERIFIED = "customers.ways_verified_for"
HOUSE = Catalogue(
    units={
        COMPLAINT: "hours", TICKET: "hours", SOLVED: "hours", ON_AVERAGE: "hours", RECEIPT: "hours", FOLLOW_UP: "days",
        WEEK: "contacts", MONTH: "contacts", VERIFIED: "days",
    },
    measures={
        COMPLAINT: COMPLAINT, TICKET: TICKET, SOLVED: "service.ticket.time_to_solve", RECEIPT: RECEIPT,
        FOLLOW_UP: FOLLOW_UP,
    },
    figures=frozenset(
        {COMPLAINT, TICKET, RECEIPT, FOLLOW_UP, "service.ticket.time_to_solve", "customers.ways_verified"}
    ),
    countings={
        **dict.fromkeys((COMPLAINT, TICKET, SOLVED, ON_AVERAGE, RECEIPT), ("clock", "office", "workdays")),
        "outreach.order.followed_up": ("clock", "workdays"),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "standard", "value"),
    [
        ("铃响4声内接听。", RINGS, "4"),
        ("电话须在三声以内接起", RINGS, "3"),
        ("電話鈴響四聲內接聽，一聲以五秒計算。", RINGS, "4"),
        ("Calls are picked up within four rings.", RINGS, "4"),
        ("未接来电一小时内回拨", BACK, "1"),
        ("沒接到的來電，30分鐘內回電。", BACK, "0.5"),
        ("Missed calls are returned within two hours.", BACK, "2"),
        ("Whoever reached nobody on the phone is called back within one hour.", BACK, "1"),
        ("在线咨询首次响应不超过三十秒", CHAT, "30"),
        ("線上客服一分鐘內回應", CHAT, "60"),
        ("Live chat: a person responds within 30 seconds.", CHAT, "30"),
        ("客户来信，24小时内告知已收到。", RECEIPT, "24"),
        ("收到客户邮件后两小时内发出回执", RECEIPT, "2"),
        ("Whoever writes to us knows within 24 hours that it arrived.", RECEIPT, "24"),
        ("We acknowledge every e-mail within one day.", RECEIPT, "24"),
        ("邮件咨询二十四小时内由专人回复", TICKET, "24"),
        ("客戶詢問應於１２小時內回覆", TICKET, "12"),
        ("Enquiries are answered within 8 hours.", TICKET, "8"),
        ("We reply to every email within two days", TICKET, "48"),
        ("客户投诉24小时内回复", COMPLAINT, "24"),
        ("接到客訴後，二十四小時內由專人回覆。", COMPLAINT, "24"),
        ("客户投诉24小时内回复，并在48小时内解决。", COMPLAINT, "24"),
        ("Anyone who complains hears from a person within 24 hours.", COMPLAINT, "24"),
        ("客户问题须在24小时内解决", SOLVED, "24"),
        ("一般故障三天內排除", SOLVED, "72"),
        ("Problems are resolved within 2 days.", SOLVED, "48"),
        ("下单后七天内回访客户", FOLLOW_UP, "7"),
        ("售后一周内致电客户", FOLLOW_UP, "7"),
        ("We follow up within 72 hours of an order.", FOLLOW_UP, "3"),
        ("每个电话号码和邮箱每年重新验证一次。", VERIFIED, "365"),
        ("Every telephone number is verified once a year.", VERIFIED, "365"),
        ("每周主动联系同一客户不超过三次", WEEK, "3"),
        ("We write to a customer at most twice a week.", WEEK, "2"),
        ("每個月最多聯絡同一位客戶８次", MONTH, "8"),
    ],
)
def test_what_unit_and_words_make_clear_is_bound(text, standard, value):
    (found,) = bound(text, "", HOUSE).sure
    assert (found.standard, found.value) == (standard, Decimal(value))
    assert found.unit == HOUSE.units.get(standard, next((m.unit for m in MEANINGS if m.standard == standard), ""))


@pytest.mark.parametrize(
    ("text", "standard", "value", "counted_in"),
    [
        ("客户投诉24个工作小时内回复", COMPLAINT, "24", "office"),
        ("接到客訴後，二十四個工作小時內由專人回覆。", COMPLAINT, "24", "office"),
        ("投诉须在4个营业小时内答复", COMPLAINT, "4", "office"),
        ("邮件咨询两个办公小时内由专人回复", TICKET, "2", "office"),
        ("Complaints are answered within 2 working hours.", COMPLAINT, "2", "office"),
        ("We reply to enquiries within eight business hours.", TICKET, "8", "office"),
        ("Problems are resolved within 16 office hours.", SOLVED, "16", "office"),
        ("客户问题平均在两个工作小时内解决", ON_AVERAGE, "2", "office"),
        ("客户投诉24小时内回复", COMPLAINT, "24", "clock"),
        ("Complaints are answered within 2 hours.", COMPLAINT, "2", "clock"),
        ("客户投诉两个工作日内回复", COMPLAINT, "48", "workdays"),
        ("邮件咨询两个工作日内答复", TICKET, "48", "workdays"),
        ("客訴應於下一個工作天內由專人回覆。", COMPLAINT, "24", "workdays"),
        ("客户问题须在三个营业日内解决", SOLVED, "72", "workdays"),
        ("We reply to enquiries within one working day.", TICKET, "24", "workdays"),
        ("Problems are resolved within 5 business days.", SOLVED, "120", "workdays"),
        ("下单后七个工作日内回访客户", FOLLOW_UP, "7", "workdays"),
    ],
)
def test_working_time_is_bound_as_what_it_is_counted_in(text, standard, value, counted_in):
    (found,) = bound(text, "", HOUSE).sure
    assert (found.standard, found.value, found.counted_in) == (standard, Decimal(value), counted_in)


def test_working_hours_of_what_no_clock_counts_in_them_are_offered_as_hours():
    found = bound("下单后24个工作小时内回访客户", "", HOUSE)
    assert found.sure == ()
    assert [(one.standard, one.value, one.counted_in) for one in found.offers] == [(FOLLOW_UP, Decimal(1), "clock")]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("邮件咨询半个工作日内答复", {TICKET: 12}),
        ("邮件咨询两到三个工作日内答复", {TICKET: 72}),
        ("投诉48小时内解决", {SOLVED: 48}),
        ("24小时内回复", {TICKET: 24}),
        ("Calls are answered within 20 seconds.", {RINGS: 4}),
        ("We reply to enquiries in two to four hours.", {TICKET: 4}),
        ("邮件咨询三十分钟到两小时内回复", {TICKET: 2}),
        ("每半年核对一次客户联系方式", {VERIFIED: 182}),
        ("超过24小时未回复的邮件咨询上报主管", {TICKET: 24}),
    ],
)
def test_what_is_not_clear_is_offered_at_most(text, offered):
    found = bound(text, "", HOUSE)
    assert found.sure == ()
    assert {one.standard: one.value for one in found.offers} == offered


@pytest.mark.parametrize(
    "text",
    [
        "本规程自2026年1月1日起施行，有效期两年。", "客服热线7×24小时开放。", "新员工须完成三天培训。",
        "每月召开两次例会。",
        "资料保存五年。", "We keep records for ten years.", "The team meets twice a week.",
        "每位顾问服务不超过五十位客户。",
        "接听电话时先报公司名称。", "Nobody is asked twice.", "退货在七天内办理退款。", "Lunch is one hour at most.",
    ],
)  # fmt: skip
def test_other_numbers_stay_text(text):
    found = bound(text, "", HOUSE)
    assert (found.sure, found.offers) == ((), ())


@pytest.mark.parametrize(
    ("text", "heading", "standard"),
    [
        ("A person answers within 24 hours.", "E-mail", TICKET),
        ("A person answers within 24 hours.", "Complaints", COMPLAINT),
        ("A person answers within 24 hours.", "Live chat", CHAT),
        ("二十四小时内由专人回复。", "邮件服务", TICKET),
        ("二十四小時內由專人回覆。", "客訴處理", COMPLAINT),
        ("每月合计不超过八次。", "客户联系", MONTH),
    ],
)
def test_a_heading_says_what_a_clause_is_about(text, heading, standard):
    assert [one.standard for one in bound(text, heading, HOUSE).sure] == [standard]


@pytest.mark.parametrize(
    ("text", "kind", "standard", "target"),
    [
        ("95%的客户咨询在24小时内回复", "share", TICKET, "0.95"),
        ("铃响4声内接听，达标率不低于百分之九十五", "share", RINGS, "0.95"),
        ("九成的投诉在24小时内回复", "share", COMPLAINT, "0.9"),
        ("98 % of enquiries are answered within 24 hours", "share", TICKET, "0.98"),
        ("问题平均不超过两小时解决", "mean", ON_AVERAGE, None),
        ("Problems are solved within two hours on average", "mean", ON_AVERAGE, None),
        ("在线客服平均三十秒内响应", "mean", CHAT, None),
        ("至多5%的咨询在24小时内回复", "share", TICKET, None),
        ("每周联系同一客户不超过三次，达标率95%", "share", WEEK, None),
    ],
)
def test_shares_and_averages(text, kind, standard, target):
    (found,) = bound(text, "", HOUSE).sure
    assert (found.figure_kind, found.standard) == (kind, standard)
    assert found.target_share == (target and Decimal(target))


def test_a_standard_without_a_figure_has_neither_average_nor_target():
    bare = Catalogue(units=HOUSE.units, measures={})
    (found,) = bound("95%的客户咨询在24小时内回复", "", bare).sure
    assert (found.measure, found.target_share, found.figure_kind) == ("", None, "share")


MAINLAND = """客户服务规程

第一章 总则
第一条 本规程适用于
全体员工。
第二章 电话服务
第二条 来电须在铃响4声内接听。
第三条 未接来电一小时内回拨。

第三章 投诉
第四条 客户投诉24小时内回复。问题48小时内解决。
"""
TAIWAN = """一、電話
（一）電話鈴響四聲內接聽。
（二）態度親切。
二、客訴處理
客訴應於二十四小時內由專人回覆。
"""
ENGLISH = """Customer service standards

1. Telephone
1.1 Answer every call within four rings.
1.2 Be polite
2. E-mail
- We acknowledge every email within 24 hours
- Say what happens next

# Complaints
Anyone who complains hears from a person
within 24 hours. We say so on the website.
"""


@pytest.mark.parametrize(
    ("text", "title", "language", "clauses"),
    [
        (
            MAINLAND, "客户服务规程", "zh-Hans",
            [
                ("contact", "总则", "本规程适用于全体员工。", None),
                ("phone", "电话服务", "来电须在铃响4声内接听。", RINGS),
                ("phone", "电话服务", "未接来电一小时内回拨。", BACK),
                ("complaints", "投诉", "客户投诉24小时内回复。", COMPLAINT),
                ("complaints", "投诉", "问题48小时内解决。", SOLVED),
            ],
        ),
        (
            TAIWAN, "", "zh-Hant",
            [
                ("phone", "電話", "電話鈴響四聲內接聽。", RINGS),
                ("phone", "電話", "態度親切。", None),
                ("complaints", "客訴處理", "客訴應於二十四小時內由專人回覆。", COMPLAINT),
            ],
        ),
        (
            ENGLISH, "Customer service standards", "en",
            [
                ("phone", "Telephone", "Answer every call within four rings.", RINGS),
                ("phone", "Telephone", "Be polite", None),
                ("mail", "E-mail", "We acknowledge every email within 24 hours", RECEIPT),
                ("mail", "E-mail", "Say what happens next", None),
                ("complaints", "Complaints",
                 "Anyone who complains hears from a person within 24 hours. We say so on the website.", COMPLAINT),
            ],
        ),
    ],
)  # fmt: skip
def test_a_text_becomes_sections_and_clauses(text, title, language, clauses):
    found = rules.read(text, HOUSE)
    assert (found.title, found.language) == (title, language)
    assert [(c.section, c.heading, c.text, c.binding and c.binding.standard) for c in found.clauses] == clauses


def test_places_are_those_of_the_clause_as_it_is_shown():
    for clause in rules.read(MAINLAND, HOUSE).clauses:
        for one in clause.amounts:
            assert clause.text[one.start : one.end] in ("4声", "一小时", "24小时", "48小时")


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Answer quickly.", ["Answer quickly."]),
        ("1. Be polite\n2. Be quick\n3. Be honest", ["Be polite", "Be quick", "Be honest"]),
        ("• Be polite\n• Be quick", ["Be polite", "Be quick"]),
        ("第一条　礼貌待客。\n第二条　言而有信。", ["礼貌待客。", "言而有信。"]),
        ("We keep our word.\n\nWe listen.", ["We keep our word.", "We listen."]),
        ("\ufeff①礼貌。\r\n②守时。\r\n", ["礼貌。", "守时。"]),
    ],
)
def test_short_texts(text, clauses):
    assert [one.text for one in rules.read(text, HOUSE).clauses] == clauses


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "protocol.text_has_no_clauses"),
        (" \n\n\t", "protocol.text_has_no_clauses"),
        ("x" * 4001, "clause.text_too_long"),
        ("x" * 100_001, "protocol.text_too_long"),
        ("We answer.\n" * 401, "protocol.text_has_too_many_clauses"),
    ],
)
def test_what_is_no_protocol_is_refused(text, code):
    with pytest.raises(Invalid, match=code):
        rules.read(text, HOUSE)


SHIPPED = yaml.safe_load((Path(guanxi.__file__).parent / "app" / "starter" / "protocol.yaml").read_text("utf-8"))
OTHER_NAMES = {"customers.contact_point.verified": VERIFIED}


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_no_clause_of_the_sample_is_taken_for_another_promise(language):
    words = yaml.safe_load(
        (Path(guanxi.__file__).parent / "protocols" / "words" / f"{language}.yaml").read_text("utf-8")
    )
    seen = 0
    for clause in SHIPPED["clauses"]:
        heading = words[f"protocols.clause.section.{clause['section']}"]
        sure = bound(clause["text"][language], heading, HOUSE).sure
        standard = OTHER_NAMES.get(clause.get("standard", ""), clause.get("standard"))
        assert [(one.standard, one.value) for one in sure] in ([], [(standard, clause.get("value"))]), clause["key"]
        seen += len(sure)
    assert seen >= 10


def test_every_section_has_words_that_lead_to_it():
    assert {name for name, _ in rules.SECTIONS} == set(SECTIONS) == {"contact", *(name for name, _ in rules.SECTIONS)}


@pytest.mark.parametrize(
    "piece",
    ["一", "9", "第", "收到", "24小时", "每周三次", "a week ", "return call ", "knows ", "two ", "\t", "（", "、"],
)
def test_a_hostile_line_is_read_in_the_time_of_a_friendly_one(piece):
    line = (piece * 4000)[:3990] + "。\n"
    before = process_time()
    with suppress(Invalid):
        rules.read(line * 25, HOUSE)
    assert process_time() - before < 8
