"""`guanxi up` with real processes: ready, killed in every part, ended in every way."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from guanxi.app.environment import LINUX
from guanxi.app.postgres import places
from guanxi.app.postgres.server import connect, postmaster
from tests.house import started_as
from tests.requirements import CHECKOUT

pytestmark = [
    pytest.mark.skipif(not LINUX, reason="looks at processes through /proc"),
    pytest.mark.xdist_group("up"),  # they share one
]
READY = re.compile(r"Guanxi is ready: open http://localhost:(\d+) in a browser")


def until(true: Callable[[], object], *, seconds: float = 30) -> None:
    """Wait for something that other processes bring about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


class Up:
    """A running `guanxi up` with a home of its own."""

    def __init__(self, home: Path, log: Path, **environment: str) -> None:
        self.home = home
        self.log = log
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DATABASE_"))}
        given = {**kept, "GUANXI_HOME": str(home), "PORT": "0", "DEMO": "0", **environment}
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guanxi", "up"], cwd=CHECKOUT, env=given, stdout=out, stderr=out
            )

    def ready(self) -> "Up":
        """Wait for the line with the address."""
        until(lambda: READY.search(self.said()) or self.process.poll() is not None, seconds=60)
        found = READY.search(self.said())
        assert found, self.said()
        self.port = int(found.group(1))
        return self

    def said(self) -> str:
        """What it told so far."""
        return self.log.read_text()

    def status(self) -> int | None:
        """What /healthz answers; None when nothing does."""
        with suppress(OSError, http.client.HTTPException):
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            asked.request("GET", "/healthz")
            return asked.getresponse().status
        return None

    def children(self) -> list[int]:
        """The forked processes, in the order they were started: web, web, worker, clock."""
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sorted(int(each) for each in told if b"guanxi" in started_as(each))

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """End it and say how long that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One for the tests after which it still runs."""
    folder = tmp_path_factory.mktemp("up with a space")
    running = Up(folder / "home", folder / "log").ready()
    yield running
    running.end()


def answers(home: Path) -> bool:
    """Whether the database is there; a page may still be told what was asked before it was killed."""
    with suppress(psycopg.OperationalError), connect(home):
        return True
    return False


def beats(home: Path) -> int:
    """How many sessions listen for deadlines: the clock's."""
    with connect(home) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s"
        return int(connection.execute(asked, ["LISTEN guanxi_deadline%"]).fetchone()[0])


def workers(home: Path) -> int:
    """How many job workers gave a sign of life just now."""
    with connect(home) as connection:
        asked = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '6 seconds'"
        return int(connection.execute(asked).fetchone()[0])


def work(home: Path) -> None:
    """Have jobs done that use the database, and wait for it."""
    with connect(home) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) "
            "SELECT 'kernel.rescue_stalled_jobs', 'default', '{}' FROM generate_series(1, 12)"
        )
    until(lambda: waiting(home) == 0)


def waiting(home: Path) -> int:
    """How many jobs are not done; what succeeded is deleted."""
    with connect(home) as connection:
        return int(connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()[0])


def test_a_fresh_start_answers_and_works(up):
    assert up.status() == 200
    until(lambda: beats(up.home) >= 1)
    until(lambda: workers(up.home) >= 1)
    assert len(up.children()) >= 4


def test_any_killed_child_is_started_again_and_the_address_keeps_answering(up):
    before = up.children()
    for child in before:
        os.kill(child, signal.SIGKILL)
        until(lambda: up.status() == 200)  # for a moment nobody may be there to answer
    until(lambda: len(up.children()) == len(before) and not set(up.children()) & set(before))
    assert up.status() == 200
    until(lambda: beats(up.home) >= 1)
    until(lambda: workers(up.home) >= 1)
    assert "was ended by signal 9; it is started again" in up.said()


