"""The demo firm waits for a worker, behind a house that is open already."""

from uuid import UUID

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.jobs import job
from guanxi.simulation.firm.operations import fill_firm
from guanxi.workspace.tokens.queries import actor_of


@job("simulation.fill_firm")
def fill(owner: str, seed: int = 1, customers: int = 800) -> None:
    """Make the sample company in the name of whoever asked for it; all of it or nothing."""
    fill_firm(actor_of(UUID(owner)) or SYSTEM, seed=seed, customers=customers)
