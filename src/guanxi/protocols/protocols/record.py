"""How protocols and their versions appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.protocols.protocols.models import Protocol, Version

PROTOCOL = register(
    RecordType(
        model=Protocol,
        name="protocols.protocol",
        plural="protocols",
        writable=("name", "goal", "review_rhythm"),
        readonly=("next_review_on",),
        columns=("name", "review_rhythm", "next_review_on", "owner"),
        sort="name",
        search={"name": "words", "goal": "words"},
    )
)

VERSION = register(
    RecordType(
        model=Version,
        name="protocols.version",
        plural="versions",
        title="number",
        readonly=("protocol", "number", "status", "note", "published_at", "superseded_at"),
        columns=("number", "status", "published_at", "note"),
        sort="-number",
        parents={"protocol": "versions"},
        seen_with="protocol",
        occurred="published_at",
        create="never",
    )
)
