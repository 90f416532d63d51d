"""A version as a handbook: one page of HTML that needs nothing from anywhere and prints well."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

from guanxi.channels.templates.queries import day
from guanxi.kernel import measures, settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.words import say
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.rules import numbers, text_in
from guanxi.protocols.protocols.changes import number_said, scope_said, share_said
from guanxi.protocols.protocols.models import Version
from guanxi.protocols.protocols.queries import Wording
from guanxi.workspace.company.operations import NAME, ZONE

STYLE = """
@page { size: A4; margin: 22mm 20mm 20mm; }
* { box-sizing: border-box; }
body { max-width: 720px; margin: 40px auto; padding: 0 20px; color: #1f2328; background: #fff;
  font: 15px/1.65 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, "PingFang SC",
  "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; font-variant-numeric: tabular-nums; }
html[lang="zh-CN"] body { font-family: "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei",
  sans-serif }
html[lang="zh-TW"] body { font-family: "PingFang TC", "Noto Sans CJK TC", "Noto Sans TC", "Microsoft JhengHei",
  sans-serif }
h1 { margin: 4px 0 8px; font-size: 28px; line-height: 36px; }
h2 { margin: 32px 0 4px; padding-top: 12px; border-top: 2px solid #0f766e; font-size: 18px; break-after: avoid; }
p { margin: 0; }
.company, .facts, .promise, .how { color: #57606a; font-size: 13px; }
.goal { margin-bottom: 8px; }
.how { margin-bottom: 32px; padding: 8px 12px; border: 1px solid #e5e7eb; border-radius: 6px; }
.standing { font-weight: 600; color: #b42318; }
article { display: grid; grid-template-columns: 44px 1fr; padding: 10px 0; border-bottom: 1px solid #e5e7eb;
  break-inside: avoid; }
article > span { color: #57606a; }
.promise b { color: #1f2328; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 11pt; } .how { display: none; } }
@media (max-width: 500px) { body { margin: 20px auto; padding: 0 16px; } article { grid-template-columns: 36px 1fr; } }
"""
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)
"""What the page may do: show its own style, and nothing else, wherever it is opened."""
LANGUAGE_TAGS = {"en": "en", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


def page(reader: Actor, found: Wording) -> str:
    """The handbook of a version in the reader's language; what is not written in it stands in the nearest there is."""
    language = reader.language
    name = escape(found.protocol.name)
    policy = POLICY.replace("frame-ancestors 'none'; ", "")  # which only an answer can say, not a page
    return (
        f'<!doctype html><html lang="{LANGUAGE_TAGS[language]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title>'
        f"<style>{STYLE}</style></head><body>"
        f'<p class="how">{_said("protocols.handbook.how", language)}</p>'
        f'<header><p class="company">{escape(NAME.get())}</p><h1>{name}</h1>'
        f'<p class="goal">{escape(found.protocol.goal)}</p><p class="facts">{_standing(found, language)}</p></header>'
        f"<main>{_sections(reader, found)}</main></body></html>"
    )


def _said(key: str, language: str, **values: object) -> str:
    return escape(say(key, language, **values))


def _standing(found: Wording, language: str) -> str:
    """Which version this is, since when it holds, and when it is reviewed."""
    version, zone = found.version, ZoneInfo(ZONE.get())
    if version.status == Version.Status.DRAFT or version.published_at is None:
        said = _said("protocols.handbook.draft", language, number=version.number)
        return f'<span class="standing">{said}</span>'
    since = day(version.published_at.astimezone(zone).date(), language)
    parts = [_said("protocols.handbook.in_force", language, number=version.number, on=since)]
    if version.superseded_at is not None:
        ended = day(version.superseded_at.astimezone(zone).date(), language)
        parts = [_said("protocols.handbook.superseded", language, number=version.number, on=since, ended=ended)]
        parts[0] = f'<span class="standing">{parts[0]}</span>'
    elif found.protocol.next_review_on:
        due = day(found.protocol.next_review_on, language)
        parts.append(_said("protocols.handbook.review", language, on=due))
    return " · ".join(parts)


def _sections(reader: Actor, found: Wording) -> str:
    cited = numbers(found.clauses)
    told = []
    for section, clauses in groupby(found.clauses, key=lambda clause: clause.section):
        told.append(f"<h2>{_said(f'protocols.clause.section.{section}', reader.language)}</h2>")
        told += [_article(reader, clause, cited[clause.key]) for clause in clauses]
    return "".join(told)


def _article(reader: Actor, clause: Clause, number: str) -> str:
    promise = " · ".join(_promise(reader, clause))
    said = f'<p class="promise">{promise}</p>' if promise else ""
    text = escape(text_in(clause.text, reader.language))
    return f"<article><span>{number}</span><div><p>{text}</p>{said}</div></article>"


def _promise(reader: Actor, clause: Clause) -> list[str]:
    """What a clause promises in numbers, of what, who answers for it and what shows it."""
    language, facts = reader.language, []
    if (number := number_said(clause, language)) is not None:
        known = clause.standard in settings.settings()
        label = say(f"setting.{clause.standard}", language) if known else ""
        facts.append((label, number))
    if clause.figure_kind == "mean":
        facts.append(("", say("protocols.clause.figure_kind.mean", language)))
    if clause.target_share is not None:
        facts.append((say("protocols.clause.target_share", language), share_said(clause.target_share)))
    if clause.measure in measures.measures() and not clause.standard:
        facts.append((say("protocols.clause.measure", language), say(clause.measure, language)))
    if (scope := scope_said(reader, clause)) is not None:
        facts.append((say("protocols.clause.scope", language), scope))
    if clause.team is not None:
        facts.append((say("protocols.clause.team", language), clause.team.name))
    return [_fact(label, value, language) for label, value in facts]


def _fact(label: str, value: str, language: str) -> str:
    marked = "\0"
    said = say("ui.value.labelled", language, label=label, value=marked) if label else marked
    return escape(said).replace(marked, f"<b>{escape(value)}</b>")
