"""Killed at any point, a worker repeats nothing and leaves nothing out."""

import os
import random
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from guanxi.journeys.journeys.operations import start_journey
from guanxi.journeys.runs.operations import begin_runs
from guanxi.workspace.teams.models import Team
from tests import databases
from tests.factories import workspace as make
from tests.factories.journeys import journey as draft

SUBJECTS = 40


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A database that other processes see, with work for 40 runs of two steps."""
    with django_db_blocker.unblock(), databases.apart("killed") as address:
        yield address


def test_killed_at_any_point_every_step_is_taken_exactly_once(own_database):
    _work()
    seed = random.randrange(10**6)
    killed = 0
    for attempt in range(200):
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.killed", str(seed + attempt)],
            env={**os.environ, "DATABASE_URL": own_database}, capture_output=True, text=True, timeout=120,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        killed += done.returncode < 0
        if done.returncode == 0:
            break
        assert done.returncode < 0, (seed, done.stderr)
    assert killed > 0, seed
    with psycopg.connect(own_database) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM journeys_run WHERE status = 'done'),"
            " (SELECT count(*) FROM journeys_steptaken), (SELECT count(*) FROM workspace_todo),"
            " (SELECT count(DISTINCT subject) FROM workspace_todo)"
        ).fetchone()
    assert found == (SUBJECTS, 2 * SUBJECTS, 2 * SUBJECTS, 2 * SUBJECTS), seed


def _work() -> None:
    from_team = {"name": "workspace.todo.add", "input": {"subject": {"text": "{subject.name} one"}}}
    again = {"name": "workspace.todo.add", "input": {"subject": {"text": "{subject.name} two"}}}
    owner = make.actor("owner")
    teams = [make.team() for _ in range(SUBJECTS)]
    made = draft(owner, record="workspace.team", steps=[{"operation": from_team}, {"operation": again}])
    start_journey(owner, made.pk)
    begin_runs(made, Team.objects.filter(pk__in=[team.pk for team in teams]), key="round:1")
