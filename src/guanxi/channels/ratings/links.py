"""The link in a letter by which its receiver says how content they are: signed, for one message."""

from uuid import UUID

from guanxi.channels.ratings.rules import GOOD_FOR
from guanxi.channels.wire import personal
from guanxi.lib.errors import NotFound

RATE = "rate"


def rating_url(message_id: UUID) -> str:
    """The address under which the receiver of a message rates us."""
    return personal.url(RATE, personal.token(RATE, message_id))


def message_of(token: str) -> UUID:
    """The message a link was made for; a forged or old one leads nowhere."""
    found = personal.message_of(RATE, token, good_for=GOOD_FOR)
    if found is None:
        raise NotFound("rating.unknown_link")
    return found
