"""The domain of what is bought."""

from guanxi.kernel.domain import Domain


class Commerce(Domain):
    """What customers bought and owe."""

    name = "guanxi.commerce"
    label = "commerce"
    default = True
