"""The machine's clock is set an hour back or a day ahead: nothing is done twice or piles up, nobody is shut out."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.periodic import PeriodicDeferrer

from guanxi.kernel import jobs, leaps, limits
from guanxi.kernel.jobs import procrastinate
from guanxi.kernel.leaps import DOUBTED_SECONDS, Doubt, leaping
from guanxi.kernel.models import new_id
from guanxi.kernel.time import frozen
from guanxi.lib.errors import TooMany

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Machine:
    """A clock that can be set, beside the time that really passes."""

    def __init__(self) -> None:
        self.wall, self.passed = NOON, 1000.0

    def pass_(self, seconds: float, *, set_by: timedelta = timedelta()) -> None:
        """Time passes, and somebody sets the clock."""
        self.passed += seconds
        self.wall += timedelta(seconds=seconds) + set_by


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def doubt(machine):
    return Doubt(wall=lambda: machine.wall, passed=lambda: machine.passed)


@pytest.mark.parametrize(
    ("seconds", "set_by"),
    [(30, timedelta()), (8 * 3600, timedelta()), (30, timedelta(seconds=90)), (30, -HOUR), (30, -DAY)],
    ids=["as always", "after a night of sleep", "a small correction", "an hour back", "a day back"],
)
def test_a_clock_that_tells_what_passed_or_less_is_believed(machine, doubt, seconds, set_by):
    machine.pass_(seconds, set_by=set_by)
    assert doubt.seconds() == 0
    machine.pass_(30)
    assert doubt.seconds() == 0


def test_a_clock_that_leaps_ahead_is_doubted_until_it_was_not_put_right_for_a_while(machine, doubt):
    machine.pass_(30, set_by=DAY)
    assert doubt.seconds() == DOUBTED_SECONDS
    machine.pass_(100)
    assert doubt.seconds() == DOUBTED_SECONDS - 100
    machine.pass_(DOUBTED_SECONDS)
    assert doubt.seconds() == 0
    machine.pass_(30)
    assert doubt.seconds() == 0


def test_put_right_it_is_believed_at_once_and_may_be_doubted_again(machine, doubt):
    machine.pass_(30, set_by=DAY)
    assert doubt.seconds() > 0
    machine.pass_(60, set_by=-DAY)
    assert doubt.seconds() == 0
    machine.pass_(60, set_by=HOUR)
    assert doubt.seconds() == DOUBTED_SECONDS


def ticks(deferrer: PeriodicDeferrer, at: float, monkeypatch) -> dict[str, int]:
    """How often each piece of work by the clock is begun at a moment."""
    monkeypatch.setattr(leaps, "now", lambda: datetime.fromtimestamp(at, UTC))
    found: dict[str, int] = {}
    for work, _ in deferrer.get_previous_tasks(at=at):
        found[work.task.name] = found.get(work.task.name, 0) + 1
    return found


OFTEN = {"channels.email.read_mailboxes", "kernel.rescue_stalled_jobs"}


@pytest.mark.parametrize("leap", [3600, 86_400, -3600, -86_400])
def test_work_by_the_clock_is_begun_once_after_a_leap_and_goes_on(monkeypatch, leap):
    deferrer = PeriodicDeferrer(leaping(procrastinate.periodic_registry))
    start = time.time() // 3600 * 3600 + 0.5
    ticks(deferrer, start, monkeypatch)
    assert ticks(deferrer, start + 1, monkeypatch) == {}

    after = ticks(deferrer, start + leap + 60, monkeypatch)
    assert after.items() >= dict.fromkeys(OFTEN, 1).items()
    assert set(after.values()) == {1}
    assert ticks(deferrer, start + leap + 61, monkeypatch) == {}
    again = ticks(deferrer, start + leap + 80, monkeypatch)
    assert again.items() >= dict.fromkeys(OFTEN, 1).items()


def test_without_that_a_day_ahead_would_be_thousands_and_an_hour_back_nothing(monkeypatch):
    """The planted violation: what the library does by itself."""
    deferrer = PeriodicDeferrer(procrastinate.periodic_registry)
    start = time.time() // 3600 * 3600 + 0.5
    ticks(deferrer, start, monkeypatch)
    assert ticks(deferrer, start - 3600, monkeypatch) == {}
    assert ticks(deferrer, start + 86_400, monkeypatch)["channels.email.read_mailboxes"] == 4320


def test_the_living_are_not_taken_for_dead_because_the_clock_leapt(monkeypatch):
    monkeypatch.setattr(jobs, "_last_seen", {})
    beat = NOON - DAY  # as it looks after a leap
    assert jobs.silent([(1, beat), (2, beat)], 100.0) == []
    assert jobs.silent([(1, beat + timedelta(seconds=5)), (2, beat)], 110.0) == [2]
    assert jobs.silent([], 120.0) == []
    assert jobs.silent([(2, beat)], 130.0) == []


@pytest.mark.django_db
def test_a_clock_set_back_shuts_nobody_out():
    door = limits.RateLimit(
        name="test.door", most=5, per=timedelta(minutes=15), by="actor", about="", code="limit.too_many"
    )
    for _ in range(3):
        with frozen(NOON):
            door.take("one")
    with frozen(NOON - HOUR):
        door.take("one")
        door.take("one")
        with pytest.raises(TooMany) as refused:
            door.take("one")
        assert refused.value.values["seconds"] <= 15 * 60


def test_ids_made_while_the_clock_goes_to_and_fro_are_unique(monkeypatch):
    made = []
    for leap in (0, -3600, 86_400, -3600, 0):
        present = time.time_ns()
        monkeypatch.setattr(time, "time_ns", lambda at=present + leap * 10**9: at)
        made += [new_id() for _ in range(2000)]
        monkeypatch.undo()
    assert len(set(made)) == len(made)
