"""Several hosts on loopback over one PostgreSQL behind PgBouncer: what they share is only database, files and keys."""

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from guanxi.app.doctor import Level
from guanxi.app.environment import LINUX
from guanxi.customers.customers.models import Customer
from guanxi.events.workspace import TodoDue
from guanxi.kernel import clocks, jobs
from guanxi.kernel.models import Deadline, EventEntry, Failure, Receipt, new_id
from guanxi.kernel.time import now
from tests import databases
from tests.house import House, living, until
from tests.pooler import SESSIONS, pooled
from tests.requirements import CHECKOUT

pytestmark = [
    pytest.mark.pooler,
    pytest.mark.skipif(not LINUX, reason="looks at processes through /proc"),
    pytest.mark.xdist_group("hosts"),
]
OWNER = {"email": "olive@company.test", "password": "correct horse battery"}
COMPANY = {
    "company": "Tea", "language": "en", "zone": "UTC", "currency": "GBP", "line_of_work": "shop",
    "name": "Olive Owner", "start": "own", **OWNER,
}  # fmt: skip
DEADLINES, JOBS, WRITERS = 300, 8, 4
HEARS = "workspace.todos.show_due_todos_to_their_owners"
PLACES = "customers.segments.look_at_their_segments_anew"
TRIES = 5  # as one person from one place: `session.sign_in_at`


@dataclass
class Host:
    """A host as a browser or a script uses it."""

    house: House
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"X-Guanxi": "1", "Content-Type": "application/json"})

    def opened(self, path: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """An answer that goes on, and its connection."""
        asked = http.client.HTTPConnection(self.house.url.removeprefix("http://"), timeout=30)
        asked.request("GET", f"/api/{path}", headers={**self.headers, "Cookie": self.cookie})
        return asked, asked.getresponse()

    def asked(self, method: str, path: str, given: Any = None, **headers: str) -> tuple[int, Any]:
        """One request: status and content."""
        asked = http.client.HTTPConnection(self.house.url.removeprefix("http://"), timeout=30)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        asked.request(
            method, f"/api/{path}", given if isinstance(given, bytes) else json.dumps(given) if given else None,
            {**self.headers, "Cookie": self.cookie, **more},
        )  # fmt: skip
        answer = asked.getresponse()
        content = answer.read()
        asked.close()
        if answer.status < 300 and (set_cookie := answer.headers.get("Set-Cookie")):
            self.cookie = set_cookie.partition(";")[0]
        return answer.status, json.loads(content) if content else None

    def kill(self) -> None:
        """End all of its processes at once, as a stroke would."""
        os.kill(self.house.process.pid, signal.SIGKILL)
        self.house.process.wait()


@dataclass
class Hosts:
    """The three of them: `first` does everything, `second` only answers, `third` answers and works."""

    first: Host
    second: Host
    third: Host
    direct: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory, django_db_setup, django_db_blocker) -> Iterator[Hosts]:
    """Three hosts that start at once, on a database that this process sees too, without the pooler."""
    place, folder = settings.DATABASES["default"], tmp_path_factory.mktemp("hosts")
    key = folder / "key"
    key.write_text(f"{settings.SECRET_KEY}\n")
    key.chmod(0o600)
    with django_db_blocker.unblock(), databases.apart("hosts") as direct, ExitStack() as stack:
        through = stack.enter_context(pooled(place, connections["default"].settings_dict["NAME"]))
        shared = {
            "DATABASE_URL": through, "DATABASE_DIRECT_URL": direct, "GUANXI_KEY_FILE": str(key),
            "GUANXI_FILES": str(folder / "files"),
        }  # fmt: skip
        started = _at_once(stack, ["web,worker,clock,mail", "web", "web,worker,clock"], shared)
        first, second, third = map(Host, started)
        assert first.asked("POST", "first-run", COMPANY)[0] == 200
        assert first.asked("POST", "sign-in", OWNER)[0] == 200
        second.cookie = third.cookie = first.cookie
        yield Hosts(first, second, third, direct, {**os.environ, **shared, "GUANXI_HOME": str(second.house.home)})


