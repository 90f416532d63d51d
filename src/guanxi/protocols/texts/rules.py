"""A text of one's own taken apart: its headings, its clauses, and in each clause the number it promises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.lib.errors import Invalid
from guanxi.lib.folding import TO_SIMPLIFIED
from guanxi.protocols.clauses.rules import LONGEST_TEXT
from guanxi.protocols.texts.amounts import Amount, amounts, folded
from guanxi.protocols.texts.meanings import Binding, Catalogue, bound, sentences

LONGEST = 100_000
MOST = 400
HAN = re.compile(r"[\u4e00-\u9fff]")
SIMPLE = frozenset(TO_SIMPLIFIED.values()) - {chr(code) for code in TO_SIMPLIFIED}
ENDED = re.compile(r"[。！？!?；;.…][”’」』\"')）]*$")

STRONG = re.compile(
    r"^(?:#{1,6}\s+|第[零一二三四五六七八九十百\d]+[章节節编編篇部]\s*"
    r"|(?:chapter|part|section)\s+(?:\d+|[ivx]+)\b[.:：]?\s*)",
    re.I,
)
MARKER = re.compile(
    r"^(?:第[零一二三四五六七八九十百\d]+[条條款]\s*[:：、.]?\s*"
    r"|[（(](?:[零一二三四五六七八九十百]+|\d{1,3}|[a-zA-Z]|[ivx]+)[)）]\s*|[零一二三四五六七八九十百]+[、．.]\s*"
    r"|(?:article|clause)\s+\d+[.:：]?\s*"
    r"|\d{1,3}(?:[.．]\d{1,3})+[.．]?(?!\d)\s*|\d{1,3}[.．、)）](?!\d)\s*|[a-zA-Z][.)]\s+|[①-⑳]\s*|[-–—*•·●○◆■▪]\s+)",
    re.I,
)
ARTICLE = re.compile(r"^(?:第[零一二三四五六七八九十百\d]+[条條款]|(?:article|clause)\s)", re.I)
BULLET = re.compile(r"^[-–—*•·●○◆■▪]\s+")

SECTIONS = (
    ("complaints", "投诉|客诉|问题解决|问题处理|complain|problem"),
    ("phone", "电话|来电|热线|接听|\\bphone|\\bcalls?\\b|telephone"),
    ("chat", "在线|聊天|线上|即时|\\bchat"),
    ("mail", "邮件|来信|电邮|信件|e-?mail|\\bmails?\\b|correspondence"),
    ("data", "资料|数据|信息安全|隐私|保密|档案|\\bdata\\b|privacy|records?\\b"),
    ("care", "售后|关怀|回访|维护|会员|忠诚|\\bcare\\b|after[- ]sales?|follow|loyal"),
    ("governance", "规程的|评审|检讨|修订|培训|训练|考核|监督|附则|执行|governance|review|training|keep this"),
    ("contact", "联系|联络|沟通|接触|礼仪|总则|服务|contact|conduct|approach|general|service"),
)


@dataclass(frozen=True, kw_only=True)
class Read:
    """A clause as it was found: its words, the heading it stood under, what it promises and what it may promise."""

    text: str
    heading: str
    section: str
    binding: Binding | None
    offers: tuple[Binding, ...]
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text as the clauses it would become."""

    title: str
    language: str
    clauses: tuple[Read, ...]


@dataclass(frozen=True, kw_only=True)
class _Block:
    """A line with what was joined to it: a heading, a clause, or what only its neighbours tell."""

    kind: str
    text: str


def read(text: str, catalogue: Catalogue, *, language: str = "") -> Reading:
    """The clauses of a text with their numbers; refused when there are none or far too many."""
    if len(text) > LONGEST:
        raise Invalid("protocol.text_too_long", most=LONGEST)
    title, parts = _parts(text)
    if any(len(words) > LONGEST_TEXT for _, words in parts):
        raise Invalid("clause.text_too_long", most=LONGEST_TEXT)
    clauses = [one for heading, words in parts for one in _clauses(words, heading, catalogue)]
    if not clauses:
        raise Invalid("protocol.text_has_no_clauses")
    if len(clauses) > MOST:
        raise Invalid("protocol.text_has_too_many_clauses", count=len(clauses), most=MOST)
    return Reading(title=title, language=language or language_of(text), clauses=tuple(clauses))


