"""What the demo firm has on its first page: who works there, who buys, what is sold, and what is to be done today."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from guanxi.commerce.products.models import Product
from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.operations import Way, add_many
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import Actor
from guanxi.kernel.writes import create, create_many
from guanxi.simulation.firm import texts
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.people import Person
from guanxi.workspace.teams.models import Team
from guanxi.workspace.todos.operations import add_todo
from guanxi.workspace.users.models import User

STAFF = (
    ("陈静", "chen.jing", "manager", "客服 Service", "zh-Hans"),
    ("李娜", "li.na", "agent", "客服 Service", "zh-Hans"),
    ("Tom Baker", "tom.baker", "agent", "客服 Service", "en"),
    ("王强", "wang.qiang", "seller", "销售 Sales", "zh-Hans"),
    ("Emma Clarke", "emma.clarke", "marketer", "市场 Marketing", "en"),
)
SERVICE = ("li.na@demo.example", "tom.baker@demo.example")
"""Who answers; a matter of the demo firm has its worker by the place here."""
MARKETING = "emma.clarke@demo.example"
ERRANDS = ((1, 16), (0, 9), (0, 10), (0, 11), (0, 14), (0, 16), (-1, 9), (-1, 15))
"""How many days ago the errands of the day are due, and at what hour; one is late for certain."""


def hire(actor: Actor) -> None:
    """Give the staff their teams and accounts; they cannot sign in."""
    teams = {name: create(actor, Team, name=name) for name in dict.fromkeys(team for *_, team, _ in STAFF)}
    for name, address, role, team, language in STAFF:
        create(
            actor, User, name=name, email=f"{address}@demo.example", roles=[role], team=teams[team],
            language=language, zone="Asia/Shanghai",
        )  # fmt: skip


def stock(actor: Actor) -> None:
    """Fill the shelves."""
    create_many(actor, Product, [{"code": c, "name": n, "category": kind} for c, n, kind, _ in texts.PRODUCTS])


def meet(actor: Actor, firm: Firm) -> dict[int, UUID]:
    """Write down the customers, how they are reached and what they agreed to; returns their ids by number."""
    seller = User.objects.get(email="wang.qiang@demo.example")
    keepers = [{"owner_id": actor.id, "team_id": None}, {"owner_id": seller.pk, "team_id": seller.team_id}]
    made = create_many(
        actor,
        Customer,
        [_customer(firm, who) | keepers[who.organisation or who.number % 3 == 0] for who in firm.people],
    )
    ids = {who.number: row.pk for who, row in zip(firm.people, made, strict=True)}
    ways = [(ids[who.number], way) for who in firm.people for way in _ways(who)]
    points = {(point.customer_id, point.kind): point.pk for point in add_many(actor, ways, country="CN")}
    agreed = [who for who in firm.people if who.agreed and who.email]
    consents = [_consent(firm, who, ids[who.number], points[ids[who.number], "email"]) for who in agreed]
    create_many(actor, Consent, consents, using="customers.consent.give")
    return ids


def plan_the_day(actor: Actor, firm: Firm, ids: Mapping[int, UUID]) -> None:
    """What is to be done yesterday, today and tomorrow, by whoever asked for the firm."""
    dice = firm.dice("errands")
    people = dice.sample(firm.people, min(len(ERRANDS), len(firm.people)))
    errands = {chinese: iter(dice.sample(of, len(of))) for chinese, of in texts.ERRANDS.items()}
    for place, (who, (days, hour)) in enumerate(zip(people, ERRANDS, strict=False)):
        add_todo(
            actor,
            subject=next(errands[who.chinese]),
            kind="call" if place % 2 else "follow_up",
            due_at=firm.moment(days, hour),
            customer=ids[who.number],
        )


def _customer(firm: Firm, who: Person) -> dict[str, Any]:
    return {
        "kind": "organisation" if who.organisation else "person",
        "name": who.name,
        "key": who.key,
        "title": who.title,
        "gender": who.gender,
        "birthday": who.birthday if who.birth_year_known or who.birthday is None else who.birthday.replace(year=1904),
        "birth_year_known": who.birth_year_known or who.birthday is None,
        "language": "zh-Hans" if who.chinese else "en",
        "zone": "Asia/Shanghai" if who.chinese else "Europe/London",
        "country": "CN" if who.chinese else "GB",
        "region": who.region,
        "city": who.city,
        "preferred_channel": "phone" if who.phone and who.number % 4 == 0 else "",
        "created_at": firm.end - timedelta(days=who.since_days),
    }


def _ways(who: Person) -> Iterable[Way]:
    if who.email:
        yield Way(kind="email", value=who.email, main=True)
    if who.phone:
        yield Way(kind="phone", value=who.phone, main=True)


def _consent(firm: Firm, who: Person, customer: UUID, point: UUID) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "contact_point_id": point,
        "purpose": "marketing",
        "channel": "email",
        "state": "given",
        "how": "ticked",
        "wording": texts.WORDING_ZH if who.chinese else texts.WORDING_EN,
        "language": "zh-Hans" if who.chinese else "en",
        "place": "minjiang.example/register",
        "at": firm.end - timedelta(days=who.since_days - 0.1),
    }
