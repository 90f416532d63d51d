"""Back everything up, sealed, into one file: `guanxi backup [FILE] [--verify] [--json]`.

In it are the database as it is at one moment and every file; not the key file, with which alone it opens: keep a copy
of that elsewhere. Without FILE it goes into the folder that is chosen for backups, else into `backups` in the home.
"""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from guanxi.app import environment
from guanxi.app.backup import keeping, making, notes, verifying
from guanxi.app.commands.output import several, show
from guanxi.app.commands.verify import tell
from guanxi.kernel import secrets
from guanxi.kernel.time import now


def arguments(parser: ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", type=Path, nargs="?", help="a file that is not there yet")
    parser.add_argument("--verify", action="store_true", help="then restore it aside and look whether all is there")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Make it; the exit code is 1 when it was to be verified and something is wrong with it."""
    made = making.make(args.file or making.named(keeping.folder(), now()))
    if not args.json:
        sys.stdout.write(
            f"{made.file} holds {several(made.rows, 'row')} of {several(made.tables, 'table')} and"
            f" {several(made.files, 'file')}"
            f" ({made.bytes / (1 << 20):.1f} MB, {made.seconds:.1f} s).\n"
            f"It opens only with the key file {environment.key_file()}, which is not in it: keep a copy elsewhere.\n"
        )
        sys.stdout.flush()
    found = verifying.verify(Path(made.file), secrets.keys()) if args.verify else None
    sound = not (found and found["problems"])
    if found and sound:
        notes.note(notes.VERIFIED)
    if sound:
        notes.forget(notes.FAILED)
    if args.json:
        show({**asdict(made), "verified": found}, as_json=True)
    elif found:
        tell(found)
    return int(not sound)
