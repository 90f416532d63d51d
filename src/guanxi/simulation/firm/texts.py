"""What customers of the demo firm write and say, and what is answered; blanks are filled so that no two are alike."""

from dataclasses import dataclass
from random import Random

from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.topics import (
    CALLS_EN,
    CALLS_ZH,
    COMPLAINTS_EN,
    COMPLAINTS_ZH,
    ENDINGS_EN,
    ENDINGS_ZH,
    ENQUIRIES_EN,
    ENQUIRIES_ZH,
    GREETINGS_EN,
    GREETINGS_ZH,
    OPENINGS_EN,
    OPENINGS_ZH,
    WRITTEN_BACK_EN,
    WRITTEN_BACK_ZH,
    Topic,
)

RECEIPT_ZH = "您好，来信已收到，我们会在一天之内回复您。\n\n岷江茶舍"
RECEIPT_EN = "Thank you, your message has arrived. We answer within a day.\n\nMinjiang Tea House"
ERRANDS = {
    True: (
        "回电确认周六的品茶座位", "寄出新茶试饮装", "核对发票抬头", "回访上月的茶具订单", "请仓库补寄缺少的品茗杯",
        "问一下礼盒的到货时间", "为茶席布置报价", "更新企业客户的联系人",
    ),
    False: (
        "Ring back about the tasting on Saturday", "Send a sample of the new tea", "Ask how the gift arrived",
        "Quote for a tea table", "Correct the address on the invoice", "Post the missing cups",
        "Confirm the delivery to the office", "Look for a spare lid",
    ),
}  # fmt: skip
"""What there is to do, by whether it is for a Chinese customer."""
ASKED = ("订单后回访", "How is it after the order?", "问问新茶喝得怎么样")
ASKED_RESULTS = (
    "一切顺利，包装很好。", "喝着不错，下次想试红茶。", "Everything arrived, very happy.", "杯子比想象的小一点，不用换。",
    "Fine, thank you.", "想要一份冲泡说明，已发邮件。", "The gift was a success.", "没有问题。",
)  # fmt: skip
CALL_RESULTS = ("reached", "reached", "reached", "agreed", "no_answer", "left_message", "call_back", "declined")
PRODUCTS = (
    ("T01", "蒙顶甘露 Mengding Ganlu 50 g", "tea", 68), ("T02", "竹叶青 Zhuyeqing 100 g", "tea", 128),
    ("T03", "川红工夫 Sichuan Black 100 g", "tea", 58), ("T04", "碧潭飘雪 Jasmine Snow 100 g", "tea", 88),
    ("T05", "老鹰茶 Laoying 200 g", "tea", 36), ("T06", "雅安藏茶 Ya'an Dark 300 g", "tea", 98),
    ("T07", "蒙顶黄芽 Mengding Huangya 50 g", "tea", 158), ("T08", "Yorkshire Breakfast 250 g", "tea", 48),
    ("W01", "盖碗 Gaiwan 120 ml", "teaware", 89), ("W02", "紫砂壶 Yixing pot 200 ml", "teaware", 388),
    ("W03", "公道杯 Pitcher", "teaware", 59), ("W04", "品茗杯 Cups, set of six", "teaware", 108),
    ("W05", "茶盘 Bamboo tray", "teaware", 188), ("W06", "旅行茶具 Travel set", "teaware", 168),
    ("G01", "礼盒·春 Gift box Spring", "gift", 298), ("G02", "礼盒·秋 Gift box Autumn", "gift", 398),
    ("G03", "品茶课 Tasting lesson", "service", 120), ("G04", "茶席布置 Tea table setting", "service", 680),
)  # fmt: skip
TEAS_ZH = ("蒙顶甘露", "竹叶青", "川红工夫", "碧潭飘雪", "雅安藏茶", "蒙顶黄芽")
TEAS_EN = ("Mengding Ganlu", "Zhuyeqing", "Sichuan Black", "Jasmine Snow", "Ya'an Dark", "Mengding Huangya")
WARES_ZH = ("盖碗", "紫砂壶", "公道杯", "品茗杯", "茶盘", "旅行茶具")
WARES_EN = ("gaiwan", "Yixing pot", "pitcher", "set of cups", "bamboo tray", "travel set")
DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDING_ZH = "我同意岷江茶舍通过电子邮件向我发送新茶和活动信息，可随时退订。"
WORDING_EN = "Yes, Minjiang Tea House may e-mail me about new teas and events. I can unsubscribe at any time."


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody wrote, and what they are answered."""

    subject: str
    text: str
    answer: str
    solution: str


def thrown(dice: Random, who: Person, *, complaint: bool) -> Said:
    """A mail of a customer, in their language."""
    if who.chinese:
        return _said(dice, who, dice.choice(COMPLAINTS_ZH if complaint else ENQUIRIES_ZH))
    return _said(dice, who, dice.choice(COMPLAINTS_EN if complaint else ENQUIRIES_EN))


def thrown_back(dice: Random, who: Person) -> Said:
    """What somebody answers to a letter about new tea."""
    return _said(dice, who, dice.choice(WRITTEN_BACK_ZH if who.chinese else WRITTEN_BACK_EN))


def thrown_call(dice: Random, who: Person, result: str) -> str:
    """What is written down of a call."""
    return _filled(dice, who, dice.choice((CALLS_ZH if who.chinese else CALLS_EN)[result]))


def _said(dice: Random, who: Person, topic: Topic) -> Said:
    blanks = _blanks(dice, who)
    greetings, openings, endings = (
        (GREETINGS_ZH, OPENINGS_ZH, ENDINGS_ZH) if who.chinese else (GREETINGS_EN, OPENINGS_EN, ENDINGS_EN)
    )
    text = f"{dice.choice(greetings)}\n\n{dice.choice(topic.texts)}\n\n{who.name}"
    solution = dice.choice(topic.answers)
    answer = f"{dice.choice(openings)}\n\n{solution}\n\n{dice.choice(endings)}"
    subject, text, answer, solution = (
        one.format(**blanks) for one in (dice.choice(topic.subjects), text, answer, solution)
    )
    return Said(subject=subject, text=text, answer=answer, solution=solution)


def _filled(dice: Random, who: Person, text: str) -> str:
    return text.format(**_blanks(dice, who))


def _blanks(dice: Random, who: Person) -> dict[str, str]:
    zh = who.chinese
    return {
        "tea": dice.choice(TEAS_ZH if zh else TEAS_EN),
        "ware": dice.choice(WARES_ZH if zh else WARES_EN),
        "day": dice.choice(DAYS_ZH if zh else DAYS_EN),
        "n": str(dice.randrange(2, 9)),
        "town": who.city,
        "name": who.name,
        "sum": str(dice.choice((200, 300, 500, 800)) if zh else dice.choice((25, 40, 60, 90))),
    }
