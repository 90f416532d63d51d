"""Routes of every noun and every verb: nothing more to write for a new one."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from guanxi.kernel import lists
from guanxi.kernel.access import get, grantable, read, require_no_guess, visible_to
from guanxi.kernel.api import bulk, schemas
from guanxi.kernel.api.answers import actor_of, answer, once, told
from guanxi.kernel.api.history import history_of
from guanxi.kernel.api.past import timeline_of
from guanxi.kernel.api.preconditions import as_read, versions_read
from guanxi.kernel.api.throttling import SEARCHING
from guanxi.kernel.bounds import bounds_of
from guanxi.kernel.custom import put_all
from guanxi.kernel.occurrences import RecordChanged
from guanxi.kernel.operations import Operation, given_in, making, of_noun, operations
from guanxi.kernel.outages import stepping_aside
from guanxi.kernel.records import RecordType, records, relations
from guanxi.kernel.reveals import blind_index, reveal
from guanxi.kernel.rows import one, shown
from guanxi.kernel.writes import archive, change, create, restore
from guanxi.lib.errors import Invalid, NotFound

ONCE = schemas.headers("Idempotency-Key")
AS_READ = schemas.headers("If-Match")
BOTH = schemas.headers("Idempotency-Key", "If-Match")


def routers() -> list[tuple[str, Router]]:
    """A router for each noun, and for each group of verbs that belong to no noun."""
    made = {record.plural: build_router(record) for record in records().values()}
    nouns = set(records())
    for operation in operations().values():
        if operation.noun not in nouns:
            place = operation.noun.rpartition(".")[2]
            made.setdefault(place, Router(tags=[place]))
            _verb(made[place], operation)
    return [(f"/{plural}", router) for plural, router in made.items()]


def build_router(record: RecordType) -> Router:
    """List, get, create, change, archive, many at once, history, timeline, children and the verbs of a noun."""
    router = Router(tags=[record.plural])
    row = schemas.out(record)
    _list(router, record, schemas.page(record, row))
    _read_one(router, record, row)
    _create(router, record, row)
    change_in = schemas.change_in(record)
    if record.changeable:
        _change(router, record, row, change_in)
    bulk.add_routes(router, record, change_in)
    if record.has("archived_at") and f"{record.name}.archive" not in operations():
        _archive(router, record, row)
    if grantable(record):
        _reveal(router, record)
    sensitive = tuple(field.name for field in record.own.values() if field.kind == "sensitive")
    if sensitive or record.extensible:
        _blind_index(router, record, sensitive)
    for relation in relations(record).values():
        _children(router, record, relation.name)
    for operation in of_noun(record.name):
        if operation.function is not record.create:
            _verb(router, operation)
    return router


def parsed(where: str) -> dict[str, Any] | None:
    """A condition from a URL."""
    if not where:
        return None
    try:
        found = orjson.loads(where)
    except orjson.JSONDecodeError as problem:
        raise Invalid("condition.not_json") from problem
    if not isinstance(found, dict):
        raise Invalid("condition.not_an_object", got=type(found).__name__)
    return found


def _list(router: Router, record: RecordType, page: type[BaseModel]) -> None:
    @router.get("", response=page, operation_id=f"list_{record.plural}", summary=f"List {record.plural}")
    def list_rows(
        request: HttpRequest,
        where: str = "",
        q: str = "",
        sort: str = "",
        cursor: str = "",
        limit: int = 50,
        count: bool = False,
        archived: bool = False,
    ) -> HttpResponse:
        actor = actor_of(request)
        actor.require(read(record))
        wanted = lists.Wanted(where=parsed(where), words=q, sort=sort, cursor=cursor, limit=limit, archived=archived)
        return answer(_page(request, record, wanted, count))

    @router.get(
        "/bounds", operation_id=f"bounds_of_{record.plural}", summary=f"Places far down the list of {record.plural}",
        throttle=SEARCHING,
    )  # fmt: skip
    def places(
        request: HttpRequest, where: str = "", q: str = "", sort: str = "", archived: bool = False
    ) -> HttpResponse:
        actor = actor_of(request)
        actor.require(read(record))
        wanted = lists.Wanted(where=parsed(where), words=q, sort=sort, archived=archived)
        return answer(asdict(bounds_of(actor, record, wanted)))


def _page(request: HttpRequest, record: RecordType, wanted: lists.Wanted, count: bool) -> dict[str, Any]:
    actor = actor_of(request)
    found = lists.page(actor, record, wanted)
    n, exact = lists.count(actor, record, wanted) if count else (0, False)
    return {
        "rows": found.rows,
        "next": found.next,
        "count": {"n": n, "exact": exact} if count else None,
    }


def _read_one(router: Router, record: RecordType, row: type[BaseModel]) -> None:
    name = record.model.__name__.lower()

    @router.get("/{uuid:id}", response=row, operation_id=f"get_{name}")
    def get_row(request: HttpRequest, id: UUID) -> HttpResponse:
        actor = actor_of(request)
        actor.require(read(record))
        found = shown(actor, record, visible_to(actor, record.model).filter(pk=id), key="version")
        if not found:
            raise NotFound("record.not_found", record=record.name, id=str(id))
        return answer(found[0].json, version=found[0].key)

    @router.get("/{uuid:id}/history", operation_id=f"history_of_{name}")
    def history(request: HttpRequest, id: UUID) -> HttpResponse:
        actor = actor_of(request)
        return answer(history_of(actor, record, get(actor, record.model, id)))

    @router.get("/{uuid:id}/timeline", operation_id=f"timeline_of_{name}")
    def timeline(request: HttpRequest, id: UUID, cursor: str = "", kinds: str = "", limit: int = 50) -> HttpResponse:
        actor = actor_of(request)
        lists.require_limit(limit)
        row = get(actor, record.model, id)
        return answer(timeline_of(actor, row, cursor=cursor, kinds=kinds, limit=limit))


def _create(router: Router, record: RecordType, row: type[BaseModel]) -> None:
    name = record.model.__name__.lower()
    if record.create == "never":
        return
    named = making(record)
    given = named.input if named else schemas.create_in(record)

    @router.post("", response={201: row}, operation_id=f"create_{name}", openapi_extra=ONCE)
    def create_row(request: HttpRequest, values: given) -> HttpResponse:  # type: ignore[valid-type]
        actor = actor_of(request)

        def act() -> HttpResponse:
            if named:
                return answer(told(actor, named.function(actor, **given_in(values))), 201)
            fields = {field: getattr(values, field) for field in values.model_fields_set}  # type: ignore[attr-defined]
            made = create(actor, record.model, **_columns(record, fields))
            return answer(told(actor, made), 201)

        return once(request, act)


def _columns(record: RecordType, values: dict[str, Any]) -> dict[str, Any]:
    return {record.field(name).given_as: value for name, value in values.items()}


def _change(router: Router, record: RecordType, row: type[BaseModel], given: type[BaseModel]) -> None:
    name = record.model.__name__.lower()

    @router.patch("/{uuid:id}", response=row, operation_id=f"change_{name}", openapi_extra=AS_READ)
    @stepping_aside
    def change_row(request: HttpRequest, id: UUID, values: given) -> HttpResponse:  # type: ignore[valid-type]
        actor = actor_of(request)
        fields = values.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        actor.require(f"{record.name}.change")
        require_no_guess(actor, record, fields)
        with change(record.model, id, by=actor, versions=versions_read(request)) as held:
            changed = {f: v for f, v in fields.items() if record.field(f).differs(held, v)}
            put_all(held, _columns(record, changed))
            if changed:
                labels = tuple(record.message(name) for name in changed)
                held.emit(RecordChanged(record=record.name, record_id=id, fields=labels))
        return answer(one(actor, held), version=held.version)


def _archive(router: Router, record: RecordType, row: type[BaseModel]) -> None:
    name = record.model.__name__.lower()

    @router.post("/{uuid:id}/archive", response=row, operation_id=f"archive_{name}", openapi_extra=AS_READ)
    @stepping_aside
    def hide(request: HttpRequest, id: UUID) -> HttpResponse:
        actor = actor_of(request)
        with as_read(request, actor, record, id):
            row = archive(actor, record.model, id)
        return answer(one(actor, row), version=row.version)

    @router.post("/{uuid:id}/restore", response=row, operation_id=f"restore_{name}", openapi_extra=AS_READ)
    @stepping_aside
    def show(request: HttpRequest, id: UUID) -> HttpResponse:
        actor = actor_of(request)
        with as_read(request, actor, record, id):
            row = restore(actor, record.model, id)
        return answer(one(actor, row), version=row.version)


def _reveal(router: Router, record: RecordType) -> None:
    given = schemas.reveal_in(record, grantable(record))

    @router.post("/{uuid:id}/reveal", operation_id=f"reveal_{record.model.__name__.lower()}")
    def look(request: HttpRequest, id: UUID, values: given) -> HttpResponse:  # type: ignore[valid-type]
        return answer({"value": reveal(actor_of(request), record, id, values.field)})  # type: ignore[attr-defined]


def _blind_index(router: Router, record: RecordType, names: tuple[str, ...]) -> None:
    given = schemas.blind_index_in(record, names)

    @router.post("/blind_index", operation_id=f"blind_index_of_{record.plural}")
    def sought(request: HttpRequest, values: given) -> HttpResponse:  # type: ignore[valid-type]
        return answer({"value": blind_index(actor_of(request), record, values.field, values.value)})  # type: ignore[attr-defined]


def _children(router: Router, record: RecordType, name: str) -> None:
    relation = relations(record)[name]

    @router.get(f"/{{uuid:id}}/{name}", operation_id=f"{name}_of_{record.model.__name__.lower()}")
    def children(request: HttpRequest, id: UUID, sort: str = "", cursor: str = "", limit: int = 50) -> HttpResponse:
        actor = actor_of(request)
        actor.require(read(relation.child))
        parent = get(actor, record.model, id)
        of_parent = {"field": relation.through, "op": "is", "value": str(parent.pk)}
        wanted = lists.Wanted(where=of_parent, sort=sort, cursor=cursor, limit=limit)
        return answer(_page(request, relation.child, wanted, count=False))


def _verb(router: Router, operation: Operation) -> None:
    name = operation.name.replace(".", "_")
    path = f"/{{uuid:id}}/{operation.verb}" if operation.subject else f"/{operation.verb}"
    given = operation.input

    def act(request: HttpRequest, id: UUID | None, values: BaseModel) -> HttpResponse:
        actor = actor_of(request)

        def run() -> HttpResponse:
            fields = given_in(values)
            if id is None:
                return answer(told(actor, operation.function(actor, **fields)))
            with as_read(request, actor, operation.record, id):
                return answer(told(actor, operation.function(actor, id, **fields)))

        return once(request, run)

    summary = (operation.function.__doc__ or "").strip()
    if operation.subject:

        @router.post(path, operation_id=name, summary=summary, openapi_extra=BOTH)
        def on_one(request: HttpRequest, id: UUID, values: given) -> HttpResponse:  # type: ignore[valid-type]
            return act(request, id, values)
    else:

        @router.post(path, operation_id=name, summary=summary, openapi_extra=ONCE)
        def on_all(request: HttpRequest, values: given) -> HttpResponse:  # type: ignore[valid-type]
            return act(request, None, values)
