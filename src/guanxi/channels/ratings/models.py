"""The table of ratings."""

from django.db import models
from django.db.models import Q

from guanxi.channels.ratings.rules import LONGEST_WORDS, SCORES
from guanxi.kernel.models import Row
from guanxi.kernel.time import now


class Rating(Row):
    """How content a customer said they were with one contact, from 1 (not at all) to 5 (very)."""

    class CameBy(models.TextChoices):
        LINK = "link"
        STAFF = "staff"

    # By name, not by import: what was rated stands above, and writes down here what it heard.
    conversation = models.ForeignKey(
        "channels.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    message = models.ForeignKey("channels.Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=24)
    score = models.PositiveSmallIntegerField()
    words = models.TextField(max_length=LONGEST_WORDS, default="", blank=True)
    came_by = models.CharField(max_length=8, choices=CameBy)
    author = models.ForeignKey("workspace.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "given_at"], name="rating_of_conversation"),
            models.Index(fields=["customer", "-given_at"], name="rating_of_customer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message"], name="rating_once_for_a_message"),
            models.CheckConstraint(
                condition=Q(score__gte=SCORES[0], score__lte=SCORES[-1]), name="rating_is_one_of_five"
            ),
            models.CheckConstraint(condition=Q(came_by="staff") | Q(author=None), name="rating_by_link_has_no_author"),
        ]

    def __str__(self) -> str:
        return f"{self.score}/5"
