"""The verbs of consent: a yes and a no, never an edit."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guanxi.customers.consents.models import Consent
from guanxi.customers.consents.rules import require_evidence, require_past, require_same_customer
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.events.customers import ConsentGiven, ConsentWithdrawn
from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import record
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import create

Purpose = Literal["marketing", "survey", "greeting", "service", "profiling"]
How = Literal["ticked", "spoken", "written", "link", "reply", "told"]
Channel = Literal["email", "phone", "sms", "wechat", "whatsapp", "letter", "visit", ""]
Language = Literal["en", "zh-Hans", "zh-Hant", ""]


@operation("customers.consent.give", human_only="says what a customer agreed to")
def give_consent(
    actor: Actor,
    *,
    purpose: Purpose,
    wording: str,
    how: How,
    place: str,
    customer: UUID | None = None,
    contact_point: UUID | None = None,
    channel: Channel = "",
    language: Language = "",
    at: datetime | None = None,
) -> Consent:
    """Note a yes, with the words that were shown or read out, where and when."""
    require_evidence(purpose=purpose, wording=wording, place=place)
    return _noted(
        actor, "given", customer, contact_point, purpose=purpose, channel=channel, how=how, wording=wording.strip(),
        language=language, place=place, at=at or now(),
    )  # fmt: skip


@operation("customers.consent.withdraw")
def withdraw_consent(
    actor: Actor,
    *,
    how: How,
    customer: UUID | None = None,
    contact_point: UUID | None = None,
    purpose: Purpose | Literal[""] = "",
    channel: Channel = "",
    wording: str = "",
    language: Language = "",
    place: str = "",
    at: datetime | None = None,
) -> Consent:
    """Note a no: for a purpose or a channel, or for everything where none is named. It holds at once."""
    return _noted(
        actor, "withdrawn", customer, contact_point, purpose=purpose, channel=channel, how=how, wording=wording.strip(),
        language=language, place=place, at=at or now(),
    )  # fmt: skip


def _noted(actor: Actor, state: str, customer: UUID | None, contact_point: UUID | None, **values: Any) -> Consent:
    require_past(values["at"], now=now())
    if contact_point:
        holder = get(actor, ContactPoint, contact_point).customer_id
        require_same_customer(customer, holder=holder)
        customer = holder
    using = "customers.consent.give" if state == "given" else "customers.consent.withdraw"
    consent = create(
        actor, Consent, using=using, state=state, customer_id=customer, contact_point_id=contact_point, **values
    )
    told = ConsentGiven if state == "given" else ConsentWithdrawn
    happened = told(
        consent_id=consent.pk,
        customer_id=customer,
        contact_point_id=contact_point,
        purpose=consent.purpose,
        channel=consent.channel,
    )
    record(actor, [(happened, consent.at)])
    return consent
