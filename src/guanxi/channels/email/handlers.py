"""What a mailbox does by itself: acknowledge an enquiry, be read at once when it is new, read the past when asked."""

from datetime import timedelta

from guanxi.channels.conversations import queries as said
from guanxi.channels.conversations import sending
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.email import rules
from guanxi.channels.email.letters import receipt
from guanxi.channels.email.models import Mailbox
from guanxi.channels.gate.rules import Purpose
from guanxi.events.channels import BackfillWanted, MailboxConnected, MessageReceived
from guanxi.kernel.events import on
from guanxi.kernel.jobs import jobs
from guanxi.kernel.limits import limit
from guanxi.lib.errors import TooMany

TO_ONE = limit(
    "email.receipts_to_one", most=3, per=timedelta(hours=1), by="recipient",
    about="Automatic receipts to one address: whoever is named as a sender need not be the one.",
)  # fmt: skip
OF_MAILBOX = limit(
    "email.receipts_of_mailbox", most=120, per=timedelta(hours=1), by="mailbox",
    about="Automatic receipts of one mailbox.",
)  # fmt: skip


@on(MessageReceived)
def acknowledge_enquiry(event: MessageReceived) -> None:
    """Write the automatic receipt a mailbox is set to write; machines and circles get none."""
    if event.account_id is None or event.channel != "email":
        return
    mailbox = Mailbox.objects.filter(pk=event.account_id, archived_at=None).first()
    if mailbox is None:
        return
    message = Message.objects.get(pk=event.message_id)
    if not rules.may_acknowledge(
        wanted=mailbox.acknowledges,
        by_person=event.may_be_acknowledged,
        sender=message.sender,
        reply_to=message.reply_to,
        earlier=said.earlier_from_same_sender(event.message_id),
        receipts=said.receipts_in(event.conversation_id),
        now=event.meta.occurred_at,
    ) or not _within_bounds(mailbox, message.sender):
        return
    conversation = Conversation.objects.get(pk=event.conversation_id)
    letter = receipt(mailbox, conversation)
    sending.send(
        event.system, "channels.conversation.acknowledge", conversation, text=letter.text, subject=letter.subject,
        purpose=Purpose.REPLY, recipient=message.sender, answers=said.answered_ids(conversation),
        key=f"receipt:{event.message_id}", machine=True,
    )  # fmt: skip


def _within_bounds(mailbox: Mailbox, address: str) -> bool:
    """Whether so few receipts went to this address and out of this mailbox that one more harms nobody."""
    try:
        TO_ONE.take(address)
        OF_MAILBOX.take(mailbox.pk)
    except TooMany:
        return False
    return True


@on(MailboxConnected)
def queue_first_reading(event: MailboxConnected) -> None:
    """Have a new mailbox read now instead of at the next round: somebody waits to see what is in it."""
    jobs()["channels.email.read_mailbox"].defer(mailbox=str(event.mailbox_id))


@on(BackfillWanted)
def queue_reading_of_the_past(event: BackfillWanted) -> None:
    """Have the past read in the background."""
    jobs()["channels.email.read_past"].defer(mailbox=str(event.mailbox_id), since=event.since.isoformat())
