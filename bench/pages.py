"""What a person opens by the hour: Today, inbox, segment, figure, search, protocol, each against its SQL by hand."""

import importlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from bench.bare import execute
from bench.figures import Figure, table
from bench.house import House, medians, running

BOUGHT = {
    "and": [
        {"related": "orders", "aggregate": "count", "last": {"days": 90}, "op": "gte", "value": 1},
        {"related": "orders", "aggregate": "sum", "of": "total", "last": {"days": 90}, "op": "gt", "value": 40},
    ]
}
SILENT = {"related": "orders", "op": "false", "last": {"days": 90}}
LATEST = {"related": "orders", "aggregate": "latest", "of": "kind", "op": "is", "value": "sale"}
OPEN = quote(json.dumps({"field": "status", "op": "is", "value": "open"}))


def run(*, rows: int) -> bool:
    """Measure and print; True when every promise is kept."""
    with running() as house:
        filling = importlib.import_module("bench.filling")
        filling.customers(rows)
        filling.business(rows)
        return table(f"Pages over {rows:,} customers with orders", _pages(house))


def _pages(house: House) -> list[Figure]:
    end = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC)
    month = {"start": end - timedelta(days=30), "end": end}
    when = "&".join(f"{name}={quote(moment.isoformat())}" for name, moment in month.items())
    protocol = json.loads(house.request("GET", "/api/protocols"))["rows"][0]["id"]
    first: date = (end - timedelta(days=30)).date()
    page = f"/api/protocols/{protocol}/page?from={first}&to={end.date()}"
    inbox = "/api/conversations?sort=-last_message_at&where=" + OPEN
    bought, silent, latest = (
        json.dumps({"record": "customers", "condition": condition}).encode() for condition in (BOUGHT, SILENT, LATEST)
    )
    few = house.statements("GET", f"{inbox}&limit=2")
    return [
        _page(house, "today", "GET", "/api/today?scope=team", most=6),
        _page(house, "inbox", "GET", f"{inbox}&limit=50", few=few, most=6),
        _page(house, "preview", "POST", "/api/segments/preview", bought, most=6),
        _page(house, "silent", "POST", "/api/segments/preview", silent, most=6),
        _page(house, "latest", "POST", "/api/segments/preview", latest, most=6),
        _page(house, "measure", "GET", f"/api/measures/commerce.revenue?{when}", values=month),
        _page(house, "everywhere", "GET", "/api/search?q=steinway", values=SEARCH, most=12),
        _page(house, "protocol", "GET", page, values={"id": protocol, **month}, most=30),
    ]


SEARCH = {"words": "('steinway':*)", "said": "steinway"}


def _page(
    house: House,
    name: str,
    method: str,
    path: str,
    body: bytes | None = None,
    *,
    values: dict[str, Any] | None = None,
    few: int | None = None,
    most: int = 5,
) -> Figure:
    many = house.statements(method, path, body)
    floor, ours, bare = medians(
        house.ping,
        lambda: house.request(method, path, body),
        lambda: execute(house.bare, name, values or {}),
        times=50,
    )
    return Figure(
        name=name,
        floor=floor,
        ours=ours,
        bare=bare,
        few=many if few is None else few,
        many=many,
        most=most,
    )
