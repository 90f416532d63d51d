"""How tickets appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.service.tickets import operations
from guanxi.service.tickets.models import Ticket

TICKET = register(
    RecordType(
        model=Ticket,
        name="service.ticket",
        plural="tickets",
        title="subject",
        writable=("subject", "description", "priority"),
        readonly=(
            "number", "kind", "customer", "status", "channel", "received_at", "receipt_at", "first_human_reply_at",
            "complained_at", "complaint_replied_at", "reply_due_at", "solve_due_at", "next_due_at", "solution",
            "solved_at", "closed_at", "reopened", "owner", "team",
        ),
        columns=("number", "subject", "customer", "kind", "status", "next_due_at", "owner"),
        sort="-received_at",
        search={"number": "words", "subject": "words", "description": "words"},
        parents={"customer": "tickets"},
        occurred="received_at",
        create=operations.open_ticket,
        personal={"subject": "replace", "description": "clear", "solution": "clear"},
    )
)  # fmt: skip
