"""The tables of protocols and of their versions."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Record, Row, Searchable, search_index


class Protocol(Record, Searchable):
    """A written customer-relations protocol: what the company promises and how it knows."""

    class Rhythm(models.TextChoices):
        QUARTER = "quarter"
        HALF_YEAR = "half_year"

    name = models.CharField(max_length=200)
    goal = models.TextField(default="", blank=True)
    review_rhythm = models.CharField(max_length=12, choices=Rhythm, default=Rhythm.QUARTER)
    next_review_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [search_index("protocol_search")]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(archived_at=None), name="protocol_name_is_unique")
        ]


class Version(Row):
    """One wording of a protocol: written as a draft, in force from its publication until the next."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        SUPERSEDED = "superseded"

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    note = models.TextField(default="", blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "number"], name="version_number_in_protocol"),
            models.UniqueConstraint(fields=["protocol"], condition=Q(status="draft"), name="version_one_draft"),
            models.UniqueConstraint(fields=["protocol"], condition=Q(status="published"), name="version_one_in_force"),
            models.CheckConstraint(
                condition=Q(status="draft", published_at=None) | (~Q(status="draft") & Q(published_at__isnull=False)),
                name="version_beyond_draft_was_published",
            ),
            models.CheckConstraint(
                condition=Q(status="superseded", superseded_at__isnull=False)
                | (~Q(status="superseded") & Q(superseded_at=None)),
                name="version_superseded_has_time",
            ),
        ]
