"""The verbs of gaps: look, set one aside with a reason, take it up again."""

from uuid import UUID

from django.db import transaction

from guanxi.events.protocols import GapClosed, GapOpened
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Invalid
from guanxi.protocols.gaps.models import Gap
from guanxi.protocols.gaps.queries import Uncovered, uncovered

WATCH = "protocols.gap.watch"


@operation(WATCH)
def watch(actor: Actor) -> dict[str, int]:
    """Hold what the company does with customers against the clauses in force; gaps open and close."""
    return look(actor)


def look(actor: Actor) -> dict[str, int]:
    """The same for what looks by itself: where nothing is new, nothing is written."""
    actor.require(WATCH)
    with transaction.atomic():
        known = {(gap.kind, gap.value): gap for gap in Gap.objects.select_for_update(of=("self",)).order_by("pk")}
        found = {(one.thing.kind, one.thing.value): one for one in uncovered(now())}
        opened = sum(_open(actor, known.get(place), one) for place, one in found.items())
        gone = [gap for place, gap in known.items() if place not in found and gap.closed_at is None]
        for gap in gone:
            _close(actor, gap.pk)
    return {"open": len(found), "opened": opened, "closed": len(gone)}


@operation("protocols.gap.set_aside")
def set_aside(actor: Actor, gap_id: UUID, *, reason: str) -> Gap:
    """Say why no clause is needed here; it is not shown as a gap any more."""
    if not reason.strip():
        raise Invalid("gap.needs_reason")
    with change(Gap, gap_id, by=actor, using="protocols.gap.set_aside") as gap:
        if gap.closed_at is not None:
            raise Conflict("gap.is_closed", what=gap.what)
        gap.reason, gap.set_aside_at, gap.set_aside_by_id = reason.strip(), now(), actor.id
    return gap


@operation("protocols.gap.take_up")
def take_up(actor: Actor, gap_id: UUID) -> Gap:
    """Show a gap again that was set aside."""
    with change(Gap, gap_id, by=actor, using="protocols.gap.take_up") as gap:
        if gap.set_aside_at is None:
            raise Conflict("gap.is_not_set_aside", what=gap.what)
        _shown_again(gap)
    return gap


def _open(actor: Actor, gap: Gap | None, found: Uncovered) -> bool:
    """Write down a gap as it is; whether it is one that was none before."""
    thing = found.thing
    if gap is None:
        create(
            actor, Gap, using=WATCH, tell=_opened, kind=thing.kind, value=thing.value, what=thing.what,
            cases=found.cases, partly=found.partly,
        )  # fmt: skip
        return True
    reopened = gap.closed_at is not None
    if not reopened and (gap.what, gap.cases, gap.partly) == (thing.what, found.cases, found.partly):
        return False
    with change(Gap, gap.pk, by=actor, using=WATCH) as row:
        row.what, row.cases, row.partly = thing.what, found.cases, found.partly
        if reopened:
            row.opened_at, row.closed_at = now(), None
            _shown_again(row)
            row.emit(_opened(row))
    return reopened


def _opened(gap: Gap) -> GapOpened:
    return GapOpened(gap_id=gap.pk, kind=gap.kind, what=gap.what, partly=gap.partly)


def _close(actor: Actor, gap_id: UUID) -> None:
    with change(Gap, gap_id, by=actor, using=WATCH) as gap:
        gap.closed_at = now()
        gap.emit(GapClosed(gap_id=gap.pk, kind=gap.kind, what=gap.what))


def _shown_again(gap: Gap) -> None:
    gap.reason, gap.set_aside_at, gap.set_aside_by_id = "", None, None
