"""The tables of orders and their lines."""

from django.db import models

from guanxi.kernel.fields import CountryField, CurrencyField, MoneyField
from guanxi.kernel.models import Extensible, Record, Row, Searchable, search_index


class Order(Record, Searchable, Extensible):
    """A document of what somebody bought, or took back; a guest's order has no customer and stays a guest's."""

    class Kind(models.TextChoices):
        SALE = "sale"
        CANCELLATION = "cancellation"
        RETURN = "return"
        ADJUSTMENT = "adjustment"

    number = models.CharField(max_length=80)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SALE)
    ordered_at = models.DateTimeField()
    currency = CurrencyField()
    total = MoneyField(default=0)
    country = CountryField(max_length=80)
    channel = models.CharField(max_length=40, blank=True, default="")
    cancels = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            search_index("order_search"),
            models.Index(fields=["customer", "-ordered_at"], name="order_of_customer"),
            models.Index(fields=["-ordered_at", "-id"], name="order_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="order_number_is_unique"),
            models.CheckConstraint(condition=~models.Q(number=""), name="order_has_a_number"),
        ]


class OrderLine(Row):
    """One line of an order: so many of a product at a price."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    ordinal = models.PositiveIntegerField()
    product = models.ForeignKey("commerce.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    description = models.CharField(max_length=300, blank=True, default="")
    quantity = models.DecimalField(max_digits=16, decimal_places=4)
    unit_price = MoneyField(currency_from="order__currency")
    amount = MoneyField(currency_from="order__currency")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "ordinal"], name="order_line_has_its_place")]
