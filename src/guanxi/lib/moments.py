"""Which days and moments can be spoken of: a database keeps some far beyond them that nobody can read again."""

from datetime import UTC, date, datetime

FIRST = datetime(1800, 1, 1, tzinfo=UTC)
LAST = datetime(2200, 1, 1, tzinfo=UTC)


def speakable(when: date | datetime) -> bool:
    """Whether a day or an aware moment is one that every reader, zone and sum can deal with."""
    if isinstance(when, datetime):
        return FIRST <= when < LAST
    return FIRST.date() <= when < LAST.date()
