"""The files of a message: kept with it when it comes in or goes out, handed to the wire when it leaves."""

from collections.abc import Iterable
from uuid import UUID

from guanxi.channels.conversations.models import Attachment, Message
from guanxi.channels.wire import messages as wire


def keep(message: Message, files: Iterable[wire.Attachment]) -> None:
    """Keep the files that came or go with a message."""
    Attachment.objects.bulk_create(
        Attachment(
            message=message, number=number, name=one.name[:200], media_type=one.media_type[:100],
            content_id=one.content_id[:200], size_bytes=len(one.content), content=one.content,
        )
        for number, one in enumerate(files, start=1)
    )  # fmt: skip


def of_message(message: UUID) -> tuple[wire.Attachment, ...]:
    """The files of a message, as they travel."""
    return tuple(
        wire.Attachment(name=one.name, media_type=one.media_type, content=bytes(one.content), content_id=one.content_id)
        for one in Attachment.objects.filter(message=message).order_by("number")
    )
