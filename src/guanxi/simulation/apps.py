from guanxi.kernel.domain import Domain


class Simulation(Domain):
    """The company simulator and the demo firm."""

    name = "guanxi.simulation"
    label = "simulation"
    default = True
