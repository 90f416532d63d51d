"""Which promise a number in a text means: taken as said only where its unit and the words leave one answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from guanxi.protocols.texts.amounts import SECONDS, Amount, amounts, folded

COMPLAINT = "投诉|客诉|抱怨|complain"
PHONE = "电话|来电|热线|铃|phone|calls?\\b|ring"
CHAT = "在线|线上客服|聊天|即时通讯|网页客服|live ?chat|\\bchats?\\b"
MAIL = "邮件|电邮|来信|信件|e-?mail|\\bmails?\\b|writes? to us|inbox"
REPLY = "回复|回覆|答复|答覆|响应|回应|应答|受理|联系客户|\\brepl|answer|respon|hears? (?:back )?from|get back"
RECEIPT = (
    "回执|回条|确认(?:已经?)?收到|告知(?:客户)?(?:已经?)?收(?:到|悉)|收(?:到|件)确认|acknowledg|receipt|knows?\\b.{0,80}\\b(?:arriv|receiv)"
    "|confirm\\w* (?:that )?(?:we|it|the)?.{0,60}(?:arriv|receiv)"
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """A standard as people write about it: what is done, about what, and what would make it another one."""

    standard: str
    unit: str
    """The unit of the standard, which the catalogue confirms once it has it."""
    section: str
    act: str
    topic: str
    unless: str = "(?!)"
    measure: str = ""
    """Where the catalogue does not lead from the standard to it."""
    on_average: str = ""
    """The standard an average is held against, where it is another one."""
    units: frozenset[str] = frozenset({"seconds", "minutes", "hours", "days"})
    every: bool = False
    general: bool = False
    """Whether it may be offered where nothing says what it is about."""


VERIFY = "验证|核验|核实|核对|verif|confirm|check"
WAY = "号码|手机号|邮箱|信箱|联系方式|联络方式|电话|phone|number|address|contact details?|ways to reach"
FOLLOW = (
    "回访|跟进|关怀|关心|致电|询问|follow(?:ed|s|ing)?[- ]?up|ask (?:the |each |every |our )?(?:customer|buyer)"
    "|check(?:s|ed)? in|get in touch"
)  # fmt: skip
SALE = "下单|订单|订购|购买|成交|售后|签收|收货|交付|\\border|purchas|deliver|after (?:the )?sale|bought"
CALL_BACK = (
    "回拨|回电|回复电话|call(?:ed|s|ing)? (?:\\w{1,12} )?back|ring back|return\\w{0,4} (?:\\w{1,12} ){0,4}calls?"
    "|calls? (?:is|are) returned"
)  # fmt: skip
SOLVE = "解决|处理完|办结|结案|修复|排除|处置完|办理完|\\bsolv|resol|settle|fixed|\\bfix\\b|closed|sorted out"
APPROACH = "联系|联络|打扰|推送|发送|营销|短信|触达|外呼|contact|approach|message|write|mail|disturb|reach"
MATTER = "问题|工单|案件|请求|诉求|problem|issue|ticket|request"

MEANINGS = (
    Meaning(
        standard="service.complaint.first_reply", unit="hours", section="complaints",
        act=REPLY, topic=COMPLAINT, unless=RECEIPT,
    ),
    Meaning(
        standard="service.ticket.first_reply", unit="hours", section="mail", act=REPLY,
        topic=f"{MATTER}|{MAIL}|咨询|询问|查询|留言|enquir|inquir|question|quer(?:y|ies)|message",
        unless=f"{COMPLAINT}|{PHONE}|{CHAT}|{RECEIPT}", general=True,
    ),
    Meaning(
        standard="channels.mail.acknowledged", unit="hours", section="mail", act=RECEIPT, topic=MAIL, unless=PHONE
    ),
    Meaning(
        standard="service.ticket.solved", unit="hours", section="complaints", act=SOLVE,
        topic=f"{MATTER}|故障|报修|fault|matter|case", unless=COMPLAINT, general=True,
        measure="service.ticket.time_to_solve", on_average="service.ticket.solved_on_average",
    ),
    Meaning(
        standard="channels.phone.picked_up", unit="rings", section="phone", measure="channels.phone.picked_up",
        act="接听|接起|接通|应答|接电话|拿起|pick(?:ed|s)? up|answer", topic=PHONE,
        unless=f"{CALL_BACK}|return", units=frozenset({"rings", "seconds"}),
    ),
    Meaning(
        standard="channels.phone.called_back", unit="hours", section="phone", measure="channels.phone.called_back",
        act=CALL_BACK, topic=PHONE,
    ),
    Meaning(
        standard="channels.chat.first_response", unit="seconds", section="chat", measure="channels.chat.first_response",
        act=f"{REPLY}|接入|greet", topic=CHAT, unless=COMPLAINT,
    ),
    Meaning(
        standard="customers.ways_verified_for", unit="days", section="data", measure="customers.ways_verified",
        act=VERIFY, topic=WAY, every=True, general=True,
    ),
    Meaning(
        standard="outreach.order.followed_up", unit="days", section="care",
        act=FOLLOW, topic=SALE, unless=COMPLAINT, general=True,
    ),
    Meaning(
        standard="channels.gate.contacts_per_week", unit="contacts", section="contact", act=APPROACH, topic="",
        units=frozenset({"per_week"}),
    ),
    Meaning(
        standard="channels.gate.contacts_per_month", unit="contacts", section="contact", act=APPROACH, topic="",
        units=frozenset({"per_month"}),
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What the house has: the unit of each standard, and the measure that is counted against it."""

    units: Mapping[str, str]
    measures: Mapping[str, str]
    figures: frozenset[str] = frozenset()
    countings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How each standard may be counted: by the clock, in office hours, in working days."""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """A number of a text as the promise it means."""

    standard: str
    measure: str
    value: Decimal
    unit: str
    counted_in: str
    figure_kind: str
    target_share: Decimal | None
    start: int
    end: int
    section: str


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What the numbers of a text mean beyond doubt, and what they may mean."""

    sure: tuple[Binding, ...]
    offers: tuple[Binding, ...]
    amounts: tuple[Amount, ...]


