"""The people of the demo firm: those who work there and those who buy."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from guanxi.commerce.products.models import Product
from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.operations import Way, add_many
from guanxi.customers.customers.models import Customer
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


def found(firm: Firm) -> None:
    """Hire, stock the shelves, and meet the customers."""
    teams = {name: create(firm.actor, Team, name=name) for name in dict.fromkeys(team for *_, team, _ in STAFF)}
    for name, address, role, team, language in STAFF:
        create(
            firm.actor, User, name=name, email=f"{address}@demo.example", roles=[role], team=teams[team],
            language=language, zone="Asia/Shanghai",
        )  # fmt: skip
    create_many(firm.actor, Product, [{"code": c, "name": n, "category": kind} for c, n, kind, _ in texts.PRODUCTS])
    _meet(firm, firm.people)


def plan_the_day(firm: Firm) -> None:
    """What is to be done today and tomorrow, by whoever asked for the firm."""
    for place, who in enumerate(firm.dice.sample(firm.people, min(7, len(firm.people)))):
        errand = firm.dice.choice(texts.ERRANDS_ZH if who.chinese else texts.ERRANDS_EN)
        add_todo(
            firm.actor,
            subject=errand,
            kind="call" if place % 2 else "follow_up",
            due_at=firm.end + timedelta(hours=2 + 3 * place),
            customer=firm.ids[who.number],
        )
        firm.done["errands"] += 1


def _meet(firm: Firm, people: Iterable[Person]) -> None:
    made = create_many(firm.actor, Customer, [_customer(firm, who) for who in people])
    firm.ids = {who.number: row.pk for who, row in zip(people, made, strict=True)}
    ways = [(firm.ids[who.number], way) for who in people for way in _ways(who)]
    points = {(point.customer_id, point.kind): point for point in add_many(firm.actor, ways, country="CN")}
    consents = []
    for who in people:
        point = points.get((firm.ids[who.number], "email"))
        if who.agreed and point:
            consents.append(_consent(firm, who, point.pk))
    create_many(firm.actor, Consent, consents, using="customers.consent.give")
    firm.done["customers"], firm.done["consents"] = len(made), len(consents)


def _customer(firm: Firm, who: Person) -> dict[str, Any]:
    return {
        "kind": "organisation" if who.organisation else "person",
        "name": who.name,
        "key": who.key,
        "title": who.title,
        "gender": who.gender,
        "birthday": who.birthday if who.birth_year_known or who.birthday is None else _without_year(who),
        "birth_year_known": who.birth_year_known or who.birthday is None,
        "language": "zh-Hans" if who.chinese else "en",
        "zone": "Asia/Shanghai" if who.chinese else "Europe/London",
        "country": "CN" if who.chinese else "GB",
        "region": who.region,
        "city": who.city,
        "preferred_channel": "phone" if who.phone and who.number % 4 == 0 else "",
        "created_at": firm.end - timedelta(days=who.since_days),
    }


def _without_year(who: Person) -> Any:
    return who.birthday.replace(year=1904) if who.birthday else None


def _ways(who: Person) -> Iterable[Way]:
    if who.email:
        yield Way(kind="email", value=who.email, main=True)
    if who.phone:
        yield Way(kind="phone", value=who.phone, main=True)


def _consent(firm: Firm, who: Person, point: Any) -> dict[str, Any]:
    return {
        "customer_id": firm.ids[who.number],
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
