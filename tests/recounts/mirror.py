"""The mirror's sentences counted again from records as they are exported, in plain Python."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

Row = dict[str, Any]


def _sales(orders: list[Row], at: datetime) -> list[tuple[str, datetime, Decimal]]:
    found = []
    for order in orders:
        when = datetime.fromisoformat(order["ordered_at"])
        if order["kind"] == "sale" and order["customer"] and when <= at:
            found.append((order["customer"]["id"], when, Decimal(order["total"]["amount"])))
    return found


def top_share(orders: list[Row], at: datetime) -> tuple[float, int, int]:
    """Share in percent, how many bring it, how many buy."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for who, _, total in _sales(orders, at):
        totals[who] += total
    ranked = sorted(totals.values(), reverse=True)
    count = int(Decimal(len(ranked)) * Decimal("0.2") + Decimal("0.5"))
    share = sum(ranked[:count]) / sum(ranked) * 100
    return round(float(share), 1), sum(one >= ranked[count - 1] for one in ranked), len(ranked)


def silent(orders: list[Row], at: datetime) -> tuple[set[str], Decimal]:
    """Who, and what they bought for in the year before."""
    days: dict[str, set[date]] = defaultdict(set)
    for who, when, _ in _sales(orders, at):
        days[who].add(when.date())
    who = set()
    for id, own in days.items():
        ordered = sorted(own)
        if len(ordered) >= 3:
            middle = median((b - a).days for a, b in pairwise(ordered))
            if (at.date() - ordered[-1]).days > 2 * middle:
                who.add(id)
    year = at - timedelta(days=365)
    return who, sum((total for id, when, total in _sales(orders, at) if id in who and when > year), Decimal(0))


def birthdays(customers: list[Row], today: date) -> int:
    """How many within thirty days, today included."""
    days = {((today + timedelta(days=i)).month, (today + timedelta(days=i)).day) for i in range(30)}
    return sum(1 for one in customers if one["birthday"] and _month_day(one["birthday"]) in days)


def _month_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(text)
    return day.month, day.day


def phones(points: list[Row]) -> tuple[int, int, int, int]:
    """Impossible, unverified, all, and how many people have an impossible one."""
    own = [one for one in points if one["kind"] == "phone" and one["customer"]]
    wrong = [one for one in own if one["verdict"] == "impossible"]
    unverified = [one for one in own if one["verdict"] != "impossible" and not one["verified_at"]]
    return len(wrong), len(unverified), len(own), len({one["customer"]["id"] for one in wrong})


def twins(customers: list[Row]) -> set[str]:
    """Who shares the name and one more mark with somebody."""
    groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in customers:
        for mark in ("birthday", "postcode", "email", "phone"):
            if one[mark]:
                groups[(one["name"].lower(), mark, one[mark])].add(one["id"])
    return {id for group in groups.values() if len(group) > 1 for id in group}