MOST_NUMBERS = 24
"""A clause with more numbers than that is a table, and promises no one of them."""
SENTENCE = re.compile(r"[^。！？!?；;\n]*?(?:[。！？!?；;\n]+|\.(?=\s|$)|$)\s*")
SEGMENT = re.compile(r"[，,、：:]|\band\b|并(?!且不)|且")
WORKING = {"working_days": "days", "working_hours": "hours"}
COUNTED_IN = {"working_days": "workdays", "working_hours": "office"}
"""How working time is counted: an hour as one that the office is open, a day as one on which it is."""
COUNTS = ("per_week", "per_month")
AVERAGE = re.compile("平均|均值|on average|average|\\bmean\\b")


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text begins and ends."""
    return [match.span() for match in SENTENCE.finditer(text) if match.group().strip()]


def bound(text: str, heading: str, catalogue: Catalogue) -> Bound:
    """What the numbers of a clause promise; what they are about may be said by the heading alone."""
    plain, found = folded(text), amounts(text)
    sure: list[Binding] = []
    offers: list[Binding] = []
    spans = sentences(plain)
    for one in found[:MOST_NUMBERS]:
        if one.unit == "share":
            continue
        begin, end = next(((a, b) for a, b in spans if a <= one.start < b), (0, len(plain)))
        levels = (_segment(plain, one, begin, end), plain[begin:end], plain, folded(heading))
        means, clear = _meant(one, levels)
        clear = clear and not _bent(one, means[0], catalogue)
        shares = [each for each in found if each.unit == "share" and begin <= each.start < end]
        made = [b for m in means if (b := _binding(m, one, levels[1], shares, catalogue)) is not None]
        (sure if clear and len(made) == 1 else offers).extend(made)
    return Bound(sure=tuple(sure), offers=tuple(offers), amounts=tuple(found))


def _segment(plain: str, one: Amount, begin: int, end: int) -> str:
    cuts = [begin, *(m.end() for m in SEGMENT.finditer(plain, begin, end)), end]
    start = max(cut for cut in cuts if cut <= one.start)
    return plain[start : min(cut for cut in cuts if cut >= one.end)]


def _meant(one: Amount, levels: Sequence[str]) -> tuple[list[Meaning], bool]:
    """The meanings a number may have, and whether the words leave only one."""
    segment, sentence, *wider = levels
    fitting = [m for m in MEANINGS if _takes(m, one)]
    if one.unit == "rings":
        return fitting, one.limit and one.exact
    near = next((n for words in (segment, sentence) if (n := [m for m in fitting if re.search(m.act, words)])), [])
    if not near and one.unit in COUNTS:
        near = [m for m in fitting if any(re.search(m.act, words) for words in wider)]
    for words in levels:
        held = [m for m in near if re.search(m.topic, words) and not re.search(m.unless, sentence)]
        if held:
            return held, len(held) == 1 and _clear(held[0], one)
    return [m for m in near if m.general], False


def _clear(meaning: Meaning, one: Amount) -> bool:
    """Whether a number says what is asked of its standard: a limit or a rhythm, exact, in a unit that is not bent."""
    bent = one.unit in SECONDS and (one.unit == "rings") != (meaning.unit == "rings")
    return one.exact and (one.limit or one.every) and not bent


def _bent(one: Amount, meaning: Meaning, catalogue: Catalogue) -> bool:
    """Whether a number is of working time, and its standard is not counted so."""
    return one.unit in WORKING and _counted_in(one, meaning.standard, catalogue) == "clock"


def _counted_in(one: Amount, standard: str, catalogue: Catalogue) -> str:
    """How a number is counted: as it says, where its standard may be; half a working day is none."""
    wanted = COUNTED_IN.get(one.unit, "clock")
    whole = one.unit != "working_days" or one.value == int(one.value)
    return wanted if whole and wanted in catalogue.countings.get(standard, ()) else "clock"


def _takes(meaning: Meaning, one: Amount) -> bool:
    if one.unit in ("working_days", "working_hours"):
        return "hours" in meaning.units
    return one.unit in meaning.units and (meaning.every or not one.every)


def _binding(
    meaning: Meaning, one: Amount, sentence: str, shares: Sequence[Amount], catalogue: Catalogue
) -> Binding | None:
    """The number in the unit of its standard; none where it cannot be said in it."""
    mean = bool(AVERAGE.search(sentence)) and not shares
    standard = (meaning.on_average if mean else "") or meaning.standard
    unit = catalogue.units.get(standard, meaning.unit)
    value = _in_unit(one, unit)
    if value is None:
        return None
    measure = catalogue.measures.get(standard, meaning.measure)
    if measure not in catalogue.figures and standard in catalogue.units:
        measure = ""
    target = next((each.value for each in shares if Decimal("0.5") <= each.value <= 1), None)
    return Binding(
        standard=standard, measure=measure, value=value, unit=unit,
        counted_in=_counted_in(one, standard, catalogue),
        figure_kind="mean" if mean and measure else "share", target_share=target if measure else None,
        start=one.start, end=one.end, section=meaning.section,
    )  # fmt: skip


def _in_unit(one: Amount, unit: str) -> Decimal | None:
    said = WORKING.get(one.unit, one.unit)
    if said == unit or unit not in SECONDS or said not in SECONDS:
        return one.value
    value = one.value * SECONDS[said] / SECONDS[unit]
    rounded = value.quantize(Decimal("0.0001"))
    return rounded if rounded == value else None
