"""How many somebody is about to choose, said as a sentence and with some of them to look at."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime, BaseModel, ConfigDict

from guanxi.kernel.access import read, visible_to
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.records import of_plural
from guanxi.kernel.rows import shown
from guanxi.workspace.company.operations import CURRENCY, ZONE

router = Router(tags=["segments"])
SAMPLE = 8


class Asked(BaseModel):
    """A condition on a noun, as things are or as they were."""

    model_config = ConfigDict(extra="forbid")

    record: str = "customers"
    condition: dict[str, Any] | None = None
    as_of: AwareDatetime | None = None


@router.post("/preview", operation_id="preview_segment", summary="Count and show whom a condition chooses")
def preview(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Count whom the asker may see, say the condition, show the newest of them."""
    actor, record = actor_of(request), of_plural(asked.record)
    actor.require(read(record))
    rows: QuerySet[Any] = visible_to(actor, record.model)
    rows = rows.filter(compiled(actor, asked.condition, record, as_of=asked.as_of, zone=ZONE.get()))
    if record.has("archived_at"):
        rows = rows.filter(archived_at=None)
    return answer(
        {
            "count": rows.count(),
            "exact": True,
            "sentence": sentence(asked.condition, record, actor=actor, currency=CURRENCY.get()),
            "sample": [one.json for one in shown(actor, record, rows.order_by("-created_at", "-pk")[:SAMPLE])],
        }
    )
