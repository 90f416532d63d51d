"""How the scores of customers appear among their fields."""

from guanxi.analytics.rfm.models import Rfm
from guanxi.kernel.records import Derived, derive

RFM = derive(
    Derived(
        of="customers.customer",
        model=Rfm,
        through="customer",
        fields=("rfm_class", "rfm_recency", "rfm_frequency", "rfm_monetary", "rfm_as_of"),
    )
)
