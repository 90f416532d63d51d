"""What no catalogue generates of drafts: keeping what is typed, who is writing, what will stand under it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict

from guanxi.channels.conversations.models import Conversation
from guanxi.channels.drafts import operations, queries
from guanxi.kernel.access import get
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.preconditions import versions_read
from guanxi.kernel.api.routes import AS_READ
from guanxi.kernel.rows import one

READ = "channels.draft.read"
router = Router(tags=["drafts"])
of_conversations = Router(tags=["conversations"])


class DraftKept(BaseModel):
    """What is kept of a draft; what is not said stays."""

    model_config = ConfigDict(extra="forbid")

    customer: UUID | None = None
    subject: str = ""
    text: str = ""
    signature: str | None = None


@router.put("/{uuid:id}/content", operation_id="keep_draft", openapi_extra=AS_READ)
def keep(request: HttpRequest, id: UUID, values: DraftKept) -> HttpResponse:
    """Keep what is being written, in the version that was read or not at all."""
    actor = actor_of(request)
    said: dict[str, Any] = values.model_dump(exclude_unset=True)
    columns = {"customer_id" if name == "customer" else name: value for name, value in said.items()}
    draft = operations.keep_draft(actor, id, versions=versions_read(request), values=columns)
    return answer(one(actor, draft), version=draft.version)


@router.get("/signature", operation_id="signature_of_draft")
def signature(request: HttpRequest, conversation: UUID | None = None) -> HttpResponse:
    """What will stand under what the reader writes, unless they change it there."""
    actor = actor_of(request)
    actor.require(READ)
    account = get(actor, Conversation, conversation).account_id if conversation else None
    return answer({"text": queries.signature(actor, account)})


@of_conversations.get("/{uuid:id}/writers", operation_id="writers_in_conversation")
def writers(request: HttpRequest, id: UUID) -> HttpResponse:
    """Who else is writing an answer here, never what."""
    actor = actor_of(request)
    actor.require(READ)
    return answer(queries.writers(actor, get(actor, Conversation, id).pk))
