"""A strategy's letters through gate and SMTP, beside bare smtplib over as many connections; the inbox meanwhile."""

import importlib
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from bench.house import HOME, House, free_port, processes, running

CONNECTIONS, PROMISED = 4, 0.15
GROWTH_MB, INBOX_MS = 30, 500
"""How much the processes may grow after the first tenth has left, and how long the inbox may take meanwhile."""
MOST = 100_000
INBOX = "/api/conversations?limit=50"


def run(*, rows: int) -> bool:
    """Measure and print; True when every promise is kept. A fiftieth of the rows unless they are all wished for."""
    many = rows if rows < MOST else rows // 50
    home = HOME.with_name("bench-mail")
    shutil.rmtree(home, ignore_errors=True)
    with _sink() as port:
        bare = _bare(port, many)
        with running(home) as house:
            importlib.import_module("bench.letters").prepare(many, port)
            return _report(house, port, many, bare)


def _report(house: House, port: int, many: int, bare: float) -> bool:
    idle = statistics.median(_inbox(house) for _ in range(20))
    time.sleep(importlib.import_module("bench.letters").send())
    before, began = _taken(port), time.perf_counter()
    waits: list[float] = []
    weight = None
    while (sent := _taken(port) - before) < many and time.perf_counter() - began < many:
        if weight is None and sent > many // 10:
            weight = _weight(house)
        waits.append(_inbox(house))
        time.sleep(0.5)
    ours, growth = sent / (time.perf_counter() - began), _weight(house) - (weight or 0)
    inbox = statistics.median(waits or [idle])
    print(f"\n**{many:,} letters, {CONNECTIONS} connections**\n")
    print("| | ours | bare | ours / bare | promised |\n|---|--:|--:|--:|--:|")
    print(f"| written and sent, messages/s | {ours:.0f} | {bare:.0f} | {ours / bare:.3f} | {PROMISED} |")
    print(f"| inbox meanwhile, ms | {inbox:.0f} | {idle:.0f} (idle) | | {INBOX_MS} |")
    print(f"| memory grown, MB | {growth:.0f} | | | {GROWTH_MB} |")
    return sent == many and ours / bare >= PROMISED and growth <= GROWTH_MB and inbox <= INBOX_MS


def _inbox(house: House) -> float:
    began = time.perf_counter()
    house.request("GET", INBOX)
    return (time.perf_counter() - began) * 1000


def _weight(house: House) -> float:
    """Megabytes of the program itself, without its database, whose cache fills as it is used."""
    return sum(_rss(pid) for pid in processes(house.parent) if b"postgres:" not in _command(pid))


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


def _bare(port: int, many: int) -> float:
    """Messages a second by smtplib alone: composed, sent over connections that stay open."""

    def some(numbers: range) -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for n in numbers:
                mail = EmailMessage()
                mail["From"], mail["To"], mail["Subject"] = "shop@bench.test", f"c{n}@bench.test", f"Spring tea, {n}"
                mail.set_content(f"Dear {n},\n\n" + "The spring tea has come. " * 20)
                smtp.send_message(mail)

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(some, [range(start, many, CONNECTIONS) for start in range(CONNECTIONS)]))
    return many / (time.perf_counter() - began)
