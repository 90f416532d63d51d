"""Take back what one change-set wrote: `guanxi undo CHANGE_SET [--dry-run] [--json]`."""

from argparse import ArgumentParser, Namespace

from guanxi.app.commands.given import key
from guanxi.app.commands.output import show
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.undo import undo


def arguments(parser: ArgumentParser) -> None:
    """Which change-set."""
    parser.add_argument("change_set", type=key)
    parser.add_argument("--dry-run", action="store_true", help="only say what could and could not be taken back")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Undo; the exit code is 1 when something had to stay."""
    report = undo(SYSTEM, args.change_set, dry_run=args.dry_run)
    kept = [{"record": one.record, "id": one.id, "reason": one.reason} for one in report.kept]
    said = {
        "change_set": report.change_set,
        "removed": dict(report.removed),
        "restored": dict(report.restored),
        "kept_by_reason": report.kept_by_reason(),
        "kept": kept,
    }
    show(said, as_json=args.json)
    return 1 if kept else 0
