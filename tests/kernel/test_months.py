"""Events and history stand in a part for each month: made in time, and what was there before its part moves into it."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from guanxi.kernel import months
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry, HistoryEntry
from guanxi.kernel.time import frozen, now
from guanxi.kernel.writes import change
from guanxi.lib.timed_ids import first_of
from guanxi.workspace.teams.models import Team
from tests.client import Api
from tests.factories import workspace as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
FAR = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)


def part_of(model, row) -> str:
    """The table in which a row really stands."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM {table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0].removeprefix(f"{table}_")


def told(at: datetime) -> EventEntry:
    """An event that was recorded at a moment."""
    return EventEntry.objects.create(
        id=first_of(at), name="test.rang", occurred_at=at, origin="live", actor_kind="system", subjects=[], payload={}
    )


def test_what_is_written_now_stands_in_the_part_of_this_month():
    team = make.team("South")
    with change(Team, team.pk, by=SYSTEM) as row:
        row.name = "East"
    month = f"{datetime.now(UTC):%Y_%m}"
    assert {part_of(EventEntry, one) for one in EventEntry.objects.all()} <= {month}
    assert part_of(HistoryEntry, HistoryEntry.objects.get(record_id=team.pk)) == month


def test_the_months_to_come_have_their_parts_before_they_begin():
    months.prepare()
    soon = now() + timedelta(days=31)
    assert part_of(EventEntry, told(soon)) == f"{soon:%Y_%m}"


def test_what_came_before_its_part_moves_into_it_and_the_next_has_one():
    early = [told(FAR), told(FAR + timedelta(minutes=2))]
    assert [part_of(EventEntry, one) for one in early] == ["rest", "rest"]
    with frozen(FAR):
        months.prepare()
        months.prepare()
    assert [part_of(EventEntry, one) for one in early] == ["2031_12", "2032_01"]
    assert part_of(EventEntry, told(FAR - timedelta(days=31))) == "rest"


def test_a_part_has_the_indexes_and_the_promise_of_the_whole():
    with frozen(FAR):
        months.prepare()
    with connection.cursor() as cursor:
        for table, found in (("kernel_evententry", 4), ("kernel_historyentry", 4)):
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [f"{table}_2031_12"])
            assert cursor.fetchone() == (found,)
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE conrelid = 'kernel_historyentry_2031_12'::regclass")
        assert cursor.fetchone()[0] >= 2


def test_the_history_of_before_moves_over_in_its_order():
    step = import_module("guanxi.kernel.migrations.0002_months")
    kinds = ", ".join(f"{name} {kind}" for name, kind in step.HISTORY.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE old_history (id bigserial PRIMARY KEY, {kinds})")
        for month, version in ((3, 1), (3, 2), (4, 3)):
            cursor.execute(
                "INSERT INTO old_history (record, record_id, version, at, diff, change_set_id)"
                " VALUES ('test.one', gen_random_uuid(), %s, %s, '{}', gen_random_uuid())",
                [version, datetime(2026, month, 1, tzinfo=UTC)],
            )
        with DatabaseSchemaEditor(connection, atomic=False) as editor:
            step.divide("old_history", step.HISTORY, step.TIMED).code(None, editor)
        cursor.execute("SELECT version, tableoid::regclass::text FROM old_history ORDER BY id")
        assert cursor.fetchall() == [(1, "old_history_2026_03"), (2, "old_history_2026_03"), (3, "old_history_2026_04")]


def test_the_history_of_a_record_is_in_its_order_even_if_two_clocks_differ():
    team = make.team("South")
    for name in ("East", "West"):
        with change(Team, team.pk, by=SYSTEM) as row:
            row.name = name
    entry = HistoryEntry.objects.get(record_id=team.pk, version=3)
    HistoryEntry.objects.filter(pk=entry.pk).update(id=first_of(entry.at - timedelta(minutes=1)))
    changes = Api(make.user("owner")).get(f"teams/{team.pk}/history")["changes"]
    assert [one["diff"]["name"]["to"] for one in changes] == ["West", "East"]
