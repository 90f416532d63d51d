"""A worker in a process of its own that kills itself in the middle of a step; see test_killed.py."""

import os
import random
import signal
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.app.settings"
django.setup()

from guanxi.journeys.runs import operations as runs  # noqa: E402
from guanxi.journeys.runs.jobs import advance_runs  # noqa: E402
from guanxi.journeys.runs.models import Run  # noqa: E402


def main(seed: int) -> None:
    """Advance all that is active; now and then die between what a step writes and its commit."""
    chance, perform, receipt = random.Random(seed), runs.perform, runs._receipt

    def die() -> None:
        if chance.random() < 0.05:
            os.kill(os.getpid(), signal.SIGKILL)

    def dying_perform(*given):
        found = perform(*given)
        die()
        return found

    def dying_receipt(*given):
        receipt(*given)
        die()

    runs.perform, runs._receipt = dying_perform, dying_receipt
    active = Run.objects.filter(status="active").order_by("pk").values_list("pk", flat=True)
    advance_runs.function(runs=[str(id) for id in active])


if __name__ == "__main__":
    main(int(sys.argv[1]))
