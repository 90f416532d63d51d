"""The table of what customers allowed and took back."""

from django.db import models
from django.db.models import Q

from guanxi.customers.contact_points.models import Channel
from guanxi.kernel.fields import LanguageField
from guanxi.kernel.models import Row
from guanxi.kernel.time import now


class Consent(Row):
    """A yes or a no of a customer, with the words that were shown, where and when; never edited, only followed."""

    class State(models.TextChoices):
        GIVEN = "given"
        WITHDRAWN = "withdrawn"

    class Purpose(models.TextChoices):
        MARKETING = "marketing"
        SURVEY = "survey"
        GREETING = "greeting"
        SERVICE = "service"
        PROFILING = "profiling"

    class How(models.TextChoices):
        TICKED = "ticked"
        SPOKEN = "spoken"
        WRITTEN = "written"
        LINK = "link"
        REPLY = "reply"
        TOLD = "told"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    contact_point = models.ForeignKey(
        "customers.ContactPoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # An empty channel or purpose stands for all of them.
    channel = models.CharField(max_length=12, choices=Channel, blank=True, default="")
    purpose = models.CharField(max_length=12, choices=Purpose, blank=True, default="")
    state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField(default=now)
    how = models.CharField(max_length=8, choices=How)
    wording = models.TextField(blank=True, default="")
    language = LanguageField(blank=True, default="")
    place = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="consent_of_customer"),
            models.Index(fields=["contact_point", "-at"], name="consent_of_contact_point"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(contact_point__isnull=False), name="consent_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | (~Q(wording="") & ~Q(purpose="")), name="consent_given_to_known_words"
            ),
        ]
