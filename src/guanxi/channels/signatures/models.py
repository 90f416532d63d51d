"""The table of signatures."""

from django.db import models

from guanxi.kernel.models import Record


class Signature(Record):
    """What one person puts under what they write to customers; it goes before that of a mailbox."""

    text = models.TextField(default="", blank=True)
