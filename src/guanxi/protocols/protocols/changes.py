"""What differs between two versions as it is read: the wording in pieces, everything else in the reader's words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from guanxi.kernel import measures, settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.models import OFFICE, WORKDAYS
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import Plain, labels
from guanxi.kernel.words import say
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.rules import in_order, numbers, text_in, workdays
from guanxi.protocols.protocols.queries import Comparison
from guanxi.protocols.protocols.rules import Difference, Piece, plain_number, wording
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.teams.models import Team

Said = Callable[[Clause], str | None]


def changes(actor: Actor, found: Comparison) -> list[Plain]:
    """What differs between two versions, clause by clause, in the order of the document."""
    cited = numbers(found.old.values()), numbers(found.new.values())
    teams = _teams(actor, found)
    order = {clause.key: place for place, clause in enumerate(in_order({**found.old, **found.new}.values()))}
    return [
        {
            "key": one.key,
            "kind": one.kind,
            "section": (found.new.get(one.key) or found.old[one.key]).section,
            "number": [side.get(one.key) for side in cited],
            "wording": _wording(actor, found.old.get(one.key), found.new.get(one.key)),
            "said": _said(actor, one, found, teams),
            "fields": {name: list(pair) for name, pair in one.fields.items()},
        }
        for one in sorted(found.differences, key=lambda each: order[each.key])
    ]


def _wording(actor: Actor, old: Clause | None, new: Clause | None) -> list[Piece]:
    """The wording in a language that both have, the reader's before others."""
    both = [language for language in (old.text if old else {}) if new and language in new.text]
    language = actor.language if actor.language in both or not both else both[0]
    return wording(text_in(old.text, language) if old else "", text_in(new.text, language) if new else "")


def _teams(actor: Actor, found: Comparison) -> dict[UUID, str]:
    clauses = (*found.old.values(), *found.new.values())
    return labels(actor, type_of(Team), {clause.team_id for clause in clauses if clause.team_id})


def _said(actor: Actor, one: Difference, found: Comparison, teams: dict[UUID, str]) -> list[Plain]:
    """What is not wording and differs; of a clause that came or went, all that it says."""
    sides = found.old.get(one.key), found.new.get(one.key)
    told = []
    for field, saying in _sayings(actor, teams).items():
        old, new = (saying(clause) if clause else None for clause in sides)
        if old != new and not (field == "section" and None in sides):
            told.append(
                {"field": field, "label": say(f"protocols.clause.{field}", actor.language), "old": old, "new": new}
            )
    return told


def _sayings(actor: Actor, teams: dict[UUID, str]) -> dict[str, Said]:
    """How each field of a clause is said to a reader; nothing where it is empty."""
    language = actor.language

    def kind(clause: Clause) -> str | None:
        return say(f"protocols.clause.figure_kind.{clause.figure_kind}", language) if clause.measure else None

    return {
        "section": lambda clause: say(f"protocols.clause.section.{clause.section}", language),
        "scope": lambda clause: scope_said(actor, clause),
        "team": lambda clause: teams.get(clause.team_id) if clause.team_id else None,
        "measure": lambda clause: say(clause.measure, language) if clause.measure in measures.measures() else None,
        "standard": lambda clause: _standard(clause, language),
        "value": lambda clause: number_said(clause, language),
        "figure_kind": kind,
        "target_share": lambda clause: None if clause.target_share is None else share_said(clause.target_share),
    }


def _standard(clause: Clause, language: str) -> str | None:
    known = clause.standard in settings.settings()
    return say(f"setting.{clause.standard}", language) if known else clause.standard or None


def number_said(clause: Clause, language: str) -> str | None:
    """The number of a clause with its unit: 24 hours, 24 office hours, one working day."""
    if clause.value is None:
        return None
    unit, number = clause.unit, plain_number(clause.value)
    if clause.counted_in == WORKDAYS:
        unit, number = WORKDAYS, plain_number(workdays(clause.value, clause.unit))
    elif clause.counted_in == OFFICE:
        unit = f"{OFFICE}_{clause.unit}"
    key = f"ui.unit.{unit}"
    said = say(key, language, n=number)
    return said if said != key else f"{number} {clause.unit}"


def share_said(share: Any) -> str:
    """A share as people say it: 95 %."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def scope_said(actor: Actor, clause: Clause) -> str | None:
    """Of what a clause speaks, as a sentence; nothing where it speaks of all its cases."""
    if not clause.scope or clause.measure not in measures.measures():
        return None
    record = measures.of_name(clause.measure).function().record
    return sentence(clause.scope, record, actor=actor, currency=CURRENCY.get())
