"""Consents that come in from files, as evidence: a yes with its words, its place and its time, or it is none."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.rules import require_evidence, require_past
from guanxi.customers.contact_points.models import Channel, ContactPoint
from guanxi.customers.contact_points.rules import Kind, written
from guanxi.customers.intake.named import EMAIL, PHONE, Named, key_column, named
from guanxi.events.customers import ConsentGiven, ConsentWithdrawn
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import record
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.models import new_id
from guanxi.kernel.time import now
from guanxi.kernel.writes import create_many
from guanxi.lib.errors import Invalid
from guanxi.workspace.company.operations import COUNTRY
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable

GIVE, WITHDRAW = "customers.consent.give", "customers.consent.withdraw"
WHO = {"key": "customer", "email": "email", "phone": "phone"}
PLAIN = ("channel", "purpose", "how", "wording", "language", "place", "at")
Points = Mapping[tuple[UUID, str, str], UUID]


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write some consents; one that is noted already, word for word, stays as it is, and none is ever changed."""
    result = Result()
    who = named(actor, lines, WHO)
    points = _points(who, lines)
    said = _said_before(actor, who)
    new: dict[str, list[dict[str, Any]]] = {"given": [], "withdrawn": []}
    for line, wrong in zip(lines, _wrong(lines, who, points), strict=True):
        if wrong:
            result.problems.append((line.number, unreadable(wrong)))
            continue
        row = _row(line, who.customers[line.number], points)
        if _same(row) in said:
            result.skipped += 1
        else:
            said.add(_same(row))
            new[row["state"]].append(row)
    for state, using in (("given", GIVE), ("withdrawn", WITHDRAW)):
        if new[state]:
            _tell(actor, create_many(actor, Consent, new[state], using=using))
            result.created += len(new[state])
    return result


