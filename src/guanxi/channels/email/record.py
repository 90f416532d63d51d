"""How mailboxes appear to the whole system: never with their password."""

from guanxi.channels.email import operations
from guanxi.channels.email.models import Mailbox
from guanxi.kernel.records import RecordType, register

MAILBOX = register(
    RecordType(
        model=Mailbox,
        name="channels.mailbox",
        plural="mailboxes",
        writable=(
            "name", "sender_name", "folder", "sent_folder", "marks_seen", "plus_addressing", "acknowledges",
            "acknowledgement",
        ),
        readonly=(
            "address", "user", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security",
            "authorities", "primary", "signature", "read_at", "problem", "problem_since", "backfilled_at", "backfilled",
        ),
        columns=("name", "address", "team", "problem", "read_at"),
        sort="name",
        create=operations.connect,
    )
)  # fmt: skip
