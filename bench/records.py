"""List, filter and sort, search, get, create, update of customers, against the floor and the best SQL by hand."""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from bench.house import House, median, running

BARE = Path(__file__).parent / "bare"


@dataclass(frozen=True)
class Line:
    """One promise: at most floor + factor × bare + slack milliseconds."""

    name: str
    ours: float
    bare: float
    factor: float
    slack: float

    def kept(self, floor: float) -> bool:
        """Whether the promise is kept."""
        return self.ours <= self.limit(floor)

    def limit(self, floor: float) -> float:
        """What was promised, in milliseconds."""
        return floor + self.factor * self.bare + self.slack


def run(*, rows: int) -> bool:
    """Measure and print; True when every promise is kept."""
    with running() as house:
        importlib.import_module("bench.filling").customers(rows)
        floor = median(lambda: house.request("GET", "/api/ping"))
        lines = [*_reads(house), *_writes(house)]
    print(f"\nCustomers: {rows:,}; floor {floor:.2f} ms (an authenticated route with SELECT 1)")
    print(f"{'':24}{'ours':>8}{'bare':>8}{'ratio':>8}{'limit':>8}")
    for line in lines:
        verdict = "" if line.kept(floor) else "  MISSED"
        ratio = line.ours / line.bare
        print(f"{line.name:24}{line.ours:8.2f}{line.bare:8.2f}{ratio:8.1f}{line.limit(floor):8.2f}{verdict}")
    return all(line.kept(floor) for line in lines)


def _reads(house: House) -> list[Line]:
    some = json.loads(house.request("GET", "/api/customers?limit=50"))["rows"][25]
    town = quote(json.dumps({"field": "city", "op": "is", "value": "Leeds"}))
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("list", "/api/customers?limit=50", {}),
        ("filter_sort", f"/api/customers?limit=50&sort=name&where={town}", {"city": "Leeds"}),
        ("search", "/api/customers?limit=20&q=steinway", {"words": "'steinway':*"}),
        ("get", f"/api/customers/{some['id']}", {"id": UUID(some["id"])}),
    ]
    lines = []
    for name, path, values in asked:
        bare = _bare(house, name, values)
        lines.append(Line(name, median(_reading(house, path)), median(bare), 1.5, 3.0))
    return lines


def _reading(house: House, path: str) -> Callable[[], object]:
    return lambda: house.request("GET", path)


def _writes(house: House) -> list[Line]:
    number = iter(range(10**9))

    def create() -> None:
        given = {"name": f"Zoe Bench {next(number)}", "city": "York"}
        house.request("POST", "/api/customers", json.dumps(given).encode())

    made = json.loads(house.request("POST", "/api/customers", b'{"name": "Zoe Changing"}'))

    def update() -> None:
        given = {"city": f"York {next(number)}"}
        house.request("PATCH", f"/api/customers/{made['id']}", json.dumps(given).encode())

    def bare_create() -> None:
        _execute(house, "create", {"id": uuid4(), "set": uuid4(), "event": uuid4(), "city": "York"})

    def bare_update() -> None:
        _execute(house, "update", {"id": UUID(made["id"]), "set": uuid4(), "city": f"Bath {next(number)}"})

    return [
        Line("create", median(create), median(bare_create), 3, 5),
        Line("update", median(update), median(bare_update), 3, 5),
    ]


def _bare(house: House, name: str, values: dict[str, Any]) -> Callable[[], object]:
    return lambda: _execute(house, name, values)


def _execute(house: House, name: str, values: dict[str, Any]) -> object:
    with house.bare.transaction(), house.bare.cursor() as cursor:
        for statement in _statements(name):
            cursor.execute(statement, values, prepare=True)
        return cursor.fetchall() if cursor.description else None


def _statements(name: str) -> list[str]:
    if name not in _read:
        _read[name] = [part for part in (BARE / f"{name}.sql").read_text("utf-8").split(";") if part.strip()]
    return _read[name]


_read: dict[str, list[str]] = {}
