"""The verbs of single clauses. Only a draft can be worded; what is published stays as it was."""

from collections.abc import Container
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from guanxi.kernel import measures, settings
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import SECONDS, Measure
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.models import CLOCK, WORKDAYS
from guanxi.kernel.operations import operation
from guanxi.kernel.removals import remove
from guanxi.kernel.writes import change
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
    counted_in: settings.Counting = CLOCK,
    figure_kind: Kind = "share",
    target_share: Decimal | None = None,
) -> Clause:
    """Word a clause of a draft anew: all that it says, from its text to its numbers."""
    with change(Clause, clause_id, by=actor, using="protocols.clause.change") as clause:
        rules.require_draft(clause.in_version.status, clause.in_version.number)
        said = content(
            actor, section=section, text=text, scope=scope, team=team, measure=measure, standard=standard, value=value,
            counted_in=counted_in, figure_kind=figure_kind, target_share=target_share, unit=clause.unit,
            foreseen={clause.measure, clause.standard},
        )  # fmt: skip
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
    counted_in: settings.Counting = CLOCK,
    figure_kind: Kind = "share",
    target_share: Decimal | None = None,
    unit: str = "",
    foreseen: Container[str] = (),
) -> dict[str, Any]:
    """The columns of a clause, checked: names that exist, numbers that belong together, a scope that can be asked.

    A name that is `foreseen` may be one that no catalogue has yet; the number of such a standard is in `unit`.
    """
    rules.require_numbers(
        standard=standard, value=value, measure=measure, figure_kind=figure_kind, target_share=target_share
    )
    known = _known(measure, foreseen)
    measured_in = _unit(standard, unit, foreseen)
    if known and (not standard or standard in settings.settings()):
        _require_fitting(known, standard, measured_in, figure_kind, target_share)
    if counted_in != CLOCK:
        _require_by_calendar(counted_in, standard, known, figure_kind, foreseen)
    if counted_in == WORKDAYS and value is not None:
        rules.require_workdays(value, measured_in)
    if scope:
        _require_scope(actor, scope, measure, known, standard, figure_kind)
    return {
        "section": section, "text": rules.checked_text(text), "scope": scope or None, "team_id": team,
        "measure": measure, "standard": standard, "value": value, "unit": measured_in,
        "counted_in": counted_in, "figure_kind": figure_kind, "target_share": target_share,
    }  # fmt: skip


def _known(measure: str, foreseen: Container[str]) -> Measure | None:
    """The measure of a clause, unless there is none, or none yet."""
    if not measure or (measure in foreseen and measure not in measures.measures()):
        return None
    return measures.of_name(measure)


def _unit(standard: str, unit: str, foreseen: Container[str]) -> str:
    """What the number of a clause is counted in."""
    if not standard:
        return ""
    if standard in foreseen and standard not in settings.settings():
        if not unit:
            raise Invalid("clause.needs_unit", standard=standard)
        return unit
    counted_in = settings.of_name(standard).unit
    if not counted_in:
        raise Invalid("clause.not_a_standard", standard=standard)
    return counted_in


def _require_by_calendar(
    counted_in: settings.Counting, standard: str, measure: Measure | None, figure_kind: str, foreseen: Container[str]
) -> None:
    """Refuse office hours or working days where no clock runs by them, and a mean that cannot be told in them."""
    if not standard:
        raise Invalid("clause.office_hours_need_standard")
    if standard in foreseen and standard not in settings.settings():
        return
    if counted_in not in settings.of_name(standard).countings:
        code = "clause.not_in_workdays" if counted_in == WORKDAYS else "clause.not_in_office_hours"
        raise Invalid(code, standard=f"setting.{standard}")
    if figure_kind == "mean" and measure and measure.function().hours is None:
        raise Invalid("clause.not_told_in_office_hours", measure=measure.name)


def _require_scope(
    actor: Actor, scope: dict[str, Any], measure: str, known: Measure | None, standard: str, figure_kind: str
) -> None:
    """Refuse a scope that cannot be asked of the cases, and a standard that nobody would hold to in a scope."""
    if not measure:
        raise Invalid("clause.scope_needs_measure")
    if known is None:
        return
    record = known.function().record
    compiled(actor, scope, record, kept=True)
    if not standard:
        return
    judged = [one.function().record for one in measures.measures().values() if one.standard == standard]
    if any(one != record for one in judged) or (not judged and figure_kind == "share"):
        raise Invalid("clause.standard_has_no_scope", standard=f"setting.{standard}")


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
