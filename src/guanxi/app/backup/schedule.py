"""Backups by the clock: once a day where a folder is chosen; and a to-do for the owner where there is none of late."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from django.db.models import QuerySet

from guanxi.app.backup import keeping, making, notes, verifying
from guanxi.app.environment import Misconfigured
from guanxi.kernel import direct, secrets
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.jobs import job
from guanxi.kernel.time import now
from guanxi.kernel.words import FALLBACK, said, say
from guanxi.lib.errors import Invalid, Problem
from guanxi.workspace.company.operations import ZONE
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import add_todo_of, complete_todo
from guanxi.workspace.users.models import User

LOCK = 0x6261636B7570  # "backup": the advisory lock of whoever makes one by the clock
AGAIN = timedelta(hours=1)
"""How long after one that failed the next is tried."""
OLD = timedelta(days=7)
"""A company that has no backup for so long is told."""
SOURCE = "backup:"
log = logging.getLogger("guanxi.backup")


@job("app.back_up", every="*/5 * * * *")
def back_up() -> None:
    """Make the backup of the day when its time has come, by one host alone, and ask for one where there is none."""
    if keeping.FOLDER.get() and is_due(now()):
        with _alone() as alone:
            if alone and is_due(now()):
                _make()
    ask()


def is_due(at: datetime) -> bool:
    """Whether the time of day has passed since the last one, and the last try is not too near."""
    made, tried = notes.when(notes.MADE), notes.when(notes.TRIED)
    if tried and tried <= at < tried + AGAIN and not (made and made >= tried):
        return False
    return made is None or made < last_time(at) or made > at


def last_time(at: datetime) -> datetime:
    """When a backup was wanted last, in the company's zone."""
    local = at.astimezone(ZoneInfo(ZONE.get()))
    wanted = datetime.combine(local.date(), time.fromisoformat(keeping.AT.get()), tzinfo=local.tzinfo)
    return wanted if wanted <= local else wanted - timedelta(days=1)


def ask() -> None:
    """Give the owner of the company a to-do where there has been no backup for a week; it is done when there is one."""
    at, owner = now(), _owner()
    made, failed = notes.when(notes.MADE), notes.when(notes.FAILED)
    if made and at - made < OLD and not failed:
        _settle()
    elif owner and at - (made or owner.created_at) >= OLD and not _open_ones().exists():
        words = "backup.todo.old" if made else "backup.todo.none"
        _ask(owner, words, say(f"{words}.note", owner.language), at)


def _make() -> None:
    """Make, thin out, and now and then prove; what stands in the way is told to the owner."""
    notes.note(notes.TRIED)
    try:
        place = keeping.folder()
        made = Path(making.make(making.named(place, now())).file)
        keeping.thin_out(place, made)
        days, proved = keeping.VERIFY_DAYS.get(), notes.when(notes.VERIFIED)
        if days and (proved is None or now() - proved >= timedelta(days=days)):
            _verify(made)
        notes.forget(notes.FAILED)
    except (Problem, Misconfigured) as problem:
        notes.note(notes.FAILED)
        log.warning("The backup did not succeed: %s", _why(problem, FALLBACK))
        if owner := _owner():
            _ask(owner, "backup.todo.failed", _why(problem, owner.language), now())


def _verify(made: Path) -> None:
    found = verifying.verify(made, secrets.keys())
    if found["problems"]:
        raise Invalid("backup.not_sound", why=" ".join(found["problems"]))
    notes.note(notes.VERIFIED)


def _why(problem: Problem | Misconfigured, language: str) -> str:
    return str(said(problem, language)["message"]) if isinstance(problem, Problem) else str(problem)


def _ask(owner: User, words: str, note: str, at: datetime) -> None:
    """One to-do at a time: the same is not asked twice, and what is asked now takes the place of what was before."""
    subject = say(words, owner.language)
    if not _open_ones().filter(subject=subject, note=note).exists():
        _settle()
        source = f"{SOURCE}{words}:{at.isoformat(timespec='seconds')}"
        add_todo_of(SYSTEM, subject=subject, kind="check", due_at=at, owner=owner.pk, note=note, source=source)


def _open_ones() -> "QuerySet[Todo]":
    return Todo.objects.filter(source__startswith=SOURCE, done_at=None, archived_at=None)


def _settle() -> None:
    """What was asked for is done, or something else is asked for now."""
    for todo in _open_ones():
        complete_todo(SYSTEM, todo.pk)


def _owner() -> User | None:
    return User.objects.filter(roles__contains=["owner"], archived_at=None).order_by("created_at").first()


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else makes one now; a session of its own holds that, around a pooler, until the end."""
    with psycopg.connect(**{**direct.parameters(), "autocommit": True}) as session:
        taken = session.execute("SELECT pg_try_advisory_lock(%s::bigint)", [LOCK]).fetchone()
        yield bool(taken and taken[0])
