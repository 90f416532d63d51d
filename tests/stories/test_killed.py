"""The main job at the real program, and again while its processes are killed at random points: the same in the end."""

import csv
import gzip
import http.client
import io
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from guanxi.app.environment import LINUX
from guanxi.app.postgres.server import postmaster
from tests import mailserver
from tests.browser.conftest import noonish
from tests.house import House, living, until
from tests.mailserver import MailServer
from tests.recounts import retail
from tests.stories.test_main_job import AGREED, EVERYONE, SUPPORT, answer, enrichment
from tests.workspace.imports.test_retail import MAPPING, SOLD

pytestmark = [
    pytest.mark.mail,
    pytest.mark.data,
    pytest.mark.skipif(not LINUX, reason="looks at processes through /proc"),
    pytest.mark.xdist_group("up"),
]
LINES = 12_000
WANTED = {
    "and": [
        {"related": "orders", "aggregate": "count", "op": "gte", "value": 2},
        {"related": "orders", "aggregate": "sum", "of": "total", "op": "gt", "value": 500},
    ]
}
OWNER = {"email": "olive@company.test", "password": "correct horse battery"}
VICTIMS = ["web 1", "web 2", "worker", "clock"] * 3 + ["database"]
STEPS = 5
SECONDS_BETWEEN = (0.1, 2.0)
PATIENCE = 180


