"""What follows from a house that asks for the sample company."""

from guanxi.events.simulation import SampleGrew
from guanxi.events.workspace import CompanySetUp
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.events import on
from guanxi.simulation.firm.operations import found_firm, live_on
from guanxi.workspace.tokens.queries import actor_of


@on(CompanySetUp)
def found_the_sample_company(event: CompanySetUp) -> None:
    """Put people, products and orders into the sample company behind the first page."""
    if event.sample:
        found_firm(actor_of(event.owner_id) or SYSTEM)


@on(SampleGrew, origins=frozenset({Origin.SIMULATION}))
def let_the_sample_company_live_on(event: SampleGrew) -> None:
    """Live through the next part of the year; killed in it, it is lived through again."""
    if not event.full:
        owner = actor_of(event.meta.actor_id) if event.meta.actor_id else None
        live_on((owner or SYSTEM).as_origin(event.meta.origin), event)
