"""The table of shares."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Row


class Share(Row):
    """One customer, and what is seen with them, given to a person or a team to read or to write, until a time."""

    class May(models.TextChoices):
        READ = "read"
        WRITE = "write"

    # By name, not by import: what is shared.
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("workspace.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("workspace.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    called = models.CharField(max_length=200)
    may = models.CharField(max_length=8, choices=May, default=May.READ)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
                name="share_is_with_one",
            ),
            models.UniqueConstraint(
                fields=["user", "customer"], condition=Q(ended_at=None), name="share_with_a_person_is_one"
            ),
            models.UniqueConstraint(
                fields=["team", "customer"], condition=Q(ended_at=None), name="share_with_a_team_is_one"
            ),
        ]
