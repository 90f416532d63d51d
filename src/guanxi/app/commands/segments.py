"""Count the customers who fulfil a condition: `guanxi segments count CONDITION.json [--as-of …] [--json]`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from guanxi.app.commands.given import moment
from guanxi.app.commands.output import read_json, show
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions.queries import matching
from guanxi.kernel.conditions.wording import sentence
from guanxi.kernel.records import of_plural
from guanxi.workspace.company.operations import CURRENCY, ZONE


def arguments(parser: ArgumentParser) -> None:
    """Which condition, on which noun."""
    parser.add_argument("what", choices=("count",))
    parser.add_argument("condition", type=Path)
    parser.add_argument("--record", default="customers")
    parser.add_argument("--as-of", type=moment)
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Count them."""
    condition, record = read_json(args.condition), of_plural(args.record)
    count = matching(SYSTEM, condition, record, as_of=args.as_of, zone=ZONE.get()).count()
    said = sentence(condition, record, actor=SYSTEM, currency=CURRENCY.get())
    show({"record": args.record, "sentence": said, "count": count}, as_json=args.json)
    return 0
