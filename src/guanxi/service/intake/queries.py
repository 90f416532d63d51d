"""What a conversation is about, which rule decides, and what has been answered in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q

from guanxi.channels.conversations.models import Conversation, Message
from guanxi.channels.conversations.rules import SPOKEN
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions.queries import matches
from guanxi.service.intake import rules
from guanxi.service.intake.models import TicketConversation, TicketRule
from guanxi.service.tickets.models import Ticket
from guanxi.workspace.tokens.queries import actor_of

LEFT = ("sent", "uncertain", "delivered")


@dataclass(frozen=True, kw_only=True)
class Answers:
    """When we first wrote by machine and as a person."""

    receipt: datetime | None
    person: datetime | None


def tickets_of(conversation: UUID) -> "list[Ticket]":
    """The tickets a conversation is about, the latest first."""
    ids = TicketConversation.objects.filter(conversation=conversation).values("ticket")
    return list(Ticket.objects.filter(pk__in=ids).order_by("-received_at", "-pk"))


def ticket_taken_up(matter: UUID, customer: UUID | None, *, by: UUID | None) -> Ticket | None:
    """The ticket a matter is, where it is one of this customer and whoever took it up sees it."""
    person = actor_of(by) if by else SYSTEM
    return visible_to(person, Ticket).filter(pk=matter, customer=customer).first() if person else None


def deciding(conversation: Conversation, text: str) -> TicketRule | None:
    """The first active rule that fits a conversation and what was said in it."""
    of_mailbox = Q(mailbox=None) | Q(mailbox=conversation.account_id)
    for rule in TicketRule.objects.filter(of_mailbox, active=True).order_by("position", "key"):
        if rule.words and rules.said(text, rule.words) is None:
            continue
        if matches(SYSTEM, rule.condition, conversation):
            return rule
    return None


def answers_since(conversation: UUID, since: datetime) -> Answers:
    """What we have said in a conversation since a moment."""
    said = Q(direction="out", state__in=LEFT) | Q(state="logged", result__in=SPOKEN)
    left = Message.objects.filter(said, conversation=conversation, at__gte=since)
    found = left.aggregate(
        receipt=Min("at", filter=Q(author_kind="machine")), person=Min("at", filter=Q(author_kind="person"))
    )
    return Answers(receipt=found["receipt"], person=found["person"])
