"""How many lists a second eight clients get at once, and where the processors' time goes."""

import importlib
import os
import socket
import threading
import time
from collections import Counter
from pathlib import Path

from bench.house import House, processes, running

CLIENTS, SECONDS = 8, 10
PROMISED = 1_000
TICK = os.sysconf("SC_CLK_TCK")
PATHS = {"ping": "/api/ping", "list of 50": "/api/customers?limit=50", "list of 20": "/api/customers?limit=20"}


def run(*, rows: int) -> bool:
    """Measure and print; True when the promise is kept."""
    with running() as house:
        importlib.import_module("bench.filling").customers(rows)
        token = importlib.import_module("bench.organisation").organise()["all"]
        print(f"\n**{CLIENTS} clients at once, {rows:,} customers, {os.cpu_count()} cores**\n")
        print("| | requests/s | median, ms | 99th, ms | web, ms | database, ms | clients, ms |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        reached = {name: _row(house, token, name, path) for name, path in PATHS.items()}
    print(
        f"\nPromised are {PROMISED:,} lists of 50 a second, or the profile that shows why not: the three last columns."
    )
    return reached["list of 50"] >= PROMISED


def _row(house: House, token: str, name: str, path: str) -> float:
    request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    _asked(house.port, request, 1)
    taken: list[list[float]] = [[] for _ in range(CLIENTS)]
    asking = [
        threading.Thread(target=lambda own=own: own.extend(_asked(house.port, request, SECONDS))) for own in taken
    ]
    before, began = _busy(house.parent), time.perf_counter()
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    seconds, after = time.perf_counter() - began, _busy(house.parent)
    times = sorted(one for own in taken for one in own)
    n = len(times)
    spent = {who: (after[who] - before[who]) * 1000 / n for who in ("web", "database", "clients")}
    told = " | ".join(f"{spent[who]:.2f}" for who in spent)
    print(f"| {name} | {n / seconds:,.0f} | {times[n // 2]:.1f} | {times[n * 99 // 100]:.1f} | {told} |")
    return n / seconds


def _keep_asking(port: int, request: bytes, taken: list[float]) -> None:
    taken += _asked(port, request, SECONDS)


def _asked(port: int, request: bytes, seconds: float) -> list[float]:
    """Ask again and again on one connection; how long each answer took, in milliseconds."""
    taken, until = [], time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (began := time.perf_counter()) < until:
            wire.sendall(request)
            _read(wire)
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def _read(wire: socket.socket) -> None:
    said = wire.recv(65_536)
    while b"\r\n\r\n" not in said:
        said += wire.recv(65_536)
    head, _, body = said.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(said[:500].decode(errors="replace"))
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    left = length - len(body)
    while left > 0:
        left -= len(wire.recv(65_536))


def _busy(parent: int) -> Counter[str]:
    """Processor seconds so far, of the house's own processes, of its database, and of this one."""
    found: Counter[str] = Counter(clients=sum(os.times()[:2]))
    for pid in processes(parent):
        stat = Path(f"/proc/{pid}/stat").read_text()
        name, rest = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2 :].split()
        found["database" if name.startswith("postgres") else "web"] += (int(rest[11]) + int(rest[12])) / TICK
    return found
