"""How what customers bought appears among their fields."""

from guanxi.commerce.purchases.models import Purchases
from guanxi.kernel.records import Derived, derive

PURCHASES = derive(
    Derived(
        of="customers.customer",
        model=Purchases,
        through="customer",
        fields=("orders_count", "revenue", "first_order_on", "last_order_on"),
    )
)
