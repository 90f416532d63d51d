"""The workspace as Django knows it."""

from guanxi.kernel.domain import Domain


class Workspace(Domain):
    """Nouns that every company has."""

    name = "guanxi.workspace"
    label = "workspace"
    default = True
