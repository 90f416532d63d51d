"""List the figures, or show one: `guanxi measures list`, `guanxi measures show NAME [--from --to …] [--json]`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any, get_args

from guanxi.app.commands.given import moment
from guanxi.app.commands.output import read_json, show
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api.measures import told
from guanxi.kernel.cases import Measure, Question
from guanxi.kernel.models import CLOCK
from guanxi.kernel.settings import Counting
from guanxi.kernel.words import say
from guanxi.workspace.company.operations import ZONE


def arguments(parser: ArgumentParser) -> None:
    """Which figure, over which time, of which cases."""
    parser.add_argument("what", choices=("list", "show"))
    parser.add_argument("name", nargs="?")
    parser.add_argument("--from", dest="start", type=moment, help="from this moment on (ISO 8601)")
    parser.add_argument("--to", dest="end", type=moment, help="before this moment")
    parser.add_argument("--as-of", type=moment, help="as things stood then")
    parser.add_argument("--by", help="a dimension, or day, week, month, quarter, year, hour, weekday")
    parser.add_argument(
        "--counted-in",
        choices=get_args(Counting),
        default=CLOCK,
        help="how lengths of time are told",
    )
    parser.add_argument("--where", type=Path, help="a file with a condition on the cases")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Show it."""
    if args.what == "list":
        found = measures.measures().values()
        show([_listed(one) for one in sorted(found, key=lambda one: one.name)], as_json=args.json)
        return 0
    where = read_json(args.where) if args.where else None
    question = Question(
        start=args.start, end=args.end, as_of=args.as_of, by=args.by, where=where, zone=ZONE.get(),
        counted_in=args.counted_in,
    )  # fmt: skip
    show(told(SYSTEM, args.name or "", question), as_json=args.json)
    return 0


def _listed(one: Measure) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": say(one.name, "en"),
        "unit": one.unit,
        "standard": one.standard,
        "dimensions": list(one.dimensions),
    }
