"""List, filter and sort, search, get, create, update of customers, one and many, against the best SQL by hand.

The company has 200 teams, 20 roles and 30 fields of its own; who asks sees 0.05 %, 0.5 %, 12.5 % or all customers.
"""

import importlib
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from bench.bare import execute
from bench.figures import Figure, table
from bench.house import House, medians, running

FOUND = "/api/customers?q=steinway"
OWN = "x_own_11"
"""A field that the company added, of which one of five things is chosen."""
WRITES, MANY = 16, 1_000
"""No promise of the issue: so that a statement more is seen."""
BULK = 5
"""Every row is asked for its rights and for what differs, and told to open pages; SQL by hand does none of it."""


def run(*, rows: int) -> bool:
    """Measure and print; True when every promise is kept."""
    with running() as house:
        importlib.import_module("bench.filling").customers(rows)
        tokens = importlib.import_module("bench.organisation").organise()
        figures = [_seen(replace(house, token=token), who) for who, token in tokens.items() if who != "all"]
        house = replace(house, token=tokens["all"])
        return table(f"{rows:,} customers", [*_reads(house), *figures, *_writes(house), _bulk(house)])


def _seen(house: House, who: str) -> Figure:
    """The list of somebody who does not see all."""
    me, teams = importlib.import_module("bench.organisation").scope(who)
    figure = _read(house, "seen", "/api/customers?limit=50", "/api/customers?limit=2", {"me": me, "teams": teams})
    return replace(figure, name=f"list, {who}")


def _reads(house: House) -> list[Figure]:
    some = json.loads(house.request("GET", "/api/customers?limit=50"))["rows"][25]
    town = quote(json.dumps({"field": "city", "op": "is", "value": "Leeds"}))
    own = quote(json.dumps({"field": OWN, "op": "is", "value": "Choice 3"}))
    one, sorted_ = f"/api/customers/{some['id']}", f"/api/customers?sort=name&where={town}"
    asked: list[tuple[str, str, str, dict[str, Any]]] = [
        ("list", "/api/customers?limit=50", "/api/customers?limit=2", {}),
        ("filter_sort", f"{sorted_}&limit=50", f"{sorted_}&limit=2", {"city": "Leeds"}),
        ("custom", f"/api/customers?limit=50&where={own}", f"/api/customers?limit=2&where={own}", {"field": OWN}),
        ("search", f"{FOUND}&limit=20", f"{FOUND}&limit=2", {"words": "('steinway':*)"}),
        ("get", one, one, {"id": UUID(some["id"])}),
        ("places", "/api/customers/bounds?sort=name", f"/api/customers/bounds?sort=name&where={town}", {}),
    ]
    return [_read(house, name, path, fewer, values) for name, path, fewer, values in asked]


def _read(house: House, name: str, path: str, fewer: str, values: dict[str, Any]) -> Figure:
    floor, ours, bare = medians(
        house.ping, lambda: house.request("GET", path), lambda: execute(house.bare, name, values)
    )
    return Figure(
        name=name,
        floor=floor,
        ours=ours,
        bare=bare,
        few=house.statements("GET", fewer),
        many=house.statements("GET", path),
    )


def _writes(house: House) -> list[Figure]:
    number = iter(range(10**9))
    made = json.loads(house.request("POST", "/api/customers", b'{"name": "Zoe Changing"}'))

    def created() -> tuple[str, str, bytes]:
        given = {"name": f"Zoe Bench {next(number)}", "city": "York"}
        return "POST", "/api/customers", json.dumps(given).encode()

    def updated() -> tuple[str, str, bytes]:
        return "PATCH", f"/api/customers/{made['id']}", json.dumps({"city": f"York {next(number)}"}).encode()

    def bare_create() -> None:
        execute(house.bare, "create", {"id": uuid4(), "set": uuid7(), "event": uuid7(), "city": "York"})

    def bare_update() -> None:
        new = {"set": uuid7(), "event": uuid7(), "history": uuid7()}
        values = {"id": UUID(made["id"]), **new, "city": f"Bath {next(number)}"}
        execute(house.bare, "update", values)

    found = []
    for name, act, bare in (("create", created, bare_create), ("update", updated, bare_update)):
        floor, ours, plain = medians(house.ping, lambda act=act: house.request(*act()), bare)  # type: ignore[misc]
        counted = house.statements(*act())
        found.append(
            Figure(
                name=name, floor=floor, ours=ours, bare=plain, factor=3, slack=5, few=counted, many=counted, most=WRITES
            )
        )
    return found


def _bulk(house: House) -> Figure:
    """One field of many customers at once: the rows, what they looked like before, and one change-set."""
    number = iter(range(10**9))
    pages = ["/api/customers?limit=200"]
    ids: list[str] = []
    while len(ids) < MANY:
        page = json.loads(house.request("GET", pages[-1]))
        ids += [row["id"] for row in page["rows"]]
        pages.append(f"/api/customers?limit=200&cursor={quote(page['next'])}")

    def changed(few: int = MANY) -> tuple[str, str, bytes]:
        given = {"ids": ids[:few], "values": {"city": f"York {next(number)}"}}
        return "POST", "/api/customers/bulk/change", json.dumps(given).encode()

    def bare() -> None:
        new = {"set": uuid7(), "entries": [uuid7() for _ in ids], "city": f"Bath {next(number)}"}
        execute(house.bare, "bulk", {"ids": [UUID(id) for id in ids], **new})

    floor, ours, plain = medians(house.ping, lambda: house.request(*changed()), bare, times=20)
    few, many = house.statements(*changed(10)), house.statements(*changed())
    return Figure(
        name="bulk", floor=floor, ours=ours, bare=plain, factor=BULK, slack=5, few=few, many=many, most=WRITES
    )
