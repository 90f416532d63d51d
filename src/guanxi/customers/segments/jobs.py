"""What segments need by the clock."""

from zoneinfo import ZoneInfo

from guanxi.customers.segments.models import Segment
from guanxi.customers.segments.operations import refresh, refresh_all
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.jobs import job
from guanxi.kernel.time import now, today
from guanxi.workspace.company.operations import ZONE

BY_THE_DAY = "time"


@job("customers.refresh_segments_of_the_day", every="5 * * * *")
def refresh_segments_of_the_day() -> None:
    """Once in every day of the company's zone, let time work on the segments: the first look after midnight does."""
    zone = ZONE.get()
    for segment in Segment.objects.filter(archived_at=None).exclude(kind=Segment.Kind.STATIC).order_by("pk"):
        seen = segment.refreshed_at
        if seen is None or seen > now() or seen.astimezone(ZoneInfo(zone)).date() < today(zone):
            refresh(SYSTEM, segment, cause=BY_THE_DAY, origin=Origin.LIVE)


@job("customers.refresh_all_segments")
def refresh_all_segments(cause: str, origin: str) -> None:
    """Look at everybody anew, after an import or an undo has written many at once."""
    refresh_all(cause=cause, origin=Origin(origin))
