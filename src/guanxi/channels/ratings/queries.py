"""Questions about ratings: how many are satisfied."""

from django.db.models import Case, DecimalField, Q, Value, When

from guanxi.channels.ratings.models import Rating
from guanxi.channels.ratings.rules import SATISFIED
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure


@measure("channels.rating.satisfied", unit="share", dimensions=("channel", "team", "agent", "came_by", "score"))
def ratings_satisfied() -> Subjects:
    """Share of the ratings by customers that are 4 or 5 of 5; who said nothing is not counted."""
    one = DecimalField(max_digits=2, decimal_places=0)
    return Subjects(
        rows=Rating.objects.all(),
        at="given_at",
        value=Case(When(Q(score__gte=SATISFIED), then=Value(1)), default=Value(0), output_field=one),
        dimensions={
            "channel": "channel", "team": "conversation__team", "agent": "conversation__owner", "came_by": "came_by",
            "score": "score",
        },
    )  # fmt: skip
