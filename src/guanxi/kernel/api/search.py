"""The route of the one search."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.throttling import SEARCHING
from guanxi.kernel.records import of_plural
from guanxi.kernel.search import everywhere
from guanxi.kernel.words import say

router = Router(tags=["search"])


@router.get("/search", operation_id="search", throttle=SEARCHING)
def search(request: HttpRequest, q: str) -> HttpResponse:
    """The best hits of every noun the reader may see."""
    actor = actor_of(request)
    found = everywhere(actor, q[:200])
    groups = [
        {
            "plural": plural,
            "label": say(f"{of_plural(plural).name}.many", actor.language),
            "hits": hits,
        }
        for plural, hits in found.items()
    ]
    return answer({"groups": groups})
