"""The whole interface put together: generated routes, hand-written ones, refusals."""

import logging
from typing import Any, cast

import orjson
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled
from ninja.errors import ValidationError as InputError
from ninja.parser import Parser
from psycopg.errors import DiskFull
from pydantic import ValidationError

from guanxi import __version__
from guanxi.app import meta, mirror, today
from guanxi.channels.conversations.api import router as message_files
from guanxi.channels.drafts.api import of_conversations as writing
from guanxi.channels.drafts.api import router as drafts
from guanxi.channels.gate.api import of_customers as contactable
from guanxi.channels.gate.api import router as unsubscribe
from guanxi.channels.ratings.api import router as rate
from guanxi.customers.segments.api import router as segments
from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import refusal
from guanxi.kernel.api.measures import router as measures
from guanxi.kernel.api.routes import routers
from guanxi.kernel.api.search import router as search
from guanxi.kernel.api.throttling import ORDINARY, count_stranger
from guanxi.kernel.api.undo import router as undo
from guanxi.kernel.inputs import wrong_fields
from guanxi.kernel.operations import refused
from guanxi.lib.errors import Invalid, NotFound, Problem, Unauthenticated, Unavailable
from guanxi.outreach.effects.api import router as effects
from guanxi.protocols.protocols.api import router as protocols
from guanxi.simulation.firm.api import router as sample
from guanxi.workspace.company.api import router as company
from guanxi.workspace.holidays.api import router as holidays
from guanxi.workspace.imports.api import router as imports
from guanxi.workspace.office_hours.api import router as office_hours
from guanxi.workspace.settings.api import router as settings
from guanxi.workspace.tokens.api import authenticate
from guanxi.workspace.tokens.api import router as session

log = logging.getLogger(__name__)

# What no catalogue generates. A domain's own reads are added here, one line each.
BY_HAND = [
    ("", session),
    ("", company),
    ("", settings),
    ("", holidays),
    ("", office_hours),
    ("", meta.router),
    ("", search),
    ("", undo),
    ("", mirror.router),
    ("", today.router),
    ("", sample),
    ("/segments", segments),
    ("/measures", measures),
    ("/effects", effects),
    ("/imports", imports),
    ("/protocols", protocols),
    ("/customers", contactable),
    ("/unsubscribe", unsubscribe),
    ("/rate", rate),
    ("/messages", message_files),
    ("/drafts", drafts),
    ("/conversations", writing),
]


class _Reader(Parser):
    """Reads bodies strictly: no half characters, no NaN, no bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


def recognised(request: HttpRequest) -> Actor:
    """Who asks; whoever is not recognised is counted by where they ask from."""
    try:
        return authenticate(request)
    except Unauthenticated:
        count_stranger(request)
        raise


def build() -> NinjaAPI:
    """The interface of everything that is declared."""
    api = NinjaAPI(
        title="Guanxi", version=__version__, auth=recognised, throttle=ORDINARY, parser=_Reader(),
        docs_url=None, openapi_url=None,
    )  # fmt: skip
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
        fields = wrong_fields(cast(InputError, problem).errors, below=1)
        return refusal(request, Invalid("input.invalid", fields=fields))

    @api.exception_handler(Throttled)
    def on_too_many(request: HttpRequest, _problem: Exception) -> HttpResponse:
        return refusal(request, request.too_many)  # type: ignore[attr-defined]

    @api.exception_handler(HttpError)
    def on_body(request: HttpRequest, _problem: Exception) -> HttpResponse:
        return refusal(request, Invalid("request.not_json"))

    @api.exception_handler(DataError)
    @api.exception_handler(OverflowError)
    def on_value(request: HttpRequest, _problem: Exception) -> HttpResponse:
        return refusal(request, Invalid("request.value_out_of_range"))

    @api.exception_handler(OperationalError)
    @api.exception_handler(InterfaceError)
    def on_database(request: HttpRequest, problem: Exception) -> HttpResponse:
        log.warning("A request found no database: %s", str(problem).splitlines()[:1])
        full = isinstance(problem.__cause__, DiskFull)
        return refusal(request, Unavailable("database.full" if full else "database.away"))

    @api.exception_handler(ValidationError)
    def on_schema(request: HttpRequest, problem: Exception) -> HttpResponse:
        return refusal(request, refused(cast(ValidationError, problem)))


def no_such_address(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    """Answer for an address that is none."""
    return refusal(request, NotFound("request.no_such_address"))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours, which is in the log."""
    return refusal(request, Problem("server.failed"))
