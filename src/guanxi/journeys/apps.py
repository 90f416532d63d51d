"""The domain as Django knows it."""

from guanxi.kernel.domain import Domain


class Journeys(Domain):
    """The one engine that waits, branches and acts."""

    name = "guanxi.journeys"
    label = "journeys"
    default = True
