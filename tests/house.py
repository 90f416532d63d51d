"""The real program in a home of its own, with every process of it, for tests that stand outside."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.requirements import CHECKOUT

T = TypeVar("T")
READY = re.compile(r"Guanxi is ready: open (http://localhost:\d+) in a browser")
SIGN_IN = re.compile(r"as (\S+@\S+), password (\S+)\.")
CLIENT = CHECKOUT / "src" / "guanxi" / "app" / "client" / "index.html"


def until(asked: Callable[[], T], *, seconds: float = 30, what: str = "it") -> T:
    """Wait for something that other processes bring about, and hand it on."""
    end = time.monotonic() + seconds
    while not (found := asked()):
        assert time.monotonic() < end, f"{what} did not happen in {seconds:.0f} s"
        time.sleep(0.05)
    return found


@dataclass
class House:
    """A running `guanxi up`."""

    home: Path
    log: Path
    process: subprocess.Popen
    url: str = ""

    def said(self) -> str:
        """What it told so far."""
        return self.log.read_text()

    def credentials(self) -> tuple[str, str]:
        """Who may sign in to the sample company."""
        found = SIGN_IN.search(self.said())
        assert found, self.said()
        return found[1], found[2]

    def children(self) -> list[int]:
        """The forked processes, in the order they were started: web, web, worker, clock."""
        own = Path(f"/proc/{self.process.pid}")
        told = (own / f"task/{self.process.pid}/children").read_text().split()
        alike = (own / "cmdline").read_bytes()
        return sorted(int(one) for one in told if started_as(one) == alike)

    def end(self) -> None:
        """End it by its id, and wait for that."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _address(self) -> str:
        found = READY.search(self.said())
        if "Guanxi is at work here" in self.said():
            return "nowhere"
        return found[1] if found else "ended" if self.process.poll() is not None else ""

    def ready(self) -> None:
        """Wait for the line with the address."""
        self.url = until(self._address, seconds=120, what="the start")
        assert self.url != "ended", self.said()


def started_as(process: str) -> bytes:
    """What a process was started as; nothing once it has gone."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def copied(home: Path, target: Path) -> None:
    """A home that nobody lives in, again: each file belongs to whom it belonged, as the database wants it."""
    shutil.copytree(home, target, symlinks=True)
    for path in (home, *home.rglob("*")):
        owned = path.lstat()
        os.chown(target / path.relative_to(home), owned.st_uid, owned.st_gid, follow_symlinks=False)


@contextmanager
def living(like: Path | None = None, *, only: str = "", **environment: str) -> Iterator[House]:
    """Start the program or `only` a part in an empty home or one `like` another, wait for it, and end it by its id."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DATABASE_"))}
    with tempfile.TemporaryDirectory(prefix="guanxi-house-", ignore_cleanup_errors=True) as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        if like:
            copied(like, home)
        given = {**kept, "GUANXI_HOME": str(home), "PORT": "0", "DEMO": "0", **environment}
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "guanxi", "up", *(["--only", only] if only else [])],
                cwd=CHECKOUT, env=given, stdout=out, stderr=out,
            )  # fmt: skip
        house = House(home, log, process)
        try:
            house.ready()
            yield house
        finally:
            house.end()
