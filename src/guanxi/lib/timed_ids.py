"""Time-ordered ids (UUIDv7, RFC 9562 §5.7): their first 48 bits are the millisecond of their making since 1970."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BELOW = 80


def first_of(moment: datetime) -> UUID:
    """The lowest id made at a moment (aware, 1970 or later) or after it; no id is ever made as this one."""
    return UUID(int=(moment - _EPOCH) // timedelta(milliseconds=1) << _BELOW)


def moment_of(id: UUID) -> datetime:
    """When an id was made, to the millisecond, in UTC."""
    return _EPOCH + timedelta(milliseconds=id.int >> _BELOW)
