"""The table of mailboxes."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from guanxi.channels.email.hosts import Security
from guanxi.kernel.fields import SecretField
from guanxi.kernel.models import Record

SECURITY = [(security.value, security.value) for security in Security]


class Mailbox(Record):
    """An address the company reads and writes from; its owner team answers what comes in."""

    name = models.CharField(max_length=120)
    address = models.EmailField(max_length=254)
    sender_name = models.CharField(max_length=150, default="", blank=True)
    primary = models.BooleanField(default=False)
    imap_host = models.CharField(max_length=253)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=SECURITY, default=Security.TLS)
    smtp_host = models.CharField(max_length=253)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=8, choices=SECURITY, default=Security.TLS)
    user = models.CharField(max_length=254)
    secret = SecretField()
    authorities = models.TextField(default="", blank=True)
    folder = models.CharField(max_length=120, default="INBOX")
    sent_folder = models.CharField(max_length=120, default="", blank=True)
    marks_seen = models.BooleanField(default=False)
    signature = models.TextField(default="", blank=True)
    plus_addressing = models.BooleanField(default=False)
    acknowledges = models.BooleanField(default=False)
    acknowledgement = models.ForeignKey(
        "channels.Template", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    validity = models.BigIntegerField(null=True, blank=True, editable=False)
    read_to = models.BigIntegerField(default=0, editable=False)
    sent_validity = models.BigIntegerField(null=True, blank=True, editable=False)
    sent_read_to = models.BigIntegerField(default=0, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    backfilled_at = models.DateTimeField(null=True, blank=True, editable=False)
    backfilled = models.PositiveIntegerField(default=0, editable=False)
    problem = models.CharField(max_length=60, default="", blank=True, editable=False)
    problem_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(archived_at=None), name="mailbox_address_is_unique"
            ),
            models.UniqueConstraint(
                fields=["primary"], condition=Q(primary=True, archived_at=None), name="mailbox_one_primary"
            ),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="mailbox_address_lower"),
            models.CheckConstraint(
                condition=Q(imap_port__range=(1, 65535)) & Q(smtp_port__range=(1, 65535)), name="mailbox_ports_exist"
            ),
        ]
