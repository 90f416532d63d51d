"""The figures of strategies counted again from recipients and orders as they are exported."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.recounts.figures import Case, shares

Row = dict[str, Any]
Rows = dict[str, list[Row]]
WINDOW = timedelta(days=30)
COSTS = {"email": Decimal("0.1"), "phone": Decimal(3), "visit": Decimal("25.5")}
CURRENCY = "GBP"


def _time(value: str | None) -> datetime:
    assert value is not None
    return datetime.fromisoformat(value)


def _id(reference: Any) -> Any:
    return reference["id"] if isinstance(reference, dict) else reference


def contacts(rows: Rows) -> list[Row]:
    """Whoever was really contacted."""
    return [row for row in rows["recipients"] if row["sent_at"]]


def winners(rows: Rows) -> dict[str, list[Row]]:
    """Every sale that stands, put down to the last contact before it, where that is not too long ago."""
    taken_back = {_id(order["cancels"]) for order in rows["orders"] if order["kind"] == "cancellation"}
    found: dict[str, list[Row]] = {}
    for order in rows["orders"]:
        at, who = _time(order["ordered_at"]), _id(order["customer"])
        if order["kind"] != "sale" or order["id"] in taken_back or who is None:
            continue
        before = [row for row in rows["all"] if row["sent_at"] and _id(row["customer"]) == who]
        before = [row for row in before if _time(row["sent_at"]) < at]
        last = max(before, key=lambda row: (_time(row["sent_at"]), row["id"]), default=None)
        if last and at <= _time(last["sent_at"]) + WINDOW:
            found.setdefault(last["id"], []).append(order)
    return found


def contacted(rows: Rows, now: datetime) -> Row:
    """One for each."""
    return {"cases": len(contacts(rows))}


def delivered(rows: Rows, now: datetime) -> Row:
    """Letters that did not come back."""
    letters = [row for row in contacts(rows) if row["channel"] == "email"]
    return shares(Case(at=now, value=float(row["state"] != "refused")) for row in letters)


def answered(rows: Rows, now: datetime) -> Row:
    """Those with the time of an answer."""
    return shares(Case(at=now, value=float(bool(row["answered_at"]))) for row in contacts(rows))


def satisfied(rows: Rows, now: datetime) -> Row:
    """Of contacts whose conversation was rated, those whose latest rating is 4 or 5."""
    latest = {
        _id(one["conversation"]): one["score"]
        for one in sorted(rows["ratings"], key=lambda one: _time(one["given_at"]))
    }
    rated = [row for row in contacts(rows) if _id(row["conversation"]) in latest]
    return shares(Case(at=now, value=float(latest[_id(row["conversation"])] >= 4)) for row in rated)


def reached(rows: Rows, now: datetime) -> Row:
    """Whoever was meant and not left alone, and was not refused."""
    meant = [row for row in rows["recipients"] if row["state"] != "held_out"]
    return shares(
        Case(at=now, value=float(row["state"] != "refused"), open=row["state"] in ("planned", "waiting"))
        for row in meant
    )


def _judged(rows: Iterable[Row], at: str, ordered: Callable[[Row], bool], now: datetime) -> Row:
    return shares(
        Case(at=_time(row[at]), value=float(ordered(row)), open=_time(row[at]) > now - WINDOW) for row in rows
    )


def converted(rows: Rows, now: datetime) -> Row:
    """Contacts that an order is put down to; each is judged when its window is over."""
    won = winners(rows)
    return _judged(contacts(rows), "sent_at", lambda row: row["id"] in won, now)


def left_alone(rows: Rows, now: datetime) -> Row:
    """Those left alone who ordered with nobody in between having contacted them, or left them alone once more."""
    taken_back = {_id(order["cancels"]) for order in rows["orders"] if order["kind"] == "cancellation"}

    def ordered(row: Row) -> bool:
        begin, who = _time(row["created_at"]), _id(row["customer"])
        marks = [_time(one["sent_at"]) for one in rows["all"] if one["sent_at"] and _id(one["customer"]) == who]
        again = [one for one in rows["all"] if one["state"] == "held_out" and _id(one["customer"]) == who]
        marks += [_time(one["created_at"]) for one in again if _id(one["strategy"]) == _id(row["strategy"])]
        for order in rows["orders"]:
            at = _time(order["ordered_at"])
            mine = _id(order["customer"]) == who and order["kind"] == "sale" and order["id"] not in taken_back
            if mine and begin < at <= begin + WINDOW and not any(begin < mark < at for mark in marks):
                return True
        return False

    alone = [row for row in rows["recipients"] if row["state"] == "held_out" and not row["reason"]]
    return _judged(alone, "created_at", ordered, now)


def revenue(rows: Rows, now: datetime) -> Row:
    """What these orders come to, in the company's currency."""
    won = winners(rows)
    worth = [
        sum((Decimal(o["total"]["amount"]) for o in won.get(row["id"], []) if o["currency"] == CURRENCY), Decimal(0))
        for row in contacts(rows)
    ]
    return {"cases": len(worth), "sum": sum(worth, Decimal(0))}


def cost(rows: Rows, now: datetime) -> Row:
    """A price for each contact."""
    return {"cases": len(contacts(rows)), "sum": sum((COSTS[row["channel"]] for row in contacts(rows)), Decimal(0))}


RECOUNTS = {
    "outreach.strategy.contacted": contacted,
    "outreach.strategy.delivered": delivered,
    "outreach.strategy.answered": answered,
    "outreach.strategy.satisfied": satisfied,
    "outreach.strategy.reached": reached,
    "outreach.strategy.converted": converted,
    "outreach.strategy.left_alone": left_alone,
    "outreach.strategy.revenue": revenue,
    "outreach.strategy.cost": cost,
}
