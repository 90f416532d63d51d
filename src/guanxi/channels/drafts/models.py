"""The table of what is being written."""

from django.db import models
from django.db.models import Q

from guanxi.channels.gate.models import PURPOSES
from guanxi.kernel.models import Record


class Draft(Record):
    """An answer or a letter that somebody is writing; it belongs to its writer until it is sent or thrown away."""

    conversation = models.ForeignKey(
        "channels.Conversation", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=500, default="", blank=True)
    text = models.TextField(default="", blank=True)
    # Nothing where it is the one that stands for whoever writes.
    signature = models.TextField(null=True, blank=True)
    copies = models.JSONField(default=list, blank=True)
    purpose = models.CharField(max_length=16, choices=PURPOSES, default="service")
    matter_id = models.UUIDField(null=True, blank=True, editable=False)
    sent_as = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "-updated_at"], name="draft_of_conversation"),
            models.Index(fields=["owner", "-updated_at"], condition=Q(archived_at=None), name="draft_of_writer"),
            models.Index(fields=["sent_as"], condition=Q(sent_as__isnull=False), name="draft_sent_as"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "conversation"],
                condition=Q(archived_at=None, conversation__isnull=False),
                name="draft_one_in_conversation",
            ),
            models.CheckConstraint(condition=Q(sent_as=None) | Q(archived_at__isnull=False), name="draft_is_sent_once"),
        ]


class Enclosure(models.Model):
    """A file that will go with what is being written."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="enclosure_number_in_draft")]
