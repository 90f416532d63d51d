"""Gaps as they are read from outside: each as a sentence, with the clause that would close it."""

from typing import Any

from guanxi.kernel import measures, settings
from guanxi.kernel.access import read, veiled, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import CLOCK
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import Plain, plain
from guanxi.kernel.words import say
from guanxi.protocols.gaps.models import Gap
from guanxi.protocols.gaps.rules import beginning

SAID = {"kind", "value", "what", "cases", "partly"}
"""What the sentence of a gap is made of."""


def open_gaps(actor: Actor) -> list[Plain]:
    """What no clause in force covers now, what was set aside last; nothing for whoever may not read it whole."""
    if not actor.may(read(type_of(Gap))) or SAID & veiled(actor, type_of(Gap)).keys():
        return []
    rows = list(visible_to(actor, Gap).filter(closed_at=None).order_by("set_aside_at", "kind", "what"))
    rows.sort(key=lambda gap: gap.set_aside_at is not None)
    told = plain(actor, rows)
    return [
        {**row, "what": say(gap.what, actor.language), "sentence": _sentence(actor, gap), "begin": _begin(gap)}
        for row, gap in zip(told, rows, strict=True)
    ]


def lines(actor: Actor) -> list[Plain]:
    """The same as a script reads it."""
    kept = ("kind", "value", "what", "sentence", "partly", "cases", "opened_at", "reason", "begin")
    return [{name: gap.get(name) for name in kept} for gap in open_gaps(actor)]


def _sentence(actor: Actor, gap: Gap) -> str:
    about = f"protocols.gap.says.{gap.kind}"
    if gap.partly:
        return say(f"{about}_partly", actor.language, what=gap.what, n=gap.cases)
    rest = "protocols.gap.says.none" if gap.cases else "protocols.gap.says.yet"
    return say(about, actor.language, what=gap.what) + say(rest, actor.language, n=gap.cases)


def _begin(gap: Gap) -> Plain:
    """What a clause that closes the gap begins with; the number and its hours are those that hold already."""
    likely = beginning(gap.kind, gap.value)
    standard = measures.of_name(likely.measure).standard or ""
    held = settings.of_name(standard).held() if standard else None
    scope: dict[str, Any] | None = None
    if likely.field:
        scope = {"and": [{"field": likely.field, "op": "is", "value": gap.value}]}
    return {
        "section": likely.section,
        "measure": likely.measure,
        "standard": standard or None,
        "value": held.value if held else None,
        "counted_in": held.counted_in if held else CLOCK,
        "scope": scope,
    }