def _at_once(stack: ExitStack, roles: list[str], environment: dict[str, str]) -> list[House]:
    """Start hosts beside each other; each is told to be ready by itself."""
    found: dict[int, House] = {}

    def start(number: int) -> None:
        found[number] = stack.enter_context(living(only=roles[number], **environment))

    starting = [threading.Thread(target=start, args=(number,)) for number in range(len(roles))]
    for one in starting:
        one.start()
    for one in starting:
        one.join()
    assert len(found) == len(roles)
    return [found[number] for number in range(len(roles))]


@contextmanager
def listening(host: Host) -> Iterator[list[str]]:
    """What an open page at a host is told within the block."""
    connection, stream = host.opened("live")
    assert stream.status == 200
    stream.readline()
    told: list[str] = []

    def read() -> None:
        with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            for line in stream:
                told.append(line.decode())

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    yield told
    if connection.sock:
        connection.sock.close()


def test_who_signed_in_at_one_host_is_known_at_the_others(hosts):
    assert [one.asked("GET", "me")[0] for one in (hosts.first, hosts.second, hosts.third)] == [200, 200, 200]


def test_more_is_asked_at_once_than_the_pooler_has_sessions(hosts):
    turns = [hosts.first, hosts.second, hosts.third] * SESSIONS
    with ThreadPoolExecutor(2 * SESSIONS) as askers:
        answers = Counter(askers.map(lambda host: host.asked("GET", "customers")[0], turns))
    assert answers == {200: 3 * SESSIONS}


def test_what_changes_at_one_host_is_told_at_another(hosts):
    with listening(hosts.second) as told:
        status, made = hosts.third.asked("POST", "customers", {"name": "Lu Yu"})
        assert status == 201
        until(lambda: any(made["id"] in line or "customers.customer" in line for line in told), seconds=10)


def test_a_request_repeated_at_another_host_is_done_once(hosts):
    key = str(uuid4())
    answers = [
        one.asked("POST", "customers", {"name": "Once"}, Idempotency_Key=key)
        for one in (hosts.first, hosts.second, hosts.third)
    ]
    assert len({json.dumps(content, sort_keys=True) for _, content in answers}) == 1
    assert {status for status, _ in answers} == {201}


def test_tries_to_sign_in_are_counted_together(hosts):
    wrong = {"email": "nobody@company.test", "password": "wrong"}
    turns = [hosts.first, hosts.second, hosts.third] * 3
    answers = [one.asked("POST", "sign-in", wrong)[0] for one in turns]
    assert answers == [401] * TRIES + [429] * (len(turns) - TRIES)


def test_a_file_that_came_in_at_one_host_is_read_at_another(hosts):
    sent = b"Name\nLu Yu\n"
    status, taken = hosts.first.asked("POST", "imports/upload?noun=customers&name=tea.csv", sent)
    assert status == 200, taken
    status, seen = hosts.second.asked("GET", f"imports/look?noun=customers&file={taken['file']}")
    assert (status, seen["headings"]) == (200, taken["headings"])


def test_two_clocks_let_everything_happen_once(hosts):
    begun = now()
    for number in range(DEADLINES):
        due = TodoDue(todo_id=new_id(), subject=f"due {number}")
        clocks.start(f"hosts:{number}", begun + timedelta(seconds=1 + number / DEADLINES), due)
    until(lambda: not Deadline.objects.filter(key__startswith="hosts:").exists(), what="the deadlines")
    events = list(EventEntry.objects.filter(name="workspace.todo_due", payload__subject__startswith="due "))
    assert Counter(one.payload["subject"] for one in events) == {f"due {n}": 1 for n in range(DEADLINES)}
    assert max(one.recorded_at - one.occurred_at for one in events) < timedelta(seconds=10)  # told, not found by chance
    heard = Receipt.objects.filter(event_id__in=[one.pk for one in events], handler=HEARS)
    until(lambda: heard.count() == DEADLINES, what="the effects")


