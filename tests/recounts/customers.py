"""The figures of customers counted again from rows as they are exported."""

from datetime import datetime, timedelta
from typing import Any

from tests.recounts.figures import Case, shares

Row = dict[str, Any]
Rows = dict[str, list[Row]]
FRESH = timedelta(days=365)


def _born(row: Row) -> datetime:
    return datetime.fromisoformat(row["created_at"])


def customers(rows: Rows, now: datetime) -> Row:
    """One for each."""
    return {"cases": len(rows["customers"]), "sum": f"{len(rows['customers'])}"}


def contactable(rows: Rows, now: datetime) -> Row:
    """Those with a way that lives."""
    living = {p["customer"]["id"] for p in rows["contact_points"] if not p["dead_at"] and p["verdict"] != "impossible"}
    return shares(Case(at=_born(c), value=float(c["id"] in living)) for c in rows["customers"])


def marketing_allowed(rows: Rows, now: datetime) -> Row:
    """Those whose last word was yes; of two at once the no counts."""
    words: dict[str, tuple[datetime, bool]] = {}
    for said in rows["consents"]:
        if said["purpose"] in ("", "marketing"):
            word = (datetime.fromisoformat(said["at"]), said["state"] == "withdrawn")
            words[said["customer"]["id"]] = max(word, words.get(said["customer"]["id"], word))
    yes = {id for id, (_, no) in words.items() if not no}
    return shares(Case(at=_born(c), value=float(c["id"] in yes)) for c in rows["customers"])


def ways_verified(rows: Rows, now: datetime) -> Row:
    """Those verified within a year."""

    def fresh(point: Row) -> bool:
        return bool(point["verified_at"]) and datetime.fromisoformat(point["verified_at"]) >= now - FRESH

    return shares(Case(at=_born(p), value=float(fresh(p))) for p in rows["contact_points"])


RECOUNTS = {
    "customers.customers": customers,
    "customers.contactable": contactable,
    "customers.marketing_allowed": marketing_allowed,
    "customers.ways_verified": ways_verified,
}
