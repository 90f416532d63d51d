"""Routes of imports that no catalogue generates: taking a file, looking into it, its rows that failed.

POST /api/imports/upload?noun=customers&name=file.csv   body: the file itself (gzip allowed), or pasted rows (&pasted=1)
    → {"file": hash, "file_name", "encoding", "confidence", "delimiter", "headings": [..], "headless",
       "sample": [{heading: cell}], "suggested": {column: heading}, "order": "dmy"|"mdy"|"ymd"|null,
       "columns": [{"name","label","kind","required"}],
       "options": [{"name","label","help"}], "book", "sheet", "sheets": [name], "remarks": [sentence]}
      of a workbook `file` is the table that a sheet of it became, and `book` the workbook
GET  /api/imports/look?noun=&file=&encoding=&sheet=     the same, read in another encoding, or another sheet
GET  /api/imports/nouns                                 [{"noun","label"}] that the reader may import
POST /api/imports                                       prepare: {noun, file, file_name, encoding?, mapping?, order?, …}
POST /api/imports/{id}/map | check | start | cancel | undo
GET  /api/imports/{id}/problems                  {"rows": [{"number","cells","message","fields": {column: why}}], "n",
                                                        "headings", "called": {column: heading}}
GET  /api/imports/{id}/problems.csv                     the rows that failed, to correct and feed again
"""

from collections.abc import Collection
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.throttling import EXPORTING, IMPORTING
from guanxi.kernel.words import say
from guanxi.lib import tables
from guanxi.lib.dates import guess_order
from guanxi.workspace.company.operations import COUNTRY
from guanxi.workspace.imports import files, rules, workbooks
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.problems import called, shown, told, whole, why
from guanxi.workspace.imports.queries import begun_by, require_given, require_rows_read
from guanxi.workspace.imports.recognition import LOOKED_AT, are_letters, by_values, with_headings
from guanxi.workspace.imports.targets import Target, of_noun, targets

SAMPLE = 8
LONGEST_DATE = 64
PREPARE = "workspace.import.prepare"
router = Router(tags=["imports"])


@router.get("/nouns", operation_id="import_nouns")
def nouns(request: HttpRequest) -> HttpResponse:
    """What the reader may import."""
    actor = actor_of(request)
    allowed = [t for t in targets().values() if actor.may(PREPARE) and actor.may(t.permission)]
    return answer([{"noun": t.noun, "label": say(f"import.{t.noun}", actor.language)} for t in allowed])


@router.post("/upload", operation_id="upload_import", throttle=IMPORTING)
def upload(request: HttpRequest, noun: str, name: str, pasted: bool = False) -> HttpResponse:
    """Take a file, or rows that were pasted and may have no headings, and look into it; nothing is written yet."""
    actor = actor_of(request)
    target = _target(actor, noun)
    chunks = iter(lambda: request.read(1 << 20), b"")
    file = files.keep(actor, with_headings(target, chunks) if pasted else chunks, begun=begun_by(actor))
    return answer({"file_name": name[:255], **_look(actor, target, file, None)})


@router.get("/look", operation_id="look_into_import")
def look(request: HttpRequest, noun: str, file: str, encoding: str = "", sheet: str = "") -> HttpResponse:
    """Look into a file that was taken, in another encoding or at another sheet if one is given."""
    actor = actor_of(request)
    target = _target(actor, noun)
    require_given(actor, file)
    return answer(_look(actor, target, file, encoding or None, sheet))


@router.get("/{uuid:id}/problems", operation_id="import_problems")
def problems(request: HttpRequest, id: UUID, limit: int = 100) -> HttpResponse:
    """The rows that could not be taken, in the reader's language."""
    actor = actor_of(request)
    run = get(actor, ImportRun, id)
    require_rows_read(actor, run)
    rows = list(ImportProblem.objects.filter(run=run).order_by("number")[: min(max(limit, 1), 1000)])
    why_not = [told(run, row.problem, actor.language) for row in rows]
    said = [{"number": r.number, "cells": shown(run, r.cells), **one} for r, one in zip(rows, why_not, strict=True)]
    headings = _headings(run, rows[0].cells) if rows else []
    names = called(run, rows, actor.language)
    return answer({"rows": said, "n": run.rows_failed, "headings": headings, "called": names})


@router.get("/{uuid:id}/problems.csv", operation_id="import_problems_csv", throttle=EXPORTING)
def problems_csv(request: HttpRequest, id: UUID) -> HttpResponse:
    """The rows that could not be taken, as a file to correct and feed again."""
    actor = actor_of(request)
    run = get(actor, ImportRun, id)
    require_rows_read(actor, run)
    rows = list(ImportProblem.objects.filter(run=run).order_by("number"))
    headings, names = _headings(run, rows[0].cells) if rows else [], called(run, rows, actor.language)
    lines = [[*headings, say("ui.import.problem", actor.language)]]
    for row in rows:
        as_it_stood = whole(run, row.cells)
        lines.append([str(as_it_stood.get(name, "")) for name in headings])
        lines[-1].append(why(run, row.problem, names, actor.language))
    response = HttpResponse(tables.sheet(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{run.pk}.csv"'
    return response


def _target(actor: Actor, noun: str) -> Target:
    """What the actor may import."""
    actor.require(PREPARE)
    target = of_noun(noun)
    actor.require(target.permission)
    return target


def _headings(run: ImportRun, cells: Collection[str]) -> list[str]:
    """The headings of what failed, as they stand in the file; what was added to its rows comes last."""
    with files.opened(run.file) as stream:
        order = tables.shape(stream, encoding=run.encoding).headings
    return [name for name in order if name in cells] + [name for name in cells if name not in order]


def _look(actor: Actor, target: Target, file: str, encoding: str | None, sheet: str = "") -> dict[str, Any]:
    taken = workbooks.table_of(actor, file, sheet, begun=begun_by(actor))
    with files.opened(taken.file) as stream:
        shape = tables.shape(stream, encoding=None if taken.sheet else encoding)
        looked = [row.cells for row in islice(tables.rows(stream, shape), 500)]
    headless = are_letters(shape.headings)
    suggested = rules.suggest(target, shape.headings)
    if headless:
        suggested = by_values(target, looked[:LOOKED_AT], country=COUNTRY.get())
    dated = [suggested[n] for n, c in target.columns.items() if c.kind in ("moment", "day") and n in suggested]
    dates = [cells.get(heading, "")[:LONGEST_DATE] for cells in looked for heading in dated]
    remarks = {**taken.remarks, **({"import.remark.no_headings": 1} if headless else {})}
    return {
        "file": taken.file,
        "book": file if taken.sheet else None,
        "sheet": taken.sheet,
        "sheets": taken.sheets,
        "remarks": [say(id, actor.language, n=n) for id, n in remarks.items()],
        "encoding": shape.detected.encoding,
        "confidence": shape.detected.confidence,
        "delimiter": shape.delimiter,
        "headings": shape.headings,
        "headless": headless,
        "sample": looked[:SAMPLE],
        "suggested": suggested,
        "order": guess_order(dates),
        **_columns(actor, target),
    }


def _columns(actor: Actor, target: Target) -> dict[str, Any]:
    """What a file may bring, and what may be chosen beside it, in the words of whoever brings it."""
    language = actor.language
    columns = [
        {"name": name, "label": say(target.message(name), language), "kind": one.kind, "required": one.required}
        for name, one in target.columns.items()
    ]
    options = [
        {"name": name, "label": say(id, language), "help": say(f"{id}.help", language)}
        for name, permission in target.options.items()
        for id in [target.option(name)]
        if actor.may(permission)
    ]
    return {"columns": columns, "options": options}
