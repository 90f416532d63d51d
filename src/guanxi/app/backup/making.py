"""Making a backup: one moment of the database, every file, written aside and named only once it is whole."""

import os
import secrets as random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from guanxi import __version__
from guanxi.app import company
from guanxi.app.backup import notes, scripts
from guanxi.app.backup.archive import DATABASE, FILES, MARK, UPLOADS, About, Counted, Writer
from guanxi.app.environment import Misconfigured
from guanxi.kernel import secrets
from guanxi.kernel.time import now
from guanxi.lib.errors import Conflict, Unavailable
from guanxi.workspace.imports import files

ENDING, UNFINISHED = ".backup", ".part"
_OTHERS = (
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema',"
    " current_schema())"
)
_PLACE = (
    "SELECT current_setting('server_version_num')::int / 10000, current_schema(), pg_database_size(current_database())"
)
_USED = "SELECT DISTINCT file FROM workspace_importrun WHERE file <> ''"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made."""

    file: str
    bytes: int
    tables: int
    rows: int
    files: int
    gone: int
    seconds: float


def named(folder: Path, at: datetime) -> Path:
    """What a backup of a moment is called: by its name the newest is known."""
    return folder / f"guanxi-{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}{ENDING}"


def make(target: Path, *, key: str = "") -> Made:
    """Back everything up into a file that is not there yet, sealed with the newest key unless another is wanted."""
    began, at = time.monotonic(), now()
    if said := company.other_folder():
        raise Misconfigured(said)
    if target.exists():
        raise Conflict("backup.already_there", file=str(target))
    with _aside(target) as file:
        counted = _write(file, at, key or secrets.keys()[0])
    notes.note(notes.MADE, at)
    return Made(
        file=str(target),
        bytes=target.stat().st_size,
        tables=len(counted.tables),
        rows=sum(counted.tables.values()),
        files=counted.files,
        gone=len(counted.gone),
        seconds=round(time.monotonic() - began, 1),
    )


@contextmanager
def _aside(target: Path) -> Iterator[BinaryIO]:
    """A file beside, for nobody else to read, which gets its name when all of it is on the disk."""
    beside = target.with_name(f"{target.name}.{random.token_hex(4)}{UNFINISHED}")
    try:
        beside.touch(mode=0o600, exist_ok=False)
        with beside.open("wb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                beside.unlink()
                raise
        beside.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        place = target if problem.filename in (None, str(beside)) else problem.filename
        raise Unavailable("backup.not_written", file=str(place), why=problem.strerror or str(problem)) from problem


def _write(file: BinaryIO, at: datetime, key: str) -> Counted:
    writer = Writer(file, key)
    with scripts.snapshot() as (connection, name):
        writer.add_about(_about(connection, at))
        others = [one for (one,) in connection.execute(_OTHERS)]
        with scripts.Dump(name, others) as dump:
            parts = enumerate(dump.parts())
            first = next(parts)  # it sees the moment by now: the rest it reads on its own
            tables, used = scripts.counted(connection), {name for (name,) in connection.execute(_USED)}
            connection.close()
            for number, part in chain([first], parts):
                writer.add(f"{DATABASE}/{number:06}", part)
    kept = _write_files(writer)
    counted = Counted(tables=tables, files=len(kept), gone=sorted(used - kept))
    writer.finish(counted)
    return counted


def _about(connection: "psycopg.Connection[Any]", at: datetime) -> About:
    version, schema, size = connection.execute(_PLACE).fetchone() or (0, "", 0)
    steps = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
    kept = sum(one.stat().st_size for one in files.folder().iterdir() if files.NAME.fullmatch(one.name))
    return About(
        guanxi=__version__,
        made_at=at.isoformat(timespec="seconds"),
        postgresql=version,
        schema=schema,
        migrations=[step for (step,) in steps],
        room=size + kept,
    )


def _write_files(writer: Writer) -> set[str]:
    """Every file: one that goes meanwhile is used by nobody, one that comes is used by nothing that was backed up."""
    kept = set()
    for path in sorted(files.folder().iterdir()):
        if files.NAME.fullmatch(path.name) and writer.add_file(f"{FILES}/{path.name}", path):
            kept.add(path.name)
    for path in sorted(files.uploads().glob("*/*")):
        if files.NAME.fullmatch(path.name):
            writer.add_file(f"{UPLOADS}/{path.parent.name}/{path.name}", path)
    if company.mark_file().exists():
        writer.add(MARK, company.mark_file().read_bytes())
    return kept