class Caller:
    """The owner's script: what gets no answer is asked again under the same idempotency key."""

    def __init__(self, url: str) -> None:
        self.place = url.removeprefix("http://")
        self.headers = {"Accept-Language": "en", "X-Guanxi": "1"}
        self.repeated = 0

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        given = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in query.items()}
        return self._done("GET", f"{path}?{urlencode(given)}" if given else path)

    def post(self, path: str, given: Any = None) -> Any:
        """Do or create, once."""
        body = given if isinstance(given, bytes) else json.dumps(given or {}).encode()
        return self._done("POST", path, body)

    def begin(self, zone: str) -> None:
        """Set the house up; whether an unanswered attempt did it already shows in the next one."""
        first = {
            "company": "Online Retail", "language": "en", "zone": zone, "currency": "GBP", "line_of_work": "trade",
            "name": "Olive Owner", "start": "own", **OWNER,
        }  # fmt: skip
        status, _ = self._answered("POST", "first-run", json.dumps(first).encode())
        assert status in (200, 409), status
        self.post("sign-in", OWNER)

    def _done(self, method: str, path: str, body: bytes = b"") -> Any:
        status, content = self._answered(method, path, body)
        assert status < 300, (method, path, status, content[:500])
        return json.loads(content)

    def _answered(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        key = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        return until(lambda: self._tried(method, path, body, key), seconds=PATIENCE, what=f"{method} {path}")

    def _tried(self, method: str, path: str, body: bytes, key: dict[str, str]) -> tuple[int, bytes] | None:
        """One attempt; None where the answer was lost or the house says that it cannot now."""
        connection = http.client.HTTPConnection(self.place, timeout=30)
        try:
            kind = "application/octet-stream" if "upload" in path else "application/json"
            connection.request(method, f"/api/{path}", body, {**self.headers, **key, "Content-Type": kind})
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.repeated += 1
            return None
        finally:
            connection.close()
        if cookie := response.headers.get("Set-Cookie"):
            self.headers["Cookie"] = cookie.partition(";")[0]
        if response.status == http.client.SERVICE_UNAVAILABLE:
            assert json.loads(content)["code"], content
            self.repeated += 1
            return None
        return response.status, content


class Danger(threading.Thread):
    """Kills what the house consists of at random moments of every step: some of it each time, all of it in the end."""

    def __init__(self, house: House, seed: int) -> None:
        super().__init__(daemon=True)
        self.house, self.random = house, random.Random(seed)
        self.places = dict(zip(("web 1", "web 2", "worker", "clock"), house.children(), strict=False))
        self.victims = self.random.sample(VICTIMS, len(VICTIMS))
        self.begun = threading.Semaphore(0)
        self.left = False

    def near(self) -> None:
        """A step begins."""
        self.begun.release()

    def over(self, broken: bool) -> None:
        """Whoever is left is struck now, before anybody counts; after a story that broke nobody is."""
        self.left = broken
        self.begun.release(STEPS)
        self.join(PATIENCE)

    def run(self) -> None:
        """Strike in every step."""
        each = -(-len(self.victims) // STEPS)
        for _ in range(STEPS):
            self.begun.acquire()
            for _ in range(min(each, len(self.victims))):
                time.sleep(self.random.uniform(*SECONDS_BETWEEN))
                if self.left:
                    return
                victim = self.victims[-1]
                os.kill(until(lambda name=victim: self._process(name), seconds=PATIENCE, what=victim), signal.SIGKILL)
                self.victims.pop()

    def _process(self, victim: str) -> int | None:
        """The process of that name; what was started anew takes the place of what is gone."""
        if victim == "database":
            return postmaster(self.house.home)
        living = self.house.children()
        gone = [name for name, process in self.places.items() if process not in living]
        self.places |= zip(gone, (one for one in living if one not in self.places.values()), strict=False)
        return self.places[victim] if self.places[victim] in living else None


class Job:
    """The main job of one house, step by step, and what came of it."""

    def __init__(self, house: House, rig: MailServer, file: bytes, danger: Danger | None) -> None:
        self.api, self.rig, self.file, self.danger = Caller(house.url), rig, file, danger

    def step(self) -> None:
        """Something begins that must survive what happens now."""
        if self.danger:
            self.danger.near()

    def done(self) -> dict[str, Any]:
        """All of it; the figures in the end."""
        self.step()
        self.api.begin(noonish())
        self.connect()
        self.step()
        orders = self.brought_in("orders", "retail.csv", self.file, mapping=MAPPING)
        people = self.brought_in("customers", "people.csv", enrichment(keen(self.file)))
        segment = self.api.post("segments", {"name": "Keen buyers", "condition": WANTED})
        plan = self.written_to(segment)
        self.step()
        self.answered()
        self.step()
        self.served()
        found = {"orders": orders, "people": people, "size": segment["size"], "plan": plan, **self.figures()}
        taken = self.api.post(f"imports/{people.pop('id')}/undo")
        found["undo"] = {name: taken[name] for name in ("removed", "restored", "kept_by_reason")}
        orders.pop("id")
        return found

    def connect(self) -> None:
        """The mailbox, first: it is read for the first time while the files come in."""
        given = {
            "name": "Support", "address": SUPPORT, "password": self.rig.password, "imap_host": "localhost",
            "smtp_host": "localhost", "imap_port": self.rig.imaps, "smtp_port": self.rig.smtps, "acknowledges": True,
            "authorities": self.rig.authority,
        }  # fmt: skip
        self.box = self.api.post("mailboxes", given)["id"]

    def brought_in(self, noun: str, name: str, content: bytes, **reading: Any) -> dict[str, Any]:
        """A file, uploaded, prepared, started, waited for."""
        looked = self.api.post(f"imports/upload?noun={noun}&name={name}", content)
        given = {"noun": noun, "file": looked["file"], "file_name": name, "order": "ymd", **reading}
        run = self.api.post("imports", given)["id"]
        self.api.post(f"imports/{run}/start")
        counted = ("id", "status", "rows_read", "rows_created", "rows_updated", "rows_skipped", "rows_failed", "notes")

        def ended() -> dict[str, Any] | None:
            now = self.api.get(f"imports/{run}")
            return {name: now[name] for name in counted} if now["status"] != "running" else None

        return until(ended, seconds=PATIENCE, what=f"the import of {noun}")

    def written_to(self, segment: dict[str, Any]) -> dict[str, Any]:
        """A letter to whoever agreed; nobody gets two."""
        letter = self.api.post(
            "templates",
            {
                "name": "New year", "channel": "email", "purpose": "marketing", "subject_en": "What is new",
                "body_en": "{{ customer.salutation }},\n\nwe have new things for you.",
            },
        )  # fmt: skip
        given = {
            "name": "News", "purpose": "marketing", "channels": ["email"], "segment": segment["id"],
            "template": letter["id"],
        }  # fmt: skip
        strategy = self.api.post("strategies", given)["id"]
        plan = self.api.post(f"strategies/{strategy}/dry_run")
        box = f"mailboxes/{self.box}"
        until(lambda: self.api.get(box)["read_at"], seconds=PATIENCE, what="the first reading of the mailbox")
        self.api.post(f"strategies/{strategy}/send")
        self.step()
        until(lambda: sum(self.left("marketing").values()) == AGREED, seconds=PATIENCE, what="the letters")
        return {name: plan[name] for name in ("total", "allowed", "refused", "calls")}

    def left(self, purpose: str) -> Counter[str]:
        """How the messages of a purpose that have left ended."""
        rows = self.rows("deliveries", purpose=purpose)
        return Counter(row["status"] for row in rows if row["status"] in ("sent", "uncertain"))

    def rows(self, plural: str, **fields: str) -> list[dict[str, Any]]:
        """Rows that have these values."""
        parts = [{"field": name, "op": "is", "value": value} for name, value in fields.items()]
        return self.api.get(plural, where={"and": parts}, limit=200)["rows"]

    def answered(self) -> None:
        """Two answer and one complains; each gets a receipt, each becomes a ticket."""
        letters = sorted(self.rig.inbox(EVERYONE), key=lambda mail: mail["To"])
        texts = (
            "Lovely, thank you!", "Do you ship to York?",
            "I want to complain: the last parcel was broken and nobody answers. I want a refund.",
        )  # fmt: skip
        for mail, text in zip(letters, texts, strict=False):
            self.rig.deliver(answer(mail, text), to=SUPPORT, sender=mail["To"])

        def taken() -> bool:
            messages = self.rows("messages", direction="in")
            return len(messages) == 3 and all(one["acknowledged_at"] for one in messages)

        until(taken, seconds=PATIENCE, what="the receipts")
        until(lambda: len(self.api.get("tickets")["rows"]) == 3, seconds=PATIENCE, what="the tickets")

    def served(self) -> None:
        """The complaint: answered by a person, solved, confirmed; its hold is lifted."""
        (ticket,) = self.rows("tickets", kind="complaint")
        customer = ticket["customer"]["id"]
        (talk,) = self.api.get(f"customers/{customer}/conversations")["rows"]
        self.api.post(f"conversations/{talk['id']}/reply", {"text": "I am very sorry. The refund leaves today."})
        place = f"tickets/{ticket['id']}"
        until(lambda: self.api.get(place)["complaint_replied_at"], seconds=PATIENCE, what="the reply")
        self.api.post(f"{place}/solve", {"solution": "Refunded"})
        self.api.post(f"{place}/confirm")
        holds = f"customers/{customer}/holds"
        ended = lambda: all(row["lifted_at"] for row in self.api.get(holds)["rows"])  # noqa: E731
        until(ended, seconds=PATIENCE, what="the end of the hold")

    def figures(self) -> dict[str, Any]:
        """What is told of it all; no durations, which differ."""
        counted = ("cases", "kept", "missed", "open")
        revenue = self.api.get("measures/commerce.revenue", where=SOLD)["total"]
        names = ("channels.mail.acknowledged", "service.complaint.first_reply", "channels.marketing.with_consent")
        totals = {name: self.api.get(f"measures/{name}")["total"] for name in names}
        protocol = self.api.get("protocols")["rows"][0]["id"]
        page = self.api.get(f"protocols/{protocol}/page", span="month")
        clauses = [one for section in page["sections"] for one in section["clauses"]]
        return {
            "revenue": (revenue["cases"], revenue["sum"]),
            "measures": {name: [total[key] for key in counted] for name, total in totals.items()},
            "clauses": {
                one["key"]: (one["state"], one["figure"] and [one["figure"][key] for key in counted]) for one in clauses
            },
            "tickets": sorted((row["kind"], row["status"]) for row in self.api.get("tickets")["rows"]),
            "left": {purpose: sum(self.left(purpose).values()) for purpose in ("marketing", "reply")},
        }

    def mails(self) -> Counter[tuple[str, str, int]]:
        """How often the server took each message: by purpose, by how it ended, by number; nothing else left."""
        ids = Counter(one["id"] for one in self.rig.taken() if one["from"] == SUPPORT)
        ended: Counter[tuple[str, str, int]] = Counter()
        for row in self.api.get("deliveries", limit=200)["rows"]:
            times = ids.pop(f"<gx.{row['id'].replace('-', '')}@company.test>", 0)
            ended[row["purpose"], row["status"], times] += 1
        assert not ids, ids
        return ended


def keen(file: bytes) -> list[str]:
    """Recount: who ordered twice or more, for over 500."""
    orders: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in csv.DictReader(io.StringIO(file.decode())):
        if row["CustomerID"]:
            orders[row["CustomerID"]][row["InvoiceNo"]] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
    return sorted(key for key, own in orders.items() if len(own) >= 2 and sum(own.values()) > 500)


def lived(file: bytes, seed: int | None) -> tuple[dict[str, Any], Counter[tuple[str, str, int]]]:
    """One house and one mail system; with a seed, in danger. The figures, and how often each mail was taken."""
    rig = mailserver.start()
    try:
        with living() as house:
            danger = Danger(house, seed) if seed is not None else None
            job = Job(house, rig, file, danger)
            try:
                if danger:
                    danger.start()
                found = job.done()
                if danger:
                    danger.over(broken=False)
            except BaseException:
                if danger:
                    danger.over(broken=True)
                sys.stdout.write(house.said())
                raise
            assert danger is None or danger.victims == []
            return found, job.mails()
    finally:
        rig.stop()


def test_the_main_job_survives_kill_9_of_any_part_in_every_step(data_folder):
    with gzip.open(data_folder / retail.FILE, "rb") as whole:
        file = b"".join(islice(whole, LINES + 1))
    seed = random.randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    with ThreadPoolExecutor(2) as pool:
        (calm, once), (wild, mails) = pool.map(lambda one: lived(file, one), (None, seed))
    assert once == {("marketing", "sent", 1): AGREED, ("reply", "sent", 1): 4}
    assert wild == calm, seed
    # What was leaving when its worker died is marked: marketing is not repeated, an answer is, under the same id.
    for (purpose, status, times), n in mails.items():
        assert status in ("sent", "uncertain"), (seed, mails)
        assert times == 1 or (status == "uncertain" and times == 0) or purpose == "reply", (seed, mails, n)
