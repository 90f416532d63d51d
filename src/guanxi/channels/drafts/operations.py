"""The verbs of what is being written: begin, keep, send."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guanxi.channels.conversations import operations as conversations
from guanxi.channels.conversations.models import Conversation
from guanxi.channels.conversations.rules import Beside, answer_subject
from guanxi.channels.drafts import enclosures, queries, rules
from guanxi.channels.drafts.models import Draft
from guanxi.channels.gate.rules import Purpose
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import get, require_reach, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.live import touch
from guanxi.kernel.models import new_id
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, check, create
from guanxi.lib.errors import Invalid, NotFound, Outdated

WRITE, SEND = "channels.draft.write", "channels.draft.send"
KIND = "channels.draft"


@operation(WRITE, human_only="belongs to whoever writes it")
def write_draft(
    actor: Actor,
    *,
    conversation: UUID | None = None,
    customer: UUID | None = None,
    subject: str = "",
    text: str = "",
    signature: str | None = None,
    purpose: Purpose = Purpose.SERVICE,
    matter: UUID | None = None,
    copies: list[str] | None = None,
) -> Draft:
    """Begin an answer or a letter; it is kept for whoever writes it until it is sent or thrown away."""
    rules.require_short(text, signature)
    rules.require_room(Draft.objects.filter(owner_id=actor.id, archived_at=None).count())
    if conversation is not None:
        talk = get(actor, Conversation, conversation)
        customer = talk.customer_id
        subject = subject or (answer_subject(talk.subject) if queries.reads_subject(actor) else "")
    return create(
        actor, Draft, using=WRITE, conversation_id=conversation, customer_id=customer, subject=subject[:500],
        text=_storable(text), signature=signature, purpose=purpose, matter_id=matter,
        copies=list(rules.require_few(copies or ())),
    )  # fmt: skip


@transaction.atomic
def keep_draft(actor: Actor, draft_id: UUID, *, versions: Collection[int] | None, values: Mapping[str, Any]) -> Draft:
    """Keep what somebody has written so far; half sentences are not worth a line of history.

    Only their own pages are told, but whoever begins again after a while is told to everybody as writing.
    """
    actor.require(WRITE)
    draft = visible_to(actor, Draft).select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("record.not_found", record=KIND, id=str(draft_id))
    require_reach(actor, WRITE, draft)
    rules.require_there(draft.archived_at)
    if versions is not None and draft.version not in versions:
        raise Outdated("record.changed_meanwhile", record=KIND, version=draft.version)
    if values.get("customer_id") is not None:
        get(actor, Customer, values["customer_id"])
    rules.require_short(values.get("text"), values.get("signature"))
    rules.require_few(values.get("copies") or ())
    for column, value in values.items():
        setattr(draft, column, _storable(value) if column == "text" else value)
    check(draft, only=[Draft._meta.get_field(column.removesuffix("_id")).name for column in values])
    again = draft.updated_at < now() - rules.TOLD_AGAIN_AFTER
    draft.version, draft.updated_at = draft.version + 1, now()
    kept = {column: getattr(draft, column) for column in (*values, "version", "updated_at")}
    Draft.objects.filter(pk=draft.pk).update(**kept)
    touch([f"user:{draft.owner_id}", *([KIND] if again else [])])
    return draft


@operation(SEND, human_only="what a person wrote is sent by a person")
def send_draft(actor: Actor, draft_id: UUID, *, hold_seconds: int = 0, send_at: datetime | None = None) -> Conversation:
    """Send what was written, after the seconds held back or at a time; called back before that, it is a draft again."""
    message = new_id()
    with change(Draft, draft_id, by=actor, using=SEND) as draft:
        rules.require_there(draft.archived_at)
        draft.archived_at, draft.sent_as = now(), message
    given: dict[str, Any] = {
        "text": draft.text, "hold_seconds": hold_seconds, "message_id": message,
        "beside": Beside(send_at=send_at, under=_under(actor, draft), files=enclosures.to_send(draft.pk),
                         copies=tuple(draft.copies)),
    }  # fmt: skip
    if draft.conversation_id is not None:
        return conversations.answer_in(actor, draft.conversation_id, **given)
    if draft.customer_id is None:
        raise Invalid("draft.needs_customer")
    return conversations.write_to(
        actor, draft.customer_id, subject=draft.subject, purpose=Purpose(draft.purpose), matter=draft.matter_id,
        **given,
    )  # fmt: skip


def _under(actor: Actor, draft: Draft) -> str:
    if draft.signature is not None:
        return draft.signature
    return queries.signature(actor, queries.account_of(draft.conversation_id))


def _storable(text: str) -> str:
    return text.replace("\x00", "")
