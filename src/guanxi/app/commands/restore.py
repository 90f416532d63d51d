"""Restore a backup: `guanxi restore FILE [--key KEYFILE] [--replace] [--json]`.

Into an empty home, or the empty database that DATABASE_URL names. A house in which somebody works already is replaced
only with --replace, and is backed up before. A backup of an older version is brought to this one. KEYFILE is the key
file that was kept elsewhere; it becomes that of this home.
"""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from guanxi.app import environment
from guanxi.app.backup import keys
from guanxi.app.backup.archive import reading
from guanxi.app.backup.restoring import finished, restore
from guanxi.app.commands.output import several, show


def arguments(parser: ArgumentParser) -> None:
    """What, by which key, over what."""
    parser.add_argument("file", type=Path, help="what `guanxi backup` made")
    parser.add_argument("--key", type=Path, metavar="KEYFILE", help="the key file, where it is not in this home yet")
    parser.add_argument("--replace", action="store_true", help="put it in the place of what is here")
    parser.add_argument(
        "--without-backup", action="store_true", help="with --replace: do not back up first what is here"
    )
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """Restore it; the exit code is 1 when something is wrong with what was restored."""
    known = keys.at_hand(args.key)
    with reading(args.file, known) as reader:
        keys.use(known)
        done = restore(reader, replace=args.replace, keeps=not args.without_backup)
    if known != environment.keys():
        environment.put_keys(known)
    finished()
    if args.json:
        show(asdict(done), as_json=True)
        return int(bool(done.problems))
    grown = f", brought to this version in {several(done.steps, 'step')}" if done.steps else ""
    at = done.made_at[:16].replace("T", " ")
    if done.before:
        sys.stdout.write(f"What was here before is kept in {done.before}.\n")
    sys.stdout.write(
        f"Everything is as it was at {at} UTC: {several(done.rows, 'row')} of {several(done.tables, 'table')} and"
        f" {several(done.files, 'file')} ({done.seconds:.1f} s){grown}. Start it: guanxi up\n"
    )
    if done.doubted:
        sys.stdout.write(
            f"{several(done.doubted, 'message')} may have left since: advertising is not sent again, all else is, under"
            " the same Message-ID.\n"
        )
    sys.stdout.writelines(f"{one}\n" for one in done.problems)
    return int(bool(done.problems))
