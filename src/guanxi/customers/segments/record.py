"""How segments and who is in them appear to the whole system."""

from guanxi.customers.segments import operations
from guanxi.customers.segments.models import Membership, Segment
from guanxi.kernel.records import RecordType, register

SEGMENT = register(
    RecordType(
        model=Segment,
        name="customers.segment",
        plural="segments",
        writable=("name", "description"),
        readonly=("key", "kind", "condition", "classes", "otherwise", "size", "refreshed_at"),
        columns=("name", "kind", "size", "refreshed_at"),
        sort="name",
        create=operations.put_segment,
        told_by="",
    )
)

MEMBERSHIP = register(
    RecordType(
        model=Membership,
        name="customers.membership",
        plural="memberships",
        title="class_name",
        readonly=("segment", "customer", "class_name", "since", "cause"),
        columns=("customer", "segment", "class_name", "since", "cause"),
        sort="-since",
        parents={"segment": "members", "customer": "memberships"},
        seen_with="customer",
        told_by="segment",
        occurred="since",
        create="never",
    )
)
