"""Links that act for whoever got a letter: what is kept says where they stand, and only what leaves has them."""

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

MARK = "personal"
"""What stands in a letter as it is kept where the letter that left had a signature."""
_MARKED = re.compile(rf"/api/(?P<name>\w+)/{MARK}(?![\w-])")
_SIGNED = re.compile(r"[0-9a-fA-F]{32}(?::|%3A)[0-9A-Za-z]{4,12}(?::|%3A)[\w-]{43}(?![\w-])", re.IGNORECASE)


def salt(name: str) -> str:
    """What a signature of one kind of link is good for."""
    return f"channels.{name}"


def token(name: str, id: UUID) -> str:
    """The signature of one message in its link."""
    return signing.TimestampSigner(salt=salt(name)).sign(id.hex)


def url(name: str, said: str = MARK) -> str:
    """The address of a link; as it is kept, without the signature."""
    return f"{settings.URL.rstrip('/')}/api/{name}/{said}"


def message_of(name: str, said: str, *, good_for: timedelta) -> UUID | None:
    """The message a link was made for; a forged or old one leads nowhere."""
    try:
        return UUID(signing.TimestampSigner(salt=salt(name)).unsign(said[:200], max_age=good_for))
    except (signing.BadSignature, ValueError):
        return None


def signed(text: str, **ids: UUID) -> str:
    """A letter as it leaves: with the links of these kinds, each for its message."""

    def filled(found: re.Match[str]) -> str:
        name = found["name"]
        return f"/api/{name}/{token(name, ids[name])}" if name in ids else found[0]

    return _MARKED.sub(filled, text)


def unsigned(text: str) -> str:
    """A letter as it is kept: whoever reads it in the house cannot act for whoever got it."""
    return _SIGNED.sub(MARK, text)
