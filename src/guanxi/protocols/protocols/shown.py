"""A protocol as it is read from outside: by the client, by a script, on paper."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson

from guanxi.kernel import measures, settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.measures import Figure
from guanxi.kernel.models import CLOCK
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import Plain, allowed, labels, plain
from guanxi.kernel.time import today
from guanxi.kernel.words import say
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.queries import Live
from guanxi.protocols.clauses.rules import SECTIONS, State, text_in
from guanxi.protocols.gaps.shown import lines, open_gaps
from guanxi.protocols.protocols.changes import scope_said
from guanxi.protocols.protocols.queries import Page, Period, is_example
from guanxi.protocols.protocols.rules import plain_number
from guanxi.workspace.teams.models import Team

STATES: tuple[State, ...] = ("kept", "missed", "no_cases", "shown", "not_measured", "hidden")


def page(actor: Actor, found: Page) -> Plain:
    """The page of a protocol; api.py says its shape."""
    versions = plain(actor, found.versions)
    owner = found.protocol
    due = owner.next_review_on is not None and owner.next_review_on <= today(found.period.zone)
    return {
        "protocol": {**plain(actor, [owner])[0], "review_due": due},
        "version": next((one for one in versions if found.version and one["id"] == str(found.version.pk)), None),
        "versions": versions,
        "example": is_example(found.version),
        "period": {"from": found.period.start, "to": found.period.end, "zone": found.period.zone},
        "states": {state: found.states.get(state, 0) for state in STATES},
        "sections": _sections(actor, found),
        "gaps": open_gaps(actor),
    }


def document(actor: Actor, found: Page) -> Plain:
    """A version with a line for each clause, as a script reads it."""
    version = found.version
    return {
        "protocol": found.protocol.name,
        "version": version and version.number,
        "published_at": version and version.published_at,
        "from": found.period.start,
        "to": found.period.end,
        "states": {state: found.states.get(state, 0) for state in STATES},
        "clauses": _lines(actor, found),
        "gaps": lines(actor),
    }


def _lines(actor: Actor, found: Page) -> list[Plain]:
    return [
        {
            "clause": one.clause.key,
            "number": found.numbers[one.clause.key],
            "text": text_in(one.clause.text, actor.language),
            "scope": scope_said(actor, one.clause),
            "measure": one.clause.measure or None,
            "standard": _standard(actor, one.clause),
            "target": _share(one.clause),
            "state": one.state,
            "figure": one.figure and (one.figure.mean if one.clause.figure_kind == "mean" else one.figure.share),
            "kind": one.clause.figure_kind,
            "open": one.figure and one.figure.open,
            "cases": one.figure and one.figure.cases,
            "kept": one.figure and one.figure.kept,
            "missed": one.figure and one.figure.missed,
        }
        for one in found.clauses
    ]


def _sections(actor: Actor, found: Page) -> list[Plain]:
    teams = labels(actor, type_of(Team), {one.clause.team_id for one in found.clauses if one.clause.team_id})
    can = allowed(actor, type_of(Clause), [one.clause.pk for one in found.clauses])
    rows = [(one.clause.section, _clause(actor, found, one, teams, can[one.clause.pk])) for one in found.clauses]
    grouped = {name: [row for section, row in rows if section == name] for name in SECTIONS}
    return [{"section": name, "clauses": clauses} for name, clauses in grouped.items() if clauses]


def _clause(actor: Actor, found: Page, one: Live, teams: dict[UUID, str], can: tuple[str, ...]) -> Plain:
    clause = one.clause
    return {
        "id": clause.pk,
        "key": clause.key,
        "number": found.numbers[clause.key],
        "text": text_in(clause.text, actor.language),
        "texts": clause.text,
        "scope": clause.scope,
        "scope_said": scope_said(actor, clause),
        "team": clause.team_id and {"id": clause.team_id, "label": teams.get(clause.team_id, "")},
        "measure": _measure(actor, clause.measure),
        "standard": _standard(actor, clause),
        "figure_kind": clause.figure_kind,
        "target_share": _share(clause),
        "state": one.state,
        "figure": _figure(one.figure),
        "worst": one.worst,
        "cases": one.figure and _cases(clause, found.period),
        "missed": one.figure and _cases(clause, found.period, missed="true"),
        "can": can,
    }


def _measure(actor: Actor, name: str) -> Plain | None:
    """The figure that shows it; of one that no catalogue has yet the name alone."""
    known = measures.measures().get(name)
    if known is None:
        return {"name": name, "label": "", "unit": ""} if name else None
    return {"name": name, "label": say(name, actor.language), "unit": known.unit}


def _standard(actor: Actor, clause: Clause) -> Plain | None:
    if clause.value is None:
        return None
    label = say(f"setting.{clause.standard}", actor.language) if clause.standard in settings.settings() else ""
    value = plain_number(clause.value)
    return {
        "name": clause.standard, "label": label, "value": value, "unit": clause.unit, "counted_in": clause.counted_in,
    }  # fmt: skip


def _share(clause: Clause) -> float | None:
    return None if clause.target_share is None else float(clause.target_share)


def _figure(figure: Figure | None) -> Plain | None:
    if figure is None:
        return None
    return {name: value for name, value in vars(figure).items() if name not in ("key", "sum")}


def _cases(clause: Clause, when: Period, **more: Any) -> str:
    start, end = when.moments
    asked = {"start": start.isoformat(), "end": end.isoformat(), **more}
    if clause.counted_in != CLOCK:
        asked["counted_in"] = clause.counted_in
    if clause.scope:
        asked["where"] = orjson.dumps(clause.scope).decode()
    return f"/api/measures/{clause.measure}/cases?{urlencode(asked)}"
