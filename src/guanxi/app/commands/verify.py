"""Prove that a backup can be restored: `guanxi verify [FILE] [--key KEYFILE] [--json]`.

It is restored into a database server of its own in a temporary folder (TMPDIR), brought to this version, counted and
looked at, and taken away again; the house that runs is not touched. Without FILE the newest is taken.
"""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from guanxi.app.backup import keeping, keys, notes, verifying
from guanxi.app.commands.output import several, show
from guanxi.app.environment import Misconfigured
from guanxi.app.postgres import cluster
from guanxi.app.postgres.server import available


def arguments(parser: ArgumentParser) -> None:
    """Which one, by which key."""
    parser.add_argument("file", type=Path, nargs="?", help="the newest one if none is named")
    parser.add_argument("--key", type=Path, metavar="KEYFILE", help="the key file, where it is not that of this home")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Verify it and say what was found; the exit code is 1 when something is wrong with it."""
    known = keys.at_hand(args.key)
    file = args.file or _newest()
    found = verifying.verify(file, known)
    if not found["problems"]:
        _note()
    if args.json:
        show(found, as_json=True)
    else:
        tell(found)
    return int(bool(found["problems"]))


def tell(found: dict[str, Any]) -> None:
    """Say what was found in what was restored aside."""
    grown = f", brought to this version in {several(found['steps'], 'step')}" if found["steps"] else ""
    sys.stdout.write(
        f"{found['file']} can be restored: {several(found['rows'], 'row')} of {several(found['tables'], 'table')} and"
        f" {several(found['files'], 'file')}{grown}; the history of {several(found['histories'], 'record')} was read"
        f" ({found['seconds']:.1f} s).\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in found["problems"])


def _newest() -> Path:
    if not _at_home():
        return keeping.newest(keeping.usual_folder())
    with available():
        return keeping.newest(keeping.folder())


def _note() -> None:
    """Let the house know, where one is here that answers."""
    if _at_home():
        with suppress(DatabaseError, Misconfigured), available():
            notes.note(notes.VERIFIED)
            connection.close()


def _at_home() -> bool:
    return not settings.EMBEDDED_DATABASE or cluster.exists(settings.HOME)
