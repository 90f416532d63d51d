"""The new text of an answer is told from the history below, above and between."""

import pytest

from guanxi.channels.email.mime import quoting

CASES = {
    "english": ("Yes please.\n\nOn Mon, 5 Jan 2026 at 10:00, Support <s@c.test> wrote:\n> Shall we?", "Yes please."),
    "wrapped": ("Yes.\n\nOn Mon, 5 Jan 2026 at 10:00, Support\n<support@company.test> wrote:\n\n> Shall we?", "Yes."),
    "gmail zh-CN": ("好的，谢谢\n\nSupport <s@c.test> 于2026年1月5日周一 10:00写道：\n\n> 可以吗？", "好的，谢谢"),
    "apple zh-CN": ("好的\n\n> 在 2026年1月5日，10:00，客服 <s@c.test> 写道：\n> \n> 可以吗？", "好的"),
    "netease": ('收到\n\n\n在 2026-01-05 10:00:00，"客服" <s@c.test> 写道：\n\n可以吗？', "收到"),
    "qq": (
        "收到了\n\n\n------------------ 原始邮件 ------------------\n"
        '发件人: "客服" <s@c.test>;\n发送时间: 2026年1月5日\n可以吗？',
        "收到了",
    ),
    "outlook zh": (
        "没问题\n\n发件人: 客服\n发送时间: 2026年1月5日 10:00\n收件人: 张伟\n主题: 订单\n\n可以吗？",
        "没问题",
    ),
    "outlook en": (
        "Fine.\n\n________________________________\n"
        "From: Support\nSent: Monday\nTo: Alice\nSubject: Order\n\nShall we?",
        "Fine.",
    ),
    "gmail zh-TW": ("好的，謝謝\n\n客服 <s@c.test> 於 2026年1月5日 週一 上午10:00寫道：\n\n> 可以嗎？", "好的，謝謝"),
    "outlook zh-TW": ("好\n\n寄件者: 客服\n寄件日期: 2026年1月5日\n收件者: 陳小姐\n主旨: 訂單\n\n可以嗎？", "好"),
    "original": ("OK\n\n-----Original Message-----\nFrom: x\nShall we?", "OK"),
    "below": ("> Shall we?\n\nYes, on Friday.", "Yes, on Friday."),
    "between": ("On Mon, Bob <b@c.test> wrote:\n> First?\nYes.\n> Second?\nNo.", "Yes.\nNo."),
    "german": ("Gut.\n\nAm 05.01.2026 um 10:00 schrieb Support:\n> Ja?", "Gut."),
    "no quote": ("Just text.\nOn Friday I wrote:\nnothing else", None),
    "from in text": ("From: my point of view it is fine.\nBye", None),
    "only quote": ("> Shall we?", None),
    "empty": ("", None),
}


@pytest.mark.parametrize("name", CASES)
def test_new_text_is_told_from_history(name):
    text, new = CASES[name]
    split = quoting.split(text)
    if new is None:
        assert split.new == text and split.quoted == ""
    else:
        assert split.new == new
        assert split.quoted


def test_nothing_is_lost():
    for text, _ in CASES.values():
        split = quoting.split(text)
        words = f"{split.new}\n{split.quoted}".split()
        assert sorted(words) == sorted(text.split())


def test_a_long_mail_without_history_is_read_in_time():
    text = ("在 " + "一" * 390 + "\n") * 5000
    split = quoting.split(text)
    assert f"{split.new}\n{split.quoted}".split() == text.split()
