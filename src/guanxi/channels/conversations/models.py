"""What was said with whom, on which channel, and how long they waited."""

from typing import Any

from django.db import models
from django.db.models import Q

from guanxi.channels.conversations.rules import BY_HAND
from guanxi.channels.gate.models import PURPOSES
from guanxi.kernel.models import Record, Row, Searchable, search_index
from guanxi.kernel.time import now


class Conversation(Record, Searchable):
    """What was said with one customer on one channel; its owner is whoever answers."""

    class Status(models.TextChoices):
        OPEN = "open"
        SNOOZED = "snoozed"
        CLOSED = "closed"

    class Channel(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        VISIT = "visit"
        LETTER = "letter"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    contact_point = models.ForeignKey(
        "customers.ContactPoint", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=24, choices=Channel)
    account_id = models.UUIDField(null=True, blank=True, editable=False)
    subject = models.CharField(max_length=500, default="", blank=True)
    with_name = models.CharField(max_length=320, default="", blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    result = models.CharField(max_length=40, default="", blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    first_human_reply_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField(default=now)
    last_words = models.CharField(max_length=200, default="", blank=True)
    messages = models.PositiveIntegerField(default=0)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-last_message_at", "-id"], name="conversation_inbox"),
            models.Index(fields=["customer", "-last_message_at"], name="conversation_of_customer"),
            models.Index(
                fields=["waiting_since", "id"],
                condition=Q(waiting_since__isnull=False, status="open", archived_at=None),
                name="conversation_waits",
            ),
            search_index("conversation_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="snoozed") | Q(snoozed_until__isnull=False), name="conversation_snoozed_has_end"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False), name="conversation_closed_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(channel__in=BY_HAND) | ~Q(result=""), name="conversation_by_hand_has_result"
            ),
        ]


class Message(Row):
    """One thing said: a mail, a call, a visit, a letter."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Author(models.TextChoices):
        PERSON = "person"
        MACHINE = "machine"

    class State(models.TextChoices):
        RECEIVED = "received"
        WAITING = "waiting"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        NOT_SENT = "not_sent"
        DELIVERED = "delivered"
        BOUNCED = "bounced"
        LOGGED = "logged"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=24, choices=Conversation.Channel)
    account_id = models.UUIDField(null=True, blank=True, editable=False)
    direction = models.CharField(max_length=4, choices=Direction)
    author_kind = models.CharField(max_length=8, choices=Author, default=Author.PERSON)
    author = models.ForeignKey("workspace.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=16, choices=PURPOSES, default="reply")
    automatic = models.CharField(max_length=16, default="", blank=True)
    state = models.CharField(max_length=12, choices=State)
    reason = models.CharField(max_length=60, default="", blank=True)
    sender = models.CharField(max_length=320, default="", blank=True)
    sender_name = models.CharField(max_length=200, default="", blank=True)
    reply_to = models.CharField(max_length=320, default="", blank=True)
    recipients = models.JSONField(default=list, blank=True)
    copies = models.JSONField(default=list, blank=True)
    subject = models.CharField(max_length=500, default="", blank=True)
    text = models.TextField(default="", blank=True)
    new_text = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    at = models.DateTimeField(default=now)
    written_at = models.DateTimeField(null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    result = models.CharField(max_length=40, default="", blank=True)
    needs_answer = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=500, default="", blank=True, editable=False)
    digest = models.CharField(max_length=32, default="", blank=True, editable=False)
    answers = models.JSONField(default=list, blank=True, editable=False)
    notes = models.JSONField(default=list, blank=True)
    files = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "at"], name="message_of_conversation"),
            models.Index(fields=["customer", "-at"], name="message_of_customer"),
            models.Index(fields=["channel", "-at"], condition=Q(needs_answer=True), name="message_to_answer"),
            models.Index(fields=["provider"], condition=~Q(provider=""), name="message_by_provider"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "provider", "digest"],
                condition=Q(direction="in") & ~Q(provider=""),
                name="message_is_received_once",
            ),
            models.CheckConstraint(condition=~Q(state="logged") | ~Q(result=""), name="message_logged_has_result"),
            models.CheckConstraint(condition=Q(needs_answer=False) | Q(direction="in"), name="message_out_needs_none"),
        ]

    @property
    def told(self) -> dict[str, Any]:
        """What every event of a message says of it: which it is, where it belongs, with whom, by which way."""
        return {
            "message_id": self.pk, "conversation_id": self.conversation_id, "customer_id": self.customer_id,
            "channel": self.channel,
        }  # fmt: skip

    def __str__(self) -> str:
        return self.subject or self.new_text[:80]


class Attachment(models.Model):
    """A file that came or went with a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content_id = models.CharField(max_length=200, default="", blank=True)
    size_bytes = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attachment_number_in_message")]
