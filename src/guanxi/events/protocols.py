"""What happens to the written protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("protocols.version_drafted")
@dataclass(frozen=True, kw_only=True)
class VersionDrafted(Event):
    """Somebody began a new version of a protocol."""

    protocol_id: UUID
    version_id: UUID
    number: int


@event("protocols.version_published")
@dataclass(frozen=True, kw_only=True)
class VersionPublished(Event):
    """A version of a protocol came into force; its numbers hold from now on."""

    protocol_id: UUID
    version_id: UUID
    number: int
    standards: int


@event("protocols.review_due")
@dataclass(frozen=True, kw_only=True)
class ReviewDue(Event):
    """The day has come on which a protocol is to be reviewed."""

    tells: ClassVar[Mapping[str, str]] = {"on": "protocols.protocol.next_review_on"}

    protocol_id: UUID
    on: date


@event("protocols.gap_opened")
@dataclass(frozen=True, kw_only=True)
class GapOpened(Event):
    """There is a channel, team, kind of ticket or purpose now that no clause in force covers."""

    gap_id: UUID
    kind: str
    what: str
    partly: bool


@event("protocols.gap_closed")
@dataclass(frozen=True, kw_only=True)
class GapClosed(Event):
    """What no clause covered is covered now, or is no longer there."""

    gap_id: UUID
    kind: str
    what: str
