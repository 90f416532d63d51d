"""What follows from a house that asks for the sample company."""

from guanxi.events.workspace import CompanySetUp
from guanxi.kernel.events import on
from guanxi.simulation.firm.queue import fill


@on(CompanySetUp)
def fill_the_sample_company(event: CompanySetUp) -> None:
    """Begin to fill the sample company behind the first page."""
    if event.sample:
        fill.defer(owner=str(event.owner_id))
