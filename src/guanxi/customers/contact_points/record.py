"""How ways to reach somebody appear to the whole system."""

from guanxi.customers.contact_points import operations
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel.records import RecordType, register

CONTACT_POINT = register(
    RecordType(
        model=ContactPoint,
        name="customers.contact_point",
        plural="contact_points",
        title="value",
        writable=("purpose",),
        readonly=(
            "customer", "kind", "value", "raw", "main", "shared", "verdict", "verified_at", "verified_how", "dead_at",
            "dead_why",
        ),
        columns=("value", "kind", "customer", "verdict", "verified_at"),
        search={"value": "contact"},
        parents={"customer": "contact_points"},
        seen_with="customer",
        part=True,
        create=operations.add_contact_point,
        personal={"value": "replace", "raw": "clear"},
    )
)  # fmt: skip
