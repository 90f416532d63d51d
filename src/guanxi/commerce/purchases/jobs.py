"""What customers bought, by the clock."""

from guanxi.commerce.purchases.operations import add_up_all
from guanxi.customers.segments.jobs import BY_THE_DAY, refresh_all_segments
from guanxi.kernel.actor import Origin
from guanxi.kernel.jobs import job


@job("commerce.add_up_purchases", every="35 2 * * *")
def add_up_purchases() -> None:
    """Once a day, in the company's currency and by its days, should either have been chosen anew."""
    if add_up_all():
        refresh_all_segments.defer(cause=BY_THE_DAY, origin=Origin.BACKFILL)
