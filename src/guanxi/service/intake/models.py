"""The tables of rules that make tickets, and of conversations about tickets."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guanxi.kernel.fields import ConditionField
from guanxi.kernel.models import Row
from guanxi.service.tickets.models import Ticket


class TicketRule(Row):
    """Which conversations become tickets of which kind; the first rule that fits decides."""

    class Makes(models.TextChoices):
        ENQUIRY = "enquiry"
        REQUEST = "request"
        COMPLAINT = "complaint"
        NOTHING = "nothing"

    key = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)
    mailbox = models.ForeignKey("channels.Mailbox", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    condition = ConditionField(null=True, blank=True)
    words = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    makes = models.CharField(max_length=12, choices=Makes, default=Makes.ENQUIRY)
    priority = models.CharField(max_length=8, choices=Ticket.Priority, default=Ticket.Priority.NORMAL)
    team = models.ForeignKey("workspace.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="ticket_rule_key_is_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="ticket_rule_has_a_name"),
        ]


class TicketConversation(Row):
    """That a conversation is about a ticket; a ticket may have several, a conversation one after the other."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey("channels.Conversation", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "conversation"], name="ticket_conversation_once")]
