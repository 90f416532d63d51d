"""The domain of what figures over everybody say of each."""

from guanxi.kernel.domain import Domain


class Analytics(Domain):
    """What figures over everybody say of each customer."""

    name = "guanxi.analytics"
    label = "analytics"
    default = True
