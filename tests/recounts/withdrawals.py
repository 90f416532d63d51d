"""Time from a withdrawal to the last contact it forbade, counted again from consents, deliveries and messages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.recounts.figures import Case, durations

Row = dict[str, Any]
REFUSABLE = ("marketing", "survey", "greeting", "service")


def _id(reference: Any) -> str | None:
    return reference["id"] if isinstance(reference, dict) else reference


def contacts(deliveries: Iterable[Row], messages: Iterable[Row]) -> list[Row]:
    """Every time somebody was approached: letters that left, and calls, visits and post that were written down."""
    left = [
        {**row, "when": datetime.fromisoformat(row["sent_at"]), "way": _id(row["contact_point"])}
        for row in deliveries
        if row["status"] in ("sent", "uncertain")
    ]
    sent = {row["id"] for row in deliveries}
    by_hand = [
        {**row, "when": datetime.fromisoformat(row["at"]), "way": ...}
        for row in messages
        if row["direction"] == "out" and row["id"] not in sent and row["purpose"]
    ]
    return [row for row in left + by_hand if row["purpose"] in REFUSABLE]


def _forbade(no: Row, one: Row, yeses: list[Row]) -> bool:
    """Whether a no spoke of a contact that came after it, with no new yes between them."""
    said = datetime.fromisoformat(no["at"])
    if _id(one["customer"]) != _id(no["customer"]) or one["when"] <= said:
        return False
    if no["purpose"] not in ("", one["purpose"]) or no["channel"] not in ("", one["channel"]):
        return False
    if no["contact_point"] and one["way"] not in (..., _id(no["contact_point"])):
        return False
    return not any(
        _id(yes["customer"]) == _id(no["customer"])
        and yes["purpose"] == one["purpose"]
        and yes["channel"] in ("", one["channel"])
        and said < datetime.fromisoformat(yes["at"]) <= one["when"]
        for yes in yeses
    )


def after_withdrawal(
    consents: Iterable[Row], deliveries: list[Row], messages: list[Row], *, minutes: float, now: datetime
) -> Row:
    """One case for each no; missed when a contact that it forbade came later than was allowed."""
    said, approached = list(consents), contacts(deliveries, messages)
    yeses = [row for row in said if row["state"] == "given"]
    cases = []
    for no in said:
        if no["state"] == "withdrawn" and no["customer"]:
            at = datetime.fromisoformat(no["at"])
            after = [one["when"] for one in approached if _forbade(no, one, yeses)]
            cases.append(Case(at=at, value=(max(after, default=at) - at).total_seconds()))
    return durations(cases, limit=lambda _: minutes * 60, now=now)
