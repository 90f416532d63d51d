"""The domain of everything that is said between the company and its customers."""

from guanxi.kernel.domain import Domain


class Channels(Domain):
    """Every way to talk, one gate, one inbox."""

    name = "guanxi.channels"
    label = "channels"
    default = True
