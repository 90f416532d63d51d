"""Restoring a backup: the database in one transaction, the files beside it; what cannot be finished leaves nothing."""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from guanxi import __version__
from guanxi.app import company, environment, migration, sealed
from guanxi.app.backup import checks, keeping, making, notes, scripts
from guanxi.app.backup.archive import DATABASE, FILES, MARK, UPLOADS, Counted, Part, Reader
from guanxi.app.postgres import cluster, places
from guanxi.app.postgres.server import available
from guanxi.channels.gate.operations import doubt_those_due
from guanxi.kernel.direct import directly
from guanxi.kernel.time import now
from guanxi.lib.errors import Conflict, Unavailable
from guanxi.workspace.imports import files

_OWNED = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
SPARE = 256 << 20
"""What a database server needs beside the data: its own tables, its log of the load."""
FULL = (errno.ENOSPC, errno.EDQUOT)


class There(Enum):
    """What stands in a database already."""

    NOTHING = "nothing"
    TABLES = "tables that nobody uses"
    PEOPLE = "people at work"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was restored, and what is wrong with it."""

    file: str
    made_at: str
    guanxi: str
    tables: int
    rows: int
    files: int
    histories: int
    doubted: int
    """How many messages may have left after the backup was made."""
    before: str
    """The backup of what stood here before; nothing where nobody worked here."""
    steps: int
    """How many steps brought it from the version it was made by to this one."""
    seconds: float
    problems: list[str] = field(default_factory=list)


def require_known(reader: Reader) -> None:
    """Refuse what a newer version made, before anything is touched."""
    about = reader.about
    if steps := migration.beyond(about.migrations):
        raise Conflict("backup.newer", file=reader.name, made_by=about.guanxi, here=__version__, step=steps[0])


def restore(reader: Reader, *, replace: bool, keeps: bool) -> Restored:
    """Put everything where it belongs, bring it to this version and look whether it is all there.

    `replace` allows to do so where people work already; with `keeps` what they have is backed up first.
    """
    began = time.monotonic()
    require_known(reader)
    _require_room(reader)
    with _house() as unfinished, directly():
        with migration.alone():
            there = _require_free(reader.about.schema, replace=replace or unfinished)
            before = _kept() if keeps and there is There.PEOPLE and not unfinished else ""
            counted, damaged = _put(reader, empty=there is not There.NOTHING)
            steps = len(migration.pending())
            migration.migrate()
        doubted = doubt_those_due()
        notes.note(notes.MADE, datetime.fromisoformat(reader.about.made_at))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        histories, problems = checks.look(), checks.told(gone=counted.gone, damaged=damaged, sealed=sealed.lost())
    return Restored(
        file=reader.name,
        made_at=reader.about.made_at,
        guanxi=reader.about.guanxi,
        tables=len(counted.tables),
        rows=sum(counted.tables.values()),
        files=counted.files,
        histories=histories,
        doubted=doubted,
        before=before,
        steps=steps,
        seconds=round(time.monotonic() - began, 1),
        problems=problems,
    )


def finished() -> None:
    """What was restored counts from now on: its key is there, too."""
    places.restoring(settings.HOME).unlink(missing_ok=True)


def _require_room(reader: Reader) -> None:
    """Refuse what the disk of our own database has no room for, before anything is touched."""
    if not settings.EMBEDDED_DATABASE:
        return
    place = next(one for one in (settings.HOME, *settings.HOME.parents) if one.exists())
    needs, free = reader.about.room + SPARE, shutil.disk_usage(place).free
    if free < needs:
        raise Unavailable("backup.no_room_here", needs=needs >> 20, free=free >> 20, place=str(place))


@contextmanager
def _house() -> Iterator[bool]:
    """The database that is restored into, and whether a restore before was killed in it.

    One of our own that had to be made for it goes again when that fails; a note beside it tells of one that was killed.
    """
    note = places.restoring(settings.HOME)
    unfinished = settings.EMBEDDED_DATABASE and note.exists()
    fresh = unfinished or (settings.EMBEDDED_DATABASE and not cluster.exists(settings.HOME))
    try:
        if fresh:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()
        with available(settings.HOME):
            try:
                yield unfinished
            finally:
                connections.close_all()
    except BaseException as problem:
        if fresh:
            shutil.rmtree(places.data_folder(settings.HOME), ignore_errors=True)
            finished()
        if isinstance(problem, OSError) and problem.errno in FULL:
            raise Unavailable("backup.disk_full", place=str(settings.HOME)) from problem
        raise


def _kept() -> str:
    """Back up what is here, with a key that is here: the way back."""
    own = environment.keys()
    return making.make(making.named(keeping.usual_folder(), now()), key=own[0] if own else "").file


def _require_free(schema: str, *, replace: bool) -> There:
    """Refuse to restore over what somebody has or works with; what there is that has to go before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_schema(), to_regclass('kernel_mark'), ({_OWNED}), ({_OTHERS})")
        here, ours, tables, others = cursor.fetchone()
        if here != schema:
            raise Conflict("backup.other_schema", schema=schema, here=here or "–")
        if not tables:
            return There.NOTHING
        if not ours:
            raise Conflict("backup.house_of_others", tables=tables)
        cursor.execute("SELECT (SELECT count(*) FROM workspace_user), (SELECT count(*) FROM customers_customer)")
        people, customers = cursor.fetchone()
    if (people or customers) and not replace:
        raise Conflict("backup.house_not_empty", people=people, customers=customers)
    if others:
        raise Conflict("backup.house_in_use", n=others)
    return There.PEOPLE if people or customers else There.TABLES


