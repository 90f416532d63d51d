"""The files of a draft: put in, taken out, taken over from a message that came in."""

import mimetypes
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from guanxi.channels.conversations.models import Attachment
from guanxi.channels.conversations.queries import message_with_files
from guanxi.channels.conversations.rules import MOST_BYTES, require_room
from guanxi.channels.drafts import rules
from guanxi.channels.drafts.models import Draft, Enclosure
from guanxi.channels.wire import messages as wire
from guanxi.kernel.access import require_reach, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.live import touch
from guanxi.lib.errors import Invalid, NotFound

WRITE = "channels.draft.write"
OCTETS = "application/octet-stream"


def of_draft(draft: Draft) -> list[dict[str, Any]]:
    """The files of a draft, without their content."""
    fields = ("number", "name", "media_type", "size_bytes")
    return list(Enclosure.objects.filter(draft=draft).order_by("number").values(*fields))


def to_send(draft: UUID) -> tuple[wire.Attachment, ...]:
    """The files of a draft, as they go with the message."""
    return tuple(
        wire.Attachment(name=one.name, media_type=one.media_type, content=bytes(one.content))
        for one in Enclosure.objects.filter(draft=draft).order_by("number")
    )


@transaction.atomic
def put_in(actor: Actor, draft_id: UUID, *, name: str, content: bytes, media_type: str = "") -> list[dict[str, Any]]:
    """Let a file go with what is written; more than a mail carries is refused before it is kept."""
    draft = _held(actor, draft_id)
    plain = name.replace("\x00", "").replace("\\", "/").rpartition("/")[2].strip()[:200]
    if not plain:
        raise Invalid("draft.file_needs_name")
    if not content:
        raise Invalid("draft.empty_file", name=plain)
    present = Enclosure.objects.filter(draft=draft)
    require_room([*present.values_list("size_bytes", flat=True), len(content)])
    last = present.aggregate(last=Max("number"))["last"] or 0
    Enclosure.objects.create(
        draft=draft, number=last + 1, name=plain, media_type=media_type or mimetypes.guess_type(plain)[0] or OCTETS,
        size_bytes=len(content), content=content,
    )  # fmt: skip
    touch([f"user:{draft.owner_id}"])
    return of_draft(draft)


@transaction.atomic
def take_over(actor: Actor, draft_id: UUID, *, message: UUID, number: int) -> list[dict[str, Any]]:
    """Let a file of a message go on with what is written."""
    _held(actor, draft_id)
    came = Attachment.objects.filter(message=message_with_files(actor, message), number=number).first()
    if came is None:
        raise NotFound("message.no_attachment", number=number)
    content, kind = bytes(came.content), came.media_type
    return put_in(actor, draft_id, name=came.name or f"{number}", content=content, media_type=kind)


@transaction.atomic
def take_out(actor: Actor, draft_id: UUID, *, number: int) -> list[dict[str, Any]]:
    """Leave a file out again."""
    draft = _held(actor, draft_id)
    if not Enclosure.objects.filter(draft=draft, number=number).delete()[0]:
        raise NotFound("message.no_attachment", number=number)
    touch([f"user:{draft.owner_id}"])
    return of_draft(draft)


def _held(actor: Actor, draft_id: UUID) -> Draft:
    actor.require(WRITE)
    draft = visible_to(actor, Draft).select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("record.not_found", record="channels.draft", id=str(draft_id))
    require_reach(actor, WRITE, draft)
    rules.require_there(draft.archived_at)
    return draft


LARGEST = MOST_BYTES
