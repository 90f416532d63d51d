"""What may be kept of what is being written, and when somebody counts as writing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from guanxi.channels.conversations.rules import LONGEST_TEXT, MOST_COPIES
from guanxi.lib.errors import Conflict, Invalid

TOLD_AGAIN_AFTER = timedelta(minutes=2)
"""Whoever goes on writing after so long is told to be writing once more."""

LONGEST_ADDRESS = 254
MOST = 200
"""How many drafts somebody may have begun: each may carry files, and nobody writes so many letters at once."""


def require_room(begun: int) -> None:
    """Refuse one more where somebody has begun too many."""
    if begun >= MOST:
        raise Conflict("draft.too_many", most=MOST)


def require_there(archived_at: datetime | None) -> None:
    """Refuse to go on with what was sent or thrown away meanwhile."""
    if archived_at is not None:
        raise Conflict("draft.gone", at=archived_at)


def require_few(copies: Sequence[str]) -> Sequence[str]:
    """Refuse more copies, or longer addresses, than could ever be sent; half an address is kept."""
    if len(copies) > MOST_COPIES:
        raise Invalid("message.too_many_copies", most=MOST_COPIES)
    if any(len(one) > LONGEST_ADDRESS for one in copies):
        raise Invalid("message.copy_address", address=max(copies, key=len)[:LONGEST_ADDRESS])
    return copies


def require_short(*texts: str | None) -> None:
    """Refuse to keep what could never be sent."""
    if any(len(text or "") > LONGEST_TEXT for text in texts):
        raise Invalid("message.too_long", most=LONGEST_TEXT)
