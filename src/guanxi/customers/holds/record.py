"""How holds appear to the whole system."""

from guanxi.customers.holds import operations
from guanxi.customers.holds.models import Hold
from guanxi.kernel.records import RecordType, register

HOLD = register(
    RecordType(
        model=Hold,
        name="customers.hold",
        plural="holds",
        title="reason",
        readonly=("customer", "purposes", "reason", "source", "matter", "starts_at", "until", "lifted_at"),
        columns=("customer", "reason", "starts_at", "lifted_at", "purposes", "until"),
        sort="-starts_at",
        parents={"customer": "holds"},
        seen_with="customer",
        part=True,
        occurred="starts_at",
        create=operations.place_hold,
        personal={"reason": "keep"},
    )
)
