"""What goes out: ready bytes, refusals in the reader's language, and the same answer for the same key."""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any, cast

import orjson
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from guanxi.kernel.access import as_told
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import IdempotentAnswer, Row
from guanxi.kernel.outages import stepping_aside
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import jsonable, one, plain, shown
from guanxi.kernel.secrets import seal, signed, unseal
from guanxi.kernel.words import said, spoken
from guanxi.lib.errors import AGAIN_AFTER, Conflict, Problem, TooMany, Unavailable

JSON = "application/json"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def answer(value: Any, status: int = 200, *, version: int | str | None = None) -> HttpResponse:
    """A value as JSON; the version of a row is what If-Match may name."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return HttpResponse(orjson.dumps(value, default=jsonable), content_type=JSON, status=status, headers=headers)


def told(actor: Actor, result: Any) -> Any:
    """What an operation returned, as it is read from outside."""
    if isinstance(result, Row):
        made = str(result.created_in) if result.version == 1 and result.created_in else None
        return one(actor, result, change_set=made)
    if isinstance(result, QuerySet):
        return {"rows": [row.json for row in shown(actor, type_of(result.model), result)], "next": None}
    if isinstance(result, list) and result and isinstance(result[0], Row):
        return {"rows": plain(actor, result), "next": None}
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json")
    if is_dataclass(result) and not isinstance(result, type):
        return asdict(result)
    return {"value": result} if isinstance(result, str | int | float | bool) else result


def language_of(request: HttpRequest) -> str:
    """The reader's language: the person's own, else what the browser asks for."""
    actor = getattr(request, "auth", None)
    if isinstance(actor, Actor):
        return actor.language
    return spoken(request.headers.get("Accept-Language", "en").split(",")[0])


def refusal(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A refusal with its code and a sentence a person can act on."""
    actor = getattr(request, "auth", None)
    told = as_told(actor, problem) if isinstance(actor, Actor) else problem
    response = answer(said(told, language_of(request)), problem.status)
    if isinstance(problem, TooMany) and "seconds" in problem.values:
        response["Retry-After"] = str(problem.values["seconds"])
    elif isinstance(problem, Unavailable):
        response["Retry-After"] = str(AGAIN_AFTER)
    return response


def _prints(request: HttpRequest) -> list[bytes]:
    """By what a request is known again, by each key: one may hold a password, which a bare hash would let guess."""
    said = f"{request.path}\n{request.body.decode('latin-1')}"
    return [bytes.fromhex(one) for one in signed("idempotent request", said)]


@stepping_aside
def once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do something once for an idempotency key: the same request again gets the same answer and does nothing.

    Answers are kept sealed: some hand out a secret, all may hold what only this caller sees.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    actor, prints = actor_of(request), _prints(request)
    caller = f"{actor.kind}:{actor.id}"  # a script is not told what its owner was told alone
    known = IdempotentAnswer.objects.filter(caller=caller, key=key[:120]).first()
    if known is None:
        try:
            with transaction.atomic():
                response = act()
                IdempotentAnswer.objects.create(
                    caller=caller,
                    key=key[:120],
                    request=prints[0],
                    status=response.status_code,
                    body=seal(response.content.decode()).encode(),
                )
            return response
        except IntegrityError:
            known = IdempotentAnswer.objects.get(caller=caller, key=key[:120])
    if bytes(known.request) not in prints:
        raise Conflict("request.key_used_otherwise", key=key)
    return HttpResponse(unseal(bytes(known.body).decode()), content_type=JSON, status=known.status)
