"""The one write path: row, history, event, live topic together or not at all."""

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import ChangeSet, HistoryEntry
from guanxi.kernel.writes import change, change_many, create, create_many, remove
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.workspace.teams.models import Team
from guanxi.workspace.users.models import User
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_a_creation_names_its_change_set_and_has_no_history():
    team = create(SYSTEM, Team, name="South")
    assert ChangeSet.objects.get(pk=team.created_in).operation == "workspace.team.create"
    assert not HistoryEntry.objects.filter(record_id=team.pk).exists()


def test_a_change_keeps_the_difference_and_counts_the_version():
    team = make.team("South")
    with change(Team, team.pk, by=SYSTEM) as row:
        row.name = "South West"
    entry = HistoryEntry.objects.get(record_id=team.pk)
    assert entry.diff == {"name": ["South", "South West"]}
    assert (row.version, entry.version) == (2, 2)


def test_a_change_that_changes_nothing_writes_nothing():
    team = make.team("South")
    with nothing_changes(), change(Team, team.pk, by=SYSTEM) as row:
        row.name = "South"


def test_a_block_that_raises_changes_nothing():
    team = make.team("South")
    with nothing_changes(), pytest.raises(Conflict), change(Team, team.pk, by=SYSTEM) as row:
        row.name = "North"
        raise Conflict("record.in_use", record="workspace.team")


def test_an_old_version_is_refused():
    team = make.team("South")
    with change(Team, team.pk, by=SYSTEM) as row:
        row.name = "East"
    refused = pytest.raises(Conflict, match="record.changed_meanwhile")
    with nothing_changes(), refused, change(Team, team.pk, by=SYSTEM, version=1) as row:
        row.name = "West"


def test_without_the_grant_nothing_changes():
    agent, team = make.actor("agent"), make.team("South")
    with nothing_changes(), pytest.raises(Forbidden), change(Team, team.pk, by=agent) as row:
        row.name = "Mine"


def test_a_broken_promise_of_the_table_is_named():
    make.team("South")
    with nothing_changes(), pytest.raises(Conflict, match="constraint.team_name_is_unique"):
        create(SYSTEM, Team, name="South")


def test_a_value_the_field_does_not_take_is_refused_by_its_field():
    with nothing_changes(), pytest.raises(Invalid) as caught:
        create(SYSTEM, Team, name="x" * 121)
    assert caught.value.fields["name"].code == "field.max_length"


def test_many_rows_arrive_as_one_would():
    create_many(SYSTEM, Team, [{"name": f"Team 新{i}"} for i in range(30)])
    rows = list(Team.objects.filter(name__startswith="Team 新"))
    assert len(rows) == 30
    assert len({row.created_in for row in rows}) == 1
    assert {row.version for row in rows} == {1}


def test_many_changes_are_all_or_nothing():
    teams = [make.team() for _ in range(3)]
    change_many(SYSTEM, Team, {team.pk: {"name": f"{team.name}!"} for team in teams})
    assert HistoryEntry.objects.filter(record="workspace.team").count() == 3
    with nothing_changes(), pytest.raises(NotFound):
        change_many(SYSTEM, Team, {teams[0].pk: {"name": "x"}, User(name="gone").pk: {"name": "y"}})


def test_what_is_used_is_not_removed():
    parent = make.team("Parent")
    make.team("Child", parent=parent)
    with nothing_changes(), pytest.raises(Conflict, match="record.in_use"):
        remove(SYSTEM, Team, parent.pk, using="workspace.team.remove")


def test_what_is_removed_stays_in_history():
    team = make.team("Gone")
    remove(SYSTEM, Team, team.pk, using="workspace.team.remove")
    assert HistoryEntry.objects.get(record_id=team.pk).diff["name"] == ["Gone", None]
