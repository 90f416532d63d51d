"""Customers who agreed to letters, a letter with blanks, and the mailbox it leaves from."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench import filling
from guanxi.channels.email.models import Mailbox
from guanxi.channels.templates.models import Template
from guanxi.customers.consents.models import Consent
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.secrets import seal
from guanxi.kernel.time import now
from guanxi.kernel.writes import create, create_many
from guanxi.outreach.strategies.operations import create_strategy, send_strategy
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User

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


def send() -> float:
    """Let a strategy turn to everybody; seconds until it begins, while it can be called back."""
    owner = actor_of(User.objects.earliest("created_at").pk)
    strategy = create_strategy(
        owner, name="Spring", purpose="marketing", channels=["email"], condition={"and": []},
        template=Template.objects.get().pk,
    )  # fmt: skip
    send_at = send_strategy(owner, strategy.pk).send_at
    return (send_at - now()).total_seconds()
