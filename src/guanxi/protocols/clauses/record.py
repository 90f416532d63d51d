"""How clauses appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.protocols.clauses.models import Clause

CLAUSE = register(
    RecordType(
        model=Clause,
        name="protocols.clause",
        plural="clauses",
        title="key",
        readonly=(
            "in_version", "key", "section", "ordinal", "text", "scope", "team",
            "measure", "standard", "value", "unit", "counted_in", "figure_kind", "target_share",
        ),
        columns=("key", "section", "team", "target_share"),
        sort="key",
        parents={"in_version": "clauses"},
        seen_with="in_version",
        part=True,
        create="never",
    )
)  # fmt: skip
