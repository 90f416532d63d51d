"""The table of teams."""

from django.db import models

from guanxi.kernel.models import Row


class Team(Row):
    """People who share their work; a team may stand below another."""

    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="team_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="team_is_not_its_own_parent"),
        ]
