"""The table of to-dos."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Record


class Todo(Record):
    """Something one person has to do by a time, with what came of it."""

    class Kind(models.TextChoices):
        CALL = "call"
        VISIT = "visit"
        FOLLOW_UP = "follow_up"
        CHECK = "check"
        OTHER = "other"

    subject = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    note = models.TextField(default="", blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    result = models.TextField(default="", blank=True)
    # By name, not by import: whom it concerns, where it concerns somebody, so that it stands on their page.
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    about = models.CharField(max_length=80, default="", blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    source = models.CharField(max_length=200, null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_at"], name="todo_open_of_owner", condition=Q(done_at=None)),
            models.Index(fields=["about_id"], name="todo_about", condition=Q(about_id__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source"], name="todo_source_is_unique"),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(kind__in=["call", "visit"]) | ~Q(result=""),
                name="todo_call_or_visit_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(about="", about_id=None) | (~Q(about="") & Q(about_id__isnull=False)),
                name="todo_about_is_whole",
            ),
        ]