@contextmanager
def hanging(hosts: Hosts) -> Iterator[None]:
    """Within the block the workers of both hosts are in the middle of jobs that cannot go on."""
    with psycopg.connect(hosts.direct) as holder:
        holder.execute("LOCK TABLE channels_mailbox IN ACCESS EXCLUSIVE MODE")
        jobs.jobs()["channels.email.read_mailboxes"].defer_many([{}] * JOBS)
        until(lambda: len(at_work()) == 2, what="work at both hosts")
        yield
        holder.rollback()


def at_work() -> set[int]:
    """The workers that have a job in hand."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT worker_id FROM procrastinate_jobs WHERE status = 'doing' AND task_name = %s",
            ["channels.email.read_mailboxes"],
        )
        return {worker for (worker,) in cursor.fetchall()}


def waiting() -> int:
    """How many jobs are not done; what succeeded is deleted."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NULL OR scheduled_at <= now()")
        return int(cursor.fetchone()[0])


def written(hosts: Hosts, writer: int, over: threading.Event) -> list[str]:
    """Create customers at one host after another; what gets no answer is asked again at the next under the same key."""
    names: list[str] = []
    turns = itertools.cycle((hosts.first, hosts.second, hosts.third))
    while not over.is_set():
        name, key, status = f"struck {writer}.{len(names)}", str(uuid4()), 0
        while status != 201:
            with suppress(OSError, http.client.HTTPException):
                status, _ = next(turns).asked("POST", "customers", {"name": name}, Idempotency_Key=key)
        names.append(name)
    return names


def test_a_host_that_is_struck_under_load_loses_nothing(hosts):
    over = threading.Event()
    with ThreadPoolExecutor(WRITERS) as writers, hanging(hosts):
        writing = [writers.submit(written, hosts, number, over) for number in range(WRITERS)]
        until(lambda: Customer.objects.filter(name__startswith="struck ").count() >= 20, what="the load")
        hosts.first.kill()
        before = Customer.objects.filter(name__startswith="struck ").count()
        until(lambda: Customer.objects.filter(name__startswith="struck ").count() >= before + 20, what="going on")
        over.set()
        names = [name for one in writing for name in one.result()]

    kept = Counter(Customer.objects.filter(name__startswith="struck ").values_list("name", flat=True))
    assert kept == dict.fromkeys(names, 1)


def test_doctor_says_what_a_host_does_not_share(hosts, tmp_path):
    found = said(hosts, GUANXI_FILES=str(tmp_path))
    assert found == {"hosts": Level.WRONG, "telling": Level.FINE, "database": Level.FINE}
    assert "is not the folder" not in hosts.second.house.said() + hosts.third.house.said()


def said(hosts: Hosts, **other: str) -> dict[str, str]:
    """What the doctor finds on a host."""
    done = subprocess.run(
        [sys.executable, "-m", "guanxi", "doctor", "--json"], cwd=CHECKOUT, env={**hosts.environment, **other},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    found = {one["about"]: one["level"] for one in json.loads(done.stdout)}
    return {about: found[about] for about in ("hosts", "telling", "database")}


def test_a_host_with_another_key_does_not_start(hosts, tmp_path):
    (tmp_path / "key").write_text("another\n")
    done = subprocess.run(
        [sys.executable, "-m", "guanxi", "up", "--only", "worker"], cwd=CHECKOUT,
        env={**hosts.environment, "GUANXI_KEY_FILE": str(tmp_path / "key")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "does not hold the key of this company" in done.stderr


def test_the_clock_of_another_host_goes_on(hosts):
    clocks.start("hosts:after", now(), TodoDue(todo_id=new_id(), subject="after the stroke"))
    happened = EventEntry.objects.filter(name="workspace.todo_due", payload__subject="after the stroke")
    until(happened.exists, seconds=10, what="the deadline")


def test_the_work_of_the_struck_host_is_done_by_another(hosts):
    until(lambda: waiting() == 0, seconds=60, what="the work of a dead worker")
    created = set(EventEntry.objects.filter(name="customers.customer_created").values_list("pk", flat=True))
    heard = Receipt.objects.filter(event_id__in=created, handler=PLACES)
    assert set(heard.values_list("event_id", flat=True)) == created
    assert not Failure.objects.exists()
