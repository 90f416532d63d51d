"""The retail file counted again in plain Python, straight from its lines."""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FILE = Path("online_retail_2010_2011") / "online_retail.csv.gz"


@dataclass(frozen=True)
class Counted:
    """What the file says of sales to known customers at a price."""

    lines: int
    customers: int
    invoices: int
    revenue: Decimal
    repeat_share: float
    top_share: float


def count(file: Path) -> Counted:
    """Count again: a customer known, no cancellation or adjustment, quantity and price above zero."""
    spent: dict[str, Decimal] = defaultdict(Decimal)
    invoices: dict[str, set[str]] = defaultdict(set)
    lines = 0
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            quantity, price = Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
            if row["CustomerID"] and row["InvoiceNo"][0] not in "CA" and quantity > 0 and price > 0:
                lines += 1
                spent[row["CustomerID"]] += quantity * price
                invoices[row["CustomerID"]].add(row["InvoiceNo"])
    top = sorted(spent.values(), reverse=True)[: round(len(spent) * 0.2)]
    return Counted(
        lines=lines,
        customers=len(spent),
        invoices=sum(len(own) for own in invoices.values()),
        revenue=sum(spent.values(), Decimal(0)),
        repeat_share=sum(len(own) > 1 for own in invoices.values()) / len(spent),
        top_share=float(sum(top) / sum(spent.values())),
    )
