"""What happened is told once; each effect exists once; an error retries that event alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import ALL, Event, deliver, emit, event, load, on, record
from guanxi.kernel.models import EventEntry, Failure, Receipt
from guanxi.kernel.time import frozen

pytestmark = pytest.mark.django_db
heard: list[tuple[str, int]] = []


@event("test.rang")
@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    """A bell rang."""

    bell_id: UUID
    times: int
    by_id: UUID | None = None


@on(Rang)
def listen(event: Rang) -> None:
    heard.append(("live", event.times))
    if event.times < 0:
        raise ValueError("bells do not ring backwards")


@on(Rang, origins=ALL, set=True)
def count_all(events: list[Rang]) -> None:
    heard.append(("all", len(events)))
    if any(e.times == 13 for e in events):
        raise ValueError("thirteen")


@pytest.fixture(autouse=True)
def silence():
    heard.clear()


def test_live_events_are_heard_by_all_imported_ones_only_by_those_that_say_so():
    emit(SYSTEM, Rang(bell_id=uuid4(), times=1))
    emit(SYSTEM.as_origin(Origin.IMPORT), Rang(bell_id=uuid4(), times=2))
    drain()
    assert sorted(heard) == [("all", 2), ("live", 1)]


def test_an_event_comes_back_as_it_was_with_what_is_known_of_it():
    bell, at = uuid4(), datetime(2026, 3, 1, 12, tzinfo=UTC)
    emit(SYSTEM, Rang(bell_id=bell, times=3), at=at)
    entry = EventEntry.objects.get(name="test.rang")
    loaded = load(entry)
    assert loaded == Rang(bell_id=bell, times=3)
    assert (loaded.meta.occurred_at, loaded.meta.origin, entry.subjects) == (at, Origin.LIVE, [bell])


def test_delivered_twice_the_effect_exists_once():
    emit(SYSTEM, Rang(bell_id=uuid4(), times=1))
    drain()
    id = str(EventEntry.objects.get(name="test.rang").pk)
    name = Receipt.objects.filter(handler__endswith=".listen").get().handler
    deliver.function(handler=name, events=[id])
    assert heard.count(("live", 1)) == 1


def test_an_error_retries_that_event_alone_until_it_is_given_up():
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)) as clock:
        record(SYSTEM, [(Rang(bell_id=uuid4(), times=t), None) for t in (1, -1, 2)])
        drain()
        assert [t for kind, t in heard if kind == "live"] == [1, -1, 2]
        failure = Failure.objects.get(handler__endswith=".listen")
        assert "bells do not ring backwards" in failure.error
        heard.clear()
        for _ in range(20):
            clock.advance(timedelta(hours=2))
            drain()
        assert heard == [("live", -1)] * 9
        assert Failure.objects.get().attempts == 10


def test_a_set_that_fails_is_tried_one_by_one():
    record(SYSTEM, [(Rang(bell_id=uuid4(), times=t), None) for t in (5, 13, 6)])
    drain()
    assert [n for kind, n in heard if kind == "all"] == [3, 1, 1, 1]
    assert Failure.objects.filter(handler__endswith=".count_all").count() == 1


def test_many_events_are_one_job_for_each_five_hundred():
    record(SYSTEM.as_origin(Origin.IMPORT), [(Rang(bell_id=uuid4(), times=1), None)] * 1201)
    drain()
    assert [n for kind, n in heard if kind == "all"] == [500, 500, 201]


def test_a_set_takes_along_what_waits_for_it_one_by_one():
    for times in (1, 2, 3):
        emit(SYSTEM, Rang(bell_id=uuid4(), times=times))
    assert drain() == 4
    assert sorted(heard) == [("all", 3), ("live", 1), ("live", 2), ("live", 3)]
    assert Receipt.objects.filter(handler__endswith="count_all").count() == 3


def test_what_a_set_took_along_is_retried_alone_when_it_fails():
    for times in (1, 13, 2):
        emit(SYSTEM, Rang(bell_id=uuid4(), times=times))
    drain()
    assert [n for who, n in heard if who == "all"] == [3, 1, 1, 1]
    assert Receipt.objects.filter(handler__endswith="count_all").count() == 2
    failed = Failure.objects.get(handler__endswith="count_all")
    assert EventEntry.objects.get(pk=failed.event_id).payload["times"] == 13


def test_a_clock_rings_once_at_its_time_unless_it_is_stopped():
    with frozen(datetime(2026, 1, 1, 9, tzinfo=UTC)) as clock:
        due = clock.at + timedelta(hours=1)
        for key in ("kept", "stopped"):
            clocks.start(key, due, Rang(bell_id=uuid4(), times=7))
        assert clocks.stop("stopped") and not clocks.stop("never")
        clock.advance(timedelta(minutes=59))
        drain()
        assert heard == []
        clock.advance(timedelta(minutes=5))
        drain()
        assert heard.count(("live", 7)) == 1
        assert EventEntry.objects.get(name="test.rang").occurred_at == due


def test_set_anew_a_clock_rings_at_the_new_time_only():
    with frozen(datetime(2026, 1, 1, 9, tzinfo=UTC)) as clock:
        clocks.start("k", clock.at + timedelta(hours=1), Rang(bell_id=uuid4(), times=1))
        clocks.start("k", clock.at + timedelta(hours=3), Rang(bell_id=uuid4(), times=2))
        clock.advance(timedelta(hours=2))
        drain()
        assert heard == []
        clock.advance(timedelta(hours=2))
        drain()
        assert ("live", 2) in heard
