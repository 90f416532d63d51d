"""What becomes of a draft when the message that it became has left, or was called back."""

from guanxi.channels.drafts.models import Draft
from guanxi.events.channels import DeliveryFailed, DeliverySent
from guanxi.kernel.events import by_system, on
from guanxi.kernel.removals import remove
from guanxi.kernel.writes import change

CALLED_BACK = "called_back"


@on(DeliverySent, set=True)
def remove_drafts_that_were_sent(happened: list[DeliverySent]) -> None:
    """The text lives on in its conversation."""
    for system, events in by_system(happened):
        sent = Draft.objects.filter(sent_as__in=[event.delivery_id for event in events])
        for draft in sent.values_list("pk", flat=True):
            remove(system, Draft, draft, using="channels.draft.send")


@on(DeliveryFailed)
def restore_draft_that_was_called_back(event: DeliveryFailed) -> None:
    """What was called back can be written on, unless its writer has begun anew in the conversation.

    What was refused or failed can be brought back from what is archived: it never left.
    """
    draft = Draft.objects.filter(sent_as=event.delivery_id, archived_at__isnull=False).first()
    if draft is None:
        return
    live = Draft.objects.filter(owner=draft.owner_id, archived_at=None, conversation=draft.conversation_id)
    again = event.status == CALLED_BACK and (draft.conversation_id is None or not live.exists())
    with change(Draft, draft.pk, by=event.system, using="channels.draft.send") as back:
        back.sent_as = None
        if again:
            back.archived_at = None
