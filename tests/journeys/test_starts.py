"""What begins a journey: an audience in rounds, a condition that becomes true, a date, an event."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.operations import create_journey, pause_journey, resume_journey, start_journey
from guanxi.journeys.journeys.rules import held_out
from guanxi.journeys.runs.models import Holding, Run
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import emit
from guanxi.kernel.models import Deadline
from guanxi.workspace.teams.models import Team
from guanxi.workspace.todos.operations import complete_todo
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import workspace as make
from tests.journeys.meetings import AT, TeamMet, add, met, running, subjects

pytestmark = pytest.mark.django_db


def test_an_audience_begins_again_each_round_and_never_twice_in_one(clock, owner):
    make.team(), make.team()
    running(owner, start={"audience": {}, "every": {"days": 30}}, steps=[add()])
    assert len(subjects()) == 2
    make.team()
    clock.advance(timedelta(days=30))
    drain()
    assert len(subjects()) == 5
    assert sorted(Run.objects.values_list("start_key", flat=True)) == ["round:1"] * 2 + ["round:2"] * 3


def test_a_round_that_falls_due_while_paused_is_held_after(clock, owner):
    make.team()
    made = running(owner, start={"audience": {}, "every": {"days": 7}}, steps=[add()])
    pause_journey(owner, made.pk)
    clock.advance(timedelta(days=8))
    drain()
    resume_journey(owner, made.pk)
    clock.advance(timedelta(hours=2))
    drain()
    assert len(subjects()) == 2


def test_the_share_left_alone_is_the_same_in_sql_as_by_rule(owner):
    for _ in range(40):
        make.team()
    made = running(owner, start={"audience": {}}, steps=[add()], hold_out=0.3)
    found = {run.subject_id: run.status for run in Run.objects.all()}
    assert found == {team: "held_out" if held_out(made.pk, team, 0.3) else "done" for team in found}
    assert 0 < list(found.values()).count("held_out") < 40
    assert len(subjects()) == list(found.values()).count("done")


def test_a_condition_that_becomes_true_begins_once_until_it_ended_and_came_again(clock, owner):
    team = make.team("North")
    condition = {"field": "name", "op": "is", "value": "South"}
    running(owner, start={"condition": condition}, steps=[add()])

    def called(name):
        Team.objects.filter(pk=team.pk).update(name=name)
        clock.advance(timedelta(minutes=1))
        met(team)
        return len(subjects())

    assert [called(name) for name in ("South", "South", "North", "South")] == [1, 1, 1, 2]


def test_a_condition_is_looked_at_when_somebody_changes_the_record(owner):
    team = make.team("North")
    running(owner, start={"condition": {"field": "name", "op": "is", "value": "South"}}, steps=[add()])
    Api(User.objects.get(pk=owner.id)).patch(f"teams/{team.pk}", {"name": "South"})
    drain()
    assert subjects() == ["Look"]


def test_those_for_whom_a_condition_holds_already_begin_only_when_wanted(owner):
    make.team("South")
    condition = {"field": "name", "op": "is", "value": "South"}
    running(owner, start={"condition": condition}, steps=[add("later")])
    running(owner, start={"condition": condition, "present": True}, steps=[add("now")])
    assert subjects() == ["now"]
    assert Holding.objects.count() == 2


def test_what_an_import_brings_is_noted_and_begins_nothing(clock, owner):
    condition = {"field": "name", "op": "is", "value": "South"}
    running(owner, start={"condition": condition}, steps=[add()])
    team = make.team("South")
    met(team, Origin.IMPORT)
    clock.advance(timedelta(days=1))
    drain()
    assert subjects() == [] and Holding.objects.count() == 1


def test_a_condition_is_looked_at_again_each_night(clock, owner):
    running(
        owner, start={"condition": {"field": "created_at", "op": "older_than", "value": {"days": 3}}}, steps=[add()]
    )
    team = make.team()
    Team.objects.filter(pk=team.pk).update(created_at=AT)
    clock.advance(timedelta(days=2))
    drain()
    assert subjects() == []
    clock.advance(timedelta(days=2))
    drain()
    assert subjects() == ["Look"]


def test_a_date_begins_on_its_anniversary_in_the_morning_once_a_year(clock, owner):
    team = make.team()
    Team.objects.filter(pk=team.pk).update(created_at=datetime(2020, 3, 5, 12, tzinfo=UTC))
    running(owner, start={"date": "created_at"}, steps=[add()])
    for _ in range(800):
        clock.advance(timedelta(days=1))
        drain()
    assert [run.created_at.date().isoformat() for run in Run.objects.order_by("created_at")] == [
        "2026-03-05", "2027-03-05", "2028-03-05",
    ]  # fmt: skip


def test_what_a_journey_causes_does_not_begin_it_again(owner):
    running(owner, start={"event": "workspace.todo_done", "subject": "todo_id"}, steps=[])
    made = create_journey(
        owner, name="Loop", record="workspace.todo", start={"event": "workspace.todo_added"}, steps=[add("again")]
    )
    start_journey(owner, made.pk)
    make.todo()
    drain()
    assert len(subjects()) == 2


def test_a_journey_nobody_hears_costs_an_event_no_job(owner):
    running(owner, start={"event": "workspace.todo_done", "subject": "todo_id"}, steps=[])
    emit(SYSTEM, TeamMet(team_id=make.team().pk))
    assert drain() == 0


def test_done_to_dos_can_begin_a_journey(owner):
    todo = make.todo()
    made = create_journey(
        owner, name="Thanks", record="workspace.todo", start={"event": "workspace.todo_done"},
        steps=[add({"text": "Thank for {subject.subject}"})],
    )  # fmt: skip
    start_journey(owner, made.pk)
    complete_todo(SYSTEM, todo.pk)
    drain()
    assert f"Thank for {todo.subject}" in subjects()
    assert Journey.objects.get(pk=made.pk).hears == ["workspace.todo_done"]


def test_rounds_of_a_plan_written_before_do_not_follow_each_other_at_once(clock, owner):
    made = running(owner, start={"audience": {}, "every": {"hours": 1}}, steps=[])
    Journey.objects.filter(pk=made.pk).update(start={"audience": {}, "every": {"minutes": 0}})
    clock.advance(timedelta(hours=1))
    drain()
    due = Deadline.objects.get(key__startswith="journeys.round")
    assert due.due_at == AT + timedelta(hours=2)
