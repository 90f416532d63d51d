"""How the scores of customers are kept."""

from django.db import connection, transaction

from guanxi.analytics.rfm.queries import write_scores
from guanxi.customers.segments.jobs import refresh_all_segments
from guanxi.kernel.actor import Origin
from guanxi.kernel.live import touch
from guanxi.kernel.time import today
from guanxi.workspace.company.operations import ZONE

CAUSE = "rfm"
LOCK = 0x72666D  # "rfm": one pass at a time, the later one sees what the earlier one wrote


def score_everybody(*, origin: Origin) -> int:
    """Score all buyers against each other and look anew at who belongs where; returns how many were written."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        written = write_scores(today(ZONE.get()))
        if written:
            touch(["customers.customer"])
            refresh_all_segments.defer(cause=CAUSE, origin=origin)
    return written
