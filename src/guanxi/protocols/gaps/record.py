"""How gaps appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.protocols.gaps.models import Gap

GAP = register(
    RecordType(
        model=Gap,
        name="protocols.gap",
        plural="gaps",
        title="what",
        readonly=(
            "kind", "value", "what", "cases", "partly", "opened_at", "closed_at", "reason", "set_aside_at",
            "set_aside_by",
        ),
        columns=("what", "kind", "cases", "opened_at", "closed_at", "reason"),
        sort="-opened_at",
        occurred="opened_at",
        create="never",
    )
)  # fmt: skip
