"""How conversations and messages appear to the whole system."""

from guanxi.channels.conversations import call_lists
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.kernel.records import RecordType, register
from guanxi.workspace.imports.targets import importable

importable(call_lists.TARGET)

CONVERSATION = register(
    RecordType(
        model=Conversation,
        name="channels.conversation",
        plural="conversations",
        title="subject",
        writable=("subject",),
        readonly=(
            "customer", "contact_point", "with_name", "channel", "status", "result", "received_at", "acknowledged_at",
            "first_human_reply_at", "waiting_since", "last_message_at", "last_words", "messages", "snoozed_until",
            "closed_at",
        ),
        columns=("with_name", "subject", "channel", "status", "waiting_since", "owner", "last_message_at"),
        sort="-last_message_at",
        search={"subject": "words", "with_name": "name"},
        parents={"customer": "conversations"},
        occurred="last_message_at",
        create="never",
        personal={"with_name": "replace", "subject": "replace", "last_words": "replace"},
    )
)  # fmt: skip

MESSAGE = register(
    RecordType(
        model=Message,
        name="channels.message",
        plural="messages",
        title="subject",
        readonly=(
            "conversation", "customer", "channel", "direction", "author_kind", "author", "automatic", "purpose",
            "state", "reason", "sender", "sender_name", "recipients", "copies", "subject", "text", "new_text", "html",
            "at", "written_at", "duration_seconds", "result", "needs_answer", "acknowledged_at", "answered_at", "notes",
            "files",
        ),
        columns=("at", "direction", "sender", "subject", "state"),
        sort="at",
        parents={"conversation": "messages", "customer": "contacts_made"},
        seen_with="conversation",
        occurred="at",
        create="never",
        personal={
            "sender": "replace", "sender_name": "replace", "recipients": "clear", "copies": "clear",
            "subject": "replace", "text": "replace", "new_text": "replace", "html": "replace",
        },
    )
)  # fmt: skip
