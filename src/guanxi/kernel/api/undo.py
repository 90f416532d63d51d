"""The route that takes a change-set back, or says what of it would be."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict

from guanxi.kernel.api.answers import actor_of, answer, once
from guanxi.kernel.api.schemas import headers
from guanxi.kernel.undo import undo

router = Router(tags=["undo"])
ONCE = headers("Idempotency-Key")


class UndoIn(BaseModel):
    """Which change-set; `dry_run` only says what would come of it."""

    model_config = ConfigDict(extra="forbid")

    change_set: UUID
    dry_run: bool = False


class UndoOut(BaseModel):
    """How many records were removed and restored, by noun, and how many stay, by noun and reason."""

    removed: dict[str, int]
    restored: dict[str, int]
    kept: dict[str, int]


@router.post("/undo", response=UndoOut, operation_id="undo", openapi_extra=ONCE)
def take_back(request: HttpRequest, asked: UndoIn) -> HttpResponse:
    """Take back what a change-set wrote; what was changed or used since stays."""

    def act() -> HttpResponse:
        report = undo(actor_of(request), asked.change_set, dry_run=asked.dry_run)
        removed, restored = (
            {noun: n for noun, n in counted.items() if n} for counted in (report.removed, report.restored)
        )
        return answer({"removed": removed, "restored": restored, "kept": report.kept_by_reason()})

    return once(request, act)