def _put(reader: Reader, *, empty: bool) -> tuple[Counted, list[str]]:
    """Load the database and lay the files; only when everything has come is it kept."""
    with scripts.Load(empty=empty) as load, _Files() as laid:
        for part in reader.parts():
            if part.folder == DATABASE:
                load.feed(part.content.read())
            else:
                laid.lay(part)
        assert reader.counted
        load.commit(reader.about.schema, reader.counted.tables)
        laid.keep()
    return reader.counted, laid.damaged


class _Files:
    """The files of a backup on their way to their places; those that are not kept are taken away again."""

    def __init__(self) -> None:
        self.damaged: list[str] = []
        self._fresh: list[Path] = []
        self._mark = b""

    def __enter__(self) -> "_Files":
        return self

    def __exit__(self, *_: object) -> None:
        for path in self._fresh:
            path.unlink(missing_ok=True)

    def lay(self, part: Part) -> None:
        """Put one part where it belongs; a name that no file of ours has is passed over."""
        folder, *rest = part.name.split("/")
        if folder == MARK:
            self._mark = part.content.read()
        elif rest and files.NAME.fullmatch(rest[-1]):
            if folder == FILES and len(rest) == 1:
                self._lay_file(files.folder() / rest[0], part)
            elif folder == UPLOADS and len(rest) == 2 and rest[0] not in ("", ".", ".."):
                self._note(files.uploads() / rest[0] / rest[1], part)

    def keep(self) -> None:
        """They stay."""
        self._fresh.clear()
        if self._mark:
            company.mark_file().write_bytes(self._mark)

    def _lay_file(self, path: Path, part: Part) -> None:
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
            self._fresh.append(Path(new.name))
            while some := part.content.read(1 << 20):
                digest.update(some)
                new.write(some)
            new.flush()
            os.fsync(new.fileno())
        os.utime(new.name, (part.at, part.at))
        there, whole = path.exists(), digest.hexdigest() == path.name
        if not whole:
            self.damaged.append(path.name)
        if not there:
            self._fresh.append(path)
        if whole or not there:
            Path(new.name).replace(path)

    def _note(self, path: Path, part: Part) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            self._fresh.append(path)
            path.touch()
            os.utime(path, (part.at, part.at))
