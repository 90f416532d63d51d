"""How messages on their way appear to the whole system."""

from guanxi.channels.gate.models import Delivery
from guanxi.kernel.records import RecordType, register

DELIVERY = register(
    RecordType(
        model=Delivery,
        name="channels.delivery",
        plural="deliveries",
        title="recipient",
        readonly=(
            "customer", "contact_point", "channel", "purpose", "recipient", "status", "reason", "detail",
            "release_at", "sent_at", "attempts", "consent", "report", "reported_at",
        ),
        columns=("recipient", "customer", "channel", "purpose", "status", "reason", "sent_at"),
        parents={"customer": "deliveries"},
        seen_with="customer",
        create="never",
        personal={"recipient": "replace", "detail": "clear"},
    )
)  # fmt: skip
