"""Every figure of customers equals its recount, in all and by dimension."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.customers.contact_points.operations import mark_dead, verify_contact_point
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.measures import measures
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import archive
from guanxi.lib.errors import Conflict
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.recounts.customers import RECOUNTS
from tests.recounts.figures import require_recounts

pytestmark = pytest.mark.django_db
BEGIN = datetime(2025, 1, 1, 9, tzinfo=UTC)


def a_few_people(clock, dice: random.Random) -> None:
    """Customers with ways and words, over a year and a half."""
    for _ in range(60):
        clock.advance(timedelta(days=dice.randint(1, 14)))
        one = make.customer(country=dice.choice(["GB", "CN", ""]), city=dice.choice(["Leeds", "成都"]))
        for _ in range(dice.randint(0, 2)):
            typed = dice.choice([{"kind": "phone", "value": "n/a"}, {}])
            try:
                point = make.contact_point(one, **typed)
            except Conflict:
                continue
            if dice.random() < 0.3:
                mark_dead(SYSTEM, point.pk, why="bounced")
            elif point.verdict == "valid" and dice.random() < 0.6:
                verify_contact_point(SYSTEM, point.pk, how="link")
        for _ in range(dice.randint(0, 3)):
            state = dice.choice(["given", "given", "withdrawn"])
            make.consent(one, state=state, purpose=dice.choice(["marketing", "marketing", "survey"]))
        if dice.random() < 0.1:
            archive(SYSTEM, Customer, one.pk)


def rows(api: Api, plural: str, kept: set[str] | None = None) -> list:
    """All rows of a noun; those of archived customers do not count."""
    found = api.get(plural, limit=200)["rows"]
    return [row for row in found if kept is None or row["customer"]["id"] in kept]


def test_every_figure_of_customers_has_a_recount():
    require_recounts("customers", RECOUNTS)


def test_figures_equal_their_recounts_in_all_and_by_dimension():
    with frozen(BEGIN) as clock:
        a_few_people(clock, random.Random(20250101))
        api = Api(workspace.user("analyst"))
        people = api.get("customers", limit=200)["rows"]
        kept = {row["id"] for row in people}
        assert 40 < len(kept) < 60
        raw = {"customers": people, **{plural: rows(api, plural, kept) for plural in ("contact_points", "consents")}}
        for name, recount in RECOUNTS.items():
            assert_same(api.get(f"measures/{name}")["total"], recount(raw, clock.at), name)
            for dimension in measures()[name].dimensions:
                plural = "contact_points" if name == "customers.ways_verified" else "customers"
                groups = api.get(f"measures/{name}", by=dimension)["groups"]
                assert {g["key"] for g in groups} == {row[dimension] for row in raw[plural]}
                for group in groups:
                    part = [row for row in raw[plural] if row[dimension] == group["key"]]
                    assert_same(group, recount({**raw, plural: part}, clock.at), (name, group["key"]))


def assert_same(said, counted, what) -> None:
    """Counts to the last one."""
    for part, value in counted.items():
        wanted = pytest.approx(value) if isinstance(value, float) else value
        shown = format(float(said[part]), "g") if part == "sum" else said[part]
        assert shown == wanted, (what, part, said, counted)
