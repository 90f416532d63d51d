"""The domain of the written protocol."""

from guanxi.kernel.domain import Domain


class Protocols(Domain):
    """What the company promises, clause by clause, with live figures."""

    name = "guanxi.protocols"
    label = "protocols"
    default = True
