"""What is the database's own trouble is nobody's fault: no value is said to be wrong, no event is given up."""

import threading
import time

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from guanxi.kernel import events
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import Failure, Receipt
from guanxi.kernel.outages import is_passing, stepping_aside
from guanxi.kernel.writes import create
from guanxi.lib.errors import Invalid
from guanxi.workspace.teams.models import Team
from tests.client import Api
from tests.factories import workspace

FULL = "CREATE FUNCTION pg_temp.fails() RETURNS trigger AS $$BEGIN RAISE 'on purpose' USING ERRCODE = '{}'; END$$"


def caused(by: BaseException) -> OperationalError:
    """As Django raises it."""
    problem = OperationalError("x")
    problem.__cause__ = by
    return problem


@pytest.mark.parametrize(
    ("problem", "passing"),
    [
        (caused(psycopg.errors.DiskFull()), True),
        (caused(psycopg.errors.AdminShutdown()), True),
        (caused(psycopg.errors.DeadlockDetected()), True),
        (caused(psycopg.errors.LockNotAvailable()), True),
        (caused(psycopg.OperationalError("server closed the connection unexpectedly")), True),
        (InterfaceError("connection already closed"), True),
        (caused(psycopg.errors.ProgramLimitExceeded()), False),
        (caused(psycopg.errors.QueryCanceled()), False),
        (ValueError("x"), False),
    ],
)
def test_which_errors_pass(problem, passing):
    assert is_passing(problem) is passing


def every_insert_fails(cursor, table: str, state: str) -> None:
    cursor.execute(FULL.format(state) + " LANGUAGE plpgsql")
    cursor.execute(f"CREATE TRIGGER fails BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.fails()")


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "expected"), [("53100", OperationalError), ("22001", Invalid), ("54000", Invalid)])
def test_a_full_disk_is_not_said_to_be_a_value_that_does_not_fit(state, expected):
    with connection.cursor() as cursor:
        every_insert_fails(cursor, "workspace_team", state)
    with pytest.raises(expected), transaction.atomic():
        create(SYSTEM, Team, name="Sales")
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_an_event_is_not_given_up_because_the_disk_is_full(monkeypatch):
    """The job fails as a whole and is done again; nothing counts as tried."""

    def fails(_happened):
        raise caused(psycopg.errors.DiskFull())

    with pytest.raises(OperationalError):
        events._tried(events.Handler(name="x", types=(), origins=events.ALL, function=fails, as_set=True), [])
    assert not Failure.objects.exists()
    assert not Receipt.objects.filter(handler="x").exists()


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.django_db(transaction=True)
def test_two_who_wait_for_each_other_both_get_through():
    """PostgreSQL takes one of them back: that one is done again, and nobody is told."""
    above, first, second = sorted((workspace.team() for _ in range(3)), key=lambda one: one.pk)
    owner, answers = Api(workspace.user("owner")), []

    def ask() -> None:
        ids = [str(first.pk), str(second.pk)]
        answers.append(owner.post("teams/bulk/change", {"ids": ids, "values": {"parent": str(above.pk)}}))
        connection.close()

    asking = threading.Thread(target=ask)
    lock = "UPDATE workspace_team SET name = name || '!' WHERE id = %s"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # the other one is taken back
        cursor.execute(lock, [second.pk])
        asking.start()
        while asking.is_alive() and not (cursor.execute(WAITING), cursor.fetchone())[1][0]:
            time.sleep(0.01)
        cursor.execute(lock, [first.pk])
    asking.join()
    assert [one["done"] for one in answers] == [2]
    assert set(Team.objects.filter(parent=above, name__endswith="!")) == {first, second}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cause", [psycopg.errors.DeadlockDetected(), psycopg.errors.DiskFull()], ids=["in_whole", "else"]
)
def test_what_would_be_half_done_again_is_not_done_again(cause):
    """Within a larger whole that was taken back, and for whatever else is in the way."""
    tried = []

    @stepping_aside
    def act() -> None:
        tried.append(1)
        raise caused(cause)

    with pytest.raises(OperationalError):
        act()
    assert tried == [1]
