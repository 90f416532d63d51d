"""Scores by the clock."""

from guanxi.analytics.rfm.operations import score_everybody
from guanxi.kernel.actor import Origin
from guanxi.kernel.jobs import job


@job("analytics.score_everybody", every="50 2 * * *")
def score_everybody_of_the_day() -> None:
    """Once a night, after what customers bought was added up: who is lately a buyer depends on the others, too."""
    score_everybody(origin=Origin.LIVE)
