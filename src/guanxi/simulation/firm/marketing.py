"""Whom the demo firm counts together, and its letter of the year."""

from typing import Any
from uuid import UUID

from guanxi.channels.templates.operations import write_template
from guanxi.customers.segments.models import Segment
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import Actor
from guanxi.outreach.strategies.operations import create_strategy

READERS = "tea-drinkers"
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
        actor, key="new-tea", name="新茶上市 New tea", purpose="marketing", channels=["email"], segment=readers.pk,
        template=letter.pk,
    )  # fmt: skip
    return strategy.pk


def draft_calls(actor: Actor) -> None:
    """A second plan that nobody has carried out yet."""
    silent = Segment.objects.get(key="fallen-silent")
    create_strategy(
        actor, key="win-back", name="唤回老客人 Win back", purpose="service", channels=["phone"], segment=silent.pk,
        script="先问上次的茶喝得怎么样，不谈优惠。Ask how the last tea was; no offers.",
    )  # fmt: skip
