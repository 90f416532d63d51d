"""The demo firm is made by doing what a firm does, at the time it would have done it."""

from datetime import timedelta
from heapq import heappop
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from guanxi.customers.segments.operations import refresh_all
from guanxi.kernel.actor import Actor, Origin
from guanxi.kernel.clocks import fire_due
from guanxi.kernel.drain import drain
from guanxi.kernel.time import frozen, now
from guanxi.kernel.writes import begin
from guanxi.simulation.firm import founding, talking, trading
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.people import person
from guanxi.simulation.firm.truths import Truths
from guanxi.workspace.company.operations import ZONE

FILL = "simulation.firm.fill"


@transaction.atomic
def fill_firm(actor: Actor, *, seed: int = 1, customers: int = 800) -> dict[str, int]:
    """Make the sample company: customers, orders, talks and complaints of a year; one undo takes it all back.

    No verb of the catalogue: nobody may ask a house that works for its living to live through a made-up year.
    """
    actor.require(FILL)
    actor = begin(actor, FILL)
    truths = Truths(customers=customers)
    end = now().replace(microsecond=0)
    start = (end - timedelta(days=round(truths.months * 30.42))).astimezone(ZoneInfo(ZONE.get()))
    firm = Firm(actor=actor.as_origin(Origin.SIMULATION), dice=Random(seed), truths=truths, start=start, end=end)
    firm.people = [person(firm.dice, number, end.date()) for number in range(1, customers + 1)]
    founding.found(firm)
    trading.trade(firm)
    talking.talk(firm)
    _live_through(firm)
    founding.plan_the_day(firm)
    with frozen(end):
        refresh_all(cause="simulation", origin=Origin.SIMULATION)
    return dict(firm.done)


def _live_through(firm: Firm) -> None:
    """Do what was planned in the order of time; each act may plan what follows from it."""
    month = (firm.start.year, firm.start.month)
    while firm.plan:
        when, _, act = heappop(firm.plan)
        with frozen(when):
            if (when.year, when.month) != month:
                month = (when.year, when.month)
                refresh_all(cause="simulation", origin=Origin.SIMULATION)
            if fire_due():
                drain()
            act()
            drain()
