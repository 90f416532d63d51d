"""How rules and links appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.service.intake import operations
from guanxi.service.intake.models import TicketConversation, TicketRule

RULE = register(
    RecordType(
        model=TicketRule,
        name="service.ticket_rule",
        plural="ticket_rules",
        readonly=(
            "key", "name", "position", "active", "mailbox", "condition", "words", "makes", "priority", "team",
        ),
        columns=("position", "name", "mailbox", "makes", "words", "active"),
        sort="position",
        create=operations.put_rule,
    )
)  # fmt: skip

LINK = register(
    RecordType(
        model=TicketConversation,
        name="service.ticket_conversation",
        plural="ticket_conversations",
        title="id",
        readonly=("ticket", "conversation"),
        parents={"ticket": "conversations", "conversation": "tickets"},
        seen_with="ticket",
        create="never",
    )
)
