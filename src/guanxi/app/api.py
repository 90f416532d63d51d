"""The whole interface put together: generated routes, hand-written ones, refusals."""

from typing import Any, cast

import orjson
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as InputError
from ninja.parser import Parser
from pydantic import ValidationError

from guanxi import __version__
from guanxi.app import meta, mirror, today
from guanxi.channels.conversations.api import router as message_files
from guanxi.channels.gate.api import router as unsubscribe
from guanxi.customers.segments.api import router as segments
from guanxi.kernel.api.answers import refusal
from guanxi.kernel.api.measures import router as measures
from guanxi.kernel.api.routes import routers
from guanxi.kernel.api.search import router as search
from guanxi.kernel.operations import refused
from guanxi.lib.errors import Invalid, Problem
from guanxi.protocols.protocols.api import router as protocols
from guanxi.workspace.company.api import router as company
from guanxi.workspace.imports.api import router as imports
from guanxi.workspace.tokens.api import authenticate
from guanxi.workspace.tokens.api import router as session

# What no catalogue generates. A domain's own reads are added here, one line each.
BY_HAND = [
    ("", session),
    ("", company),
    ("", meta.router),
    ("", search),
    ("", mirror.router),
    ("", today.router),
    ("/segments", segments),
    ("/measures", measures),
    ("/imports", imports),
    ("/protocols", protocols),
    ("/unsubscribe", unsubscribe),
    ("/messages", message_files),
]


class StrictParser(Parser):
    """JSON as it is defined: no half characters, which no table and no answer could hold, and no endless depth."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What was sent."""
        return orjson.loads(request.body)


def build() -> NinjaAPI:
    """The interface of everything that is declared."""
    api = NinjaAPI(
        title="Guanxi", version=__version__, auth=authenticate, docs_url=None, openapi_url=None, parser=StrictParser()
    )
    for prefix, router in [*BY_HAND, *routers()]:
        api.add_router(prefix, router)
    _say_refusals(api)
    return api


def _say_refusals(api: NinjaAPI) -> None:
    @api.exception_handler(Problem)
    def on_problem(request: HttpRequest, problem: Exception) -> HttpResponse:
        return refusal(request, cast(Problem, problem))

    @api.exception_handler(InputError)
    def on_input(request: HttpRequest, problem: Exception) -> HttpResponse:
        fields: dict[str, Problem] = {}
        for error in cast(Any, problem).errors:
            path = ".".join(str(part) for part in error["loc"][1:] if part not in ("given", "values")) or "input"
            said = {k: str(v) for k, v in (error.get("ctx") or {}).items()}
            fields[path] = Invalid(f"input.{error['type']}", values=said)
        return refusal(request, Invalid("input.invalid", fields=fields))

    @api.exception_handler(HttpError)
    def on_unreadable(request: HttpRequest, _problem: Exception) -> HttpResponse:
        return refusal(request, Invalid("request.unreadable"))

    @api.exception_handler(DataError)
    def on_unstorable(request: HttpRequest, _problem: Exception) -> HttpResponse:
        return refusal(request, Invalid("request.not_storable"))

    @api.exception_handler(ValidationError)
    def on_schema(request: HttpRequest, problem: Exception) -> HttpResponse:
        return refusal(request, refused(cast(ValidationError, problem)))


def failed(request: HttpRequest) -> HttpResponse:
    """What is said when something broke: nothing of what, where and why, which stands in the log."""
    return refusal(request, Problem("server.failed"))
