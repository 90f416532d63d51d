"""The table of people and organisations."""

from django.db import models
from django.db.models import Q

from guanxi.customers.contact_points.models import Channel
from guanxi.kernel.fields import CountryField, LanguageField, NameSortField, PhoneField, ZoneField
from guanxi.kernel.models import Extensible, Record, Searchable, search_index
from guanxi.kernel.sensitive import BlindIndex, SensitiveField
from guanxi.kernel.time import now

BROUGHT_IN = "import"
"""The cause of the class in which somebody starts who came with a file."""


class Customer(Record, Searchable, Extensible):
    """A person or organisation the company knows, from the first touch on."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    class Gender(models.TextChoices):
        FEMALE = "female"
        MALE = "male"

    class Lifecycle(models.TextChoices):
        CONTACT = "contact"
        INTERACTION = "interaction"
        PURCHASE = "purchase"
        MAINTENANCE = "maintenance"
        CHURN = "churn"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=200)
    name_sort = NameSortField()
    key = models.CharField(max_length=120, blank=True, default="")
    title = models.CharField(max_length=40, blank=True, default="")
    gender = models.CharField(max_length=8, choices=Gender, blank=True, default="")
    # A birthday without its year stands in 1904, a leap year, so that 29 February has its place.
    birthday = models.DateField(null=True, blank=True)
    birth_year_known = models.BooleanField(default=True)
    language = LanguageField(blank=True, default="")
    zone = ZoneField(blank=True, default="")
    country = CountryField()
    region = models.CharField(max_length=120, blank=True, default="")
    city = models.CharField(max_length=120, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    address = models.TextField(blank=True, default="")
    preferred_channel = models.CharField(max_length=12, choices=Channel, blank=True, default="")
    note = models.TextField(blank=True, default="")
    id_number = SensitiveField(shown=2)
    passport_number = SensitiveField(shown=2)
    bank_account = SensitiveField(shown=4)
    # Derived: the first living way of each kind, and the class of the lifecycle. They touch no version and no history.
    email = models.EmailField(max_length=254, blank=True, default="", editable=False)
    phone = PhoneField(blank=True, default="", editable=False)
    lifecycle = models.CharField(max_length=12, choices=Lifecycle, default=Lifecycle.CONTACT, editable=False)
    lifecycle_since = models.DateTimeField(default=now, editable=False)
    lifecycle_cause = models.CharField(max_length=120, blank=True, default="", editable=False)

    class Meta:
        indexes = [
            search_index("customer_search"),
            models.Index(fields=["name_sort", "id"], name="customer_by_name"),
            models.Index(fields=["-created_at", "-id"], name="customer_by_age"),
            models.Index(fields=["lifecycle", "name_sort"], name="customer_by_lifecycle"),
            models.Index(fields=["city", "name_sort"], name="customer_by_city"),
            *(
                models.Index(BlindIndex(name), name=f"customer_by_{name}", condition=~Q(**{name: ""}))
                for name in ("id_number", "passport_number", "bank_account")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="customer_key_is_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
            models.CheckConstraint(
                condition=Q(birth_year_known=True) | Q(birthday__year=1904),
                name="customer_yearless_birthday_is_in_1904",
            ),
        ]
