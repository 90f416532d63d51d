"""Bring a file of records in: `guanxi import customers FILE [--sheet NAME] [--map MAP.json] [--dry-run] [--json]`."""

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from guanxi.app.commands.output import read_json, show
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.words import say
from guanxi.lib.errors import Invalid
from guanxi.workspace.imports import files, running, workbooks
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import check_import_here, prepare_import, start_import_here
from guanxi.workspace.imports.problems import told

OPTIONS = ("encoding", "order", "country", "decimal_comma", "options")


def arguments(parser: ArgumentParser) -> None:
    """What, from which file, how."""
    parser.add_argument("noun", help="customers, orders, products …")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--map", type=Path, help='JSON: {"mapping": {column: heading or {"constant": text}}, "order": …}'
    )
    parser.add_argument("--sheet", default="", help="of a workbook; the first that has rows where none is named")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would become of every row")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Read the file in this process; the exit code is 1 when rows failed or the file could not be read."""
    began = time.monotonic()
    given = read_json(args.map) if args.map else {}
    if not args.file.is_file():
        raise Invalid("file.missing", file=str(args.file))
    options = {name: given[name] for name in OPTIONS if name in given}
    mapping = given.get("mapping", {name: source for name, source in given.items() if name not in OPTIONS})
    file = files.keep(SYSTEM, files.of_path(args.file))
    prepared = prepare_import(
        SYSTEM, noun=args.noun, file=file, file_name=args.file.name, mapping=mapping or None, sheet=args.sheet,
        **options,
    )  # fmt: skip
    remarks = workbooks.table_of(SYSTEM, file, args.sheet).remarks
    done = running.check(check_import_here(SYSTEM, prepared.pk).pk) if args.dry_run else _written(prepared)
    said = [say(id, "en", n=n) for id, n in remarks.items()]
    show({**_told(done, time.monotonic() - began), "remarks": said}, as_json=args.json)
    return 0 if done.status in ("done", "checked") and not done.rows_failed else 1


def _written(prepared: ImportRun) -> ImportRun:
    return running.write_or_wait(start_import_here(SYSTEM, prepared.pk).pk)


def _told(done: ImportRun, seconds: float) -> dict[str, Any]:
    first = ImportProblem.objects.filter(run=done).order_by("number")[:20]
    return {
        "status": done.status,
        "read": done.rows_read,
        "created": done.rows_created,
        "updated": done.rows_updated,
        "skipped": done.rows_skipped,
        "failed": done.rows_failed,
        "notes": done.notes,
        "seconds": round(seconds, 1),
        "change_set": str(done.change_set) if done.change_set else None,
        "mapping": done.mapping,
        "problem": done.problem,
        "problems": [
            {"number": one.number, "code": one.problem["code"], **told(done, one.problem, "en")} for one in first
        ],
    }


def _problem(done: ImportRun, row: ImportProblem) -> dict[str, Any]:
    return {"number": row.number, "code": row.problem["code"], **told(done, row.problem, "en")}
