"""The calendar of the company as a page shows it."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.kernel.access import require_readable, visible_to
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.records import type_of
from guanxi.lib.holidays import USUAL, countries
from guanxi.workspace.holidays import queries
from guanxi.workspace.holidays.models import Holiday

router = Router(tags=["holidays"])


@router.get("/calendar", operation_id="get_calendar")
def calendar(request: HttpRequest) -> HttpResponse:
    """Whose public holidays count, which others may be chosen, and the days off of the coming twelve months."""
    actor = actor_of(request)
    actor.require("workspace.holiday.read")
    require_readable(actor, type_of(Holiday), "day", "name", "works")
    own = dict(visible_to(actor, Holiday).values_list("day", "pk"))
    known = queries.calendars()
    return answer(
        {
            "calendar": queries.CALENDAR.get(),
            "country": known.home.country,
            "subdivision": known.home.subdivision,
            "usual": USUAL.get(known.home.country, ""),
            "countries": {code: [list(part) for part in parts] for code, parts in countries().items()},
            "days": [{**asdict(one), "id": own.get(one.day)} for one in queries.coming(known, actor.language)],
        }
    )
