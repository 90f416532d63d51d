"""The table of memberships in organisations."""

from django.db import models
from django.db.models import F, Q

from guanxi.kernel.models import Row


class Contact(Row):
    """A person at an organisation, in a role, since a day; name and numbers stand with the person."""

    person = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=120, blank=True, default="")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="contact_is_named_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(main=True), name="contact_is_the_only_main_one"
            ),
            models.CheckConstraint(condition=~Q(person=F("organisation")), name="contact_is_not_its_own_organisation"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="contact_ends_after_it_begins"
            ),
        ]
