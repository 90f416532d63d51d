"""A protocol as a text file: what a clause says there and which columns it becomes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from guanxi.kernel.actor import Actor
from guanxi.kernel.models import CLOCK
from guanxi.kernel.settings import Counting
from guanxi.lib.errors import Conflict, Invalid
from guanxi.protocols.clauses import rules
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.operations import Kind, Section, content
from guanxi.protocols.protocols.rules import successors, with_same_wording


class FiledClause(BaseModel):
    """A clause in a text file. A measure or standard that is not there yet is kept by its name."""

    model_config = ConfigDict(extra="forbid")

    key: str = ""
    section: Section
    text: dict[str, str]
    measure: str = ""
    standard: str = ""
    value: Decimal | None = None
    unit: str = ""
    counted_in: Counting = CLOCK
    figure_kind: Kind = "share"
    target_share: Decimal | None = None
    scope: dict[str, Any] | None = None


def columns(actor: Actor, filed: list[FiledClause], *, before: Sequence[Clause] = ()) -> list[dict[str, Any]]:
    """The columns of the clauses of a file, in its order; the same key twice is refused.

    A clause without a key takes that of the clause of the version `before` which it words anew, with its team.
    """
    given = [one.key for one in filed if one.key]
    if twice := next((key for key in given if given.count(key) > 1), None):
        raise Conflict("protocol.key_twice", key=twice)
    followed = successors([(one.text, one.standard, one.scope) for one in filed], before)
    free = [one.key or (old.key if old else "") for one, old in zip(filed, followed, strict=True)]
    known = {clause.key for clause in before}
    found: list[dict[str, Any]] = []
    for one, old, key in zip(filed, followed, free, strict=True):
        taken = {*free, *known, *(each["key"] for each in found)}
        ordinal = 1 + sum(each["section"] == one.section for each in found)
        said = _said(actor, one)
        if old is not None and not one.key:
            said |= {"team_id": old.team_id, "text": with_same_wording(said["text"], old.text)}
        found.append({"key": key or rules.free_key(one.section, taken), "ordinal": ordinal, **said})
    return found


def _said(actor: Actor, one: FiledClause) -> dict[str, Any]:
    given = one.model_dump(exclude={"key"})
    said = content(actor, **given, foreseen={one.measure, one.standard})
    if one.unit and one.unit != said["unit"]:
        raise Invalid("clause.unit_differs", standard=one.standard, unit=said["unit"])
    return said
