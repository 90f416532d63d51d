"""How the clocks of tickets follow what is taken back."""

from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.events import ALL, on
from guanxi.kernel.occurrences import Undone
from guanxi.kernel.undo import changed_in
from guanxi.service.tickets.clocks import set_clocks
from guanxi.service.tickets.models import Ticket


@on(Undone, origins=ALL)
def run_the_clocks_of_what_is_open_again(event: Undone) -> None:
    """After an undo exactly those promises run that are still to be kept."""
    if "service.ticket" in event.records:
        for ticket in Ticket.objects.filter(pk__among=changed_in(event.undone, "service.ticket")):
            set_clocks(SYSTEM.as_origin(Origin(ticket.origin)), ticket)
