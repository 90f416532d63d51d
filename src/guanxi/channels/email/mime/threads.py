"""Which conversation a mail belongs to: our own message ids first, then our token in the address or the subject."""

import hashlib
import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable
from uuid import UUID

_ID = re.compile(r"<([^<>\s]{1,500})>")
_OURS = re.compile(r"gx\.([0-9a-f]{32})@(.+)", re.IGNORECASE)
_TOKEN_LENGTH = 34
_PLUS = re.compile(r"\+c-([a-z2-7]{34})@", re.IGNORECASE)
_SUBJECT = re.compile(r"\[c-([a-z2-7]{34})\]", re.IGNORECASE)
_REPLY_PREFIX = re.compile(
    r"^(?:\s*+(?:re|aw|fwd?|wg|tr|sv|antw|答复|回复|回覆|答覆|转发|轉寄|轉發)\s*+(?:\[\d+\]|\(\d+\))?\s*+[:：])++\s*",
    re.IGNORECASE,
)


def message_id(our_id: UUID, domain: str) -> str:
    """The Message-ID of one of our messages: the same at every attempt."""
    return f"<gx.{our_id.hex}@{domain}>"


def ours(provider_id: str, domains: Iterable[str]) -> UUID | None:
    """Our id of a message, when its Message-ID was made by us."""
    match = _OURS.fullmatch(provider_id.strip().strip("<>"))
    if match is None or match[2].lower() not in {domain.lower() for domain in domains}:
        return None
    return UUID(match[1])


def ids(value: str, limit: int = 100) -> tuple[str, ...]:
    """The Message-IDs in a References or In-Reply-To header, in their order, each once."""
    found = (f"<{match}>" for match in _ID.findall(value[:50_000]))
    return tuple(dict.fromkeys(found))[-limit:]


def answered(references: str, in_reply_to: str) -> tuple[str, ...]:
    """All messages a mail refers to, nearest first."""
    return tuple(dict.fromkeys((*reversed(ids(in_reply_to, 5)), *reversed(ids(references)))))


def token(conversation_id: UUID, key: bytes) -> str:
    """A conversation's mark for addresses and subjects; cannot be made without the key."""
    body = conversation_id.bytes
    seal = hmac.new(key, b"conversation:" + body, hashlib.sha256).digest()[:5]
    return b32encode(body + seal).decode().rstrip("=").lower()


def conversation_of(mark: str, key: bytes) -> UUID | None:
    """The conversation a token was made for; None when it was not made by us."""
    if len(mark) != _TOKEN_LENGTH:
        return None
    try:
        raw = b32decode(mark.upper() + "=" * (-len(mark) % 8))
    except ValueError:
        return None
    found = UUID(bytes=raw[:16])
    return found if hmac.compare_digest(token(found, key), mark.lower()) else None


def token_in(addresses: Iterable[str], subject: str) -> str:
    """The first token carried by a plus-address or the subject; empty without one."""
    for address in addresses:
        match = _PLUS.search(address)
        if match:
            return match[1].lower()
    match = _SUBJECT.search(subject)
    return match[1].lower() if match else ""


def with_token(address: str, mark: str) -> str:
    """The address with the token as its plus-part."""
    local, _, domain = address.rpartition("@")
    return f"{local}+c-{mark}@{domain}"


def without_prefix(subject: str) -> str:
    """A subject without its Re:, Fwd:, 回复： and the like."""
    return _REPLY_PREFIX.sub("", subject).strip()
