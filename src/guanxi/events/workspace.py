"""What happens in every company's house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("workspace.todo_added")
@dataclass(frozen=True, kw_only=True)
class TodoAdded(Event):
    """Somebody got something to do."""

    todo_id: UUID
    owner_id: UUID | None
    customer_id: UUID | None = None
    kind: str
    subject: str


@event("workspace.todo_due")
@dataclass(frozen=True, kw_only=True)
class TodoDue(Event):
    """The time of a to-do has come."""

    todo_id: UUID
    customer_id: UUID | None = None
    subject: str


@event("workspace.todo_done")
@dataclass(frozen=True, kw_only=True)
class TodoDone(Event):
    """A to-do was done, with what came of it."""

    todo_id: UUID
    owner_id: UUID | None
    customer_id: UUID | None = None
    about_id: UUID | None = None
    kind: str
    subject: str
    result: str


@event("workspace.todo_reassigned")
@dataclass(frozen=True, kw_only=True)
class TodoReassigned(Event):
    """A to-do went to somebody else."""

    todo_id: UUID
    owner_id: UUID
    before_id: UUID | None
    customer_id: UUID | None = None
    subject: str


@event("workspace.company_set_up")
@dataclass(frozen=True, kw_only=True)
class CompanySetUp(Event):
    """An empty house was set up for its owner."""

    owner_id: UUID
    company: str
    sample: bool


@event("workspace.import_started")
@dataclass(frozen=True, kw_only=True)
class ImportStarted(Event):
    """A file shall be checked or written."""

    import_id: UUID
    noun: str
    check: bool
    queued: bool = True


@event("workspace.import_ended")
@dataclass(frozen=True, kw_only=True)
class ImportEnded(Event):
    """A file was written, or could not be."""

    tells: ClassVar[Mapping[str, str]] = {
        "created": "workspace.import.rows_created",
        "updated": "workspace.import.rows_updated",
        "skipped": "workspace.import.rows_skipped",
        "failed": "workspace.import.rows_failed",
        "succeeded": "workspace.import.status",
    }

    import_id: UUID
    noun: str
    created: int
    updated: int
    skipped: int
    failed: int
    succeeded: bool


@event("workspace.customer_shared")
@dataclass(frozen=True, kw_only=True)
class CustomerShared(Event):
    """A customer was shared with a person or a team; the share knows whom: it is no story of theirs."""

    share_id: UUID
    customer_id: UUID
    called: str
    may: str
    until: datetime | None = None


@event("workspace.share_ran_out")
@dataclass(frozen=True, kw_only=True)
class ShareRanOut(Event):
    """The time of a share has come."""

    share_id: UUID
    customer_id: UUID


@event("workspace.share_ended")
@dataclass(frozen=True, kw_only=True)
class ShareEnded(Event):
    """A share was withdrawn, or its time has come."""

    share_id: UUID
    customer_id: UUID
    called: str
