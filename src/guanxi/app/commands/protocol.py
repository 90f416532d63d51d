"""Show the protocol in force: each clause with its live figure and cases, and what no clause covers."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import Any

import orjson

from guanxi.app.commands.given import day, key, language
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.rows import jsonable
from guanxi.kernel.words import say
from guanxi.lib.errors import NotFound
from guanxi.protocols.protocols import queries, shown
from guanxi.workspace.company.operations import LANGUAGE


def arguments(parser: ArgumentParser) -> None:
    """Take which protocol, which version and which time."""
    parser.add_argument("verb", choices=["show"])
    parser.add_argument("--json", action="store_true", help="for scripts")
    parser.add_argument("--id", type=key, help="which protocol; the company's own if none is named")
    parser.add_argument("--number", type=int, help="which version; the one in force if none is named")
    parser.add_argument("--from", dest="start", type=day, help="the first day")
    parser.add_argument("--to", dest="end", type=day, help="the day after the last")
    parser.add_argument(
        "--span", choices=["month", "quarter", "year"], default="month", help="without days: the running"
    )
    parser.add_argument("--language", type=language, help="en, zh-CN or zh-TW; the company's own if none is named")


def run(args: Namespace) -> int:
    """Print the clauses."""
    actor = replace(SYSTEM, language=args.language or LANGUAGE.get())
    own = queries.in_force()
    if args.id is None and own is None:
        raise NotFound("protocol.none_in_force")
    when = queries.period(args.span, args.start, args.end)
    page = queries.page(actor, args.id or own.pk, when=when, number=args.number)  # type: ignore[union-attr]
    said = shown.document(actor, page)
    if args.json:
        sys.stdout.write(orjson.dumps(said, default=jsonable, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.writelines(_line(actor.language, clause) + "\n" for clause in said["clauses"])
        sys.stdout.writelines(f"{'–':5} {gap['sentence']}\n" for gap in said["gaps"] if not gap["reason"])
    return 0


def _line(language: str, clause: dict[str, Any]) -> str:
    state = say(f"ui.protocol.state_{clause['state']}", language)
    figure = "" if clause["figure"] is None else _figure(clause)
    return f"{clause['number']:5} {state:16} {figure:22} {clause['text']}"


def _figure(clause: dict[str, Any]) -> str:
    value = f"{clause['figure']:.1%}" if clause["kind"] == "share" else f"{clause['figure'] / 3600:.1f} h"
    return f"{value} / {clause['cases']} (+{clause['open']})"
