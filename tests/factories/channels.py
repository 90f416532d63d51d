"""Conversations, messages on their way, templates, mailboxes."""

from itertools import count
from typing import Any

from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.drafts.models import Draft
from guanxi.channels.email.models import Mailbox
from guanxi.channels.gate.models import Delivery
from guanxi.channels.ratings.models import Rating
from guanxi.channels.signatures.models import Signature
from guanxi.channels.templates.models import Template
from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.secrets import seal
from guanxi.kernel.writes import create

_numbers = count(1)


def customer(email: str | None = "", *, consent: str = "", **values: Any) -> Customer:
    """A customer with an e-mail address, and a word on a purpose where one is given."""
    n = next(_numbers)
    made = create(SYSTEM, Customer, **{"name": f"Customer {n}", "zone": "UTC", **values})
    if email is not None:
        value = email or f"customer{n}@customers.test"
        create(SYSTEM, ContactPoint, customer_id=made.pk, kind="email", value=value, raw=value)
    if consent:
        create(
            SYSTEM, Consent, customer_id=made.pk, purpose=consent, state="given", how="ticked", wording="Yes, write."
        )
    return made


def conversation(**values: Any) -> Conversation:
    """A conversation over e-mail."""
    given = {"channel": "email", "subject": f"Question {next(_numbers)}", "with_name": "Alice", **values}
    return create(SYSTEM, Conversation, **given)


def message(**values: Any) -> Message:
    """A message that came in."""
    talk = values.pop("conversation", None) or conversation()
    given = {"channel": "email", "direction": "in", "state": "received", "subject": f"Re {next(_numbers)}", **values}
    return create(SYSTEM, Message, conversation_id=talk.pk, customer_id=talk.customer_id, **given)


def rating(**values: Any) -> Rating:
    """What a customer said of a call."""
    about = values.pop("message", None)
    if about is None:
        who = customer()
        talk = conversation(channel="phone", customer_id=who.pk, result="reached")
        about = message(conversation=talk, channel="phone", direction="out", state="logged", result="reached")
    given = {"score": 5, "came_by": "staff", **values}
    return create(
        SYSTEM, Rating, message_id=about.pk, conversation_id=about.conversation_id, customer_id=about.customer_id,
        channel=about.channel, **given,
    )  # fmt: skip


def delivery(**values: Any) -> Delivery:
    """A message waiting to be sent."""
    n = next(_numbers)
    given = {
        "key": f"test:{n}", "channel": "email", "purpose": "reply", "recipient": f"a{n}@customers.test",
        "outgoing": {"text": "Hello"}, **values,
    }  # fmt: skip
    return create(SYSTEM, Delivery, **given)


def draft(**values: Any) -> Draft:
    """An answer that somebody is writing."""
    talk = values.pop("conversation", None) or conversation()
    given = {"subject": f"Answer {next(_numbers)}", "text": "Dear Alice", **values}
    return create(SYSTEM, Draft, conversation_id=talk.pk, **given)


def signature(**values: Any) -> Signature:
    """What somebody puts under what they write."""
    return create(SYSTEM, Signature, **{"text": f"Best wishes {next(_numbers)}", **values})


def template(**values: Any) -> Template:
    """A letter with blanks."""
    given = {
        "name": f"Letter {next(_numbers)}", "purpose": "marketing", "subject_en": "News", "body_en": "Hello",
        "channel": "email", **values,
    }  # fmt: skip
    return create(SYSTEM, Template, **given)


def mailbox(rig: Any = None, **values: Any) -> Mailbox:
    """A mailbox of the mail rig, or of nowhere."""
    n = next(_numbers)
    given = {
        "name": "Support", "address": f"box{n}@company.test", "user": f"box{n}@company.test", "imap_host": "localhost",
        "smtp_host": "localhost", "secret": seal("secret"), "sender_name": "Company",
    }  # fmt: skip
    if rig is not None:
        given |= {
            "address": "support@company.test", "user": "support@company.test", "imap_port": rig.imaps,
            "smtp_port": rig.smtps, "secret": seal(rig.password), "authorities": rig.authority, "primary": True,
        }  # fmt: skip
    return create(SYSTEM, Mailbox, **(given | values))
