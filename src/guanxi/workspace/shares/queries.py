"""Which shares are in force."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.kernel.time import now
from guanxi.workspace.shares.models import Share


def in_force(ids: Collection[UUID] | None = None) -> QuerySet[Share]:
    """Shares that open something now, of these or of all."""
    open_ = Share.objects.filter(Q(until=None) | Q(until__gt=now()), ended_at=None)
    return open_ if ids is None else open_.filter(pk__among=ids)
