"""A protocol as a text file: what a clause says there and which columns it becomes."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from guanxi.kernel import measures, settings
from guanxi.kernel.actor import Actor
from guanxi.lib.errors import Conflict, Invalid
from guanxi.protocols.clauses import rules
from guanxi.protocols.clauses.operations import Kind, Section, content


class FiledClause(BaseModel):
    """A clause in a text file. A measure or standard that is not there yet is kept by its name."""

    model_config = ConfigDict(extra="forbid")

    key: str
    section: Section
    text: dict[str, str]
    measure: str = ""
    standard: str = ""
    value: Decimal | None = None
    unit: str = ""
    figure_kind: Kind = "share"
    target_share: Decimal | None = None
    scope: dict[str, Any] | None = None


def columns(actor: Actor, filed: list[FiledClause]) -> list[dict[str, Any]]:
    """The columns of the clauses of a file, in its order; the same key twice is refused."""
    found: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    for one in filed:
        if one.key in found:
            raise Conflict("protocol.key_twice", key=one.key)
        counts[one.section] = counts.get(one.section, 0) + 1
        found[one.key] = {"key": one.key, "ordinal": counts[one.section], **_said(actor, one)}
    return list(found.values())


def _said(actor: Actor, one: FiledClause) -> dict[str, Any]:
    known = {
        "measure": not one.measure or one.measure in measures.measures(),
        "standard": not one.standard or one.standard in settings.settings(),
    }
    given = one.model_dump(exclude={"key", "unit"})
    if all(known.values()):
        said = content(actor, **given)
        if one.unit and one.unit != said["unit"]:
            raise Invalid("clause.unit_differs", standard=one.standard, unit=said["unit"])
        return said
    numbers = {k: given[k] for k in ("standard", "value", "measure", "figure_kind", "target_share")}
    rules.require_numbers(**numbers)
    if one.standard and not one.unit:
        raise Invalid("clause.needs_unit", standard=one.standard)
    return {**given, "text": rules.checked_text(one.text), "unit": one.unit}
