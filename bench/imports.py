"""Files on their way in, by the command, beside a running house, until all that follows from them is written, too."""

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from bench.house import CHECKOUT, House, processes, running
from bench.people import FAMILY, FIRST, GIVEN, LAST, TOWNS

HOME = CHECKOUT / ".home" / "bench-imports"
RETAIL = Path("online_retail_2010_2011") / "online_retail.csv.gz"
LIMIT, GOAL = 120, 60
SHARE, MOST_MB = 0.25, 300
"""What of the speed of COPY is promised until the last batch is committed, and the most memory of a process."""
MAPPING = {
    "number": "InvoiceNo", "product": "StockCode", "description": "Description", "quantity": "Quantity",
    "ordered_at": "InvoiceDate", "unit_price": "UnitPrice", "customer": "CustomerID", "country": "Country",
    "currency": {"constant": "GBP"},
}  # fmt: skip
ORDERS = ("customers_customer", "commerce_product", "commerce_order", "commerce_orderline", "kernel_evententry")
PEOPLE = ("customers_customer", "customers_contactpoint", "customers_consent")
COLUMNS = (
    "in, s", "rows/s", "of COPY", "all right, s", "rows/s", "of COPY", "COPY, s", "busy, s", "peak MB", "missed",
)  # fmt: skip
QUIET = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What one file took: until it was in, until all was quiet, of which processors were busy, and the most memory."""

    rows: int
    seconds: float
    quiet: float
    busy: float
    memory_mb: float


def run(*, rows: int) -> bool:
    """Measure and print; True when the promise is kept."""
    data = Path(os.environ.get("GUANXI_DATA") or CHECKOUT.parent / "shared" / "data") / RETAIL
    shutil.rmtree(HOME, ignore_errors=True)
    with running(HOME) as house:
        print(f"\n| file | {' | '.join(COLUMNS)} |")
        print("|---|" + "--:|" * (len(COLUMNS) - 1) + "---|")
        people = _people(HOME / "people.csv", rows)
        kept = _row("customers", _brought(house, "customers", people, {}), _copied(house, PEOPLE))
        if not data.is_file():
            print(f"The retail file is not there ({data}); name its folder in GUANXI_DATA.")
            return False
        found = _brought(house, "orders", data, {"mapping": MAPPING, "order": "ymd"})
        return _row("retail order lines", found, _copied(house, ORDERS), seconds=LIMIT) and kept


def _row(name: str, found: Brought, bare: float, *, seconds: float | None = None) -> bool:
    """Print what a file took until it was in and until all that follows was right; True when the promise is kept."""
    broken = ["memory"] if found.memory_mb > MOST_MB else []
    if seconds is None:
        broken += ["of COPY"] if bare / found.seconds < SHARE else []
        broken += ["all right within the same time again"] if found.quiet > 2 * found.seconds else []
    else:
        broken += [f"{seconds:.0f} s"] if found.quiet > seconds else []
    took = " | ".join(f"{of:.1f} | {found.rows / of:,.0f} | {bare / of:.2f}" for of in (found.seconds, found.quiet))
    weighs = f"{bare:.1f} | {found.busy:.1f} | {found.memory_mb:.0f} | {', '.join(broken)}"
    print(f"| {found.rows:,} {name} | {took} | {weighs} |")
    return not broken


def _brought(house: House, noun: str, file: Path, given: dict[str, Any]) -> Brought:
    """Bring a file in by the command, then wait until nothing is left to do."""
    how = HOME / "map.json"
    how.write_text(json.dumps(given), "utf-8")
    command = [sys.executable, "-m", "guanxi", "import", noun, str(file), "--map", str(how), "--json"]
    busy, began = _busy(house), time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    said = json.loads(child.stdout.read()) if child.stdout else {}
    _, _, used = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    while house.bare.execute(QUIET).fetchone() != (0,):
        time.sleep(0.1)
    quiet = time.monotonic() - began
    if (said["status"], said["created"], said["failed"]) != ("done", said["read"], 0):
        raise SystemExit(f"{file}: {said}")
    return Brought(
        rows=said["read"],
        seconds=seconds,
        quiet=quiet,
        busy=_busy(house) - busy + used.ru_utime + used.ru_stime,
        memory_mb=max(used.ru_maxrss / 1024, *map(_peak_mb, processes(house.parent))),
    )


def _busy(house: House) -> float:
    """How long processors worked for the house so far, its database included."""
    ticks = 0
    for pid in processes(house.parent):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> float:
    """The most memory of its own that a process ever held; PostgreSQL's is the file of the database."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return 0.0 if status["Name"].strip() == "postgres" else int(status["VmHWM"].split()[0]) / 1024


def _copied(house: House, tables: Sequence[str]) -> float:
    """The same rows by COPY into the same tables with their indexes and foreign keys, in one transaction."""
    names = {table: sql.Identifier(table) for table in tables}
    for table, name in names.items():
        statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(name)  # of a table in parts, too
        with (HOME / table).open("wb") as out, house.bare.cursor() as cursor, cursor.copy(statement) as pieces:
            for piece in pieces:
                out.write(piece)
    house.bare.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names.values())))
    began = time.monotonic()
    with house.bare.transaction(), house.bare.cursor() as cursor:
        for table, name in names.items():
            with (HOME / table).open("rb") as text, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as stream:
                while piece := text.read(1 << 18):
                    stream.write(piece)
    return time.monotonic() - began


def _people(file: Path, rows: int) -> Path:
    """So many customers in two scripts, with numbers, addresses and, every third, a consent in words."""
    dice = random.Random(1)
    headings = ["Name", "E-mail", "Phone", "City", "Country code", "Consent", "Consent wording", "Consent date"]
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(headings)
        for n in range(rows):
            said = ("yes", "Yes, write to me about news.", "2025-03-01 10:00") if n % 3 == 0 else ("no", "", "")
            writer.writerow([*_person(dice, n), dice.choice(TOWNS), "CN" if n % 3 == 1 else "GB", *said])
    return file


def _person(dice: random.Random, n: int) -> tuple[str, str, str]:
    if n % 3 == 1:
        name = dice.choice(FAMILY) + "".join(dice.choices(GIVEN, k=2))
        return name, f"p{n}@example.cn", f"1381{n:07}"
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}", f"p{n}@example.com", f"07700 {n:06}"
