"""The main job end to end, over HTTP, on half a million real order lines and real mail servers.

Customers and orders come in from a file, become a segment, are written to by a strategy through the one gate, answer;
one complains and is served against the clock; the protocol shows its clauses with live figures; the file is taken back.
"""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from guanxi.app import starter
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.email import jobs as email_jobs
from guanxi.channels.email.models import Mailbox
from guanxi.kernel.drain import drain
from guanxi.kernel.secrets import seal
from guanxi.kernel.time import frozen
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import channels as make
from tests.mailserver import mail_server, mail_system
from tests.recounts import retail
from tests.workspace.imports.test_retail import MAPPING, SOLD

__all__ = ["mail_server", "mail_system"]
pytestmark = [pytest.mark.mail, pytest.mark.data, pytest.mark.django_db]
AS_OF = datetime(2011, 12, 10, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
SUPPORT, EVERYONE = "support@company.test", "everyone@customers.test"
WORDING = "Yes, please send me news about new products by e-mail."
WANTED = {
    "and": [
        {"related": "orders", "aggregate": "count", "last": {"days": 90}, "op": "gte", "value": 2},
        {"related": "orders", "aggregate": "sum", "of": "total", "last": {"days": 90}, "op": "gt", "value": 500},
    ]
}
REACHABLE, AGREED = 40, 25


class Shop:
    """The company, its owner at the interface, and what a recount of the file says."""

    def __init__(self, api: Api, box: Mailbox, servers, clock, rows: list[dict[str, str]]) -> None:
        self.api, self.box, self.servers, self.clock, self.rows = api, box, servers, clock, rows

    def keen(self) -> list[str]:
        """Recount: who ordered twice or more, for over 500, in the last 90 days."""
        orders: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        first: dict[str, datetime] = {}
        for row in self.rows:
            at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=ZONE)
            first[row["InvoiceNo"]] = min(at, first.get(row["InvoiceNo"], at))
            if row["CustomerID"]:
                of = orders[row["CustomerID"]]
                of[row["InvoiceNo"]] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
        begin, end = AS_OF - timedelta(days=90), AS_OF
        found = []
        for customer, own in orders.items():
            lately = [total for number, total in own.items() if begin < first[number] <= end]
            if len(lately) >= 2 and sum(lately) > 500:
                found.append(customer)
        return sorted(found)

    def read(self) -> None:
        """Read the mailbox, then let everything happen."""
        self.box.refresh_from_db()
        email_jobs.read(self.box)
        drain()

    def figure(self, name: str, **asked) -> dict:
        """The whole of a measure."""
        return self.api.get(f"measures/{name}", **asked)["total"]


