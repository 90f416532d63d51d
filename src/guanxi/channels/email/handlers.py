"""What a mailbox does by itself: acknowledge an enquiry, be read at once when it is new, read the past when asked."""

from guanxi.channels.conversations import queries as said
from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Conversation
from guanxi.channels.email import rules
from guanxi.channels.email.letters import receipt
from guanxi.channels.email.models import Mailbox
from guanxi.channels.gate.rules import Purpose
from guanxi.events.channels import BackfillWanted, MailboxConnected, MessageReceived
from guanxi.kernel.events import on
from guanxi.kernel.jobs import jobs


@on(MessageReceived)
def acknowledge_enquiry(event: MessageReceived) -> None:
    """Write the automatic receipt a mailbox is set to write; machines and circles get none."""
    if event.account_id is None or event.channel != "email":
        return
    mailbox = Mailbox.objects.filter(pk=event.account_id, archived_at=None).first()
    if mailbox is None:
        return
    if not rules.may_acknowledge(
        wanted=mailbox.acknowledges,
        by_person=event.may_be_acknowledged,
        earlier=said.earlier_from_same_sender(event.message_id),
        receipts=said.receipts_in(event.conversation_id),
        now=event.meta.occurred_at,
    ):
        return
    conversation = Conversation.objects.get(pk=event.conversation_id)
    letter = receipt(mailbox, conversation)
    sending.send(
        event.system, "channels.conversation.acknowledge", conversation, text=letter.text, subject=letter.subject,
        purpose=Purpose.REPLY, recipient=said.answer_address(conversation), answers=said.answered_ids(conversation),
        key=f"receipt:{event.message_id}", machine=True,
    )  # fmt: skip


@on(MailboxConnected)
def queue_first_reading(event: MailboxConnected) -> None:
    """Have a new mailbox read now instead of at the next round: somebody waits to see what is in it."""
    jobs()["channels.email.read_mailbox"].defer(mailbox=str(event.mailbox_id))


@on(BackfillWanted)
def queue_reading_of_the_past(event: BackfillWanted) -> None:
    """Have the past read in the background."""
    jobs()["channels.email.read_past"].defer(mailbox=str(event.mailbox_id), since=event.since.isoformat())
