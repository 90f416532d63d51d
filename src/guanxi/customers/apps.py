"""The domain of who the customers are, how they are reached and what they allowed."""

from guanxi.kernel.domain import Domain


class Customers(Domain):
    """Who the customers are, how they are reached and what they allowed."""

    name = "guanxi.customers"
    label = "customers"
    default = True
