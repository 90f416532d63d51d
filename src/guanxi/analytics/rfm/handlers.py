"""Scores after many orders came in, or were taken back, at once."""

from guanxi.analytics.rfm.operations import score_everybody
from guanxi.commerce.purchases.operations import add_up_all
from guanxi.events.workspace import ImportEnded
from guanxi.kernel.actor import Origin
from guanxi.kernel.events import ALL, on
from guanxi.kernel.occurrences import Undone


@on(ImportEnded, origins=ALL)
def score_everybody_after_an_import(event: ImportEnded) -> None:
    """A file of orders changes who is among the best; nobody is written to because of it."""
    if event.noun == "orders" and (event.created or event.updated):
        score_everybody(origin=Origin.IMPORT)


@on(Undone, origins=ALL)
def score_everybody_anew(event: Undone) -> None:
    """What is left is scored; it is added up first, whoever else heard of it before."""
    if "commerce.order" in event.records:
        add_up_all()
        score_everybody(origin=Origin.UNDO)
