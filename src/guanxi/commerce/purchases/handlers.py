"""What customers bought, after what was bought was taken back."""

from guanxi.commerce.purchases.operations import add_up_all
from guanxi.customers.segments.jobs import refresh_all_segments
from guanxi.kernel.actor import Origin
from guanxi.kernel.events import ALL, on
from guanxi.kernel.occurrences import Undone


@on(Undone, origins=ALL)
def add_up_what_is_left(event: Undone) -> None:
    """Orders that came in by mistake and are gone do not count; who belongs where is looked at once more."""
    if "commerce.order" in event.records and add_up_all():
        refresh_all_segments.defer(cause=event.name, origin=Origin.UNDO)
