"""The table of people who work here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from guanxi.kernel.fields import LanguageField, NameSortField, OnceField, SecretField, ZoneField
from guanxi.kernel.models import Row, Searchable, search_index
from guanxi.kernel.time import now


class User(Row, Searchable):
    """Somebody who signs in: an agent, a seller, a manager, the owner."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    name = models.CharField(max_length=200)
    name_sort = NameSortField()
    email = models.EmailField(max_length=254)
    password = SecretField()
    password_set_at = OnceField(default=now, editable=False)
    # Access for scripts given before holds no more.
    access_ended_at = OnceField(null=True, blank=True, editable=False)
    # The newest link to choose a password by, until it is used.
    link_made_at = OnceField(null=True, blank=True, editable=False)
    language = LanguageField()
    zone = ZoneField(default="UTC")
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    team = models.ForeignKey("workspace.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [search_index("user_search")]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_is_unique"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
        ]
