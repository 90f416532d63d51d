"""How what is written down with the customers follows."""

from guanxi.customers.contact_points.queries import write_main_ways
from guanxi.kernel.events import ALL, on
from guanxi.kernel.occurrences import Undone


@on(Undone, origins=ALL)
def write_all_main_ways_anew(event: Undone) -> None:
    """After an undo the best address of a customer may be another one."""
    if "customers.contact_point" in event.records:
        write_main_ways()
