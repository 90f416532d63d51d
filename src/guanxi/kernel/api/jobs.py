"""Work by the clock of what scripts ask for."""

from datetime import timedelta

from guanxi.kernel.jobs import job
from guanxi.kernel.models import IdempotentAnswer
from guanxi.kernel.time import now

KEPT = timedelta(days=7)


@job("kernel.forget_answers", every="47 4 * * *")
def forget_answers() -> None:
    """Forget what was answered under a key a week ago: nobody still waits for it, and it tells of people."""
    IdempotentAnswer.objects.filter(at__lt=now() - KEPT).delete()
