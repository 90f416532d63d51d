"""Runs: each step once, waits by clocks, branches, stop rules, failures that say why, rights that are lost."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.journeys.journeys.operations import end_journey, pause_journey, resume_journey
from guanxi.journeys.runs import operations as runs
from guanxi.journeys.runs.jobs import advance_runs
from guanxi.journeys.runs.models import Run, StepTaken
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.drain import drain
from guanxi.kernel.models import Deadline, EventEntry
from guanxi.kernel.settings import choose
from guanxi.kernel.writes import change
from guanxi.lib.errors import Conflict, Forbidden
from guanxi.workspace.roles.models import Role
from guanxi.workspace.teams.models import Team
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests.factories import workspace as make
from tests.journeys.meetings import AT, DAY, add, met, running, subjects

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("wait", "hours"),
    [
        ({"until": "office_opens"}, 63),
        ({"for": {"standard": "service.ticket.solved"}}, 63 + 4),
        ({"for": {"standard": "service.ticket.solved", "less": {"hours": 1}}}, 63 + 3),
        ({"for": {"hours": 4}}, 4),
    ],
)
def test_a_wait_may_be_for_the_office_over_a_weekend(clock, owner, wait, hours):
    clock.move(datetime(2026, 1, 9, 18, tzinfo=UTC))  # a Friday, when the office closes
    choose(SYSTEM, "service.ticket.solved", 4, source="clause:test", counted_in="office")
    running(owner, start={"event": "test.team_met"}, steps=[{"wait": wait}, add()])
    met(make.team())
    assert Run.objects.get().waiting_until == clock.at + timedelta(hours=hours)


def test_a_wait_may_be_as_long_as_working_days_are(clock, owner):
    clock.move(datetime(2026, 1, 9, 17, tzinfo=UTC))  # a Friday
    choose(SYSTEM, "service.ticket.solved", 48, source="clause:test", counted_in="workdays")
    wait = {"for": {"standard": "service.ticket.solved", "less": {"hours": 2}}}
    running(owner, start={"event": "test.team_met"}, steps=[{"wait": wait}, add()])
    met(make.team())
    assert Run.objects.get().waiting_until == datetime(2026, 1, 13, 16, tzinfo=UTC)


def test_a_wait_for_the_office_is_over_while_it_is_open(clock, owner):
    clock.move(datetime(2026, 1, 9, 10, tzinfo=UTC))
    running(owner, start={"event": "test.team_met"}, steps=[{"wait": {"until": "office_opens"}}, add()])
    met(make.team())
    assert len(subjects()) == 1


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
