"""The disk fills while people work: told in a sentence, nothing kept is lost, and it goes on when there is room."""

import http.client
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guanxi.app.environment import LINUX
from guanxi.app.postgres.server import connect
from tests.house import House, living, until
from tests.stories.test_killed import Caller

SIZE = "190m"
SLACK = 24 << 20


def may_mount() -> bool:
    """Whether this machine lets us make a small disk."""
    return LINUX and os.geteuid() == 0 and shutil.which("mount") is not None


pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not may_mount(), reason="only root on Linux can make a small disk"),
    pytest.mark.xdist_group("up"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, soon full."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody make a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


class Person(Caller):
    """Somebody who writes customers down and notes what the house said to each."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.kept: set[str] = set()
        self.numbers = itertools.count(1)

    def write(self) -> tuple[int, dict[str, Any], dict[str, str]]:
        """One more customer: the status, what was said, its headers."""
        name = f"Customer {next(self.numbers)} {'x' * 60}"
        connection = http.client.HTTPConnection(self.place, timeout=30)
        try:
            body = json.dumps({"name": name})
            connection.request("POST", "/api/customers", body, {**self.headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status == 201:
            self.kept.add(name)
        return answer.status, content, {name.lower(): value for name, value in answer.getheaders()}

    def written(self) -> bool:
        """Whether one more was kept."""
        return self.write()[0] == 201


def fill(place: Path) -> Path:
    """Leave no byte free."""
    ballast = place / "ballast"
    with ballast.open("ab", buffering=0) as file, pytest.raises(OSError):
        while file.write(b"\0" * (1 << 20)):
            pass
    return ballast


def next_segment(house: House) -> None:
    """Have the log go on in its next file, for which there is no room: worse than no room for a table."""
    with suppress(psycopg.Error), connect(house.home) as connection:
        connection.execute("SELECT pg_switch_wal()")


def names(house: House) -> set[str]:
    """All customers, as the database has them."""
    with connect(house.home) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM customers_customer")}


def test_a_disk_that_fills_loses_nothing_and_goes_on_when_there_is_room(small_disk):
    with living(GUANXI_HOME=str(small_disk / "home")) as house:
        house.home = small_disk / "home"
        person = Person(house.url)
        person.begin("UTC")
        assert person.written()
        ballast = fill(small_disk)

        refusals = []
        for number in range(4000):
            if number % 50 == 49:
                next_segment(house)
            status, said, headers = person.write()
            if status != 201:
                refusals.append((status, said, headers))
            if len(refusals) == 20:
                break
        assert len(refusals) == 20, house.said()
        for status, said, headers in refusals:
            assert (status, said["code"]) in ((503, "database.full"), (503, "database.away")), said
            assert said["message"]
            assert headers["retry-after"]

        ballast.unlink()
        until(person.written, seconds=60, what="work to go on by itself")
        assert all(person.written() for _ in range(20))
        assert person.kept <= names(house), house.said()[-3000:]
        assert house.process.poll() is None
