"""The tables of segments and of who is in them."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.fields import ConditionField
from guanxi.kernel.models import Row
from guanxi.kernel.time import now


class Segment(Row):
    """Customers who belong together: by one condition, by hand, or as one class of everybody."""

    class Kind(models.TextChoices):
        DYNAMIC = "dynamic"
        STATIC = "static"
        PARTITION = "partition"

    key = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    condition = ConditionField(null=True, blank=True, editable=False)
    # Of a partition: [{"class": …, "condition": …}, …]; the first that holds wins, `otherwise` is for all the rest.
    classes = ConditionField(default=list, blank=True, editable=False)
    otherwise = models.CharField(max_length=40, blank=True, default="", editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    refreshed_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="segment_key_is_unique"),
            models.CheckConstraint(
                condition=~Q(kind="partition") | (~Q(otherwise="") & Q(condition=None)),
                name="segment_partition_has_a_last_class",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dynamic") | Q(condition__isnull=False), name="segment_dynamic_has_a_condition"
            ),
        ]


class Membership(Row):
    """That a customer is in a segment, in which class, since when and why; derived, it goes with the customer."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    class_name = models.CharField(max_length=40, blank=True, default="", db_column="class")
    since = models.DateTimeField(default=now)
    cause = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "customer"], name="membership_is_single")]
        indexes = [models.Index(fields=["segment", "class_name"], name="membership_by_class")]
