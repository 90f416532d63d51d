from guanxi.kernel.domain import Domain


class Outreach(Domain):
    """All contact that we begin."""

    name = "guanxi.outreach"
    label = "outreach"
    default = True
