"""Whether the sample company is still being filled."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.kernel.api.answers import answer
from guanxi.simulation.firm.queries import so_far

router = Router(tags=["sample"])


@router.get("/sample", operation_id="get_sample", summary="How far the sample company has come")
def get_sample(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """How many of its matters the sample company has lived through; nothing of nothing where there is none."""
    told = so_far()
    return answer({"lived": told.lived, "of": told.of})
