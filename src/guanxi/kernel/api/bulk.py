"""Routes that do something to many records at once, the same for every noun."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, create_model

from guanxi.kernel import bulk
from guanxi.kernel.access import as_told
from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import actor_of, answer, once
from guanxi.kernel.api.schemas import headers
from guanxi.kernel.lists import Wanted
from guanxi.kernel.operations import Operation, of_noun, operations
from guanxi.kernel.records import RecordType
from guanxi.kernel.rows import labels
from guanxi.kernel.words import said
from guanxi.lib.errors import Unknown

ONCE = headers("Idempotency-Key")
HIDING = ("archive", "restore")


class Found(BaseModel):
    """All that a list finds by its condition and its words."""

    model_config = ConfigDict(extra="forbid")

    where: dict[str, Any] | None = None
    q: str = ""
    archived: bool = False


class Chosen(BaseModel):
    """Records by their ids, or else all that a list finds."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] | None = None
    found: Found | None = None


class ManyIn(Chosen):
    """What a verb asks for, given once for all; a change-set of its own that it goes on with."""

    given: dict[str, Any] = {}
    change_set: UUID | None = None


class Kept(BaseModel):
    """A record that stays as it is, and why."""

    id: UUID
    label: str
    code: str
    message: str
    fields: dict[str, Any]


class ManyOut(BaseModel):
    """What became of many records; the change-set is what takes it back, where anything was done."""

    change_set: UUID | None
    done: int
    unchanged: int
    kept: list[Kept]


def add_routes(router: Router, record: RecordType, change: type[BaseModel]) -> None:
    """Change many records of a noun at once, or do one of its verbs to each."""
    if record.changeable:
        _change(router, record, change)
    if _verbs(record) or _hides(record):
        _do(router, record)


def _change(router: Router, record: RecordType, change: type[BaseModel]) -> None:
    name = f"change_many_{record.plural}"
    given = create_model(f"{record.model.__name__}ManyChange", __base__=Chosen, values=(change, ...))

    @router.post("/bulk/change", response=ManyOut, operation_id=name, openapi_extra=ONCE)
    def change_many(request: HttpRequest, asked: given) -> HttpResponse:  # type: ignore[valid-type]
        """Set the same fields of many records; only what is given is changed."""
        actor, values = actor_of(request), asked.values.model_dump(exclude_unset=True)  # type: ignore[attr-defined]

        def act() -> bulk.Outcome:
            actor.require(f"{record.name}.change")
            return bulk.change_chosen(actor, record, _ids(actor, record, asked, bulk.MOST_CHANGED), values)

        return _told(request, record, act)


def _do(router: Router, record: RecordType) -> None:
    @router.post("/bulk/{verb}", response=ManyOut, operation_id=f"do_to_many_{record.plural}", openapi_extra=ONCE)
    def do_to_many(request: HttpRequest, verb: str, asked: ManyIn) -> HttpResponse:
        """Do a verb of the noun to each of many records, with what it asks for given once, or archive and restore."""
        actor = actor_of(request)

        def act() -> bulk.Outcome:
            if verb in HIDING and _hides(record):
                actor.require(f"{record.name}.archive")
                ids = _ids(actor, record, asked, bulk.MOST_CHANGED)
                return bulk.archive_chosen(actor, record, ids, hidden=verb == HIDING[0])
            operation = _verb(actor, record, verb)
            ids = _ids(actor, record, asked, bulk.MOST_DONE)
            return bulk.do_to_chosen(actor, operation, ids, asked.given, under=asked.change_set)

        return _told(request, record, act)


def _verb(actor: Actor, record: RecordType, verb: str) -> Operation:
    known = _verbs(record)
    if verb not in known:
        actor.require(f"{record.name}.read")
        raise Unknown("operation.unknown", verb, known, operation=verb)
    actor.require(known[verb].name)
    return known[verb]


def _verbs(record: RecordType) -> dict[str, Operation]:
    return {one.verb: one for one in of_noun(record.name) if one.for_many}


def _hides(record: RecordType) -> bool:
    return record.has("archived_at") and f"{record.name}.archive" not in operations()


def _ids(actor: Actor, record: RecordType, asked: Chosen, most: int) -> list[UUID]:
    found = asked.found
    listed = Wanted(where=found.where, words=found.q, archived=found.archived) if found else None
    return bulk.chosen(actor, record, asked.ids, listed, most)


def _told(request: HttpRequest, record: RecordType, act: Callable[[], bulk.Outcome]) -> HttpResponse:
    """Do it once, and say how many were done and why the others stay as they are."""
    actor = actor_of(request)

    def run() -> HttpResponse:
        outcome = act()
        called = labels(actor, record, outcome.kept) if outcome.kept else {}
        return answer(
            {
                "change_set": outcome.change_set,
                "done": outcome.done,
                "unchanged": outcome.unchanged,
                "kept": [
                    {"id": id, "label": str(called.get(id) or ""), **_sentence(actor, problem)}
                    for id, problem in outcome.kept.items()
                ],
            }
        )

    return once(request, run)


def _sentence(actor: Actor, problem: Any) -> dict[str, Any]:
    told = said(as_told(actor, problem), actor.language)
    return {name: told[name] for name in ("code", "message", "fields")}
