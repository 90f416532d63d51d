"""Questions about what was bought, and its figures."""

from django.db.models import Case, Count, F, FloatField, Sum, Value, When
from django.db.models.lookups import GreaterThan

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure

_LINE = {
    "country": "order__country",
    "product": "product",
    "kind": "order__kind",
    "channel": "order__channel",
    "currency": "order__currency",
}
_ORDER = {"country": "country", "kind": "kind", "channel": "channel", "currency": "currency"}


@measure("commerce.revenue", unit="money", dimensions=tuple(_LINE))
def revenue() -> Subjects:
    """What the lines of orders come to; say by a condition which lines count."""
    return Subjects(rows=OrderLine.objects.all(), at="order__ordered_at", value=F("amount"), dimensions=_LINE)


@measure("commerce.orders", unit="count", dimensions=tuple(_ORDER))
def orders() -> Subjects:
    """How many orders there are; each belongs to the moment it was placed."""
    return Subjects(rows=Order.objects.all(), at="ordered_at", dimensions=_ORDER)


@measure("commerce.buyers", unit="count", dimensions=tuple(_LINE))
def buyers() -> Subjects:
    """How many different customers bought; guests are not counted."""
    lines = OrderLine.objects.filter(order__customer__isnull=False)
    one = Value(1, output_field=FloatField())
    return Subjects(rows=lines, at="order__ordered_at", per="order__customer", fold=one, dimensions=_LINE)


@measure("commerce.repeat_share", unit="share", dimensions=tuple(_LINE))
def repeat_share() -> Subjects:
    """Which share of the buying customers bought more than once."""
    lines = OrderLine.objects.filter(order__customer__isnull=False)
    again = Case(
        When(GreaterThan(Count("order", distinct=True), 1), then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    return Subjects(rows=lines, at="order__ordered_at", per="order__customer", fold=again, dimensions=_LINE)


@measure("commerce.top_share", unit="top_fifth", dimensions=tuple(_LINE))
def top_share() -> Subjects:
    """Which share of the revenue the top 20 % of the buying customers bring."""
    lines = OrderLine.objects.filter(order__customer__isnull=False)
    return Subjects(rows=lines, at="order__ordered_at", per="order__customer", fold=Sum("amount"), dimensions=_LINE)
