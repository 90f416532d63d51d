"""Events and history stand in a part for each month; an entry of history has a time-ordered id like everything else."""

from datetime import UTC, datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

import guanxi.kernel.models
from guanxi.kernel.months import AHEAD, months
from guanxi.lib.timed_ids import first_of, moment_of

EVENTS = {
    "name": "varchar(80) NOT NULL",
    "occurred_at": "timestamptz NOT NULL",
    "recorded_at": "timestamptz NOT NULL",
    "origin": "varchar(12) NOT NULL",
    "actor_kind": "varchar(12) NOT NULL",
    "actor_id": "uuid",
    "change_set": "uuid",
    "subjects": "uuid[] NOT NULL",
    "payload": "jsonb NOT NULL",
}
HISTORY = {
    "record": "varchar(80) NOT NULL",
    "record_id": "uuid NOT NULL",
    "version": "integer NOT NULL CHECK (version >= 0)",
    "at": "timestamptz NOT NULL",
    "diff": "jsonb NOT NULL",
    "change_set_id": "uuid NOT NULL",
}
# The millisecond of the change, then the number it had: ids that order as these did.
TIMED = (
    "(lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(id), 15, '0'))::uuid"
)


def divide(table, columns, id):
    """Take the rows of a table over into one that has a part for each month."""

    def forwards(apps, schema_editor):
        named = ", ".join(columns)
        made = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
            cursor.execute(f"CREATE TABLE {table} (id uuid NOT NULL, {made}) PARTITION BY RANGE (id)")
            cursor.execute(f"SELECT {id} AS timed FROM {table}_whole ORDER BY timed LIMIT 1")
            oldest, now = cursor.fetchone(), datetime.now(UTC)
            for month, after in months(moment_of(oldest[0]) if oldest else now, now + AHEAD):
                bounds = f"FROM ('{first_of(month)}') TO ('{first_of(after)}')"
                cursor.execute(f"CREATE TABLE {table}_{month:%Y_%m} PARTITION OF {table} FOR VALUES {bounds}")
            cursor.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
            cursor.execute(f"INSERT INTO {table} (id, {named}) SELECT {id}, {named} FROM {table}_whole")
            cursor.execute(f"DROP TABLE {table}_whole")
            cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id)")

    return migrations.RunPython(forwards)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RemoveIndex("evententry", "event_by_name"),
        migrations.RemoveIndex("evententry", "event_by_subject"),
        migrations.RemoveIndex("historyentry", "history_of_record"),
        divide("kernel_evententry", EVENTS, "id"),
        divide("kernel_historyentry", HISTORY, TIMED),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "historyentry",
                    "id",
                    models.UUIDField(primary_key=True, default=guanxi.kernel.models.new_id, serialize=False),
                ),
            ]
        ),
        migrations.AddIndex("evententry", models.Index(fields=["name", "-occurred_at"], name="event_by_name")),
        migrations.AddIndex("evententry", GinIndex(fields=["subjects"], name="event_by_subject")),
        migrations.AddIndex("historyentry", models.Index(fields=["record_id", "-version"], name="history_of_record")),
        migrations.RunSQL(
            "CREATE INDEX event_by_change_set ON kernel_evententry (change_set);"
            "CREATE INDEX history_by_change_set ON kernel_historyentry (change_set_id);"
            "ALTER TABLE kernel_historyentry ADD CONSTRAINT history_in_change_set FOREIGN KEY (change_set_id)"
            " REFERENCES kernel_changeset (id) DEFERRABLE INITIALLY DEFERRED"
        ),
    ]
