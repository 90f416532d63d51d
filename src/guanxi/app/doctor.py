"""Says in words what is wrong with this installation and what to do about it."""

import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection

from guanxi.app import company, environment, migration, sealed
from guanxi.app.backup import keeping, notes
from guanxi.app.postgres import cluster
from guanxi.app.postgres.lock import Lock
from guanxi.app.postgres.places import restoring, root_folder
from guanxi.app.postgres.server import available
from guanxi.app.server.body import SPARE
from guanxi.app.server.client import FOLDER
from guanxi.channels.email.models import Mailbox
from guanxi.kernel import direct, secrets
from guanxi.kernel.events import ATTEMPTS
from guanxi.kernel.jobs import STALLED
from guanxi.kernel.models import Deadline, Failure
from guanxi.kernel.time import now
from guanxi.kernel.words import say, words

GIGABYTE = 1 << 30
OLDEST, NEWEST = 15, 18  # versions of PostgreSQL that are known to work
LATE = timedelta(seconds=10)
SKEW = timedelta(seconds=5)
HEARD = 3.0
"""Seconds within which the database hands on what was told."""
OLD_BACKUP, OLD_PROOF = timedelta(days=7), timedelta(days=31)
STUCK = timedelta(minutes=10)  # longer than a queue is, but for a large import


class Level(StrEnum):
    """How bad it is."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    about: str
    level: Level
    said: str


def _fine(about: str, said: str) -> Finding:
    return Finding(about, Level.FINE, said)


def _look(about: str, said: str) -> Finding:
    return Finding(about, Level.LOOK, said)


def _wrong(about: str, said: str) -> Finding:
    return Finding(about, Level.WRONG, said)


def key() -> Finding:
    """The file without which sessions and secrets cannot be opened."""
    path = environment.key_file()
    if settings.EMBEDDED_DATABASE and restoring(settings.HOME).exists():
        return _wrong("key", f"A restore into {settings.HOME} was not finished. Do it once more: guanxi restore FILE")
    if settings.EMBEDDED_DATABASE and not cluster.exists(settings.HOME) and not path.exists():
        return _look("key", f"There is no key yet. The first `make up` writes {path}.")
    if not environment.keys():
        return _wrong(
            "key", f"{path} is missing or empty. Restore it from your backup; without it secrets stay closed."
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return _wrong("key", f"Others can read {path}. Close it: chmod 600 '{path}'")
    return _fine("key", f"{path} holds {len(environment.keys())} and is closed to others.")


def disk() -> Finding:
    """Room for the database and its log."""
    place = settings.HOME if settings.HOME.exists() else Path("/")
    free = shutil.disk_usage(place).free
    said = f"{free / GIGABYTE:.1f} GB are free where {place} lies."
    if free < GIGABYTE // 4:
        return _wrong("disk", f"{said} Make room now: a full disk stops the database.")
    return _look("disk", f"{said} Make room soon.") if free < 2 * GIGABYTE else _fine("disk", said)


def client() -> Finding:
    """The pages that browsers load."""
    if not (FOLDER / "index.html").exists():
        return _wrong("client", "The client is not built. Run `make up`, which builds it.")
    return _fine("client", "The client is built.")


def address() -> Finding:
    """Where people reach it, and whether that is safe."""
    if settings.URL.startswith("https://") or environment.host() in ("127.0.0.1", "::1", "localhost"):
        return _fine("address", f"People reach it at {settings.URL}.")
    said = "It listens to other machines without https: put a proxy with a certificate before it and set GUANXI_URL."
    return _look("address", said)


def database() -> Finding:
    """Whether it answers, and whether we know its version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')"
            )
            major, encoding = cursor.fetchone()
    except DatabaseError as problem:
        reason = str(problem).strip().splitlines()[0]
        return _wrong("database", f"The database does not answer: {reason}. Look at DATABASE_URL and whether it runs.")
    if encoding != "UTF8":
        return _wrong("database", f"The database is encoded in {encoding}. Make one in UTF8 and load a backup into it.")
    if not OLDEST <= major <= NEWEST:
        return _wrong("database", f"This is PostgreSQL {major}; it must be between {OLDEST} and {NEWEST}.")
    return _fine("database", f"PostgreSQL {major} answers.")


def migrations() -> Finding:
    """Whether the tables are those of this version."""
    if said := migration.newer():
        return _wrong("migrations", said)
    pending = migration.pending()
    if pending:
        return _wrong("migrations", f"{len(pending)} steps are missing, first {pending[0]}. Run: guanxi migrate")
    return _fine("migrations", "The database is at this version.")


