"""Messages on their way out, and the contacts that count against a customer's patience."""

from django.db import models
from django.db.models import Q

from guanxi.channels.gate.rules import Purpose
from guanxi.kernel.models import Row
from guanxi.kernel.time import now

PURPOSES = [(purpose.value, purpose.value) for purpose in Purpose]


class Delivery(Row):
    """One message on its way to one customer: from the wish to what became of it."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RESERVED = "reserved"
        SENDING = "sending"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        REFUSED = "refused"
        FAILED = "failed"
        CALLED_BACK = "called_back"

    key = models.CharField(max_length=200, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    contact_point = models.ForeignKey(
        "customers.ContactPoint", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=24)
    purpose = models.CharField(max_length=16, choices=PURPOSES)
    account_id = models.UUIDField(null=True, blank=True, editable=False)
    matter_id = models.UUIDField(null=True, blank=True, editable=False)
    copy_of = models.UUIDField(null=True, blank=True, editable=False)
    urgent = models.BooleanField(default=False)
    own_way = models.BooleanField(default=False, editable=False)
    outgoing = models.JSONField(default=dict, blank=True, editable=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.WAITING)
    receipt = models.JSONField(null=True, blank=True, editable=False)
    release_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    consent = models.ForeignKey(
        "customers.Consent", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    provider = models.CharField(max_length=500, default="", blank=True, editable=False)
    recipient = models.CharField(max_length=320, default="", blank=True)
    reason = models.CharField(max_length=60, default="", blank=True)
    detail = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    report = models.CharField(max_length=16, default="", blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="delivery_of_customer"),
            models.Index(fields=["provider"], name="delivery_by_provider"),
            models.Index(fields=["purpose", "-created_at"], name="delivery_by_purpose"),
            models.Index(fields=["copy_of"], condition=Q(copy_of__isnull=False), name="delivery_copy_of"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="delivery_key_is_unique"),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "uncertain"]) | Q(sent_at__isnull=False), name="delivery_sent_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "failed"]) | ~Q(reason=""), name="delivery_refused_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient}"


class Budget(models.Model):
    """What is locked while it is decided whether one more contact is allowed."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+")


class Approach(models.Model):
    """One time we approached a customer, on any channel; counts against their patience."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    channel = models.CharField(max_length=24)
    purpose = models.CharField(max_length=16, choices=PURPOSES)
    source_id = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="approach_of_customer")]
