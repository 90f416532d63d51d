"""Office hours as a page shows them."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.time import now
from guanxi.lib.calendar import FARTHEST
from guanxi.workspace.company.operations import ZONE
from guanxi.workspace.office_hours.queries import WEEK, office_hours

router = Router(tags=["office hours"])


@router.get("/office_hours", operation_id="get_office_hours")
def show(request: HttpRequest) -> HttpResponse:
    """The week from Monday on in the company's zone, and when the office is open next, holidays considered."""
    actor = actor_of(request)
    actor.require("workspace.holiday.read")
    at = now()
    opens, closes = next(office_hours(at).between(at, at + FARTHEST))
    return answer({"week": WEEK.get(), "zone": ZONE.get(), "open": opens <= at, "opens": opens, "closes": closes})
