"""The link in a letter by which its receiver says how content they are: signed, for one message."""

from uuid import UUID

from django.conf import settings
from django.core import signing

from guanxi.channels.ratings.rules import GOOD_FOR
from guanxi.lib.errors import NotFound

RATE = "channels.rate"


def rating_url(message_id: UUID) -> str:
    """The address under which the receiver of a message rates us."""
    token = signing.TimestampSigner(salt=RATE).sign(message_id.hex)
    return f"{settings.URL.rstrip('/')}/api/rate/{token}"


def message_of(token: str) -> UUID:
    """The message a link was made for; a forged or old one leads nowhere."""
    try:
        return UUID(signing.TimestampSigner(salt=RATE).unsign(token[:200], max_age=GOOD_FOR))
    except (signing.BadSignature, ValueError):
        raise NotFound("rating.unknown_link") from None
