"""What a conversation page needs beside the generated routes: files, and the pictures inside a letter."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.channels.conversations import queries
from guanxi.channels.conversations.models import Attachment
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.lib.errors import NotFound

router = Router(tags=["messages"])
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@router.get("/{uuid:id}/attachments", operation_id="attachments_of_message")
def attachments(request: HttpRequest, id: UUID) -> HttpResponse:
    """The files of a message, without their content."""
    message = queries.message_with_files(actor_of(request), id)
    fields = ("number", "name", "media_type", "content_id", "size_bytes")
    return answer(list(Attachment.objects.filter(message=message).order_by("number").values(*fields)))


@router.get("/{uuid:id}/attachments/{int:number}", operation_id="attachment_of_message")
def attachment(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """One file, to be saved and never opened in place; only plain pictures are shown."""
    message = queries.message_with_files(actor_of(request), id)
    found = Attachment.objects.filter(message=message, number=number).first()
    if found is None:
        raise NotFound("message.no_attachment", number=number)
    picture = found.media_type.lower() in SHOWN
    response = HttpResponse(
        bytes(found.content), content_type=found.media_type if picture else "application/octet-stream"
    )
    response["Content-Disposition"] = f"{'inline' if picture else 'attachment'}; filename*=UTF-8''{quote(found.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
