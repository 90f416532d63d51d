"""Questions about drafts: who is writing where, and what stands under what they write."""

from typing import Any
from uuid import UUID

from guanxi.channels.conversations import queries as conversations
from guanxi.channels.conversations.models import Conversation
from guanxi.channels.drafts.models import Draft
from guanxi.channels.email import queries as mailboxes
from guanxi.channels.signatures import queries as signatures
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import labels, plain
from guanxi.kernel.words import say
from guanxi.lib.errors import Unavailable
from guanxi.workspace.users.models import User

MOST = 10


def writers(actor: Actor, conversation: UUID) -> list[dict[str, Any]]:
    """Who else is writing an answer in a conversation, and since when nothing was added to it; never what."""
    rows = Draft.objects.filter(conversation=conversation, archived_at=None).exclude(owner=actor.id)
    found = list(rows.exclude(owner=None).order_by("-updated_at").values_list("owner_id", "updated_at")[:MOST])
    called = labels(actor, type_of(User), [who for who, _ in found]) if found else {}
    somebody = say("channels.draft.somebody", actor.language)
    return [{"who": who, "name": called.get(who) or somebody, "at": at} for who, at in found]


def reads_subject(actor: Actor) -> bool:
    """Whether whoever writes reads what an answer begins with: the subject of the conversation."""
    return actor.level(f"{type_of(Conversation).name}.subject") >= Level.READ


def envelope(actor: Actor, customer: UUID) -> dict[str, str | None]:
    """The mailbox a letter to a customer leaves from, and the address it goes to, as far as the writer reads it."""
    boxes, way = mailboxes.active(), conversations.way_to(actor, customer, "email")
    points = visible_to(actor, ContactPoint).filter(pk=way.id) if way.id else []
    seen = next(iter(plain(actor, list(points))), {})
    told = boxes and actor.level("channels.mailbox.address") >= Level.READ
    return {"from": mailboxes.sending("").address if told else None, "to": seen.get("value")}


def signature(actor: Actor, account: UUID | None) -> str:
    """What stands under what somebody writes: their own signature, else that of the mailbox it leaves from.

    Nobody sends what they may not read: to whom that of mailboxes is closed, nothing stands there.
    """
    own = signatures.own(actor)
    if own is None and actor.level("channels.mailbox.signature") < Level.READ:
        own = ""
    if own is None:
        try:
            own = mailboxes.sending(str(account or "")).signature
        except Unavailable:  # nothing can leave, which is told when it is sent
            own = ""
    return signatures.filled(actor, own)


def account_of(conversation: UUID | None) -> UUID | None:
    """The mailbox a conversation runs through."""
    if conversation is None:
        return None
    return Conversation.objects.filter(pk=conversation).values_list("account_id", flat=True).first()
