"""A strategy's letters through gate and SMTP, beside bare smtplib over as many connections; the inbox meanwhile."""

import importlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.house import HOME, House, free_port, processes, running

CONNECTIONS, PROMISED = 4, 0.15
GROWTH_MB, INBOX_MS = 30, 500
"""How much the processes may grow after the first tenth has left, and how long the inbox may take meanwhile."""
USUAL, BARE, ROUNDS = 2_000, 2_500, 3
"""How many letters, and how often so many leave bare before ours and after: a machine is not always as fast."""
TICKS = os.sysconf("SC_CLK_TCK")
INBOX = "/api/conversations?limit=50"


def run(*, rows: int) -> bool:
    """Measure and print; True when every promise is kept."""
    home = HOME.with_name("bench-mail")
    shutil.rmtree(home, ignore_errors=True)
    with _sink() as port:
        bare = _bare(port, BARE)
        with running(home) as house:
            importlib.import_module("bench.letters").prepare(rows, port)
            measured = _measured(house, port, rows)
        return _report(measured, rows, [*bare, *_bare(port, BARE)])


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What our own letters took: rates a second, milliseconds, megabytes."""

    sent: int
    rate: float
    idle: float
    inbox: float
    growth: float
    worked: float
    served: float


def _measured(house: House, port: int, many: int) -> Measured:
    idle = statistics.median(_inbox(house) for _ in range(20))
    time.sleep(importlib.import_module("bench.letters").send())
    before, began, busy = _taken(port), time.perf_counter(), _busy(house)
    waits: list[float] = []
    weight = None
    while (sent := _taken(port) - before) < many and time.perf_counter() - began < many:
        if weight is None and sent > many // 10:
            weight = _weight(house)
        waits.append(_inbox(house))
        time.sleep(0.5)
    rate, growth, after = sent / (time.perf_counter() - began), _weight(house) - (weight or 0), _busy(house)
    return Measured(
        sent=sent,
        rate=rate,
        idle=idle,
        inbox=statistics.median(waits or [idle]),
        growth=growth,
        worked=(after[0] - busy[0]) / sent * 1000,
        served=(after[1] - busy[1]) / sent * 1000,
    )


def _report(ours: Measured, many: int, bare: list[tuple[float, float]]) -> bool:
    rate, busy = (statistics.median(one[place] for one in bare) for place in (0, 1))
    share = ours.rate / rate
    print(f"\n**{many:,} letters, {CONNECTIONS} connections**\n")
    print("| | ours | bare | ours / bare | promised |\n|---|--:|--:|--:|--:|")
    print(f"| written and sent, messages/s | {ours.rate:.0f} | {rate:.0f} | {share:.3f} | {PROMISED} |")
    print(f"| processors busy for one, ms | {ours.worked:.2f} + {ours.served:.2f} (database) | {busy:.2f} | | |")
    print(f"| inbox meanwhile, ms | {ours.inbox:.0f} | {ours.idle:.0f} (idle) | | {INBOX_MS} |")
    print(f"| memory grown, MB | {ours.growth:.0f} | | | {GROWTH_MB} |")
    return ours.sent == many and share >= PROMISED and ours.growth <= GROWTH_MB and ours.inbox <= INBOX_MS


def _inbox(house: House) -> float:
    began = time.perf_counter()
    house.request("GET", INBOX)
    return (time.perf_counter() - began) * 1000


def _weight(house: House) -> float:
    """Megabytes of the program itself, without its database, whose cache fills as it is used."""
    return sum(_rss(pid) for pid in processes(house.parent) if b"postgres:" not in _command(pid))


def _busy(house: House) -> tuple[float, float]:
    """Processor seconds so far of the program, and of its database."""
    spent = [0.0, 0.0]
    for pid in processes(house.parent):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        spent[b"postgres" in _command(pid)] += (int(user) + int(system)) / TICKS
    return spent[0], spent[1]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _rss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def _sink() -> Iterator[int]:
    """A mail server in a process of its own."""
    port = free_port()
    process = subprocess.Popen([sys.executable, Path(__file__).with_name("sink.py"), str(port)])
    try:
        for _ in range(100):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _taken(port: int) -> int:
    """How many mails the server has taken."""
    with socket.create_connection(("127.0.0.1", port)) as asked, asked.makefile("rb") as said:
        said.readline()
        asked.sendall(b"STAT\r\n")
        return int(said.readline().split()[1])


def _bare(port: int, many: int) -> list[tuple[float, float]]:
    """Messages a second by smtplib alone, and for how many milliseconds it worked on one; some times over."""
    command = [sys.executable, str(Path(__file__).with_name("bare_mail.py")), str(port), str(many), str(CONNECTIONS)]
    found = []
    for _ in range(ROUNDS):
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, busy = map(float, told.split())
        found.append((many / seconds, busy / many * 1000))
    return found
