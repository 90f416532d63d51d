"""Calls, visits and letters of before that come in from files: what was said when, with which result."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.channels.conversations import rules
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.gate.queries import WAYS
from guanxi.channels.gate.rules import Purpose
from guanxi.channels.ratings.operations import note_ratings
from guanxi.channels.ratings.rules import SCORES, require_spoken
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.customers.intake.named import EMAIL, PHONE, Named, key_column, named
from guanxi.events.channels import ContactLogged
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import record
from guanxi.kernel.models import new_id
from guanxi.kernel.time import now
from guanxi.kernel.writes import create_many
from guanxi.lib.errors import Forbidden, Invalid, Problem
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable
from guanxi.workspace.users.queries import meant_by

USING = "channels.conversation.log_call"
RIGHTS = {"phone": USING, "visit": "channels.conversation.log_visit", "letter": "channels.conversation.log_letter"}
"""What it takes to write down a contact, by its channel."""
WHO = {"key": "customer", "phone": "phone", "email": "email"}
LONGEST_SECONDS = 24 * 3600
_CLOCK = re.compile(r"(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{2})|(\d{1,5})\s*(?:s|sec|秒)?", re.IGNORECASE)
Said = tuple[Any, ...]
Agents = Mapping[str, UUID | Problem]
"""Who called, by what the file says, or why that is nobody."""


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write some contacts of before; one that is written down already stays, and nothing waits, counts or is thanked."""
    result = Result()
    who = named(actor, lines, WHO)
    before, met = _said_before(actor, who), Counter[Said]()
    fresh: list[dict[str, Any]] = []
    ratings: dict[UUID, int] = {}
    agents = meant_by(actor, {line.values["agent"] for line in lines if "agent" in line.values})
    for line, wrong in zip(lines, _wrong(actor, lines, who, agents), strict=True):
        if wrong:
            result.problems.append((line.number, unreadable(wrong)))
            continue
        message = _message(line, who.customers[line.number], agents)
        said = _same(message)
        met[said] += 1
        if met[said] <= before[said]:
            result.skipped += 1
        else:
            fresh.append(message)
            if "rating" in line.values:
                ratings[message["id"]] = int(line.values["rating"])
    for channel, using in RIGHTS.items():
        if some := [message for message in fresh if message["channel"] == channel]:
            note_ratings(actor, using, _stored(actor, some, using), ratings)
    result.created = len(fresh)
    return result


