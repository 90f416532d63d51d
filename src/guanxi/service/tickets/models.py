"""The table of tickets."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from guanxi.channels.conversations.models import Conversation
from guanxi.kernel.models import Extensible, Record, Searchable, search_index
from guanxi.kernel.time import now
from guanxi.service.tickets.rules import COMPLAINT, DONE, LONGEST_DESCRIPTION


class Ticket(Record, Searchable, Extensible):
    """A matter of one customer that is to be solved: an enquiry, a request or a complaint."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry"
        REQUEST = "request"
        COMPLAINT = "complaint"

    class Status(models.TextChoices):
        NEW = "new"
        OPEN = "open"
        WAITING = "waiting"
        RECEIVED = "received"
        REPLIED = "replied"
        INVESTIGATING = "investigating"
        SOLVED = "solved"
        CLOSED = "closed"
        CONFIRMED = "confirmed"

    class Priority(models.TextChoices):
        LOW = "low"
        NORMAL = "normal"
        HIGH = "high"
        URGENT = "urgent"

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ENQUIRY)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=500)
    description = models.TextField(default="", blank=True, validators=[MaxLengthValidator(LONGEST_DESCRIPTION)])
    status = models.CharField(max_length=16, choices=Status, default=Status.NEW)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.NORMAL)
    channel = models.CharField(max_length=24, choices=Conversation.Channel, default="", blank=True)
    received_at = models.DateTimeField(default=now)
    receipt_at = models.DateTimeField(null=True, blank=True)
    first_human_reply_at = models.DateTimeField(null=True, blank=True)
    # A complaint may begin later than its ticket; its clock and its reply are its own.
    complained_at = models.DateTimeField(null=True, blank=True)
    complaint_replied_at = models.DateTimeField(null=True, blank=True)
    reply_due_at = models.DateTimeField()
    solve_due_at = models.DateTimeField()
    # The earliest promise that still runs; lists of what is about to break sort by it.
    next_due_at = models.DateTimeField(null=True, blank=True)
    solution = models.TextField(default="", blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            search_index("ticket_search"),
            models.Index(fields=["customer", "-received_at"], name="ticket_of_customer"),
            models.Index(fields=["-received_at", "-id"], name="ticket_by_arrival"),
            models.Index(fields=["-complained_at"], condition=Q(kind="complaint"), name="ticket_complaints"),
            models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="ticket_runs"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="ticket_number_is_unique"),
            models.CheckConstraint(
                condition=Q(kind="complaint", status__in=sorted(COMPLAINT))
                | (~Q(kind="complaint") & ~Q(status__in=["received", "replied", "investigating", "confirmed"])),
                name="ticket_status_of_its_process",
            ),
            models.CheckConstraint(
                condition=Q(kind="complaint", complained_at__isnull=False)
                | (~Q(kind="complaint") & Q(complained_at=None, complaint_replied_at=None)),
                name="ticket_complaint_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(DONE)) | Q(solved_at__isnull=False), name="ticket_done_was_solved"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["closed", "confirmed"]) | Q(closed_at__isnull=False),
                name="ticket_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind="complaint") | Q(status="received") | Q(complaint_replied_at__isnull=False),
                name="ticket_complaint_goes_on_after_reply",
            ),
        ]
