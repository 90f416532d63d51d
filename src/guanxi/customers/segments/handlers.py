"""How segments follow what happens."""

from typing import cast
from uuid import UUID

from guanxi.customers.customers.models import BROUGHT_IN
from guanxi.customers.segments.operations import recount, refresh_all
from guanxi.events.customers import AboutACustomer
from guanxi.events.workspace import ImportEnded
from guanxi.kernel.actor import Origin
from guanxi.kernel.events import ALL, Event, on
from guanxi.kernel.occurrences import RecordChanged, Undone

ABOUT_A_CUSTOMER = cast(type[Event], AboutACustomer)
CUSTOMER = "customers.customer"
# Imports and the simulator write many at once; one pass at their end costs less than thousands of small ones.
WRITING_MANY = {Origin.IMPORT, Origin.SIMULATION}


@on(ABOUT_A_CUSTOMER, RecordChanged, origins=ALL - WRITING_MANY, set=True)
def look_at_their_segments_anew(events: list[Event]) -> None:
    """Whoever something happened to may belong elsewhere now."""
    concerned: dict[tuple[Origin, str], set[UUID]] = {}
    for event in events:
        id = event.record_id if isinstance(event, RecordChanged) else getattr(event, "customer_id", None)
        if id and not (isinstance(event, RecordChanged) and event.record != CUSTOMER):
            concerned.setdefault((event.meta.origin, event.name), set()).add(id)
    for (origin, cause), ids in concerned.items():
        refresh_all(cause=cause, origin=origin, among=sorted(ids, key=str))


@on(ImportEnded, origins=ALL)
def look_at_all_segments_after_an_import(event: ImportEnded) -> None:
    """A file may have changed anybody; nobody is written to because of it."""
    if event.created or event.updated:
        refresh_all(cause=BROUGHT_IN, origin=Origin.IMPORT)


@on(Undone, origins=ALL)
def look_at_all_segments_anew(event: Undone) -> None:
    """After an undo nobody knows who is concerned, and its members are gone from those kept by hand, too."""
    recount()
    refresh_all(cause=event.name, origin=Origin.UNDO)