def wrong_with(actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """What else is wrong with contacts of which some cells could not be read."""
    agents = meant_by(actor, {line.values["agent"] for line in lines if "agent" in line.values})
    found = _wrong(actor, lines, named(actor, lines, WHO), agents)
    return [
        {name: problem for name, problem in wrong.items() if name not in (line.wrong or {})}
        for line, wrong in zip(lines, found, strict=True)
    ]


def _wrong(actor: Actor, lines: Sequence[Line], who: Named, agents: Agents) -> list[Wrong]:
    latest = now()
    found: list[Wrong] = []
    for line in lines:
        wrong: Wrong = dict([who.wrong[line.number]]) if line.number in who.wrong else {}
        if isinstance(unknown := agents.get(line.values.get("agent", "")), Problem):
            wrong["agent"] = unknown
        for name, check in (
            ("channel", lambda values: actor.require(RIGHTS[values["channel"]])),
            ("at", lambda values: rules.require_past(values["at"], latest)),
            ("result", lambda values: rules.require_result(values.get("channel", "phone"), values["result"])),
            ("text", lambda values: rules.require_text(values["text"])),
            ("duration", lambda values: seconds(values["duration"])),
            ("rating", lambda values: require_spoken(values.get("result", rules.Result.REACHED) in rules.SPOKEN)),
        ):
            try:
                if name in line.values:
                    check(line.values)
            except (Invalid, Forbidden) as problem:
                wrong[name] = problem
        found.append(wrong)
    return found


def seconds(text: str) -> int:
    """How long a call took, from `1:30`, `0:01:30` or `90`."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise Invalid("conversation.not_a_duration", text=text[:40])
    hours, minutes, rest, bare = (int(part or 0) for part in found.groups())
    total = bare or hours * 3600 + minutes * 60 + rest
    if total > LONGEST_SECONDS or (not bare and rest > 59):
        raise Invalid("conversation.not_a_duration", text=text[:40])
    return total


def _message(line: Line, customer: UUID, agents: Agents) -> dict[str, Any]:
    values = line.values
    said = rules.require_text(values["text"]) if values.get("text") else ""
    theirs = values.get("direction") == Message.Direction.IN
    spoken = values["result"] in rules.SPOKEN
    return {
        "id": new_id(), "customer_id": customer, "channel": values.get("channel", "phone"), "purpose": Purpose.SERVICE,
        "direction": Message.Direction.IN if theirs else Message.Direction.OUT, "state": Message.State.LOGGED,
        "result": values["result"], "at": values["at"], "text": said, "new_text": said,
        "duration_seconds": seconds(values["duration"]) if values.get("duration") else None,
        "acknowledged_at": values["at"] if theirs and spoken else None,
        "author_id": agents.get(values.get("agent", "")),
    }  # fmt: skip


def _stored(actor: Actor, messages: Sequence[dict[str, Any]], using: str) -> list[Message]:
    customers = {message["customer_id"] for message in messages}
    names = dict(Customer.objects.filter(pk__among=customers).values_list("pk", "name"))
    ways = _ways(customers)
    talks: list[dict[str, Any]] = []
    for message in messages:
        message["conversation_id"] = new_id()
        kind = WAYS.get(message["channel"], "")
        talks.append(_talk(message, names[message["customer_id"]], ways.get((message["customer_id"], kind))))
    create_many(actor, Conversation, talks, using=using, checked=True)
    made = create_many(actor, Message, messages, using=using, checked=True)
    record(actor, [(_logged(message), message.at) for message in made])
    return made


def _talk(message: Mapping[str, Any], name: str, way: UUID | None) -> dict[str, Any]:
    """A call, visit or letter is over when it is written down."""
    said, at = rules.words(message["text"]), message["at"]
    return {
        "id": message["conversation_id"], "customer_id": message["customer_id"], "contact_point_id": way,
        "channel": message["channel"], "with_name": name, "subject": said[:80], "result": message["result"],
        "status": Conversation.Status.CLOSED, "closed_at": at, "last_words": said, "last_message_at": at, "messages": 1,
        "received_at": at if message["direction"] == Message.Direction.IN else None,
        **({"owner_id": message["author_id"]} if message["author_id"] else {}),
    }  # fmt: skip


def _ways(customers: set[UUID]) -> dict[tuple[UUID, str], UUID]:
    """The way to each customer by its kind: living before dead, main before others."""
    points = ContactPoint.objects.filter(customer__among=customers).exclude(verdict="impossible").defer("search")
    ordered = sorted(points, key=lambda point: (point.dead_at is not None, not point.main, point.pk))
    return {(point.customer_id, point.kind): point.pk for point in reversed(ordered) if point.customer_id}


def _logged(message: Message) -> ContactLogged:
    return ContactLogged(
        **message.told, direction=message.direction, result=message.result, words=rules.beginning(message.text)
    )


SAME = ("customer_id", "channel", "direction", "result", "at", "text")


def _said_before(actor: Actor, who: Named) -> Counter[Said]:
    rows = visible_to(actor, Message).filter(customer__among=set(who.customers.values()), state=Message.State.LOGGED)
    return Counter(rows.values_list(*SAME))


def _same(message: Mapping[str, Any]) -> Said:
    return tuple(message[name] for name in SAME)


TARGET = Target(
    noun="conversations",
    permission=USING,
    records=("channels.conversation", "channels.message"),
    own={
        "customer": key_column("Customer number", "CustomerID", "Customer no", "Customer code", "Client ID", "Client number", "Member ID", "Member number", "客户编号", "客户号", "客户编码", "会员号", "会员编号", "会员ID", "客戶編號", "客戶代號", "客戶代碼", "會員編號", "會員代號", "會員ID", perhaps=("Customer", "ID", "编号", "編號", "客户", "客戶")),
        "phone": Column(kind="phone", longest=PHONE.longest, headings=(*PHONE.headings, "Number", "Caller", "Called number", "Dialled number", "来电号码", "主叫号码", "被叫号码", "对方号码", "來電號碼", "對方號碼"), perhaps=PHONE.perhaps),
        "email": Column(kind="email", headings=EMAIL.headings, perhaps=EMAIL.perhaps),
        "at": Column(kind="moment", required=True, headings=("When", "Date", "Time", "Date and time", "Call date", "Call time", "Called at", "Start time", "Started at", "Visit date", "时间", "日期", "通话时间", "通话日期", "来电时间", "联系时间", "联系日期", "拜访日期", "拜访时间", "跟进时间", "時間", "通話時間", "通話日期", "來電時間", "聯絡時間", "聯絡日期", "拜訪日期", "拜訪時間")),
        "channel": Column(
            kind="choice",
            choices=("phone", "visit", "letter"),
            headings=("Channel", "Type", "Contact type", "渠道", "联系方式类型", "跟进方式", "类型", "管道", "聯絡管道", "類型"),
            spellings={
                "phone": ("call", "telephone", "tel", "phone call", "通话", "打电话", "电话联系", "通話", "打電話", "電話聯絡"),
                "visit": ("meeting", "in person", "上门", "面谈", "上門", "面談"),
                "letter": ("post", "mail", "信件", "邮寄", "郵寄"),
            },
        ),
        "direction": Column(
            kind="choice",
            choices=tuple(Message.Direction.values),
            headings=("Direction", "Call direction", "In or out", "方向", "呼叫方向", "通话方向", "呼叫类型", "通話方向", "來電或去電"),
            spellings={
                "in": ("inbound", "incoming", "received", "inbound call", "呼入", "来电", "来访", "主动联系", "來電", "撥入", "來訪"),
                "out": ("outbound", "outgoing", "made", "outbound call", "呼出", "去电", "外呼", "拜访", "去電", "撥出", "外撥", "拜訪"),
            },
        ),
        "result": Column(
            kind="choice",
            required=True,
            choices=tuple(rules.Result),
            headings=("Result", "Outcome", "Call result", "Call outcome", "Disposition", "Status", "结果", "通话结果", "联系结果", "跟进结果", "状态", "結果", "通話結果", "聯絡結果", "狀態"),
            spellings={
                "reached": ("answered", "connected", "spoke", "completed", "talked", "met", "接通", "已接", "已接通", "已接听", "已联系", "见到", "接聽", "已接聽", "已聯絡", "見到"),
                "no_answer": ("missed", "not answered", "unanswered", "no reply", "busy", "未接", "未接通", "未接听", "无应答", "占线", "未接聽", "無人回應", "忙線"),
                "left_message": ("voicemail", "message left", "语音留言", "留言", "語音留言"),
                "call_back": ("callback", "call back", "to call back", "回电", "稍后联系", "回電", "稍後聯絡"),
                "agreed": ("yes", "interested", "won", "有意向", "成交", "有意願"),
                "declined": ("no", "not interested", "refused", "拒绝", "无意向", "拒絕", "無意願"),
                "solved": ("resolved", "done", "解决", "已处理", "解決", "已處理"),
                "wrong_way": ("wrong number", "invalid number", "空号", "错号", "号码错误", "空號", "號碼錯誤"),
                "sent": ("寄出",),
                "received": ("收到",),
                "not_met": ("not there", "不在", "未遇", "未遇到"),
            },
        ),
        "text": Column(longest=rules.LONGEST_TEXT, headings=("Note", "Notes", "Summary", "Description", "Comment", "Comments", "Remarks", "Content", "备注", "内容", "通话内容", "沟通内容", "跟进内容", "纪要", "摘要", "備註", "內容", "通話內容", "溝通內容", "紀要")),
        "agent": Column(
            longest=200,
            headings=("Agent", "Agent name", "Called by", "Handled by", "Made by", "User", "User name", "Employee", "Staff", "Staff member", "Colleague", "Sales rep", "Rep", "Owner", "Visited by", "坐席", "坐席姓名", "座席", "客服", "客服人员", "员工", "员工姓名", "业务员", "销售", "跟进人", "负责人", "经办人", "接听人", "拨打人", "拜访人", "通话人", "客服人員", "員工", "員工姓名", "業務員", "業務", "跟進人", "負責人", "經辦人", "承辦人", "接聽人", "撥打人", "拜訪人", "通話人員"),
            perhaps=("Created by", "记录人", "创建人", "記錄人", "建立者"),
        ),
        "duration": Column(longest=40, headings=("Duration", "Call duration", "Length", "Talk time", "Duration (s)", "时长", "通话时长", "時長", "通話時長", "通話時間長度")),
        "rating": Column(
            kind="choice",
            choices=tuple(map(str, SCORES)),
            headings=("Rating", "Customer rating", "Score", "CSAT", "Satisfaction", "Customer satisfaction", "Stars", "满意度", "客户满意度", "满意度评分", "满意度评价", "评分", "评价", "滿意度", "客戶滿意度", "滿意度評分", "評分", "評價"),
            spellings={
                str(score): (f"{score}/5", f"{score}.0", f"{score}分", f"{score}星", "★" * score, "★" * score + "☆" * (SCORES[-1] - score), *said)
                for score, said in {
                    1: ("very dissatisfied", "very unhappy", "非常不满意", "非常不滿意"),
                    2: ("dissatisfied", "unhappy", "较不满意", "較不滿意"),
                    3: ("neutral", "average", "中立", "普通"),
                    4: ("satisfied", "happy", "比较满意", "較滿意", "比較滿意"),
                    5: ("very satisfied", "very happy", "十分满意", "十分滿意"),
                }.items()
            },
        ),
    },
    write=write,
    check=wrong_with,
)  # fmt: skip
