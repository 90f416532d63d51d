"""What may be kept of what is being written, and when somebody counts as writing."""

from datetime import datetime, timedelta

from guanxi.channels.conversations.rules import LONGEST_TEXT
from guanxi.lib.errors import Conflict, Invalid

TOLD_AGAIN_AFTER = timedelta(minutes=2)
"""Whoever goes on writing after so long is told to be writing once more."""

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


def require_short(*texts: str | None) -> None:
    """Refuse to keep what could never be sent."""
    if any(len(text or "") > LONGEST_TEXT for text in texts):
        raise Invalid("message.too_long", most=LONGEST_TEXT)
