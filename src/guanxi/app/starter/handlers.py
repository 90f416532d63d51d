"""What ships speaks the company's language from the moment the company says which."""

from guanxi.app import starter
from guanxi.events.workspace import CompanySetUp
from guanxi.kernel.events import on


@on(CompanySetUp)
def load_what_ships_for_company(_event: CompanySetUp) -> None:
    """Write what ships once more, now in the language of the company, with its protocol in force."""
    starter.load()