def test_a_killed_database_comes_back_with_what_was_committed(up):
    with connect(up.home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    work(up.home)
    old = postmaster(up.home)
    os.kill(old, signal.SIGKILL)

    until(lambda: postmaster(up.home) not in (None, old))
    until(lambda: up.status() == 200)

    with connect(up.home) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    work(up.home)
    for _ in range(20):  # every web process and thread found the new one
        assert up.status() == 200
    until(lambda: beats(up.home) >= 1)
    until(lambda: workers(up.home) >= 1)


def test_a_job_whose_database_was_killed_is_done_afterwards(up):
    hanging = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%channels_mailbox%'"
    with suppress(psycopg.OperationalError), connect(up.home) as holder, connect(up.home) as other:
        holder.execute("BEGIN; LOCK TABLE channels_mailbox IN ACCESS EXCLUSIVE MODE")
        other.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args)"
            " VALUES ('channels.email.read_mailboxes', 'default', '{}')"
        )
        until(lambda: other.execute(hanging).fetchone()[0])
        os.kill(postmaster(up.home), signal.SIGKILL)

    until(lambda: answers(up.home) and up.status() == 200)
    work(up.home)
    with connect(up.home) as connection:
        assert connection.execute("SELECT task_name, status FROM procrastinate_jobs").fetchall() == []


def test_a_second_one_in_the_same_home_is_refused_in_words(up):
    second = subprocess.run(
        [sys.executable, "-m", "guanxi", "up"],
        cwd=CHECKOUT,
        env={**os.environ, "GUANXI_HOME": str(up.home), "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert second.returncode == 2
    assert f"Guanxi is running here already (process {up.process.pid}" in second.stderr
    assert up.status() == 200


def test_a_taken_port_is_said_at_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        second = Up(tmp_path / "home", tmp_path / "log", PORT=str(port))
        assert second.process.wait(20) == 2

    assert second.said() == (
        f"Port {port} is taken, perhaps by a Guanxi that runs already: http://localhost:{port}. "
        f"For another one choose another port: PORT={port + 1} make up\n"
    )
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["migrate", "doctor"])
def test_commands_work_beside_it_from_any_folder(up, command):
    done = subprocess.run(
        [CHECKOUT / "guanxi", command],
        cwd="/",
        env={**os.environ, "GUANXI_HOME": str(up.home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG") and "client" not in line]
    assert (done.stderr, wrong) == ("", [])
    if command == "doctor":
        assert f"It runs (process {up.process.pid})." in done.stdout
        assert "The worker lives" in done.stdout
    assert up.status() == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_with_everything_it_started_and_keeps_the_data(tmp_path, number):
    running = Up(tmp_path / "home", tmp_path / "log").ready()
    children, database = running.children(), postmaster(running.home)
    key = (running.home / "key").read_bytes()
    with socket.create_connection(("127.0.0.1", running.port)) as held:
        held.sendall(b"GET /api/live HTTP/1.1\r\n")

        assert running.end(number) < 6

    for process in (*children, database):
        assert not Path(f"/proc/{process}").exists()
    assert not places.socket_file(running.home).exists()
    assert running.process.returncode == 0

    if number is signal.SIGINT:
        again = Up(running.home, tmp_path / "again").ready()
        assert "steps" not in again.said()
        assert (running.home / "key").read_bytes() == key
        again.end()


def test_nothing_is_left_when_the_parent_is_killed_and_the_next_start_works(tmp_path):
    running = Up(tmp_path / "home", tmp_path / "log").ready()
    left = [*running.children(), postmaster(running.home)]

    running.process.kill()
    running.process.wait()

    def gone(process: int) -> bool:
        try:
            return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    until(lambda: all(gone(process) for process in left), seconds=10)
    Up(running.home, tmp_path / "again").ready().end()


def test_a_database_of_ones_own_is_used_when_it_is_named(tmp_path, up):
    folder = places.socket_folder(up.home)
    with connect(up.home, "postgres") as connection:
        connection.execute("CREATE DATABASE named")
    address = f"postgresql://guanxi@/named?host={str(folder).replace(' ', '%20')}"

    running = Up(tmp_path / "home", tmp_path / "log", DATABASE_URL=address).ready()

    assert running.status() == 200
    assert not places.data_folder(running.home).exists()
    running.end()
    with psycopg.connect(dbname="named", user="guanxi", host=str(folder)) as connection:
        assert connection.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "http", "PORT must be a number from 0 to 65535, not 'http'."),
        ("GUANXI_URL", "crm.example.com", "GUANXI_URL must look like https://crm.example.com"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must look like postgresql://"),
        ("GUANXI_HOME", "/proc/nowhere", "Choose another GUANXI_HOME."),
    ],
)
def test_what_cannot_be_used_is_said_in_words(tmp_path, name, value, said):
    running = Up(tmp_path / "home", tmp_path / "log", **{name: value})

    assert running.process.wait(20) == 2
    assert said in running.said()
    assert "Traceback" not in running.said()
