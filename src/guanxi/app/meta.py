"""What the client knows of the catalogues, in the reader's language, and all words of a language."""

import hashlib
from dataclasses import fields
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.app.starter import shipped_names
from guanxi.customers.segments.operations import PUT, REFRESH
from guanxi.events.customers import AboutACustomer
from guanxi.kernel import measures, settings
from guanxi.kernel.access import grantable, read, veiled
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.conditions.queries import operators_of
from guanxi.kernel.events import events
from guanxi.kernel.occurrences import RecordChanged, Undone
from guanxi.kernel.operations import Operation, of_noun, operations
from guanxi.kernel.records import UNSORTABLE, Field, RecordType, records, relations, type_of
from guanxi.kernel.reveals import permission as reveal
from guanxi.kernel.rows import jsonable
from guanxi.kernel.search import finds
from guanxi.kernel.words import say, spoken, words

router = Router(tags=["meta"])
CAUSES = (AboutACustomer, RecordChanged, Undone)


@router.get("/words/{language}", auth=None, operation_id="get_words")
def get_words(request: HttpRequest, language: str) -> HttpResponse:
    """Every text of a language by its message id."""
    return _cached(request, words(spoken(language)))


@router.get("/ping", operation_id="ping")
def ping(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  who asks was checked on the way in
    """Answer after asking the database once: the floor of what a request costs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return answer({"ok": cursor.fetchone()[0]})


@router.get("/meta", operation_id="get_meta")
def get_meta(request: HttpRequest) -> HttpResponse:
    """Nouns, verbs, events, figures and settings as the reader may know them."""
    actor = actor_of(request)
    return _cached(
        request,
        {
            "records": {r.plural: _record(actor, r) for r in records().values() if actor.may(read(r))},
            "operations": {o.name: _operation(actor, o) for o in operations().values() if actor.may(o.name)},
            "measures": {name: _measure(actor, name) for name in measures.measures() if actor.may(name)},
            "events": {name: {"label": say(f"{name}.label", actor.language)} for name in events()},
            "settings": {s.name: _setting(actor, s) for s in settings.settings().values()},
        },
    )


UNITS = {("integer", "seconds"): "seconds", ("decimal", "share"): "share"}
"""What a number counts, by its kind and the end of its name."""


def _cached(request: HttpRequest, value: Any) -> HttpResponse:
    body = orjson.dumps(value, default=jsonable, option=orjson.OPT_SORT_KEYS)
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    response = HttpResponse(status=304) if request.headers.get("If-None-Match") == tag else answer(value)
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return response


def _record(actor: Actor, record: RecordType) -> dict[str, Any]:
    language = actor.language
    return {
        "name": record.name,
        "plural": record.plural,
        "domain": record.domain,
        "label": {form: say(f"{record.name}.{form}", language) for form in ("one", "many", "help")},
        "title": record.title,
        "sort": record.sort,
        "columns": [name for name in record.columns or record.writable[:6] if name in _shown(actor, record)],
        "fields": {name: _field(actor, record, field) for name, field in _shown(actor, record).items()},
        "children": {
            relation.name: {
                "plural": relation.child.plural,
                "through": relation.through,
                "label": say(f"{record.name}.{relation.name}", language),
            }
            for relation in relations(record).values()
            if actor.may(read(relation.child))
        },
        "operations": [o.name for o in of_noun(record.name) if actor.may(o.name) and not _has_its_place(record, o)],
        "create": _create(actor, record),
        "archive": record.has("archived_at") and actor.may(f"{record.name}.archive"),
        "change": record.changeable and actor.may(f"{record.name}.change"),
        "search": finds(actor, record),
        "extensible": record.extensible,
        "reveal": actor.may(reveal(record)),
        "story": _has_story(record.name.rpartition(".")[2]),
    }


@cache
def _has_story(noun: str) -> bool:
    """Whether any event tells of one: `order_id` of orders. What only changes has its history."""
    return any(f"{noun}_id" in (one.name for one in fields(told)) for told in events().values())


def _has_its_place(record: RecordType, operation: Operation) -> bool:
    """Creating, archiving and restoring have buttons of their own on every page."""
    return operation.function is record.create or operation.verb in ("archive", "restore")


def _create(actor: Actor, record: RecordType) -> str | None:
    if record.create == "never":
        return None
    named = next((o.name for o in operations().values() if o.function is record.create), f"{record.name}.create")
    return named if actor.may(named) else None


def _shown(actor: Actor, record: RecordType) -> dict[str, Field]:
    """The fields of which the reader sees something."""
    veil = veiled(actor, record)
    return {name: field for name, field in record.fields.items() if veil.get(name) != Level.HIDDEN}


def _field(actor: Actor, record: RecordType, field: Field) -> dict[str, Any]:
    key, language = f"{record.name}.{field.name}", actor.language
    level = actor.level(key)
    readable = level >= Level.READ
    shown = {
        "label": say(key if field.custom or key in words("en") else f"field.{field.name}", language),
        "kind": field.kind,
        "required": field.required,
        "writable": field.writable and level == Level.WRITE,
        "masked": level == Level.MASKED,
        "closable": field.name in grantable(record),
        "custom": field.custom is not None,
        "sortable": field.kind not in UNSORTABLE and readable,
        "operators": list(operators_of(field)) if readable else [],
        "to": type_of(field.to).plural if field.to else None,
        "unit": UNITS.get((field.kind, field.name.rpartition("_")[2])),
    }
    if field.kind == "text" and field.stored.max_length:
        shown["longest"] = field.stored.max_length
    if field.writable and field.stored.has_default() and not callable(field.stored.default):
        shown["initial"] = field.stored.default
    shipped = shipped_names(language).get(type_of(field.to).plural if field.to else record.plural, {})
    if field.choices:
        prefix = field.name if field.name == "origin" or field.kind == "language" else key
        labels = {value: say(f"{prefix}.{value}", language) for value in field.choices}
        told = words(language)
        shown["choices"] = [
            {
                "value": value,
                "label": label,
                **({"help": help} if (help := told.get(f"{prefix}.{value}.help")) else {}),
            }
            for value, label in labels.items()
        ]
    elif field.kind in ("text", "list") and (known := _named().get(field.name)):
        shown["named"] = [{"value": value, "label": say(id, language)} for value, id in known.items()]
    elif shipped and (field.to or field.name == record.title):
        shown["named"] = [{"value": value, "label": label} for value, label in shipped.items()]
    return shown


@cache
def _named() -> dict[str, dict[str, str]]:
    """Values with words of their own in fields that take any text: `value.<field>.<value>`, and causes."""
    happened = {name: f"{name}.label" for name, event in events().items() if issubclass(event, CAUSES)}
    causes = happened | {name: name for name in (PUT, REFRESH)}
    found = {"cause": causes, "lifecycle_cause": causes}
    for key in words("en"):
        if key.startswith("value."):
            _, field, value = key.split(".", 2)
            found.setdefault(field, {})[value] = key
    return found


def _operation(actor: Actor, operation: Operation) -> dict[str, Any]:
    noun = records().get(operation.noun)
    place = noun.plural if noun else operation.noun.rpartition(".")[2]
    made = noun is not None and operation.function is noun.create
    path = f"/api/{place}" if made else f"/api/{place}{'/{id}' if operation.subject else ''}/{operation.verb}"
    return {
        "label": say(operation.name, actor.language),
        "help": say(f"{operation.name}.help", actor.language),
        "method": "POST",
        "path": path,
        "on": noun.plural if noun else None,
        "one": operation.subject is not None,
        "many": operation.for_many,
        "input": _input(actor, operation, noun),
        "confirm": operation.asks,
        "human_only": bool(operation.human_only),
    }


def _input(actor: Actor, operation: Operation, noun: RecordType | None) -> dict[str, Any]:
    """What is asked for; a field that one may not write is not asked for where it is optional."""
    schema = operation.input.model_json_schema()
    if noun and actor.fields and operation.function is noun.create:
        closed = [name for name in noun.fields if actor.level(f"{noun.name}.{name}") < Level.WRITE]
        for name in set(closed) - set(schema.get("required", [])):
            schema.get("properties", {}).pop(name, None)
    return schema


def _measure(actor: Actor, name: str) -> dict[str, Any]:
    wanted = measures.of_name(name)
    return {
        "label": say(name, actor.language),
        "help": say(f"{name}.help", actor.language),
        "unit": wanted.unit,
        "dimensions": list(wanted.dimensions),
        "standard": wanted.standard,
        "over": measures.noun_of(name).plural,
    }


def _setting(actor: Actor, one: settings.Setting) -> dict[str, Any]:
    return {
        "label": say(f"setting.{one.name}", actor.language), "unit": one.unit, "default": one.default,
        "countings": list(one.countings),
    }  # fmt: skip
