"""A running house to measure: `guanxi up` in a folder of its own, filled once and kept for the next run."""

import http.client
import importlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

CHECKOUT = Path(__file__).parent.parent
HOME = CHECKOUT / ".home" / "bench"


@dataclass(frozen=True)
class House:
    """Where the house listens, whose token opens it, and one open connection to its database."""

    port: int
    parent: int
    token: str
    bare: "psycopg.Connection[Any]"
    http: http.client.HTTPConnection

    def request(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """One request on the open connection; anything but success ends the run."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            self.http.request(method, path, body=body, headers=headers)
            response = self.http.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # it stood open too long while others were measured
            self.http.close()
            self.http.request(method, path, body=body, headers=headers)
            response = self.http.getresponse()
        said = response.read()
        if response.status >= 300:
            raise SystemExit(f"{method} {path}: {response.status} {said[:500]!r}")
        return said

    def ping(self) -> bytes:
        """The floor: a route of the same server that asks the database for nothing."""
        return self.request("GET", "/api/ping")

    def statements(self, method: str, path: str, body: bytes | None = None) -> int:
        """How many statements the same request takes."""
        return int(importlib.import_module("bench.filling").statements(self.token, method, path, body))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(home: Path = HOME) -> Iterator[House]:
    """Start the house, fill nothing, end it afterwards."""
    port = free_port()
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"GUANXI_HOME": str(home), "PORT": str(port), "DEMO": "0"}
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.log").open("wb") as log:
        parent = subprocess.Popen([sys.executable, "-m", "guanxi", "up"], stdout=log, stderr=log)
    try:
        _wait_until_ready(port, parent, home / "up.log")
        filling = importlib.import_module("bench.filling")  # needs the database that has just been started
        token, place = filling.open_house()
        bare = psycopg.connect(**place, autocommit=True, prepare_threshold=0)
        yield House(port, parent.pid, token, bare, http.client.HTTPConnection("127.0.0.1", port, timeout=60))
    finally:
        parent.send_signal(signal.SIGTERM)
        parent.wait(30)


def _wait_until_ready(port: int, parent: "subprocess.Popen[bytes]", log: Path) -> None:
    """The port is taken before anything else; ready is who answers."""
    for _ in range(600):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            asked.request("GET", "/healthz")
            if asked.getresponse().status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            if parent.poll() is not None:
                raise SystemExit(log.read_text()) from None
        finally:
            asked.close()
        time.sleep(0.1)
    raise SystemExit("the house did not open within a minute")


def processes(parent: int) -> list[int]:
    """A process and all that it started."""
    found = [parent]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


ROUNDS, LONGEST = 10, 20_000
"""How many turns, and how many milliseconds of each are enough."""


def medians(*acts: Callable[[], object], times: int = 200) -> list[float]:
    """The median of many runs of each in milliseconds, turn by turn: a machine is not as fast in every second.

    A turn is a tenth of the runs of one of them; its first two do not count. What takes long is not done so often.
    """
    taken: list[list[float]] = [[] for _ in acts]
    slowest = max(map(_once, acts))
    times = max(ROUNDS, min(times, int(LONGEST / slowest)))
    for _ in range(ROUNDS):
        for act, own in zip(acts, taken, strict=True):
            act()
            act()
            own += [_once(act) for _ in range(times // ROUNDS)]
    return [statistics.median(own) for own in taken]


def _once(act: Callable[[], object]) -> float:
    """How many milliseconds one run takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
