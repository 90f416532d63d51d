"""The domain of service."""

from guanxi.kernel.domain import Domain


class Service(Domain):
    """Enquiries, requests and complaints: who has them, what was promised, what became of them."""

    name = "guanxi.service"
    label = "service"
    default = True
