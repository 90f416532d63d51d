"""The page of a protocol in one request, and what differs between two versions.

`GET /api/protocols/{id}/page?span=month|quarter|year&from=2026-10-01&to=2027-01-01&version=2` answers

    {"protocol": {"id", "label", "name", "goal", "review_rhythm", "next_review_on", "review_due", …, "can"},
     "version": {"id", "number", "status", "note", "published_at", …, "can"} | null,
     "versions": [the same, newest first],
     "period": {"from": day, "to": day after the last, "zone"},
     "states": {"kept": 5, "missed": 1, "no_cases": 1, "shown": 0, "not_measured": 14, "hidden": 0},
     "sections": [{"section": "mail", "clauses": [{
        "id", "key", "number": "4.1", "text" (reader's language), "texts": {language: text}, "scope": condition | null,
        "scope_said": the same as a sentence | null,
        "team": {"id", "label"} | null,
        "measure": {"name", "label" ("" before it exists), "unit"} | null,
        "standard": {"name", "label", "value", "unit", "counted_in": "clock" | "office"} | null,
        "figure_kind": "share" | "mean", "target_share": 0.95 | null, "state": one of the states above,
        "figure": {"cases", "kept", "missed", "open", "share", "mean" (where it is held)} | null (seconds),
        "worst": {"weekday": 1…7, "hour": 0…23, "cases", "missed", "share"} | null,
        "cases": "/api/measures/…/cases?start=…&end=…" | null, "missed": those of the missed ones, "can"}]}],
     "gaps": [what no clause covers: {"id", "kind", "value", "what", "sentence", "partly", "cases", "opened_at",
        "reason", "set_aside_at", …, "can",
        "begin": {"section", "measure", "standard", "value", "counted_in", "scope"}}]}

`GET /api/protocols/{id}/diff?from=1&to=2` answers

    {"from", "to", "changes": [{"key", "kind": "added" | "removed" | "changed", "section", "number": [old, new],
     "wording": [{"kind": "same" | "added" | "removed", "text"}], "fields": {name: [old, new]},
     "said": [{"field", "label", "old": in the reader's words | null, "new"}]}]}

`GET /api/protocols/{id}/handbook?version=2&language=zh-Hans` answers one page of HTML.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from guanxi.kernel import settings
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.throttling import EXPORTING
from guanxi.protocols.protocols import handbook, queries, shown
from guanxi.protocols.protocols.changes import changes
from guanxi.protocols.protocols.operations import Language
from guanxi.protocols.protocols.queries import Span

router = Router(tags=["protocols"])


@router.get("/{uuid:id}/page", operation_id="page_of_protocol")
def page(
    request: HttpRequest,
    id: UUID,
    span: Span = "month",
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
    version: int | None = None,
) -> HttpResponse:
    """A protocol with the live figure of every clause."""
    actor = actor_of(request)
    with settings.at_once():
        when = queries.period(span, start, end)
        found = queries.page(actor, id, when=when, number=version)
    return answer(shown.page(actor, found))


@router.get("/{uuid:id}/diff", operation_id="diff_of_protocol")
def diff(
    request: HttpRequest, id: UUID, old: Annotated[int, Query(alias="from")], new: Annotated[int, Query(alias="to")]
) -> HttpResponse:
    """What differs between two versions of a protocol."""
    actor = actor_of(request)
    found = queries.compared(actor, id, old=old, new=new)
    return answer({"from": old, "to": new, "changes": changes(actor, found)})


@router.get("/{uuid:id}/handbook", operation_id="handbook_of_protocol", throttle=EXPORTING)
def show_handbook(
    request: HttpRequest, id: UUID, version: int | None = None, language: Language | None = None
) -> HttpResponse:
    """A version as one page of HTML that needs nothing else: to read, to keep, to print."""
    actor = actor_of(request)
    found = queries.worded(actor, id, number=version)
    chosen = language or actor.language
    response = HttpResponse(
        handbook.page(replace(actor, language=chosen), found), content_type="text/html; charset=utf-8"
    )
    response["Content-Security-Policy"] = handbook.POLICY
    name = quote(f"{found.protocol.name} {found.version.number} {chosen}.html", safe="")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return response
