"""How single records are shared, and how that ends."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from guanxi.events.workspace import CustomerShared, ShareEnded, ShareRanOut
from guanxi.kernel import clocks
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Invalid
from guanxi.workspace.shares import rules
from guanxi.workspace.shares.models import Share
from guanxi.workspace.shares.queries import in_force
from guanxi.workspace.teams.models import Team
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User

MOST = 200
"""How many records at most are shared with one person or team: more is a matter of roles and teams."""
WITHDRAW = "workspace.share.withdraw"


def give_share(
    actor: Actor,
    customer: UUID,
    *,
    user: UUID | None,
    team: UUID | None,
    may: Literal["read", "write"],
    until: datetime | None,
    using: str,
    reading: str,
) -> Share:
    """Share a customer whom the caller has found shareable; who has a share already gets this one instead."""
    rules.require_one(user, team)
    rules.require_later(until, now=now())
    if user and user == actor.id:  # it would stay when the customer goes to somebody else
        raise Conflict("share.with_yourself")
    whom = {"user_id": user, "team_id": team}
    called = _called(actor, user, team, reading=reading)
    over = Share.objects.filter(customer=customer, ended_at=None, until__lte=now(), **whom)
    for id in over.values_list("pk", flat=True):  # its clock has not told yet
        end_share(actor, id, using=using)
    known = Share.objects.filter(customer=customer, ended_at=None, **whom).first()
    if known:
        with change(Share, known.pk, by=actor, using=using) as share:
            if (share.may, share.until) != (may, until):
                share.may, share.until = may, until
                share.emit(_told(share))
    else:
        if in_force().filter(**whom).count() >= MOST:
            raise Conflict("share.too_many", most=MOST, name=called)
        values = {**whom, "customer_id": customer, "called": called, "may": may, "until": until}
        share = create(actor, Share, using=using, tell=_told, **values)
    run_out(share)
    return share


@operation(WITHDRAW)
def withdraw_share(actor: Actor, share_id: UUID) -> Share:
    """End a share at once."""
    return end_share(actor, share_id, using=WITHDRAW)


def end_share(actor: Actor, share_id: UUID, *, using: str) -> Share:
    """Note that a share has ended."""
    with change(Share, share_id, by=actor, using=using) as share:
        if share.ended_at:
            raise Conflict("share.already_ended", called=share.called)
        share.ended_at = now()
        share.emit(ShareEnded(share_id=share.pk, customer_id=share.customer_id, called=share.called))
    clocks.stop(rules.end_of(share_id))
    return share


@clocks.of_noun("workspace.share")
def run_out_anew(ids: Collection[UUID]) -> None:
    """Let shares end as these stand now, whatever stopped or started their clocks before."""
    for share in Share.objects.filter(pk__among=ids):
        run_out(share)


def run_out(share: Share) -> None:
    """Let a share end when its time comes, whatever was to end it before."""
    from_here = share.until if share.ended_at is None else None
    clocks.stop(rules.end_of(share.pk))
    if from_here:
        over = ShareRanOut(share_id=share.pk, customer_id=share.customer_id)
        clocks.start(rules.end_of(share.pk), from_here, over)


def _told(share: Share) -> CustomerShared:
    return CustomerShared(
        share_id=share.pk, customer_id=share.customer_id, called=share.called, may=share.may, until=share.until,
    )  # fmt: skip


def _called(actor: Actor, user: UUID | None, team: UUID | None, *, reading: str) -> str:
    """The name of whoever gets it, which only those learn who see them; whose role reads none would get nothing."""
    if team:
        found = visible_to(actor, Team).filter(pk=team).first()
        if found is None:
            raise Invalid("share.no_such_team", id=str(team))
        return found.name
    seen = visible_to(actor, User).filter(pk=user).exists() if user else False
    acting = actor_of(user) if user and seen else None
    if acting is None:
        raise Invalid("share.no_such_user", id=str(user))
    if not acting.may(reading):
        raise Conflict("share.reads_none", name=acting.label)
    return acting.label
