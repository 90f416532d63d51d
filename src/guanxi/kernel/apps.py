"""The kernel as Django knows it."""

from guanxi.kernel.domain import Domain


class Kernel(Domain):
    """The tables that every noun shares."""

    name = "guanxi.kernel"
    label = "kernel"
    default = True
