"""The table of the company's own days off and own working days."""

from django.db import models

from guanxi.kernel.models import Row


class Holiday(Row):
    """A day the company has off, or works, whatever the calendar of its country says."""

    day = models.DateField(db_index=False)
    name = models.CharField(max_length=120)
    works = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day"], name="holiday_day_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="holiday_has_a_name"),
        ]
