"""Random conditions choose the same rows in SQL as in plain Python that knows nothing of SQL."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.commerce.orders.models import Order
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions.queries import compiled, matching
from guanxi.kernel.conditions.rules import personal
from guanxi.kernel.records import type_of
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import create_many
from guanxi.lib.errors import Invalid
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import workspace as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
CITIES = ["", "Leeds", "York", "成都", "New York"]
CALENDAR = ("this", "previous", "anniversary_this")
GRAINS = ("day", "week", "month", "quarter", "year")
COMPARE = {"is": eq, "is_not": ne, "lt": lt, "lte": le, "gt": gt, "gte": ge}
DAYS = [date(1980, 2, 29), date(1985, 3, 31), date(1990, 4, 2), date(1904, 12, 31)]


# The same in Python. A customer is a dict with a list of orders.


def back(at, window):
    ((unit, n),) = window.items()
    if unit == "months":
        year, month = divmod(at.year * 12 + at.month - 1 - n, 12)
        last = (datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC) - timedelta(days=1)).day
        return at.replace(year=year, month=month + 1, day=min(at.day, last))
    return at - timedelta(days=n)


def holds(part, row, at, past):
    if "and" in part:
        return all(holds(one, row, at, past) for one in part["and"])
    if "or" in part:
        return any(holds(one, row, at, past) for one in part["or"])
    if "not" in part:
        return not holds(part["not"], row, at, past)
    return related(part, row, at, past) if "related" in part else field(part, row, at)


def field(part, row, at):
    value, op, asked = row[part["field"]], part["op"], part.get("value")
    if op in ("empty", "not_empty"):
        return (value in (None, "")) == (op == "empty")
    if op in ("true", "false"):
        return value is (op == "true")
    if isinstance(value, date) and not isinstance(value, datetime) and op in COMPARE:
        asked = date.fromisoformat(asked)
    if isinstance(value, datetime) and op in COMPARE:
        asked = datetime.fromisoformat(asked)
    if isinstance(value, Decimal):
        asked = [Decimal(str(v)) for v in asked] if isinstance(asked, list) else Decimal(str(asked))
    if value is None:
        return op in ("is_not", "not_in")
    if op in CALENDAR:
        return in_calendar(op, value, asked, at)
    simple = {
        "in": lambda: value in asked,
        "not_in": lambda: value not in asked,
        "contains": lambda: asked.lower() in value.lower(),
        "starts_with": lambda: value.lower().startswith(asked.lower()),
        "between": lambda: asked[0] <= value <= asked[1],
        "last": lambda: back(at, asked) < value <= at,
        "older_than": lambda: value <= back(at, asked),
        "next": lambda: at <= value <= at + timedelta(days=asked["days"]),
        "anniversary_within": lambda: comes_round(value, (at.date() + timedelta(days=n) for n in range(asked["days"]))),
    }
    return simple[op]() if op in simple else COMPARE[op](value, asked)


def counted(day):
    """The periods of a day, each counted from the beginning of the calendar."""
    months = day.year * 12 + day.month - 1
    weeks = (day.toordinal() - 1) // 7
    return {"day": day.toordinal(), "week": weeks, "month": months, "quarter": months // 3, "year": day.year}


def in_calendar(op, value, grain, at):
    day, here = value.date() if isinstance(value, datetime) else value, counted(at.date())[grain]
    if op == "anniversary_this":
        around = (at.date() + timedelta(days=n) for n in range(-366, 367))
        return comes_round(day, (one for one in around if counted(one)[grain] == here))
    return counted(day)[grain] == here - (op == "previous")


def comes_round(born, days):
    for day in days:
        if (day.month, day.day) == (born.month, born.day):
            return True
        leap = (day + timedelta(days=1)).day == 29
        if (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28) and not leap:
            return True
    return False


def related(part, row, at, past):
    orders = [o for o in row["orders"] if not part.get("where") or holds(part["where"], o, at, past)]
    if past or part.get("last"):
        orders = [o for o in orders if o["ordered_at"] <= at]
    if part.get("last"):
        orders = [o for o in orders if o["ordered_at"] > back(at, part["last"])]
    for op in {"this", "previous"} & part.keys():
        orders = [o for o in orders if in_calendar(op, o["ordered_at"], part[op], at)]
    aggregate, op = part["aggregate"], part["op"]
    if aggregate == "exists":
        return bool(orders) == (op != "false")
    if aggregate in ("min", "max", "first", "latest") and not orders:
        return False
    if aggregate in ("first", "latest"):
        ordered = sorted(orders, key=lambda o: o["ordered_at"])
        return field({**part, "field": part["of"]}, ordered[0 if aggregate == "first" else -1], at)
    if part.get("of") == "ordered_at":
        figure = {"min": min, "max": max}[aggregate](o["ordered_at"] for o in orders)
        return field({**part, "field": "figure"}, {"figure": figure}, at)
    totals = [o["total"] for o in orders]
    figure = {"count": len, "sum": sum, "min": min, "max": max}[aggregate](totals)
    asked = part["value"]
    if op == "between":
        return Decimal(str(asked[0])) <= figure <= Decimal(str(asked[1]))
    return COMPARE[op](figure, Decimal(str(asked)))


# Conditions


def leaf(name, op, value=None):
    return {"field": name, "op": op} | ({} if value is None else {"value": value})


texts = st.sampled_from(["Leeds", "York", "leeds", "成", "new", "k", "nowhere", "100%", "a_b"])
windows = st.one_of(
    st.builds(lambda n: {"days": n}, st.integers(1, 400)), st.builds(lambda n: {"months": n}, st.integers(1, 14))
)
amounts = st.one_of(st.integers(-50, 400), st.sampled_from(["0.01", "99.99", "100", "0"]))
moments = st.integers(-400, 30).map(lambda n: (NOW + timedelta(days=n)).isoformat())
days = st.sampled_from(DAYS).map(date.isoformat)
grains = st.sampled_from(GRAINS)
ahead = st.integers(1, 30).map(lambda n: {"days": n})

customer_fields = st.one_of(
    st.builds(leaf, st.just("city"), st.sampled_from(["is", "is_not", "contains", "starts_with"]), texts),
    st.builds(leaf, st.just("city"), st.sampled_from(["in", "not_in"]), st.lists(texts, min_size=0, max_size=3)),
    st.builds(leaf, st.sampled_from(["city", "birthday"]), st.sampled_from(["empty", "not_empty"])),
    st.builds(leaf, st.just("birthday"), st.sampled_from(sorted(COMPARE)), days),
    st.builds(leaf, st.just("birthday"), st.just("anniversary_within"), st.integers(1, 366).map(lambda n: {"days": n})),
    st.builds(leaf, st.just("birthday"), st.sampled_from(CALENDAR), grains),
    st.builds(leaf, st.just("lifecycle_since"), st.sampled_from(["this", "previous"]), grains),
    st.builds(leaf, st.just("lifecycle_since"), st.just("next"), ahead),
    st.builds(leaf, st.just("birth_year_known"), st.sampled_from(["true", "false"])),
    st.builds(leaf, st.just("lifecycle_since"), st.sampled_from(["last", "older_than"]), windows),
    st.builds(leaf, st.just("lifecycle_since"), st.sampled_from(sorted(COMPARE)), moments),
    st.builds(leaf, st.just("lifecycle"), st.sampled_from(["is", "is_not"]), st.sampled_from(["contact", "churn"])),
)
order_fields = st.one_of(
    st.builds(leaf, st.just("kind"), st.sampled_from(["is", "is_not"]), st.sampled_from(["sale", "cancellation"])),
    st.builds(leaf, st.just("total"), st.sampled_from(sorted(COMPARE)), amounts),
    st.builds(leaf, st.just("total"), st.just("between"), st.lists(amounts, min_size=2, max_size=2)),
    st.builds(leaf, st.just("ordered_at"), st.sampled_from(["last", "older_than"]), windows),
    st.builds(leaf, st.just("ordered_at"), st.sampled_from(["this", "previous"]), grains),
)
dated = st.one_of(
    st.builds(leaf, st.just("ordered_at"), st.sampled_from(["last", "older_than"]), windows),
    st.builds(leaf, st.just("ordered_at"), st.sampled_from(["this", "previous"]), grains),
    st.builds(leaf, st.just("ordered_at"), st.sampled_from(sorted(COMPARE)), moments),
)
wheres = st.one_of(st.none(), order_fields, st.lists(order_fields, min_size=2, max_size=3).map(lambda p: {"or": p}))


@st.composite
def over_orders(draw):
    aggregate = draw(st.sampled_from(["exists", "count", "sum", "min", "max", "first", "latest"]))
    part = {"related": "orders", "aggregate": aggregate, "op": draw(st.sampled_from(["true", "false"]))}
    if aggregate not in ("exists", "first", "latest"):
        part["op"] = draw(st.sampled_from([*sorted(COMPARE), "between"]))
        numbers = st.integers(0, 4) if aggregate == "count" else amounts
        one = draw(numbers)
        part["value"] = sorted([one, draw(numbers)], key=float) if part["op"] == "between" else one
    if aggregate in ("sum", "min", "max"):
        part["of"] = "total"
    if aggregate in ("first", "latest") or (aggregate in ("min", "max") and draw(st.booleans())):
        asked = draw(order_fields if aggregate in ("first", "latest") else dated)
        part |= {"of": asked["field"], "op": asked["op"], "value": asked["value"]}
    if (where := draw(wheres)) is not None:
        part["where"] = where
    if (last := draw(st.one_of(st.none(), windows))) is not None:
        part["last"] = last
    elif draw(st.booleans()):
        part[draw(st.sampled_from(["this", "previous"]))] = draw(grains)
    return part


conditions = st.recursive(
    st.one_of(customer_fields, over_orders()),
    lambda inner: st.one_of(
        st.builds(lambda c: {"not": c}, inner),
        st.builds(lambda k, c: {k: c}, st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)),
    ),
    max_leaves=6,
)


def people(seed=11, n=240):
    """Customers and their orders, written by COPY and kept as plain dicts."""
    dice = random.Random(seed)
    rows, orders = [], []
    for i in range(n):
        born = dice.choice([None, *DAYS])
        rows.append(
            {
                "name": f"Customer {i}",
                "city": dice.choice(CITIES),
                "birthday": born,
                "birth_year_known": born is None or born.year != 1904,
                "lifecycle": dice.choice(["contact", "churn", "purchase"]),
                "lifecycle_since": NOW - timedelta(days=dice.randint(-5, 500), seconds=dice.randint(0, 9)),
            }
        )
    made = create_many(SYSTEM, Customer, rows)
    for customer, row in zip(made, rows, strict=True):
        row["orders"] = [
            {
                "kind": dice.choice(["sale", "sale", "cancellation"]),
                "total": Decimal(dice.choice(["0", "0.01", "99.99", "100", "-30", "250"])),
                "ordered_at": NOW - timedelta(days=dice.randint(-20, 450), hours=dice.randint(0, 23), minutes=i),
            }
            for i in range(dice.choice([0, 0, 1, 2, 3]))
        ]
        orders += [{"customer_id": customer.pk, "currency": "GBP", **order} for order in row["orders"]]
    create_many(SYSTEM, Order, [{"number": f"N{i}", **order} for i, order in enumerate(orders)])
    create_many(SYSTEM, Order, [{"number": "guest", "currency": "GBP", "ordered_at": NOW}])
    return {customer.pk: row for customer, row in zip(made, rows, strict=True)}


def test_sql_and_python_choose_the_same():
    rows = people()
    kind = type_of(Customer)
    some = set(sorted(rows)[::7])

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(conditions, st.sampled_from([None, NOW, NOW - timedelta(days=100), NOW - timedelta(days=31)]))
    def check(condition, as_of):
        at = as_of or NOW
        with frozen(NOW):
            chosen = set(matching(SYSTEM, condition, kind, as_of=as_of).values_list("pk", flat=True))
        wanted = {pk for pk, row in rows.items() if holds(condition, row, at, as_of is not None)}
        assert chosen == wanted
        with frozen(NOW):
            q = compiled(SYSTEM, condition, kind, as_of=as_of, among=some)
            assert set(Customer.objects.filter(q, pk__in=some).values_list("pk", flat=True)) == wanted & some

    check()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns", "Pacific/Apia"])
def test_calendar_periods_are_those_of_the_zone(zone):
    at = datetime(2026, 3, 31, 18, tzinfo=UTC)  # 1 April in China, a Wednesday
    made = [at + timedelta(hours=n) for n in range(-24 * 70, 24 * 3, 5)]
    rows = create_many(SYSTEM, Customer, [{"name": f"N{n}", "lifecycle_since": day} for n, day in enumerate(made)])
    here = at.astimezone(ZoneInfo(zone))
    for op in ("this", "previous"):
        for grain in GRAINS:
            with frozen(at):
                condition = {"field": "lifecycle_since", "op": op, "value": grain}
                chosen = set(matching(SYSTEM, condition, type_of(Customer), zone=zone).values_list("pk", flat=True))
            local = (row.lifecycle_since.astimezone(ZoneInfo(zone)) for row in rows)
            wanted = {r.pk for r, since in zip(rows, local, strict=True) if in_calendar(op, since, grain, here)}
            assert chosen == wanted, (op, grain)


def test_who_asks_is_me_and_what_is_kept_is_asked_by_nobody():
    team = make.team()
    me, colleague = make.user("owner", team=team), make.user("owner", team=team)
    people_of = [me.pk, colleague.pk, None]
    mine, theirs, _ = create_many(
        SYSTEM, Customer, [{"name": "Ann", "owner_id": whose, "team_id": whose and team.pk} for whose in people_of]
    )
    actor = actor_of(me.pk)
    asked = {"field": "owner", "op": "me"}
    assert set(matching(actor, asked, type_of(Customer))) == {mine}
    assert set(matching(actor, {"field": "team", "op": "my_team"}, type_of(Customer))) == {mine, theirs}
    assert set(matching(actor, {"field": "owner.team", "op": "my_team"}, type_of(Customer))) == {mine, theirs}
    for nobody, kept in ((SYSTEM, False), (actor, True)):
        with pytest.raises(Invalid) as caught:
            compiled(nobody, asked, type_of(Customer), kept=kept)
        assert caught.value.code == "condition.needs_a_reader"
    assert personal({"and": [{"not": asked}]}) and not personal({"field": "city"})
