"""How drafts appear to the whole system: to their writers."""

from guanxi.channels.drafts import operations
from guanxi.channels.drafts.models import Draft
from guanxi.kernel.records import RecordType, register

DRAFT = register(
    RecordType(
        model=Draft,
        name="channels.draft",
        plural="drafts",
        title="subject",
        readonly=("conversation", "customer", "subject", "text", "signature", "copies", "purpose", "owner", "team"),
        columns=("subject", "conversation", "customer", "updated_at"),
        sort="-updated_at",
        create=operations.write_draft,
        personal={"subject": "replace", "text": "replace", "signature": "clear", "copies": "clear"},
    )
)  # fmt: skip
