"""PostgreSQL is ended and killed while people work: everybody gets an answer, and soon all goes on by itself."""

import http.client
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from guanxi.app.environment import LINUX
from guanxi.app.postgres.server import connect, postmaster
from tests.house import House, living, until
from tests.stories.test_killed import Caller

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not LINUX, reason="looks at processes through /proc"),
    pytest.mark.xdist_group("up"),
]
PEOPLE = 6
STROKES = (signal.SIGINT, signal.SIGKILL, signal.SIGQUIT)
BETWEEN, AFTERWARDS = 3.0, 3.0


class Person(threading.Thread):
    """Reads and writes without a pause, and notes each answer."""

    def __init__(self, house: House, cookie: str, number: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.place, self.number, self.over = house.url.removeprefix("http://"), number, over
        self.headers = {
            "Cookie": cookie,
            "X-Guanxi": "1",
            "Content-Type": "application/json",
            "Accept-Language": "en",
        }
        self.answers: Counter[int] = Counter()
        self.wrong: list[object] = []
        self.kept: set[str] = set()
        self.well_at = 0.0

    def run(self) -> None:
        """Until it is over."""
        turn = 0
        while not self.over.is_set():
            turn += 1
            try:
                self.once(f"Person {self.number} wrote {turn}")
            except (OSError, http.client.HTTPException, ValueError) as problem:
                self.wrong.append(repr(problem))

    def once(self, name: str) -> None:
        """One customer more, then a list."""
        status, said = self.asked("POST", "/api/customers", json.dumps({"name": name}))
        if status == 201:
            self.kept.add(said["name"])
        self.asked("GET", "/api/customers?limit=20", None)

    def asked(self, method: str, path: str, body: str | None) -> tuple[int, dict]:
        """An answer, which is good or says that it cannot be given now and when to ask again."""
        connection = http.client.HTTPConnection(self.place, timeout=30)
        try:
            connection.request(method, path, body, self.headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        finally:
            connection.close()
        self.answers[answer.status] += 1
        if answer.status < 300:
            self.well_at = time.monotonic()
        elif answer.status != 503 or "database" not in said["message"] or not answer.headers["Retry-After"]:
            self.wrong.append((answer.status, said, answer.headers["Retry-After"]))
        return answer.status, said


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with living() as running:
        yield running


def listening(house: House) -> set[str]:
    """Who of the house hears from the database: the clock, the streams, the worker."""
    with connect(house.home) as connection:
        asked = "SELECT query FROM pg_stat_activity WHERE query ILIKE 'LISTEN %'"
        return {query.split()[1].strip('";') for (query,) in connection.execute(asked)}


def test_a_database_that_ends_under_load_costs_seconds_and_nothing_that_was_kept(house):
    owner = Caller(house.url)
    owner.begin("UTC")
    over = threading.Event()
    people = [Person(house, owner.headers["Cookie"], number, over) for number in range(PEOPLE)]
    for person in people:
        person.start()
    time.sleep(1)
    before = listening(house)
    stream = http.client.HTTPConnection(owner.place, timeout=30)
    stream.request("GET", "/api/live", headers=owner.headers)
    live = stream.getresponse()
    assert live.readline().startswith(b"retry")

    for stroke in STROKES:
        old = postmaster(house.home)
        os.kill(old, stroke)
        until(lambda gone=old: postmaster(house.home) not in (None, gone), what=f"a new database after {stroke.name}")
        until(lambda: owner._answered("GET", "ping", b"")[0] == 200, what="an answer")
        time.sleep(BETWEEN)
        moment = time.monotonic()
        until(lambda since=moment: all(person.well_at > since for person in people), what="work for everybody")
    over.set()
    for person in people:
        person.join(30)

    assert [person.wrong for person in people if person.wrong] == [], house.said()[-2000:]
    assert all(person.answers[503] and person.answers[201] for person in people), [p.answers for p in people]
    with connect(house.home) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM customers_customer")}
    assert set().union(*(person.kept for person in people)) <= names
    until(lambda: listening(house) >= before, what="the clock, the worker and the streams to listen again")
    until(lambda: b"resync" in live.readline(), what="the open page to be told to look again")
    stream.close()
