"""The table of ways to reach somebody."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Row, Searchable, search_index


class Channel(models.TextChoices):
    """How one can be talked to: what is preferred and what is agreed to."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    WECHAT = "wechat"
    WHATSAPP = "whatsapp"
    LETTER = "letter"
    VISIT = "visit"


class ContactPoint(Row, Searchable):
    """A way to reach somebody, in one written form: a number, an address, an account."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        WECHAT = "wechat"
        WHATSAPP = "whatsapp"
        LINE = "line"
        ADDRESS = "address"
        OTHER = "other"

    class Verdict(models.TextChoices):
        VALID = "valid"
        POSSIBLE = "possible"
        IMPOSSIBLE = "impossible"

    class Proof(models.TextChoices):
        CODE = "code"
        LINK = "link"
        CALL = "call"
        ANSWER = "answer"
        PERSON = "person"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=320)
    raw = models.CharField(max_length=320, blank=True, default="")
    purpose = models.CharField(max_length=40, blank=True, default="")
    main = models.BooleanField(default=False)
    shared = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.VALID, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_how = models.CharField(max_length=8, choices=Proof, blank=True, default="", editable=False)
    dead_at = models.DateTimeField(null=True, blank=True, editable=False)
    dead_why = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        indexes = [
            search_index("contact_point_search"),
            models.Index(fields=["value", "kind"], name="contact_point_by_value"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(shared=False) & ~Q(verdict="impossible") & ~Q(kind="address"),
                name="contact_point_belongs_to_one",
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "value"], name="contact_point_stands_once_with_a_customer"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="contact_point_has_a_value"),
            models.CheckConstraint(
                condition=Q(verified_at=None) | ~Q(verified_how=""), name="contact_point_verified_somehow"
            ),
        ]
