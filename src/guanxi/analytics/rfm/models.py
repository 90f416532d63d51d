"""The table of scores, beside that of the customers."""

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from guanxi.analytics.rfm.rules import CLASSES

NONE = -(2**31)
"""Where a list puts a score that there is not."""


class Rfm(models.Model):
    """How lately, how often and for how much a customer bought, in fifths of all buyers; it goes with the customer."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="rfm"
    )
    rfm_recency = models.SmallIntegerField(null=True)
    rfm_frequency = models.SmallIntegerField(null=True)
    rfm_monetary = models.SmallIntegerField(null=True)
    rfm_class = models.CharField(
        max_length=12, choices=[(one.name, one.name) for one in CLASSES], blank=True, default=""
    )
    # Without an index: who buys nothing new is written anew each day in place.
    rfm_as_of = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["rfm_class", "customer"], name="rfm_by_class"),
            models.Index(Coalesce(F("rfm_recency"), Value(NONE)), F("customer"), name="rfm_by_recency"),
            models.Index(Coalesce(F("rfm_frequency"), Value(NONE)), F("customer"), name="rfm_by_frequency"),
            models.Index(Coalesce(F("rfm_monetary"), Value(NONE)), F("customer"), name="rfm_by_monetary"),
        ]
