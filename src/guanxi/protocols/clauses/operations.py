"""The verbs of single clauses. Only a draft can be worded; what is published stays as it was."""

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from guanxi.kernel import measures, settings
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import SECONDS, Measure
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import change, remove
from guanxi.lib.errors import Invalid
from guanxi.protocols.clauses import rules
from guanxi.protocols.clauses.models import Clause

Section = Literal["contact", "phone", "chat", "mail", "complaints", "data", "care", "governance"]
Kind = Literal["share", "mean"]


@operation("protocols.clause.change")
def change_clause(
    actor: Actor,
    clause_id: UUID,
    *,
    section: Section,
    text: dict[str, str],
    scope: dict[str, Any] | None = None,
    team: UUID | None = None,
    measure: str = "",
    standard: str = "",
    value: Decimal | None = None,
    figure_kind: Kind = "share",
    target_share: Decimal | None = None,
) -> Clause:
    """Word a clause of a draft anew: all that it says, from its text to its numbers."""
    said = content(
        actor, section=section, text=text, scope=scope, team=team, measure=measure, standard=standard, value=value,
        figure_kind=figure_kind, target_share=target_share,
    )  # fmt: skip
    with change(Clause, clause_id, by=actor, using="protocols.clause.change") as clause:
        rules.require_draft(clause.in_version.status, clause.in_version.number)
        for name, one in said.items():
            setattr(clause, name, one)
    return clause


@operation("protocols.clause.remove", asks=True)
def remove_clause(actor: Actor, clause_id: UUID) -> dict[str, str]:
    """Take a clause out of a draft."""
    clause = visible_to(actor, Clause).select_for_update(of=("self",)).filter(pk=clause_id).first()
    if clause is not None:
        rules.require_draft(clause.in_version.status, clause.in_version.number)
    remove(actor, Clause, clause_id, using="protocols.clause.remove")
    return {"removed": str(clause_id)}


def content(
    actor: Actor,
    *,
    section: Section,
    text: dict[str, str],
    scope: dict[str, Any] | None = None,
    team: UUID | None = None,
    measure: str = "",
    standard: str = "",
    value: Decimal | None = None,
    figure_kind: Kind = "share",
    target_share: Decimal | None = None,
) -> dict[str, Any]:
    """The columns of a clause, checked: names that exist, numbers that belong together, a scope that can be asked."""
    rules.require_numbers(
        standard=standard, value=value, measure=measure, figure_kind=figure_kind, target_share=target_share
    )
    unit = settings.of_name(standard).unit if standard else ""
    if standard and not unit:
        raise Invalid("clause.not_a_standard", standard=standard)
    if measure:
        _require_fitting(measures.of_name(measure), standard, unit, figure_kind, target_share)
    if scope:
        if not measure:
            raise Invalid("clause.scope_needs_measure")
        compiled(actor, scope, measures.of_name(measure).function().record, kept=True)
    return {
        "section": section, "text": rules.checked_text(text), "scope": scope or None, "team_id": team,
        "measure": measure, "standard": standard, "value": value, "unit": unit,
        "figure_kind": figure_kind, "target_share": target_share,
    }  # fmt: skip


def _require_fitting(
    measure: Measure, standard: str, unit: str, figure_kind: str, target_share: Decimal | None
) -> None:
    """A share is counted against the measure's own standard; a mean may be held against any length of time."""
    if figure_kind == "mean":
        if measure.unit != "seconds" or unit not in SECONDS:
            raise Invalid("clause.mean_is_a_duration", measure=measure.name)
    elif standard and measure.standard and standard != measure.standard:
        raise Invalid("clause.standard_of_another_measure", measure=measure.name, standard=measure.standard)
    elif target_share is not None and measure.unit != "share" and measure.standard is None:
        raise Invalid("clause.measure_has_no_share", measure=measure.name)
