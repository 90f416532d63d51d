"""Say in words what is wrong with this installation; the exit code is 1 when something is."""

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from guanxi.app.doctor import Level, examine

MARKS = {Level.FINE: "  ok  ", Level.LOOK: " look ", Level.WRONG: "WRONG "}


def arguments(parser: ArgumentParser) -> None:
    """How to print it."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: Namespace) -> int:
    """Print every finding."""
    findings = list(examine())
    if args.json:
        sys.stdout.write(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=1) + "\n")
    else:
        for each in findings:
            sys.stdout.write(f"{MARKS[each.level]} {each.about:11} {each.said}\n")
    return int(any(each.level is Level.WRONG for each in findings))
