"""When the last backup was made, tried and verified, as the house itself knows it."""

from datetime import datetime

from guanxi.kernel.marks import mark_anew, marked
from guanxi.kernel.time import now

MADE, TRIED, FAILED, VERIFIED = "backup_made", "backup_tried", "backup_failed", "backup_verified"


def when(name: str) -> datetime | None:
    """When that was the last time."""
    kept = marked(name)
    return datetime.fromisoformat(kept) if kept else None


def note(name: str, at: datetime | None = None) -> None:
    """It was now, or at another time."""
    mark_anew(name, (at or now()).isoformat(timespec="seconds"))


def forget(name: str) -> None:
    """It is past and settled."""
    mark_anew(name, "")
