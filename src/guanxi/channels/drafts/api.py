"""What no catalogue generates of drafts: keeping what is typed, who is writing, what will stand under it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict

from guanxi.channels.conversations import queries as conversations
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.drafts import enclosures, operations, queries
from guanxi.channels.drafts.models import Draft
from guanxi.channels.email import queries as mailboxes
from guanxi.kernel.access import get, require_readable
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.preconditions import versions_read
from guanxi.kernel.api.routes import AS_READ
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import one

READ, WRITE = "channels.draft.read", "channels.conversation.write"
router = Router(tags=["drafts"])
of_conversations = Router(tags=["conversations"])


class DraftKept(BaseModel):
    """What is kept of a draft; what is not said stays."""

    model_config = ConfigDict(extra="forbid")

    customer: UUID | None = None
    subject: str = ""
    text: str = ""
    signature: str | None = None
    copies: list[str] = []


class FileTaken(BaseModel):
    """Which file of which message."""

    model_config = ConfigDict(extra="forbid")

    message: UUID
    number: int


@router.put("/{uuid:id}/content", operation_id="keep_draft", openapi_extra=AS_READ)
def keep(request: HttpRequest, id: UUID, values: DraftKept) -> HttpResponse:
    """Keep what is being written, in the version that was read or not at all."""
    actor = actor_of(request)
    said: dict[str, Any] = values.model_dump(exclude_unset=True)
    columns = {"customer_id" if name == "customer" else name: value for name, value in said.items()}
    draft = operations.keep_draft(actor, id, versions=versions_read(request), values=columns)
    return answer(one(actor, draft), version=draft.version)


@router.get("/{uuid:id}/files", operation_id="files_of_draft")
def files(request: HttpRequest, id: UUID) -> HttpResponse:
    """The files that will go with it, without their content."""
    actor = actor_of(request)
    actor.require(READ)
    return answer(enclosures.of_draft(get(actor, Draft, id)))


@router.post("/{uuid:id}/files", operation_id="put_file_in_draft")
def put_file_in(request: HttpRequest, id: UUID, name: str) -> HttpResponse:
    """Let a file go with it; the body is the file itself."""
    content = request.read(enclosures.LARGEST + 1)
    return answer(enclosures.put_in(actor_of(request), id, name=name, content=content))


@router.post("/{uuid:id}/take_file", operation_id="take_file_into_draft")
def take_file(request: HttpRequest, id: UUID, values: FileTaken) -> HttpResponse:
    """Let a file of a message go on with it."""
    actor = actor_of(request)
    actor.require("channels.message.read")
    return answer(enclosures.take_over(actor, id, message=values.message, number=values.number))


@router.delete("/{uuid:id}/files/{int:number}", operation_id="take_file_out_of_draft")
def take_file_out(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """Leave a file out again."""
    return answer(enclosures.take_out(actor_of(request), id, number=number))


@router.get("/signature", operation_id="signature_of_draft")
def signature(request: HttpRequest, conversation: UUID | None = None) -> HttpResponse:
    """What will stand under what the reader writes, unless they change it there."""
    actor = actor_of(request)
    actor.require(READ)
    account = get(actor, Conversation, conversation).account_id if conversation else None
    return answer({"text": queries.signature(actor, account)})


@router.get("/envelope", operation_id="envelope_of_draft")
def envelope(request: HttpRequest, customer: UUID) -> HttpResponse:
    """From which address a letter to a customer would leave, and to which of theirs it would go."""
    actor = actor_of(request)
    actor.require(WRITE)
    actor.require("customers.customer.read")
    return answer(queries.envelope(actor, customer))


@of_conversations.get("/{uuid:id}/others", operation_id="others_in_conversation")
def others(request: HttpRequest, id: UUID) -> HttpResponse:
    """Whom "reply to all" reaches beside whoever is answered."""
    actor = actor_of(request)
    actor.require("channels.conversation.read")
    actor.require("channels.message.read")
    require_readable(actor, type_of(Message), "recipients")
    return answer(conversations.others_in(get(actor, Conversation, id).pk, ours=mailboxes.addresses()))


@of_conversations.get("/{uuid:id}/writers", operation_id="writers_in_conversation")
def writers(request: HttpRequest, id: UUID) -> HttpResponse:
    """Who else is writing an answer here, never what."""
    actor = actor_of(request)
    actor.require(READ)
    return answer(queries.writers(actor, get(actor, Conversation, id).pk))
