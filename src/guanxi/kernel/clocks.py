"""A deadline is an event with a due time. One loop fires what is due and sleeps until the next; no scans."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.models import QuerySet
from pydantic import ValidationError

from guanxi.kernel import direct
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.events import Event, events, record
from guanxi.kernel.leaps import Doubt
from guanxi.kernel.models import Deadline, Failure, new_id
from guanxi.kernel.time import now
from guanxi.lib.errors import Invalid
from guanxi.lib.moments import FIRST, LAST, speakable

CHANNEL = "guanxi_deadline"
BATCH = 500
LONGEST = 30.0
NEAR = timedelta(seconds=60)
_START = (
    "INSERT INTO kernel_deadline (key, due_at, event, payload, origin)"
    " SELECT key, %s, event, payload::jsonb, %s FROM unnest(%s::text[], %s::text[], %s::text[]) v(key, event, payload)"
    " ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, event = excluded.event, payload = excluded.payload,"
    " origin = excluded.origin"
)
_SET_ANEW: dict[str, Callable[[Collection[UUID]], None]] = {}
log = logging.getLogger(__name__)


def start(key: str, due_at: datetime, event: Event, *, origin: Origin = Origin.LIVE) -> None:
    """Have an event happen at a time; a clock of the same key is set anew."""
    start_all({key: event}, due_at, origin=origin)


def start_all(started: Mapping[str, Event], due_at: datetime, *, origin: Origin = Origin.LIVE) -> None:
    """Have many events happen at one time, each under a key of its own, in one statement."""
    if not speakable(due_at):
        raise Invalid("clock.out_of_time")
    keys = sorted(started)  # in one order, as each waits for who sets the same clock
    named = [started[key].name for key in keys]
    told = [started[key].adapter.dump_json(started[key]).decode() for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(_START, [due_at, origin, keys, named, told])
        if due_at - now() < NEAR:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def stop(key: str) -> bool:
    """Stop a clock; False when it ran out or was never started."""
    return Deadline.objects.filter(key=key).delete()[0] > 0


def stop_all(keys: Iterable[str]) -> None:
    """Stop the clocks of these keys, those that run."""
    known = list(keys)
    if known:
        Deadline.objects.filter(key__among=known).delete()


def stop_all_of(ids: Iterable[UUID]) -> None:
    """Stop every clock whose key names one of these records: what is not there any more falls due nowhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_deadline WHERE substring(key FROM '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')::uuid"
            " = ANY(%s::uuid[])",
            [list(ids)],
        )


def of_noun(noun: str) -> Callable[[Callable[[Collection[UUID]], None]], Callable[[Collection[UUID]], None]]:
    """Declare how the clocks of a noun are set from its rows as these stand."""

    def declare(set_anew: Callable[[Collection[UUID]], None]) -> Callable[[Collection[UUID]], None]:
        _SET_ANEW[noun] = set_anew
        return set_anew

    return declare


def set_anew(noun: str, ids: Collection[UUID]) -> None:
    """Let the clocks of rows run as the rows stand now, after an undo."""
    if ids and noun in _SET_ANEW:
        _SET_ANEW[noun](ids)


def due_at(key: str) -> datetime | None:
    """When a running clock runs out."""
    return Deadline.objects.filter(key=key).values_list("due_at", flat=True).first()


def fire_due(limit: int = BATCH) -> int:
    """Let happen what is due; two clocks never fire the same deadline. Returns how many."""
    with transaction.atomic(savepoint=False):
        due = list(_readable().filter(due_at__lte=now()).select_for_update(skip_locked=True)[:limit])
        if due:
            Deadline.objects.filter(key__among=[d.key for d in due]).delete()
        for origin in {d.origin for d in due}:
            fired = [(event, d.due_at) for d in due if d.origin == origin and (event := _event(d)) is not None]
            record(SYSTEM.as_origin(Origin(origin)), fired)
    return len(due)


def _readable() -> QuerySet[Deadline]:
    """Deadlines in their order; one at a time that nobody can read must not stand before all others."""
    return Deadline.objects.filter(due_at__gte=FIRST, due_at__lt=LAST).order_by("due_at")


def _event(due: Deadline) -> Event | None:
    """What is to happen; where this version cannot read it, it is kept as a failure and the others go on."""
    try:
        return events()[due.event].adapter.validate_python(due.payload)  # type: ignore[no-any-return]
    except (KeyError, ValidationError) as problem:
        told = f"{due.key}: {due.event} {due.payload}: {problem!r}"
        log.error("A deadline could not be read: %s", told)
        Failure.objects.create(event_id=new_id(), handler="kernel.clocks", error=told)
        return None


def _seconds_to_next() -> float:
    first = _readable().values_list("due_at", flat=True).first()
    if first is None:
        return LONGEST
    # What is due but locked by somebody is looked at again soon, never in a spin.
    return min(LONGEST, max((first - now()).total_seconds(), 0.05))


def _wait_out(doubt: Doubt) -> None:
    """Let nothing fall due by a clock that leapt ahead until it is put right, or was not for a while."""
    told = False
    while (seconds := doubt.seconds()) > 0:
        if not told:
            log.warning("The machine's clock leapt ahead; deadlines wait %.0f s for it to be put right.", seconds)
        told = True
        time.sleep(min(seconds, 1.0))


def run() -> None:
    """Fire deadlines for ever; survives the database going away and coming back, and doubts a clock that leaps."""
    wait, doubt = 0.1, Doubt()
    while True:
        try:
            with psycopg.connect(**{**direct.parameters(), "autocommit": True}) as listener:
                listener.execute(f"LISTEN {CHANNEL}")
                wait = 0.1
                while True:
                    _wait_out(doubt)
                    while fire_due() == BATCH:
                        pass
                    for _ in listener.notifies(timeout=_seconds_to_next(), stop_after=1):
                        pass
        except Exception as problem:
            log.warning("The clock lost the database and tries again: %s", str(problem).splitlines()[:1])
            connection.close()
            time.sleep(wait)
            wait = min(wait * 2, 0.5)
