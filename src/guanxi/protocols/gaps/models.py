"""The table of gaps."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Row
from guanxi.kernel.time import now


class Gap(Row):
    """A channel, team, kind of ticket or purpose that no clause in force covers, or only in part."""

    class Kind(models.TextChoices):
        CHANNEL = "channel"
        TEAM = "team"
        TICKET_KIND = "ticket_kind"
        PURPOSE = "purpose"

    kind = models.CharField(max_length=12, choices=Kind)
    # The channel, kind or purpose by its name in the program, a team by its id.
    value = models.CharField(max_length=40)
    what = models.CharField(max_length=120)
    cases = models.PositiveIntegerField(default=0)
    partly = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(
        "workspace.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="gap_of_one_thing"),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, reason="") | (Q(set_aside_at__isnull=False) & ~Q(reason="")),
                name="gap_set_aside_has_reason",
            ),
        ]
