"""Links in messages that act for a customer: signed, for one message, good for a year."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from guanxi.lib.errors import NotFound

UNSUBSCRIBE = "channels.unsubscribe"
GOOD_FOR = timedelta(days=400)


def unsubscribe_token(delivery_id: UUID) -> str:
    """The mark of one message in its unsubscribe link."""
    return signing.TimestampSigner(salt=UNSUBSCRIBE).sign(delivery_id.hex)


def unsubscribe_url(delivery_id: UUID) -> str:
    """The address that takes a customer off the list a message was sent for."""
    return f"{settings.URL.rstrip('/')}/api/unsubscribe/{unsubscribe_token(delivery_id)}"


def delivery_of(token: str) -> UUID:
    """The message a link was made for; a forged or very old one leads nowhere."""
    try:
        return UUID(signing.TimestampSigner(salt=UNSUBSCRIBE).unsign(token[:200], max_age=GOOD_FOR))
    except (signing.BadSignature, ValueError):
        raise NotFound("unsubscribe.unknown_link") from None
