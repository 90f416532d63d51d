"""The table of tokens."""

from django.db import models

from guanxi.kernel.fields import OnceField
from guanxi.kernel.models import Row


class Token(Row):
    """Access in somebody's name: a signed-in browser or a script. Only a hash of the secret is kept."""

    class Kind(models.TextChoices):
        SESSION = "session"
        ACCESS = "access"

    owner = models.ForeignKey("workspace.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120, blank=True, default="")
    hash = models.BinaryField(max_length=32, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = OnceField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash"], name="token_is_unique")]
