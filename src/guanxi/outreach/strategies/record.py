"""How strategies and their recipients appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.outreach.strategies import operations
from guanxi.outreach.strategies.models import Recipient, Strategy

STRATEGY = register(
    RecordType(
        model=Strategy,
        name="outreach.strategy",
        plural="strategies",
        writable=("name",),
        readonly=(
            "status", "segment", "condition", "begins", "purpose", "channels", "every_days", "most_rounds", "stops",
            "most_contacts", "template", "call_them", "script", "hold_out", "journey", "sends", "send_at", "sent_at",
            "owner", "team",
        ),
        columns=("name", "status", "segment", "purpose", "channels", "every_days", "sent_at", "owner"),
        parents={"segment": "strategies"},
        create=operations.create_strategy,
    )
)  # fmt: skip

RECIPIENT = register(
    RecordType(
        model=Recipient,
        name="outreach.recipient",
        plural="recipients",
        title="occasion",
        readonly=(
            "customer", "strategy", "segment", "occasion", "state", "channel", "reason", "conversation", "todo",
            "sent_at", "answered_at",
        ),
        columns=("customer", "state", "channel", "reason", "sent_at", "answered_at"),
        parents={"strategy": "recipients", "customer": "outreach"},
        seen_with="customer",
        occurred="created_at",
        create="never",
    )
)  # fmt: skip
