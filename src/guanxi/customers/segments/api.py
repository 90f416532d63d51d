"""How many somebody is about to choose, said as a sentence and with some to look at; and where a segment is used."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Segment
from guanxi.customers.segments.queries import count_by_class
from guanxi.customers.segments.rules import require_definition
from guanxi.kernel.access import get, read, visible_to
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.throttling import SEARCHING
from guanxi.kernel.conditions.estimates import estimated, is_large
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.records import of_plural, type_of
from guanxi.kernel.rows import shown
from guanxi.kernel.uses import uses_of
from guanxi.workspace.company.operations import CURRENCY, ZONE

router = Router(tags=["segments"])
SAMPLE = 8


class Asked(BaseModel):
    """A condition on a noun, as things are or as they were."""

    model_config = ConfigDict(extra="forbid")

    record: str = "customers"
    condition: dict[str, Any] | None = None
    as_of: AwareDatetime | None = None
    quick: bool = False


class Class(BaseModel):
    """One class of a partition that is being made."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str = Field(alias="class")
    condition: dict[str, Any]


class AskedClasses(BaseModel):
    """The classes of a partition, in their order; the last is for all others."""

    model_config = ConfigDict(extra="forbid")

    classes: list[Class]
    otherwise: str


class UseOut(BaseModel):
    """A record that uses another, by noun and name."""

    record: str
    id: UUID
    label: str


class UsesOut(BaseModel):
    """What uses a record, as far as the asker sees it, and how many more there are."""

    uses: list[UseOut]
    hidden: int


@router.get("/{uuid:id}/uses", operation_id="uses_of_segment", summary="Where a segment is used", response=UsesOut)
def uses(request: HttpRequest, id: UUID) -> HttpResponse:
    """Name the strategies, clauses, journeys and other segments that are made from it."""
    actor = actor_of(request)
    actor.require(read(type_of(Segment)))
    found = uses_of(actor, type_of(Segment), get(actor, Segment, id).pk)
    seen = [{"record": one.record.plural, "id": one.id, "label": one.label} for one in found.seen]
    return answer({"uses": seen, "hidden": found.hidden})


@router.post(
    "/preview_classes",
    operation_id="preview_classes",
    summary="Count everybody by the classes of a partition",
    throttle=SEARCHING,
)
def preview_classes(request: HttpRequest, asked: AskedClasses) -> HttpResponse:
    """Count whom the asker may see, by the first class whose condition holds."""
    actor = actor_of(request)
    actor.require(read(type_of(Customer)))
    classes = [{"class": one.name, "condition": one.condition} for one in asked.classes]
    require_definition("partition", None, classes, asked.otherwise)
    return answer({"counts": count_by_class(actor, classes, asked.otherwise)})


@router.post(
    "/preview",
    operation_id="preview_segment",
    summary="Count and show whom a condition chooses",
    throttle=SEARCHING,
)
def preview(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Count whom the asker may see, say the condition, show the newest of them; `quick` is content with an estimate."""
    actor, record = actor_of(request), of_plural(asked.record)
    actor.require(read(record))
    rows: QuerySet[Any] = visible_to(actor, record.model)
    rows = rows.filter(compiled(actor, asked.condition, record, as_of=asked.as_of, zone=ZONE.get()))
    if record.has("archived_at"):
        rows = rows.filter(archived_at=None)
    exact = not (asked.quick and is_large(record))
    newest = rows.order_by("-created_at", "-pk")[:SAMPLE] if exact else rows.none()
    about = None if exact else estimated(actor, asked.condition, record, as_of=asked.as_of, zone=ZONE.get())
    return answer(
        {
            "count": rows.count() if exact else about,
            "exact": exact,
            "sentence": sentence(asked.condition, record, actor=actor, currency=CURRENCY.get()),
            "sample": [one.json for one in shown(actor, record, newest)],
        }
    )