def language_of(text: str) -> str:
    """In which of the three languages a text is written, by its characters."""
    han = len(HAN.findall(text))
    if han * 4 < sum(char.isalpha() for char in text):
        return "en"
    traditional = sum(ord(char) in TO_SIMPLIFIED for char in text)
    return "zh-Hant" if traditional > sum(char in SIMPLE for char in text) else "zh-Hans"


def section_of(heading: str, clause: str, binding: Binding | None) -> str:
    """Where a clause belongs: as its heading says, else its promise, else its own words."""
    for words in (heading, "" if binding is None else f"\0{binding.section}", clause):
        if words.startswith("\0"):
            return words[1:]
        plain = folded(words)
        found = next((name for name, cues in SECTIONS[:-1] if words and re.search(cues, plain)), None)
        if found:
            return found
    return "contact"


def _parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The title of a text, and its clauses with their headings."""
    blocks = list(_blocks(text))
    kinds = [*(one.kind for one in blocks), "", ""]
    leads = [_leads(*kinds[place : place + 2]) for place in range(len(blocks))]
    title = blocks[0].text if kinds[0] == "maybe" and (kinds[1] == "item" or leads[1:2] == [True]) else ""
    found: list[tuple[str, str]] = []
    heading = title
    for one, above in list(zip(blocks, leads, strict=True))[bool(title) :]:
        if above:
            heading = one.text
        else:
            found.append((heading, one.text))
    return title, found


def _leads(kind: str, following: str) -> bool:
    """Whether a line stands above what follows it, and is no clause itself."""
    if kind == "maybe":
        return following in ("clause", "bullet", "item")
    return kind == "heading" or (kind == "item" and following in ("clause", "bullet"))


def _blocks(text: str) -> Iterator[_Block]:
    """The lines of a text, each with what it is; lines that only the width of a page broke are one."""
    held: list[str] = []
    for raw in [*text.splitlines(), ""]:
        line = raw.strip().strip("\ufeff*").strip()
        begins = (
            not line or STRONG.match(line) or MARKER.match(line) or (held and _closed(held) and not line[0].islower())
        )
        if held and begins:
            yield _block(held)
            held = []
        if line:
            held.append(line)
            if STRONG.match(line):
                yield _block(held)
                held = []


def _closed(held: list[str]) -> bool:
    """Whether what stands so far is whole: it ended a sentence, or it is short as only headings are."""
    last = held[-1]
    alone = len(held) == 1 and _short(last) and not ARTICLE.match(last)
    return bool(ENDED.search(last)) or last.endswith((":", "：")) or alone


def _short(line: str) -> bool:
    return len(line) <= (18 if HAN.search(line) else 40)


def _block(held: list[str]) -> _Block:
    words = held[0]
    for line in held[1:]:
        gap = "" if HAN.search(words[-1]) or HAN.match(line) else " "
        words = words[:-1] + line if words.endswith("\u00ad") else words + gap + line
    strong = STRONG.match(words)
    marker = None if strong else MARKER.match(words)
    bare = words[(strong or marker).end() :].strip() if strong or marker else words  # type: ignore[union-attr]
    bare = re.sub(r"^[*_]+|[*_]+$", "", bare).strip()
    if strong:
        return _Block(kind="heading", text=bare.rstrip(":：") or words)
    if BULLET.match(words):
        return _Block(kind="bullet", text=bare)
    open_ended = (
        not ARTICLE.match(words)
        and not ENDED.search(bare)
        and _short(bare)
        and not any(one.limit for one in amounts(bare))
    )
    kind = ("item" if marker else "maybe") if open_ended else "clause"
    return _Block(kind=kind, text=bare.rstrip(":：") if open_ended else bare)


def _clauses(words: str, heading: str, catalogue: Catalogue) -> Iterator[Read]:
    """One clause, or as many as there are sentences that each promise something else."""
    for piece in _pieces(words, heading, catalogue):
        if piece:
            found = bound(piece, heading, catalogue)
            binding = found.sure[0] if found.sure else None
            yield Read(
                text=piece, heading=heading, section=section_of(heading, piece, binding), binding=binding,
                offers=(*found.sure[1:], *found.offers), amounts=found.amounts,
            )  # fmt: skip


def _pieces(words: str, heading: str, catalogue: Catalogue) -> list[str]:
    spans = sentences(words)
    promised = bound(words, heading, catalogue).sure
    owners = {place: one for one in promised for place, (a, b) in enumerate(spans) if a <= one.start < b}
    if len(owners) < 2 or len({one.standard for one in owners.values()}) < 2:
        return [words.strip()]
    cuts = [spans[place][0] for place in sorted(owners)][1:]
    return [words[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
