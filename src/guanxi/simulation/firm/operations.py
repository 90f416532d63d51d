"""The demo firm is made by doing what a firm does, at the time it would have done it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.operations import refresh_all
from guanxi.events.simulation import SampleGrew
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.change_sets import begin
from guanxi.kernel.events import emit
from guanxi.kernel.jobs import apart
from guanxi.kernel.time import frozen, now
from guanxi.simulation.firm import founding, marketing, trading
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.living import Life, known
from guanxi.simulation.firm.matters import Matter
from guanxi.simulation.firm.people import Person
from guanxi.simulation.firm.truths import Truths
from guanxi.workspace.company.operations import ZONE
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User

PART = 10
"""Matters to a part; one part takes a second, and is committed before the next begins."""
LATELY = timedelta(days=14)
"""Within which segments are looked at after every part, so that the last day does not bring the moves of weeks."""


@transaction.atomic
def found_firm(actor: Actor, *, seed: int = 1, customers: int = 800) -> SampleGrew:
    """Begin the sample company: people, products and orders now, the talks of a year in parts behind them."""
    actor = begin(actor.as_origin(Origin.SIMULATION), "simulation.firm.fill")
    firm = _thrown(seed, customers, now().replace(microsecond=0), ZONE.get())
    with apart("simulation"):
        founding.hire(actor)
        founding.stock(actor)
        ids = founding.meet(actor, firm)
        trading.trade(actor, firm, ids)
        with frozen(firm.start):
            marketing.count_together(actor)
        marketing.draft_letter(actor)
        marketing.draft_compared(actor, firm.truths)
        marketing.draft_calls(actor)
        founding.plan_the_day(actor, firm, ids)
    begun = SampleGrew(seed=seed, customers=customers, end=firm.end, zone=firm.zone, lived=0, of=len(firm.agenda))
    emit(actor, begun)
    return begun


def live_on(actor: Actor, so_far: SampleGrew) -> SampleGrew:
    """Live through the next part of the year and say how far the firm has come; one transaction with its caller's."""
    actor = begin(actor, "simulation.firm.fill")
    firm = _thrown(so_far.seed, so_far.customers, so_far.end, so_far.zone)
    part = firm.agenda[so_far.lived : so_far.lived + PART]
    with apart("simulation"):
        life = _life(actor, firm, [one.who for one in part if isinstance(one, Matter)])
        for one in part:
            life.live(one)
        _look_at_segments(firm, so_far.lived, so_far.lived + len(part))
    grown = replace(so_far, lived=so_far.lived + len(part), left_out=so_far.left_out + life.left_out)
    emit(actor, grown)
    return grown


@lru_cache(maxsize=1)
def _thrown(seed: int, customers: int, end: datetime, zone: str) -> Firm:
    """The firm as the dice make it; thrown once for all its parts."""
    return Firm(seed=seed, end=end, zone=zone, truths=Truths(customers=customers))


def _life(actor: Actor, firm: Firm, people: Iterable[Person]) -> Life:
    house = replace(SYSTEM, origin=actor.origin, change_set=actor.change_set)
    return Life(
        firm=firm,
        house=house,
        service=tuple(_worker(house, address) for address in founding.SERVICE),
        marketing=_worker(house, founding.MARKETING),
        ids=known(people),
    )


def _worker(house: Actor, address: str) -> Actor:
    """Somebody of the staff; the house itself for one who was sent away meanwhile."""
    id: UUID | None = User.objects.filter(email=address, archived_at=None).values_list("pk", flat=True).first()
    found = actor_of(id) if id else None
    return replace(found, origin=house.origin, change_set=house.change_set) if found else house


def _look_at_segments(firm: Firm, before: int, lived: int) -> None:
    """Once a month, and often at last, let everybody stand where they stood; who was met later is nowhere yet."""
    at = firm.agenda[lived - 1].at
    if lived == len(firm.agenda):
        with frozen(firm.end):
            refresh_all(cause="simulation", origin=Origin.SIMULATION)
    elif at.month != firm.agenda[max(0, before - 1)].at.month or firm.end - at < LATELY:
        with frozen(at):
            met = list(Customer.objects.filter(created_at__lte=at).values_list("pk", flat=True))
            refresh_all(cause="simulation", origin=Origin.SIMULATION, among=met)
