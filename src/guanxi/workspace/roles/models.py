"""The table of roles."""

from django.db import models

from guanxi.kernel.models import Row


class Role(Row):
    """A bundle of rights: what may be done and how far, by permission name (`domain.*` and `*` stand for many).

    `fields` narrows single fields by their whole names: 0 hidden, 1 masked, 2 read; all others follow the noun.
    """

    key = models.SlugField(max_length=40, db_index=False)
    name = models.CharField(max_length=120)
    grants = models.JSONField(default=dict)
    fields = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="role_key_is_unique")]
