"""The table of letters with blanks."""

from django.db import models
from django.db.models import Q

from guanxi.channels.gate.models import PURPOSES
from guanxi.kernel.fields import LineWithBlanks, TextWithBlanks
from guanxi.kernel.models import Record


class Template(Record):
    """A letter with blanks in up to three languages, for one purpose on one channel."""

    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=24, default="email")
    purpose = models.CharField(max_length=16, choices=PURPOSES)
    subject_en = LineWithBlanks(max_length=300, default="", blank=True)
    body_en = TextWithBlanks(default="", blank=True)
    subject_zh_hans = LineWithBlanks(max_length=300, default="", blank=True)
    body_zh_hans = TextWithBlanks(default="", blank=True)
    subject_zh_hant = LineWithBlanks(max_length=300, default="", blank=True)
    body_zh_hant = TextWithBlanks(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(archived_at=None), name="template_name_is_unique"),
        ]

    @property
    def variants(self) -> dict[str, tuple[str, str]]:
        """Subject and text by language."""
        return {
            "en": (self.subject_en, self.body_en),
            "zh-Hans": (self.subject_zh_hans, self.body_zh_hans),
            "zh-Hant": (self.subject_zh_hant, self.body_zh_hant),
        }
