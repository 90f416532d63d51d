"""Whom the demo firm counts together, and its letter of the year."""

from typing import Any
from uuid import UUID

from guanxi.channels.templates.operations import write_template
from guanxi.customers.segments.models import Segment
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import Actor
from guanxi.outreach.effects.operations import set_terms
from guanxi.outreach.strategies.operations import create_strategy
from guanxi.simulation.firm.truths import FESTIVAL, NEW_TEA, VISITORS, Truths

READERS, SUBSCRIBERS, FIRMS = "tea-drinkers", "newsletter-readers", "companies-we-know"
SEGMENTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        READERS, "常喝茶的客人 Tea drinkers", "一百天内买过两次以上。Bought twice or more within a hundred days.",
        {"related": "orders", "aggregate": "count", "op": "gte", "value": 2, "last": {"days": 100}},
    ),
    (
        "birthday-soon", "三十天内生日 Birthday within 30 days", "",
        {"field": "birthday", "op": "anniversary_within", "value": {"days": 30}},
    ),
    (
        "best-buyers", "大客户 Best buyers", "一年内买了五千元以上。Over 5,000 within a year.",
        {"related": "orders", "aggregate": "sum", "of": "total", "op": "gt", "value": 5000, "last": {"days": 365}},
    ),
    (
        "companies", "企业客户 Companies", "", {"field": "kind", "op": "is", "value": "organisation"},
    ),
    (
        SUBSCRIBERS, "订阅客户 Newsletter readers", "认识一个月以上并同意接收营销邮件。Known for a month, and agreed to letters.",
        {"and": [
            {"field": "created_at", "op": "older_than", "value": {"days": 30}},
            {"related": "consents", "where": {"and": [
                {"field": "purpose", "op": "is", "value": "marketing"}, {"field": "state", "op": "is", "value": "given"},
            ]}},
        ]},
    ),
    (
        FIRMS, "老企业客户 Companies we know", "认识一个月以上。Known for a month.",
        {"and": [
            {"field": "kind", "op": "is", "value": "organisation"},
            {"field": "created_at", "op": "older_than", "value": {"days": 30}},
        ]},
    ),
    (
        "fallen-silent", "久未下单 Fallen silent", "买过，但四个月没有再来。Bought before, but not for four months.",
        {"and": [{"related": "orders"}, {"not": {"related": "orders", "last": {"days": 120}}}]},
    ),
)  # fmt: skip
SUBJECT_EN, BODY_EN = (
    "The new tea has arrived",
    "{{ customer.salutation }}\n\nThis year's Mengding Ganlu and Zhuyeqing are in the shop, picked before Qingming. Until the end "
    "of the month every order comes with a sample of both.\n\nMinjiang Tea House\n\n"
    "No more such letters: {{ unsubscribe_url }}",
)
SUBJECT_ZH, BODY_ZH = (
    "新茶到了",
    "{{ customer.salutation }}\n\n今年的明前蒙顶甘露和竹叶青已经到店。本月底之前下单，随单附赠两款试饮装。\n\n岷江茶舍\n\n"
    "不想再收到此类邮件：{{ unsubscribe_url }}",
)


FESTIVAL_SUBJECT_EN, FESTIVAL_BODY_EN = (
    "A tea for the holidays",
    "{{ customer.salutation }}\n\nThe gift boxes for the festival are packed: three teas from Ya'an and a cup from Jingdezhen. "
    "Order by the end of the week and it arrives in time.\n\nMinjiang Tea House\n\n"
    "How do you like our letters? {{ rating_url }}\n"
    "No more such letters: {{ unsubscribe_url }}",
)
FESTIVAL_SUBJECT_ZH, FESTIVAL_BODY_ZH = (
    "节日茶礼",
    "{{ customer.salutation }}\n\n节日礼盒已经备好：三款雅安好茶，配一只景德镇茶杯。本周内下单，节前送达。\n\n岷江茶舍\n\n"
    "您对我们的来信满意吗？{{ rating_url }}\n"
    "不想再收到此类邮件：{{ unsubscribe_url }}",
)


def count_together(actor: Actor) -> None:
    """Say who belongs together; who is in is looked up while the year is lived through."""
    for key, name, description, condition in SEGMENTS:
        put_segment(actor, key=key, name=name, description=description, condition=condition)


def draft_letter(actor: Actor) -> UUID:
    """Write the letter of the year, and to whom it shall go; nothing is sent."""
    letter = write_template(
        actor, name="新茶到店 New tea", purpose="marketing",  # type: ignore[arg-type]
        subject_en=SUBJECT_EN, body_en=BODY_EN, subject_zh_hans=SUBJECT_ZH, body_zh_hans=BODY_ZH,
    )  # fmt: skip
    readers = Segment.objects.get(key=READERS)
    strategy = create_strategy(
        actor, key=NEW_TEA, name="新茶上市 New tea", purpose="marketing", channels=["email"], segment=readers.pk,
        template=letter.pk,
    )  # fmt: skip
    return strategy.pk


def draft_compared(actor: Actor, truths: Truths) -> None:
    """A letter and calls of which a share is left alone, so that one sees what they bring; nothing is sent."""
    if not (of := {one.key: one for one in truths.campaigns}).keys() >= {FESTIVAL, VISITORS}:
        return
    letter = write_template(
        actor, name="节日茶礼 Holiday gifts", purpose="marketing",  # type: ignore[arg-type]
        subject_en=FESTIVAL_SUBJECT_EN, body_en=FESTIVAL_BODY_EN,
        subject_zh_hans=FESTIVAL_SUBJECT_ZH, body_zh_hans=FESTIVAL_BODY_ZH,
    )  # fmt: skip
    create_strategy(
        actor, key=FESTIVAL, name="节日茶礼 Holiday gifts", purpose="marketing", channels=["email"],
        segment=Segment.objects.get(key=SUBSCRIBERS).pk, template=letter.pk, hold_out=of[FESTIVAL].hold_out,
    )  # fmt: skip
    create_strategy(
        actor, key=VISITORS, name="问候企业客户 Ask our companies", purpose="service", channels=["phone"],
        segment=Segment.objects.get(key=FIRMS).pk, hold_out=of[VISITORS].hold_out,
        script="茶还合口味吗？库存够到什么时候？Is the tea to your taste? Until when will it last?",
    )  # fmt: skip
    set_terms(actor, window_days=30, cost_email=0.1, cost_phone=6.0, cost_visit=60.0)


def draft_calls(actor: Actor) -> None:
    """A second plan that nobody has carried out yet."""
    silent = Segment.objects.get(key="fallen-silent")
    create_strategy(
        actor, key="win-back", name="唤回老客人 Win back", purpose="service", channels=["phone"], segment=silent.pk,
        script="先问上次的茶喝得怎么样，不谈优惠。Ask how the last tea was; no offers.",
    )  # fmt: skip
