"""The table of roles."""

from django.db import models

from guanxi.kernel.models import Row


class Role(Row):
    """A bundle of rights: what may be done and how far, by permission name (`domain.*` and `*` stand for many)."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    grants = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="role_key_is_unique")]
