"""How ratings appear to the whole system: read, never written by hand."""

from guanxi.channels.ratings.models import Rating
from guanxi.kernel.records import RecordType, register

RATING = register(
    RecordType(
        model=Rating,
        name="channels.rating",
        plural="ratings",
        title="score",
        readonly=(
            "customer", "channel", "score", "words", "came_by", "author", "given_at", "conversation", "message",
        ),
        columns=("given_at", "customer", "channel", "score", "words", "came_by"),
        sort="-given_at",
        parents={"conversation": "ratings", "customer": "ratings"},
        seen_with="conversation",
        occurred="given_at",
        create="never",
        personal={"words": "clear"},
    )
)  # fmt: skip