@pytest.fixture
def shop(mail_server, data_folder, settings, tmp_path):
    settings.HOME = tmp_path
    starter.load()
    with gzip.open(data_folder / retail.FILE, "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    with frozen(AS_OF) as clock:
        first = {
            "company": "Online Retail", "language": "en", "zone": "Europe/London", "currency": "GBP",
            "line_of_work": "trade", "name": "Olive Owner", "email": "olive@company.test",
            "password": "correct horse battery", "start": "own",
        }  # fmt: skip
        sent = Api().client.post(
            "/api/first-run",
            json.dumps(first),
            content_type="application/json",
            headers={"X-Guanxi": "1", "Host": "localhost"},
        )
        assert sent.status_code == 200, sent.content
        api = Api(User.objects.get(email="olive@company.test"))
        box = make.mailbox(mail_server, acknowledges=True, secret=seal(mail_server.password))
        email_jobs.read(box)
        drain()
        yield Shop(api, box, mail_server, clock, rows)


def brought_in(shop: Shop, noun: str, name: str, content: bytes, **reading) -> dict:
    """Bring a file in as the wizard does: upload, prepare, start, wait."""
    looked = shop.api.client.post(
        f"/api/imports/upload?noun={noun}&name={name}", content, content_type="application/octet-stream"
    ).json()
    given = {"noun": noun, "file": looked["file"], "file_name": name, **reading}
    run = shop.api.post("imports", given, status=201)
    shop.api.post(f"imports/{run['id']}/start")
    drain()
    done = shop.api.get(f"imports/{run['id']}")
    assert (done["status"], done["rows_failed"]) == ("done", 0), done
    return done


def enrichment(keys: list[str]) -> bytes:
    """A second file by key: names and addresses for some, consents with their words for fewer."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["CustomerID", "Name", "E-mail", "Language", "Consent", "Consent wording", "Consent date", "Consent place"]
    )
    for place, key in enumerate(keys[:REACHABLE]):
        said = ("yes", WORDING, "2011-11-01 10:00", "shop.test/register") if place < AGREED else ("no", "", "", "")
        writer.writerow([key, f"Pat Smith{place:02}", f"c{key}@customers.test", "en", *said])
    return text.getvalue().encode()


def answer(mail, text: str) -> EmailMessage:
    """An answer as a mail program writes it."""
    reply = EmailMessage()
    reply["From"], reply["To"] = mail["To"], SUPPORT
    reply["Subject"] = f"Re: {mail['Subject']}"
    reply["In-Reply-To"] = reply["References"] = mail["Message-ID"]
    reply["Message-ID"] = f"<{abs(hash(text + mail['To']))}@customers.test>"
    reply.set_content(text)
    return reply


def test_the_main_job(shop, data_folder):
    orders = brought_in(
        shop, "orders", "retail.csv", (data_folder / retail.FILE).read_bytes(), mapping=MAPPING, order="ymd"
    )
    counted = retail.count(data_folder / retail.FILE)
    revenue = shop.figure("commerce.revenue", where=SOLD)
    assert (revenue["cases"], Decimal(revenue["sum"])) == (counted.lines, counted.revenue)
    assert shop.figure("commerce.buyers", where=SOLD)["cases"] == counted.customers
    assert orders["rows_read"] == len(shop.rows)

    keys = shop.keen()
    extra = brought_in(shop, "customers", "people.csv", enrichment(keys), order="ymd")
    assert (extra["rows_updated"], extra["rows_created"]) == (REACHABLE, 0)
    seen = shop.api.post("segments/preview", {"record": "customers", "condition": WANTED})
    assert seen["count"] == len(keys)
    segment = shop.api.post("segments", {"name": "Keen buyers", "condition": WANTED}, status=201)
    assert segment["size"] == len(keys)

    strategy = planned(shop, segment)
    plan = shop.api.post(f"strategies/{strategy['id']}/dry_run")
    assert (plan["total"], plan["allowed"]) == (len(keys), AGREED)
    assert sum(plan["refused"].values()) == plan["total"] - plan["allowed"]
    assert plan["calls"] == 0

    letters = written_to(shop, strategy)
    assert len(letters) == AGREED
    complaint = answered(shop, letters)
    served(shop, complaint)
    figures_are_right(shop)
    taken_back(shop, extra)


def planned(shop: Shop, segment: dict) -> dict:
    """A letter and a strategy with it."""
    letter = shop.api.post(
        "templates",
        {
            "name": "New year", "channel": "email", "purpose": "marketing", "subject_en": "What is new",
            "body_en": "{{ customer.salutation }},\n\nwe have new things for you, {{ customer.name }}.",
        },
        status=201,
    )  # fmt: skip
    given = {
        "name": "News for keen buyers", "purpose": "marketing", "channels": ["email"], "segment": segment["id"],
        "template": letter["id"],
    }  # fmt: skip
    return shop.api.post("strategies", given, status=201)


def written_to(shop: Shop, strategy: dict) -> list:
    """Send; nothing leaves for ten seconds; then one letter each, with a way out in one click."""
    shop.api.post(f"strategies/{strategy['id']}/send")
    drain()
    assert shop.servers.taken() == []
    shop.clock.advance(timedelta(seconds=11))
    drain()
    letters = shop.servers.inbox(EVERYONE)
    sent_to = Counter(one["to"] for one in shop.servers.taken())
    assert len(sent_to) == AGREED and set(sent_to.values()) == {1}
    assert all("List-Unsubscribe" in mail and "List-Unsubscribe-Post" in mail for mail in letters)
    return letters


def answered(shop: Shop, letters: list) -> Conversation:
    """Two answer, one complains; each gets a receipt; the complaint becomes a ticket with its own clock."""
    for mail, text in zip(letters[:2], ("Lovely, thank you!", "Do you ship to York?"), strict=True):
        shop.servers.deliver(answer(mail, text), to=SUPPORT, sender=mail["To"])
    body = "I want to complain: the last parcel was broken and nobody answers. I want a refund."
    shop.servers.deliver(answer(letters[2], body), to=SUPPORT, sender=letters[2]["To"])
    shop.read()
    ticket = Ticket.objects.get(kind="complaint")
    assert ticket.reply_due_at == ticket.received_at + timedelta(hours=24)
    assert ticket.receipt_at is not None and ticket.complaint_replied_at is None
    told = shop.api.get(f"customers/{ticket.customer_id}/holds")["rows"]
    assert len(told) == 1
    return Conversation.objects.get(customer_id=ticket.customer_id)


def served(shop: Shop, talk: Conversation) -> None:
    """An answer by a person within the day, then solved and confirmed; the hold is lifted."""
    shop.clock.advance(timedelta(hours=3))
    shop.api.post(f"conversations/{talk.pk}/reply", {"text": "I am very sorry. The refund leaves today."})
    drain()
    ticket = Ticket.objects.get(kind="complaint")
    assert ticket.complaint_replied_at - ticket.received_at >= timedelta(hours=3)
    shop.clock.advance(timedelta(hours=1))
    shop.api.post(f"tickets/{ticket.pk}/solve", {"solution": "Refunded"})
    shop.api.post(f"tickets/{ticket.pk}/confirm")
    drain()
    assert all(row["lifted_at"] for row in shop.api.get(f"customers/{ticket.customer_id}/holds")["rows"])


def figures_are_right(shop: Shop) -> None:
    """Measures and clauses equal what the tables say when counted by hand."""
    waiting = [m for m in Message.objects.all() if m.direction == "in" and m.needs_answer]
    receipts = [m.acknowledged_at - m.at for m in waiting if m.acknowledged_at]
    mail = shop.figure("channels.mail.acknowledged")
    assert mail["cases"] == len(waiting) == 3
    assert mail["kept"] == sum(took <= timedelta(hours=24) for took in receipts)
    complaint = shop.figure("service.complaint.first_reply")
    assert (complaint["cases"], complaint["kept"], complaint["missed"]) == (1, 1, 0)
    consent = shop.figure("channels.marketing.with_consent")
    assert (consent["cases"], consent["kept"]) == (AGREED, AGREED)
    protocol = shop.api.get("protocols")["rows"][0]
    page = shop.api.get(f"protocols/{protocol['id']}/page", span="month")
    clauses = {one["key"]: one for section in page["sections"] for one in section["clauses"]}
    assert clauses["complaint-first-answer"]["figure"]["share"] == 1.0
    live = [one for one in clauses.values() if one["measure"]]
    assert len(live) >= 5 and len(clauses) >= 20


def taken_back(shop: Shop, run: dict) -> None:
    """The undo says what it can and cannot take back, tried first, then done: both say the same."""
    tried = shop.api.post(f"imports/{run['id']}/undo", {"dry_run": True})
    done = shop.api.post(f"imports/{run['id']}/undo")
    assert (tried["removed"], tried["restored"], tried["kept_by_reason"]) == (
        done["removed"], done["restored"], done["kept_by_reason"],
    )  # fmt: skip
    assert done["restored"]["customers.customer"] == REACHABLE
    names = {row["name"] for row in shop.api.get("customers", q="Pat Smith00")["rows"]}
    assert "Pat Smith00" not in names
    kept = Counter(one["record"] for one in done["kept"])
    assert kept["customers.contact_point"] == AGREED
