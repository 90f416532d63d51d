"""The table of times in which a customer is left in peace."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from guanxi.kernel.models import Row
from guanxi.kernel.time import now


class Hold(Row):
    """Silence towards a customer for some purposes, because of a matter, until a time or until it is lifted."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    # No purpose named: every purpose that a hold can stop.
    purposes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    reason = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True, default="")
    matter = models.UUIDField(null=True, blank=True)
    starts_at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["customer"], condition=Q(lifted_at=None), name="hold_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "source", "reason"],
                condition=Q(lifted_at=None) & ~Q(source=""),
                name="hold_is_placed_once_by_a_source",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("starts_at")), name="hold_ends_after_it_begins"
            ),
        ]