def seals() -> Finding:
    """Whether the keys at hand open what is kept sealed."""
    path, closed = environment.key_file(), sealed.lost()
    if closed:
        said = ", ".join(f"{n} of {name}" for name, n in closed.items())
        return _wrong(
            "seals",
            f"A key that is not in {path} has sealed {said}. Add it from your backup as one more line and restart; "
            "where it is lost, these values have to be typed in anew.",
        )
    newest = secrets.key_id(secrets.keys()[0])
    older = sum(n for of in sealed.by_key().values() for key, n in of.items() if key != newest)
    if older:
        return _look("seals", f"{older} values are sealed with an older key. Seal them anew: guanxi reseal")
    return _fine("seals", "Everything sealed is sealed with the newest key.")


def hosts() -> Finding:
    """Whether this host shares with the others what it has to."""
    for said in (company.other_key(), company.other_folder()):
        if said:
            return _wrong("hosts", said)
    return _fine("hosts", "Keys and files are those of this company.")


def telling() -> Finding:
    """Whether what is told through the one address of the database is heard by the other, as the clock does."""
    channel = "guanxi_doctor"
    try:
        with psycopg.connect(**{**direct.parameters(), "autocommit": True}) as listener:
            listener.execute(f"LISTEN {channel}")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, '')", [channel])
            heard = next(listener.notifies(timeout=HEARD, stop_after=1), None)
    except psycopg.Error as problem:
        reason = str(problem).strip().splitlines()[0]
        return _wrong("telling", f"The database does not answer directly: {reason}. Look at DATABASE_DIRECT_URL.")
    if heard is None:
        said = "What one process tells another by the database is not heard: pages stay as they are, work waits."
        return _wrong("telling", f"{said} Behind a pooler, name the same database itself in DATABASE_DIRECT_URL.")
    return _fine("telling", "What is told by the database is heard.")


def time() -> Finding:
    """Whether the machine and its database agree on the time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - now())
    if apart > SKEW:
        return _wrong(
            "time", f"Machine and database are {apart.total_seconds():.0f} s apart. Set both by a time server."
        )
    return _fine("time", "Machine and database agree on the time.")


def running() -> Finding:
    """Whether `guanxi up` runs on this home."""
    path = root_folder(settings.HOME) / "owner.lock"
    if not settings.EMBEDDED_DATABASE:
        return _fine("up", "The database is not ours; whether it is up shows in the worker below.")
    if path.exists():
        with Lock(path) as lock:
            if lock.read().startswith("up ") and not lock.take():
                return _fine("up", f"It runs (process {lock.read()[3:]}).")
    return _look("up", "It does not run here now. Start it: make up")


def worker() -> Finding:
    """Whether background work is being done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        beat = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
        )
        waiting = cursor.fetchone()[0]
        cursor.execute(
            "SELECT min(at) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id"
            " WHERE j.status = 'todo' AND coalesce(scheduled_at, now()) <= now() AND e.type = 'deferred'"
        )
        longest = cursor.fetchone()[0]
    if beat is None or now() - beat > STALLED:
        since = (
            "never gave a sign of life" if beat is None else f"gave its last sign of life at {beat:%Y-%m-%d %H:%M} UTC"
        )
        return _look("worker", f"The worker {since}; {waiting} jobs wait. It runs as part of `make up`.")
    if longest is not None and now() - longest > STUCK:
        minutes = (now() - longest).total_seconds() // 60
        said = f"The worker lives, but a job waits for {minutes:.0f} minutes; {waiting} wait in all."
        return _look("worker", f"{said} If that goes on, start `make up` anew and look into the log.")
    if failed:
        return _look("worker", f"The worker lives; {waiting} jobs wait, {failed} failed for good: look into the log.")
    return _fine("worker", f"The worker lives; {waiting} jobs wait.")


def clock() -> Finding:
    """Whether deadlines fire when they are due."""
    first = Deadline.objects.order_by("due_at").values_list("due_at", flat=True).first()
    if first is not None and now() - first > LATE:
        late = (now() - first).total_seconds()
        return _wrong(
            "clock", f"The oldest deadline is {late:.0f} s late. The clock runs as part of `make up`: is it up?"
        )
    return _fine("clock", "No deadline is late.")


