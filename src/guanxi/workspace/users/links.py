"""The link by which somebody chooses the password they sign in with: signed, for one person, good once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from guanxi.kernel.time import now
from guanxi.lib.errors import NotFound
from guanxi.workspace.users.models import User

WAY_IN = "workspace.way_in"
GOOD_FOR = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """A link as it is handed out, and until when it is good."""

    link: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a link says of itself: for whom, by whom and when it was made."""

    user_id: UUID
    by: UUID | None
    made_at: datetime


def _signer() -> signing.Signer:
    return signing.Signer(salt=WAY_IN, sep=".")  # letters, digits, - and _ beside it: no messenger cuts the link


def way_in(mark: Mark) -> WayIn:
    """The page of the link. What proves it stands behind the #, which no browser sends and no log keeps."""
    moment = (mark.made_at - _EPOCH) // _TICK
    text = f"{mark.user_id.hex}.{mark.by.hex if mark.by else ''}.{moment}"
    token = _signer().sign(text)
    return WayIn(link=f"{settings.URL.rstrip('/')}/welcome#{token}", until=mark.made_at + GOOD_FOR)


def mark_of(token: str) -> Mark:
    """What a link was signed with; a forged one leads nowhere."""
    try:
        user, by, moment = _signer().unsign(token[:400]).split(".")
        return Mark(user_id=UUID(user), by=UUID(by) if by else None, made_at=_EPOCH + int(moment) * _TICK)
    except (signing.BadSignature, ValueError):
        raise NotFound("user.dead_link") from None


def require_good(mark: Mark, user: User) -> None:
    """Refuse a link that was used, was followed by a newer one, is too old, or is of somebody who left."""
    if user.archived_at or user.link_made_at != mark.made_at or now() >= mark.made_at + GOOD_FOR:
        raise NotFound("user.dead_link")
