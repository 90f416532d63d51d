"""What may be shared, with whom, until when."""

from datetime import datetime
from uuid import UUID

from guanxi.lib.errors import Invalid


def require_one(user: UUID | None, team: UUID | None) -> None:
    """A share is with a person or with a team."""
    if (user is None) == (team is None):
        raise Invalid("share.with_one")


def require_later(until: datetime | None, *, now: datetime) -> None:
    """Refuse a share that is over before it begins."""
    if until and until <= now:
        raise Invalid("share.already_over", until=until)


def end_of(share_id: object) -> str:
    """The key of the clock that ends a share."""
    return f"workspace.share:{share_id}"