def wrong_with(actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """What else is wrong with consents of which some cells could not be read."""
    who = named(actor, lines, WHO)
    found = _wrong(lines, who, _points(who, lines))
    return [
        {n: p for n, p in wrong.items() if n not in (line.wrong or {})}
        for line, wrong in zip(lines, found, strict=True)
    ]


def _points(who: Named, lines: Sequence[Line]) -> Points:
    """The numbers and addresses of the customers that are named, by whose they are and what they say."""
    values = {value for line in lines for value in _ways(line).values()}
    if not values:
        return {}
    found = ContactPoint.objects.filter(value__among=values, customer__among=set(who.customers.values()))
    rows = found.values_list("pk", "customer", "kind", "value")
    return {(customer, kind, value): pk for pk, customer, kind, value in rows if customer}


def _ways(line: Line) -> dict[str, str]:
    """The addresses and numbers that a line names, in their one written form."""
    home = line.country or COUNTRY.get()
    kinds: tuple[Kind, ...] = ("email", "phone")
    return {kind: written(kind, line.values[kind], country=home).value for kind in kinds if line.values.get(kind)}


def _way(line: Line) -> tuple[str, str] | None:
    """Which of the ways that a line names its consent is about: that of its channel, else the first."""
    ways = _ways(line)
    wanted = "email" if line.values.get("channel") == Channel.EMAIL else "phone"
    if line.values.get("channel") and wanted in ways:
        return wanted, ways[wanted]
    return next(iter(ways.items()), None)


def _wrong(lines: Sequence[Line], who: Named, points: Points) -> list[Wrong]:
    found: list[Wrong] = []
    for line in lines:
        wrong = _without_evidence(line)
        if line.number in who.wrong:
            wrong.update([who.wrong[line.number]])
        elif (way := _way(line)) and (who.customers[line.number], *way) not in points:
            wrong[way[0]] = Invalid("consent.way_of_another")
        found.append(wrong)
    return found


def _without_evidence(line: Line) -> Wrong:
    """What a line lacks: a yes needs a purpose, its words and its place, and either needs its time and its way."""
    values = line.values
    wrong: Wrong = {name: Invalid("import.value_needed") for name in ("at", "how") if not values.get(name)}
    if values.get("state", "given") == Consent.State.GIVEN:
        if not values.get("purpose"):
            wrong["purpose"] = Invalid("import.value_needed")
        try:
            require_evidence(
                purpose=values.get("purpose", ""), wording=values.get("wording", ""), place=values.get("place", "")
            )
        except Invalid as problem:
            wrong.update(problem.fields)
    if values.get("at"):
        try:
            require_past(values["at"], now=now())
        except Invalid as problem:
            wrong["at"] = problem
    return wrong


def _row(line: Line, customer: UUID, points: Points) -> dict[str, Any]:
    way = _way(line)
    return {
        "id": new_id(),
        "customer_id": customer,
        "contact_point_id": points[(customer, *way)] if way else None,
        "state": line.values.get("state", Consent.State.GIVEN),
        **{name: line.values.get(name, "") for name in PLAIN},
    }


def _said_before(actor: Actor, who: Named) -> set[tuple[Any, ...]]:
    rows = visible_to(actor, Consent).filter(customer__among=set(who.customers.values()))
    names = ("customer_id", "contact_point_id", "state", "purpose", "channel", "wording", "at")
    return set(rows.values_list(*names))


def _same(row: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("customer_id", "contact_point_id", "state", "purpose", "channel", "wording", "at")
    return tuple(row[name] for name in names)


def _tell(actor: Actor, made: Sequence[Consent]) -> None:
    happened = []
    for one in made:
        told = ConsentGiven if one.state == Consent.State.GIVEN else ConsentWithdrawn
        about = told(
            consent_id=one.pk, customer_id=one.customer_id, contact_point_id=one.contact_point_id, purpose=one.purpose,
            channel=one.channel,
        )  # fmt: skip
        happened.append((about, one.at))
    record(actor, happened)


TARGET = Target(
    noun="consents",
    permission=GIVE,
    records=("customers.consent",),
    own={
        "customer": key_column("Customer number", "CustomerID", "Customer no", "Customer code", "Client ID", "Client number", "Member ID", "Member number", "客户编号", "客户号", "客户编码", "会员号", "会员编号", "会员ID", "客戶編號", "客戶代號", "客戶代碼", "會員編號", "會員代號", "會員ID", perhaps=("Customer", "ID", "编号", "編號", "客户", "客戶")),
        "email": Column(kind="email", headings=EMAIL.headings, perhaps=EMAIL.perhaps),
        "phone": Column(kind="phone", longest=PHONE.longest, headings=PHONE.headings, perhaps=PHONE.perhaps),
        "state": Column(
            kind="choice",
            choices=tuple(Consent.State.values),
            headings=("State", "Status", "Yes or no", "Consent", "Opt-in", "Subscribed", "Consent status", "同意或撤回", "状态", "是否同意", "同意状态", "狀態", "同意狀態"),
            spellings={
                "given": ("yes", "y", "true", "1", "opt-in", "opted in", "opt in", "subscribed", "agreed", "granted", "是", "同意", "已同意", "订阅", "已订阅", "訂閱", "已訂閱"),
                "withdrawn": ("no", "n", "false", "0", "opt-out", "opted out", "opt out", "unsubscribed", "revoked", "否", "不同意", "未同意", "撤回", "已撤回", "退订", "已退订", "退訂", "已退訂"),
            },
        ),
        "purpose": Column(
            kind="choice",
            choices=tuple(Consent.Purpose.values),
            headings=("Purpose", "Consent purpose", "用途", "同意用途", "目的"),
            spellings={
                "marketing": ("newsletter", "advertising", "ads", "promotion", "promotions", "营销推广", "推广", "广告", "行銷推廣", "廣告", "電子報"),
                "survey": ("survey", "research", "调查", "調查"),
                "greeting": ("greeting", "birthday", "生日祝福", "祝福"),
                "service": ("service", "transactional", "售后", "售後"),
                "profiling": ("profiling", "analytics", "画像", "輪廓分析"),
            },
        ),
        "channel": Column(
            kind="choice",
            choices=tuple(Channel.values),
            headings=("Channel", "Consent channel", "渠道", "同意渠道", "管道", "同意管道", "通路"),
            spellings={
                "email": ("邮件", "邮箱", "电邮", "郵件", "信箱", "電郵"),
                "phone": ("call", "telephone", "tel", "打电话", "打電話"),
                "sms": ("text", "手机短信", "手機簡訊"),
                "wechat": ("weixin", "wx", "微信号", "微信號"),
                "letter": ("post", "mail", "信件", "邮寄", "郵寄"),
                "visit": ("in person", "上门", "登門"),
            },
        ),
        "how": Column(
            kind="choice",
            choices=tuple(Consent.How.values),
            headings=("How", "Method", "Consent method", "Given how", "方式", "同意方式", "取得方式"),
            spellings={
                "ticked": ("tick", "checkbox", "form", "online form", "web form", "网页", "表单", "網頁", "表單", "线上表单", "線上表單"),
                "spoken": ("verbal", "verbally", "by phone", "oral", "电话", "電話"),
                "written": ("signed", "signature", "paper", "书面签字", "纸质", "签名", "紙本", "簽名"),
                "link": ("confirmation link", "double opt-in", "点击链接", "點擊連結"),
                "reply": ("replied", "reply", "回信"),
                "told": ("in person", "told staff", "当面", "當面"),
            },
        ),
        "wording": Column(longest=5000, headings=("Wording", "Consent wording", "Consent text", "Text of the consent", "当时的文字", "同意内容", "同意文字", "同意的文字内容", "當時的文字", "同意內容", "同意的文字內容")),
        "language": Column(kind="choice", choices=LANGUAGES, headings=("Language", "Locale", "语言", "语种", "語言"), spellings={"en": ("eng", "英文", "英语", "英語"), "zh-Hans": ("zh", "zh-cn", "中文", "简体"), "zh-Hant": ("zh-tw", "zh-hk", "繁體", "正體中文")}),
        "place": Column(longest=300, headings=("Place", "Where", "Source", "Consent place", "Consent source", "Form", "Page", "地点或页面", "地点", "来源", "同意地点", "页面", "地點或頁面", "地點", "來源", "同意地點", "頁面")),
        "at": Column(kind="moment", headings=("At", "Date", "Time", "When", "Consent date", "Consent time", "Opt-in date", "Opt-in time", "Given at", "Given on", "时间", "日期", "同意时间", "同意日期", "時間", "同意時間")),
    },
    write=write,
    check=wrong_with,
)  # fmt: skip
