"""The one verb of signatures."""

from django.db import transaction

from guanxi.channels.signatures import rules
from guanxi.channels.signatures.models import Signature
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict


@operation("channels.signature.write", human_only="is a person's own")
def write_signature(actor: Actor, *, text: str) -> Signature:
    """Say what stands under what you write; nothing means that nothing stands there, also none of the mailbox."""
    plain, using = rules.require_sound(text), "channels.signature.write"
    known = _of(actor)
    if known is None:
        try:
            with transaction.atomic():
                return create(actor, Signature, using=using, text=plain)
        except Conflict:  # written in another window at the same moment
            known = _of(actor)
            if known is None:
                raise
    with change(Signature, known.pk, by=actor, using=using) as signature:
        signature.text = plain
    return signature


def _of(actor: Actor) -> Signature | None:
    return Signature.objects.filter(owner=actor.id, archived_at=None).first()
