"""The one verb of signatures."""

from django.db import transaction

from guanxi.channels.signatures import rules
from guanxi.channels.signatures.models import Signature
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import change, create
from guanxi.workspace.users.models import User


@operation("channels.signature.write", human_only="is a person's own")
@transaction.atomic
def write_signature(actor: Actor, *, text: str) -> Signature:
    """Say what stands under what you write; nothing means that nothing stands there, also none of the mailbox."""
    plain, using = rules.require_sound(text), "channels.signature.write"
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[actor.id]))  # two windows write one
    known = Signature.objects.filter(owner=actor.id, archived_at=None).order_by("-created_at", "-pk").first()
    if known is None:
        return create(actor, Signature, using=using, text=plain)
    with change(Signature, known.pk, by=actor, using=using) as signature:
        signature.text = plain
    return signature