def uploads() -> Finding:
    """Room for what is being uploaded, which may lie on another disk than the database."""
    place = tempfile.gettempdir()
    free = shutil.disk_usage(place).free
    said = f"{free / GIGABYTE:.1f} GB are free for uploads in {place}."
    if free < 2 * SPARE:
        return _look("uploads", f"{said} Large files are refused: make room there, or name another folder in TMPDIR.")
    return _fine("uploads", said)


def mailboxes() -> Finding:
    """Whether every mailbox can be read."""
    broken = list(Mailbox.objects.exclude(problem="").filter(archived_at=None).order_by("address"))
    if broken:
        first = broken[0]
        place = {"host": first.imap_host, "port": first.imap_port, "user": first.user, "folder": first.folder}
        why = say(f"error.{first.problem}", "en", **place) if f"error.{first.problem}" in words("en") else first.problem
        since = f"{first.problem_since:%Y-%m-%d %H:%M} UTC" if first.problem_since else "some time"
        said = f"{len(broken)} mailboxes cannot be read, first {first.address} since {since} ({why})."
        return _look("mailboxes", f"{said} Look at its page under Settings and mend its connection there.")
    return _fine("mailboxes", "Every mailbox can be read.")


def handlers() -> Finding:
    """Whether everything that happened had its effects."""
    given_up = Failure.objects.filter(attempts__gte=ATTEMPTS).order_by("at")
    if first := given_up.first():
        last_line = (first.error.strip().splitlines() or [""])[-1][:200]
        said = f"{given_up.count()} effects were given up, first {first.handler} at {first.at:%Y-%m-%d %H:%M} UTC"
        return _look("handlers", f"{said}: {last_line}. Report it with this line; the event is kept in kernel_failure.")
    return _fine("handlers", "Everything that happened had its effects.")


def backups() -> Finding:
    """Whether all could be had again if this machine were lost."""
    made, failed, proved = notes.when(notes.MADE), notes.when(notes.FAILED), notes.when(notes.VERIFIED)
    daily = f"It is made daily into {keeping.FOLDER.get()}." if keeping.FOLDER.get() else _DAILY
    if failed:
        said = f"The daily backup did not succeed at {failed:%Y-%m-%d %H:%M} UTC; a to-do of the owner says why."
        return _wrong("backup", f"{said} Mend that, then: guanxi backup --verify")
    if made is None:
        return _look("backup", f"No backup has ever been made: guanxi backup. {daily}")
    said = f"The last backup is {_ago(made)} old"
    if now() - made > OLD_BACKUP:
        return _look("backup", f"{said}. Make one: guanxi backup. {daily}")
    if proved is None or now() - proved > OLD_PROOF:
        past = f"the last proof is {_ago(proved)} old" if proved else "none was ever proved to be one"
        return _look("backup", f"{said}, but {past}. Restore it aside and look: guanxi verify")
    return _fine("backup", f"{said}, the last proof that one can be restored {_ago(proved)}. {daily}")


_DAILY = "For one every day, choose a folder under Settings, Rules, Backups."


def _ago(at: datetime) -> str:
    """How long ago that was, as people say it."""
    hours = max(0, int((now() - at).total_seconds() // 3600))
    n, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{n} {unit}{'' if n == 1 else 's'}" if hours else "less than an hour"


ALWAYS: tuple[Callable[[], Finding], ...] = (key, disk, uploads, client, address, running)
IN_THE_DATABASE: tuple[Callable[[], Finding], ...] = (
    migrations, hosts, telling, time, worker, clock, handlers, mailboxes, seals, backups,
)  # fmt: skip


def examine() -> Iterable[Finding]:
    """Look at everything that can be looked at; what breaks while being looked at is a finding, too."""
    yield from (_examined(check) for check in ALWAYS)
    if settings.EMBEDDED_DATABASE and not cluster.exists(settings.HOME):
        yield _look("database", "There is no database yet. Make it: make up")
        return
    try:
        with available(settings.HOME):
            yield from _examine_database()
    except environment.Misconfigured as problem:
        yield _wrong("database", str(problem))


def _examine_database() -> Iterable[Finding]:
    reached = _examined(database)
    yield reached
    if reached.level is not Level.WRONG:
        yield from (_examined(check) for check in IN_THE_DATABASE)
    connection.close()


def _examined(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as problem:
        return _wrong(check.__name__, f"This could not be looked at: {type(problem).__name__}: {problem}")
