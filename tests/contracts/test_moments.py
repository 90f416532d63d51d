"""Whatever takes a day or a moment takes only one that can be read again, by every reader and in every zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from guanxi.kernel import clocks
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api import schemas
from guanxi.kernel.drain import drain
from guanxi.kernel.models import Deadline, Failure
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records
from guanxi.kernel.time import now
from guanxi.kernel.writes import create, create_many
from guanxi.lib.errors import Invalid
from guanxi.lib.moments import speakable
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import add_todo
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

EARLY = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
LATE = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-14)))
INPUTS: dict[str, type[BaseModel]] = {
    **{one.name: one.input for one in operations().values()},
    **{f"{r.name}.create": schemas.create_in(r) for r in records().values()},
    **{f"{r.name}.change": schemas.change_in(r) for r in records().values()},
}


def timed(schema: Any) -> bool:
    """Whether a part of a schema takes days or moments."""
    return any(one.get("format") in ("date", "date-time") for one in (schema, *schema.get("anyOf", ())))


TIMED = [
    (name, field)
    for name, given in INPUTS.items()
    for field, schema in given.model_json_schema().get("properties", {}).items()
    if timed(schema)
]


def test_there_are_some_to_look_at():
    assert len(TIMED) > 20
    assert ("workspace.todo.add", "due_at") in TIMED
    assert ("customers.customer.change", "birthday") in TIMED


@pytest.mark.parametrize(("name", "field"), TIMED)
@pytest.mark.parametrize("moment", [EARLY, LATE], ids=["year 0", "year 10000"])
def test_what_a_database_takes_and_nobody_reads_is_refused(name, field, moment):
    for said in (moment.isoformat(), moment.date().isoformat()):
        with pytest.raises(ValidationError) as refused:
            INPUTS[name].model_validate({field: said})
        types = {error["type"] for error in refused.value.errors() if error["loc"][0] == field}
        assert types, (name, field)


@pytest.mark.parametrize(
    ("when", "can"),
    [
        (EARLY, False), (LATE, False), (now(), True), (date(1904, 2, 29), True), (date(1, 1, 1), False),
        (datetime(2199, 12, 31, 23, tzinfo=UTC), True), (datetime(2200, 1, 1, tzinfo=UTC), False),
    ],
)  # fmt: skip
def test_what_can_be_spoken_of(when, can):
    assert speakable(when) == can


@pytest.mark.django_db
def test_no_way_of_writing_rows_takes_it():
    user = make.user()
    given = {"subject": "x", "due_at": EARLY, "owner_id": user.pk}
    with nothing_changes():
        with pytest.raises(Invalid, match="record.invalid"):
            create(SYSTEM, Todo, **given)
        with pytest.raises(Invalid, match="record.invalid"):
            create_many(SYSTEM, Todo, [given])
        with pytest.raises(Invalid):
            add_todo(SYSTEM, subject="x", due_at=LATE, owner=user.pk)


@pytest.mark.django_db
def test_a_deadline_that_cannot_be_read_stops_no_other():
    todo = make.todo(due_at=now() - timedelta(seconds=1))
    before = {"payload": {}, "origin": "live", "due_at": now() - timedelta(days=1)}
    Deadline.objects.create(key="of another version", event="gone.away", **before)
    Deadline.objects.create(key="of another shape", event="workspace.todo_due", **before)
    for key, moment in (("early", EARLY), ("late", LATE)):
        Deadline.objects.create(key=key, event="workspace.todo_due", **{**before, "due_at": moment})
    drain()
    assert not Deadline.objects.filter(key__contains=str(todo.pk)).exists()
    assert Deadline.objects.filter(key__startswith="of another").count() == 0
    told = list(Failure.objects.values_list("handler", "error"))
    assert [handler for handler, _ in told] == ["kernel.clocks", "kernel.clocks"]
    with pytest.raises(Invalid, match="clock.out_of_time"):
        clocks.start("early", EARLY, None)
