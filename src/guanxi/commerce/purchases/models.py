"""The table of what customers bought so far, beside that of the customers."""

from datetime import date

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from guanxi.kernel.fields import CurrencyField, MoneyField

NEVER = date(1, 1, 1)
"""Where a list puts a day that there is not."""


class Purchases(models.Model):
    """What a customer bought so far: derived from the orders, it goes with the customer."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="purchases"
    )
    orders_count = models.PositiveIntegerField(default=0)
    # Nothing in no currency, as long as there is no document.
    revenue = MoneyField(default=0)
    currency = CurrencyField(blank=True, default="")
    first_order_on = models.DateField(null=True)
    last_order_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["orders_count", "customer"], name="purchases_by_count"),
            models.Index(fields=["revenue", "customer"], name="purchases_by_revenue"),
            models.Index(fields=["last_order_on"], name="purchases_by_last_day"),
            # Lists sort by these, days that there are not first.
            models.Index(Coalesce(F("last_order_on"), Value(NEVER)), F("customer"), name="purchases_by_last"),
            models.Index(Coalesce(F("first_order_on"), Value(NEVER)), F("customer"), name="purchases_by_first"),
        ]
