"""The verbs of effects."""

from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.kernel.settings import choose
from guanxi.outreach.effects import queries


@operation("outreach.effect.set_terms")
def set_terms(
    actor: Actor,
    *,
    window_days: int | None = None,
    cost_email: float | None = None,
    cost_phone: float | None = None,
    cost_visit: float | None = None,
) -> dict[str, float]:
    """Say within how many days an order counts for a contact, and what a contact by each channel costs."""
    given = {"email": cost_email, "phone": cost_phone, "visit": cost_visit}
    if window_days is not None:
        choose(actor, queries.WINDOW.name, window_days)
    for channel, cost in given.items():
        if cost is not None:
            choose(actor, queries.COSTS[channel].name, cost)
    return terms()


def terms() -> dict[str, float]:
    """What holds now."""
    return {"window_days": queries.WINDOW.get(), **{f"cost_{name}": cost for name, cost in queries.costs().items()}}
