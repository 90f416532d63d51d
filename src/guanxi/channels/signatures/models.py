"""The table of signatures."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Record


class Signature(Record):
    """What one person puts under what they write to customers; it goes before that of a mailbox."""

    text = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(archived_at=None), name="signature_is_a_persons_one")
        ]
