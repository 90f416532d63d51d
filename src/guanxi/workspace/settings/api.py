"""What holds in the house, as a page shows it."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.kernel.api.answers import actor_of, answer
from guanxi.workspace.settings.queries import in_force

router = Router(tags=["settings"])


@router.get("/settings", operation_id="get_settings")
def settings(request: HttpRequest) -> HttpResponse:
    """Every rule that is chosen alone and every standard: what holds, since when, by whom, and what ships."""
    return answer({"settings": in_force(actor_of(request))})
