"""The link in a message that takes its receiver off a list: signed, for one message, good for a year."""

from datetime import timedelta
from uuid import UUID

from guanxi.channels.wire import personal
from guanxi.lib.errors import NotFound

UNSUBSCRIBE = "unsubscribe"
GOOD_FOR = timedelta(days=400)


def unsubscribe_token(delivery_id: UUID) -> str:
    """The mark of one message in its unsubscribe link."""
    return personal.token(UNSUBSCRIBE, delivery_id)


def unsubscribe_url(delivery_id: UUID) -> str:
    """The address that takes a customer off the list a message was sent for."""
    return personal.url(UNSUBSCRIBE, unsubscribe_token(delivery_id))


def delivery_of(token: str) -> UUID:
    """The message a link was made for; a forged or very old one leads nowhere."""
    found = personal.message_of(UNSUBSCRIBE, token, good_for=GOOD_FOR)
    if found is None:
        raise NotFound("unsubscribe.unknown_link")
    return found
