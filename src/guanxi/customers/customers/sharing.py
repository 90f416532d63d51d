"""A customer given to somebody who would not see them."""

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import get, require_reach
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.workspace.shares.models import Share
from guanxi.workspace.shares.operations import give_share

SHARE, READ, CHANGE = (f"customers.customer.{verb}" for verb in ("share", "read", "change"))


@operation(SHARE)
def share_customer(
    actor: Actor,
    customer_id: UUID,
    *,
    user: UUID | None = None,
    team: UUID | None = None,
    may: Literal["read", "write"] = "read",
    until: datetime | None = None,
) -> Share:
    """Let a colleague or a team see one customer and all that belongs to them, for a time if there is one."""
    customer = get(actor, Customer, customer_id)
    own = replace(actor, shared={})  # what one has by a share is not handed on
    for needed in (SHARE, READ, *([CHANGE] if may == "write" else [])):
        own.require(needed)
        require_reach(own, needed, customer)
    return give_share(actor, customer.pk, user=user, team=team, may=may, until=until, using=SHARE, reading=READ)
