"""Runs: each step once, waits by clocks, branches, stop rules, failures that say why, rights that are lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from guanxi.journeys.journeys.models import Journey
from guanxi.journeys.journeys.operations import (
    create_journey,
    end_journey,
    pause_journey,
    redraw_journey,
    resume_journey,
    start_journey,
)
from guanxi.journeys.journeys.rules import held_out
from guanxi.journeys.runs import operations as runs
from guanxi.journeys.runs.jobs import advance_runs
from guanxi.journeys.runs.models import Holding, Run, StepTaken
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import Event, emit, event
from guanxi.kernel.models import Deadline, EventEntry
from guanxi.kernel.time import frozen
from guanxi.kernel.writes import change
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.workspace.roles.models import Role
from guanxi.workspace.teams.models import Team
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import complete_todo
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import workspace as make
from tests.factories.journeys import journey as draft
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = {"wait": {"for": {"days": 1}}}
TEAM = "workspace.team"


@event("test.team_met")
@dataclass(frozen=True, kw_only=True)
class TeamMet(Event):
    """A team met."""

    team_id: UUID
    minutes: int = 30


@pytest.fixture
def clock():
    with frozen(AT) as held:
        yield held


@pytest.fixture
def owner():
    return make.actor("owner")


def add(subject="Look", **given):
    return {"operation": {"name": "workspace.todo.add", "input": {"subject": subject, **given}}}


def running(owner, **values):
    made = draft(owner, record=TEAM, **values)
    start_journey(owner, made.pk)
    drain()
    return made


def subjects():
    return sorted(Todo.objects.values_list("subject", flat=True))


def met(team, origin=Origin.LIVE, **values):
    emit(SYSTEM.as_origin(origin), TeamMet(team_id=team.pk, **values))
    drain()


def test_an_event_begins_a_run_that_waits_and_then_acts_as_its_owner(clock, owner):
    team = make.team("North")
    said = {"text": "Ask {subject.name} about {event.minutes} minutes"}
    due = {"moment": {"after": "start", "for": {"days": 3}}}
    made = running(owner, start={"event": "test.team_met"}, steps=[DAY, add(said, due_at=due, kind="call")])
    met(team, minutes=45)
    run = Run.objects.get()
    assert (run.status, run.step, run.waiting_until) == ("waiting", "0", AT + timedelta(days=1))
    clock.advance(timedelta(hours=23))
    drain()
    assert subjects() == []
    clock.advance(timedelta(hours=1))
    drain()
    todo = Todo.objects.get()
    assert (todo.subject, todo.kind, todo.owner_id) == ("Ask North about 45 minutes", "call", owner.id)
    assert todo.due_at == AT + timedelta(days=3)
    run.refresh_from_db()
    assert (run.status, run.outcome, run.journey_id) == ("done", "done", made.pk)
    taken = StepTaken.objects.order_by("step").values_list("step", "kind", "said")
    assert list(taken) == [("0", "wait", "time"), ("1", "operation", "workspace.todo.add")]
    assert Deadline.objects.filter(key__startswith="journeys.run").count() == 0


def test_each_event_begins_once_for_all_that_is_delivered_twice(owner):
    team = make.team()
    made = running(owner, start={"event": "test.team_met"}, steps=[add()])
    met(team)
    met(team)
    assert Run.objects.filter(journey=made).count() == 2
    run = Run.objects.first()
    advance_runs.function(runs=[str(run.pk)] * 3)
    again = runs.begin_runs_by_events(made, [(team.pk, run.start_key, {})])
    assert again == [] and Run.objects.count() == 2 and len(subjects()) == 2


def test_once_means_once_for_a_subject(owner):
    team = make.team()
    running(owner, start={"event": "test.team_met", "once": True}, steps=[add()])
    met(team)
    met(team)
    assert len(subjects()) == 1


def test_only_those_that_fulfil_where_begin(owner):
    north, south = make.team("North"), make.team("South")
    where = {"field": "name", "op": "is", "value": "North"}
    running(owner, start={"event": "test.team_met", "where": where}, steps=[add({"text": "{subject.name}"})])
    met(north)
    met(south)
    assert subjects() == ["North"]


def test_imported_events_begin_nothing_and_simulated_ones_stay_simulated(owner):
    team = make.team()
    running(owner, start={"event": "test.team_met"}, steps=[add()])
    met(team, Origin.IMPORT)
    assert Run.objects.count() == 0
    met(team, Origin.SIMULATION)
    assert (Run.objects.get().origin, Todo.objects.get().origin) == ("simulation", "simulation")


@pytest.mark.parametrize(("name", "expected"), [("North", ["a", "c"]), ("South", ["b", "c"])])
def test_a_branch_decides_at_its_moment(owner, name, expected):
    team = make.team(name)
    condition = {"field": "name", "op": "is", "value": "North"}
    branch = {"branch": {"condition": condition, "then": [add("a")], "else": [add("b")]}}
    running(owner, start={"event": "test.team_met"}, steps=[branch, add("c")])
    met(team)
    assert subjects() == expected


def test_stop_ends_with_its_outcome(owner):
    running(owner, start={"event": "test.team_met"}, steps=[{"stop": "enough"}, add()])
    met(make.team())
    assert list(Run.objects.values_list("status", "outcome")) == [("done", "enough")]
    assert subjects() == []


def test_a_stop_rule_by_event_ends_those_under_way_for_that_subject_only(clock, owner):
    north, south = make.team(), make.team()
    running(owner, start={"audience": {}}, steps=[DAY, add()], stops=[{"event": "test.team_met"}])
    clock.advance(timedelta(hours=1))
    met(north)
    clock.advance(timedelta(days=1))
    drain()
    found = {run.subject_id: (run.status, run.outcome) for run in Run.objects.all()}
    assert found[north.pk] == ("stopped", "test.team_met")
    assert found[south.pk] == ("done", "done")


def test_a_stop_rule_by_condition_is_looked_at_before_each_step(clock, owner):
    team = make.team("North")
    stops = [{"condition": {"field": "name", "op": "is", "value": "Closed"}}]
    running(owner, start={"event": "test.team_met"}, steps=[DAY, add()], stops=stops)
    met(team)
    with change(Team, team.pk, by=SYSTEM) as row:
        row.name = "Closed"
    clock.advance(timedelta(days=1))
    drain()
    assert list(Run.objects.values_list("status", "outcome")) == [("stopped", "stop_rule")]
    assert subjects() == []


@pytest.mark.parametrize(("answers", "said"), [(True, "happened"), (False, "time")])
def test_a_wait_for_an_event_ends_by_it_or_by_its_time(clock, owner, answers, said):
    team = make.team()
    wait = {"wait": {"until": {"event": "test.team_met", "at_most": {"days": 3}}}}
    running(owner, start={"audience": {}}, steps=[wait, add()])
    clock.advance(timedelta(hours=1))
    if answers:
        met(team)
        assert subjects() == ["Look"]
    clock.advance(timedelta(days=3))
    drain()
    assert subjects() == ["Look"]
    assert StepTaken.objects.get(step="0").said == said


def test_a_failed_step_takes_back_what_it_began_and_says_why(owner):
    team = make.team("North")
    gone = {"operation": {"name": "workspace.todo.complete", "on": str(team.pk), "input": {}}}
    running(owner, start={"event": "test.team_met"}, steps=[add("before"), gone, add("after")])
    met(team)
    run = Run.objects.get()
    assert (run.status, run.outcome, run.step) == ("failed", "record.not_found", "1")
    assert run.trouble["message"] and "{" not in run.trouble["message"]
    assert subjects() == ["before"]
    assert EventEntry.objects.filter(name="journeys.run_failed", subjects__contains=[team.pk]).count() == 1


def test_a_mistake_in_the_program_fails_that_run_alone(owner, monkeypatch):
    real = runs.perform

    def breaks(actor, name, subject, given):
        if given["subject"] == "South":
            raise RuntimeError("planted")
        return real(actor, name, subject, given)

    monkeypatch.setattr(runs, "perform", breaks)
    make.team("North"), make.team("South")
    running(owner, start={"audience": {}}, steps=[add({"text": "{subject.name}"})])
    assert sorted(Run.objects.values_list("status", "outcome")) == [("done", "done"), ("failed", "journey.unexpected")]
    assert subjects() == ["North"]


def test_a_journey_pauses_when_its_owner_loses_the_right_and_goes_on_with_it(clock):
    make.user("owner")
    holder = make.holder({"journeys.*": 4, "workspace.*": 4})
    owner, team = actor_of(holder.pk), make.team()
    made = running(owner, name="Greeting", start={"event": "test.team_met"}, steps=[DAY, add()])
    met(team)
    Role.objects.filter(key=holder.roles[0]).update(grants={"journeys.*": 4, "workspace.team.read": 4})
    clock.advance(timedelta(days=1))
    drain()
    made.refresh_from_db()
    assert (made.status, made.paused_because) == ("paused", "lost_right")
    assert Run.objects.get().status == "active"
    todo = Todo.objects.get()
    assert (todo.owner_id, todo.about, todo.about_id) == (holder.pk, "journeys.journey", made.pk)
    assert todo.subject == f"Journey “Greeting” is paused: {holder.name} may no longer do “Add a to-do”"
    with pytest.raises(Forbidden) as refused:
        resume_journey(actor_of(holder.pk), made.pk)
    assert refused.value.code == "journey.not_granted"
    Role.objects.filter(key=holder.roles[0]).update(grants={"journeys.*": 4, "workspace.*": 4})
    resume_journey(actor_of(holder.pk), made.pk)
    drain()
    assert subjects() == ["Journey “Greeting” is paused: " + holder.name + " may no longer do “Add a to-do”", "Look"]


def test_a_journey_pauses_when_its_owner_left(clock):
    keeper = make.user("owner")
    owner = make.actor("owner")
    made = running(owner, start={"event": "test.team_met"}, steps=[DAY, add()])
    met(make.team())
    User.objects.filter(pk=owner.id).update(archived_at=AT)
    clock.advance(timedelta(days=1))
    drain()
    made.refresh_from_db()
    assert (made.status, made.paused_because) == ("paused", "owner_left")
    assert Todo.objects.get().owner_id == keeper.pk


def test_paused_nothing_moves_and_resumed_what_fell_due_is_done(clock, owner):
    made = running(owner, start={"event": "test.team_met"}, steps=[DAY, add()])
    met(make.team())
    pause_journey(owner, made.pk)
    clock.advance(timedelta(days=2))
    drain()
    assert subjects() == []
    resume_journey(owner, made.pk)
    drain()
    assert subjects() == ["Look"]


def test_ended_everybody_under_way_is_stopped(clock, owner):
    made = running(owner, start={"audience": {}, "every": {"days": 7}}, steps=[DAY, add()])
    make.team()
    clock.advance(timedelta(days=7))
    drain()
    end_journey(owner, made.pk)
    drain()
    assert list(Run.objects.values_list("status", "outcome")) == [("stopped", "journey_ended")]
    assert Deadline.objects.filter(key__startswith="journeys.").count() == 0
    with pytest.raises(Conflict):
        resume_journey(owner, made.pk)


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


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"record": "no.such"}, "record.unknown"),
        ({"start": {"event": "no.such"}}, "journey.unknown_event"),
        ({"start": {"event": "workspace.todo_done"}}, "journey.event_without_subject"),
        ({"start": {"audience": {"field": "no_such", "op": "is"}}}, "record.unknown_field"),
        ({"start": {"date": "name"}}, "journey.not_a_date"),
        ({"steps": [{"operation": {"name": "no.such"}}]}, "operation.unknown"),
        ({"steps": [{"operation": {"name": "workspace.role.put", "input": {}}}]}, "journey.human_only"),
        ({"steps": [{"operation": {"name": "workspace.todo.complete"}}]}, "journey.needs_a_record"),
        ({"steps": [{"operation": {"name": "workspace.todo.add"}}]}, "journey.missing_input"),
        ({"steps": [add(colour="red")]}, "journey.unknown_input"),
        ({"steps": [{"branch": {"condition": {"field": "nope"}}}]}, "record.unknown_field"),
        ({"steps": [{"wait": {"for": {"standard": "no.such"}}}]}, "setting.unknown"),
        ({"steps": [{"wait": {"until": "tomorrow"}}]}, "journey.wrong_moment"),
        ({"steps": [{"wait": {"until": {"field": "name"}}}]}, "journey.not_a_date"),
        ({"steps": [add({"from": "subject.no_such"})]}, "record.unknown_field"),
        ({"steps": [add({"text": "{weather.today}"})]}, "journey.wrong_value"),
        ({"stops": [{"event": "no.such"}]}, "journey.unknown_event"),
        ({"stops": ["x"]}, "journey.wrong_stop"),
        ({"start": {"audience": {}, "every": {"minutes": 0}}}, "journey.too_often"),
        ({"start": {"audience": {}, "every": {"minutes": 59.9}}}, "journey.too_often"),
        ({"start": {"audience": {}, "every": {"days": -1}}}, "journey.wrong_span"),
        ({"steps": [{"wait": {"for": {"standard": "channels.gate.contacts_per_week"}}}]}, "journey.not_a_length"),
        ({"steps": [add({"from": "subject.written_in"})]}, "journey.wrong_value"),
        ({"hold_out": 1.0}, "constraint.journey_hold_out_is_a_share"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_refused(owner, values, code):
    with nothing_changes(), pytest.raises((Invalid, Conflict)) as refused:
        draft(owner, **{"record": TEAM, **values})
    assert refused.value.code == code


def test_nobody_starts_a_journey_that_does_more_than_they_may():
    holder = actor_of(make.holder({"journeys.*": 4, "workspace.team.read": 4}).pk)
    made = draft(holder, record=TEAM)
    with nothing_changes(), pytest.raises(Forbidden) as refused:
        start_journey(holder, made.pk)
    assert refused.value.code == "journey.not_granted"


def test_who_redraws_a_plan_owns_it_and_only_a_draft_is_redrawn(owner):
    other = make.actor("owner")
    made = draft(owner, record=TEAM)
    redraw_journey(other, made.pk, start={}, steps=[add()])
    made.refresh_from_db()
    assert made.owner_id == other.id
    start_journey(other, made.pk)
    with nothing_changes(), pytest.raises(Conflict) as refused:
        redraw_journey(owner, made.pk, start={}, steps=[])
    assert refused.value.code == "journey.not_a_draft"


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
