"""Customers who agreed to letters, a letter with blanks, and the mailbox it leaves from."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench import filling
from guanxi.channels.conversations.operations import send_letter
from guanxi.channels.email.models import Mailbox
from guanxi.channels.templates.models import Template
from guanxi.customers.consents.models import Consent
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.secrets import seal
from guanxi.kernel.writes import create, create_many

ZONES = ("Pacific/Auckland", "Asia/Tokyo", "Asia/Dubai", "Europe/London", "America/New_York", "Pacific/Honolulu")
TEXT = "Dear {{ customer.salutation }},\n\n" + "The spring tea has come. " * 20 + "\n\n{{ unsubscribe_url }}"


def prepare(many: int, port: int) -> None:
    """So many customers with an address and a yes, where it is the middle of the day; nobody is read from."""
    filling.customers(many)
    noon = min(ZONES, key=lambda zone: abs(datetime.now(UTC).astimezone(ZoneInfo(zone)).hour - 13))
    Customer.objects.update(zone=noon)
    said = {"purpose": "marketing", "state": "given", "how": "ticked", "wording": "Yes, write."}
    people = Customer.objects.values_list("pk", flat=True)
    create_many(SYSTEM, Consent, [{"customer_id": one, **said} for one in people], checked=True)
    create(
        SYSTEM, Mailbox, name="Shop", address="shop@bench.test", user="shop", secret=seal("bench"), primary=True,
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", imap_host="127.0.0.1", imap_port=port,
        imap_security="none",
    )  # fmt: skip
    create(SYSTEM, Template, name="Spring", purpose="marketing", subject_en="Spring tea", body_en=TEXT)


def hand_over(many: int) -> float:
    """Write to every customer; letters a second."""
    letter, began = Template.objects.get().pk, time.perf_counter()
    for one in Customer.objects.order_by("pk").values_list("pk", flat=True)[:many]:
        send_letter(SYSTEM, customer=one, template=letter)
    return many / (time.perf_counter() - began)
