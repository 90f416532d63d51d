"""To-dos: made once for a cause, done with a result, put off, handed on, reminded of by a clock."""

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import Deadline, EventEntry
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import add_todo, add_todos, complete_todo, reassign_todo, snooze_todo
from guanxi.workspace.todos.queries import due_until, open_for
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOON = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with frozen(AT) as held:
        yield held


def told(name):
    return EventEntry.objects.filter(name=f"workspace.{name}")


def test_what_somebody_notes_is_theirs_and_is_reminded_of_at_its_time(clock):
    agent = make.actor("agent")
    todo = add_todo(agent, subject="  Call Ann ", kind="call", due_at=SOON)
    assert (todo.subject, todo.owner_id, todo.done_at) == ("Call Ann", agent.id, None)
    clock.advance(timedelta(hours=2))
    drain()
    assert told("todo_due").get().subjects == [todo.pk]


def test_the_same_source_makes_one_to_do():
    first = add_todo(SYSTEM, subject="A", source="order:1")
    assert add_todo(SYSTEM, subject="B", source="order:1").pk == first.pk
    assert add_todos(SYSTEM, [{"subject": "C", "source": "order:1"}, {"subject": "D", "source": "order:2"}]) == 1
    assert sorted(Todo.objects.values_list("subject", flat=True)) == ["A", "D"]
    assert told("todo_added").count() == 2


@pytest.mark.parametrize("kind", ["call", "visit"])
def test_a_talk_is_done_with_a_result_only(kind):
    todo = make.todo(kind=kind)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        complete_todo(SYSTEM, todo.pk, result="  ")
    assert refused.value.code == "todo.needs_result"
    assert complete_todo(SYSTEM, todo.pk, result="She is glad").result == "She is glad"


def test_done_once_it_stays_done_and_its_clock_stops():
    todo = make.todo(due_at=SOON)
    complete_todo(SYSTEM, todo.pk)
    assert Deadline.objects.count() == 0
    for act in (
        lambda: complete_todo(SYSTEM, todo.pk),
        lambda: snooze_todo(SYSTEM, todo.pk, until=SOON),
        lambda: reassign_todo(SYSTEM, todo.pk, to=todo.pk),
    ):
        with nothing_changes(), pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "todo.already_done"


def test_put_off_it_comes_back_at_the_new_time_only(clock):
    todo = make.todo(due_at=SOON)
    snooze_todo(SYSTEM, todo.pk, until=SOON + timedelta(days=1))
    clock.advance(timedelta(hours=3))
    drain()
    assert told("todo_due").count() == 0
    clock.advance(timedelta(days=1))
    drain()
    assert told("todo_due").count() == 1


def test_nothing_is_put_off_into_the_past():
    todo = make.todo(due_at=SOON)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        snooze_todo(SYSTEM, todo.pk, until=AT)
    assert refused.value.code == "todo.not_later"


def test_handed_on_it_belongs_to_the_other_and_their_team():
    team = make.team()
    giver, receiver = make.user("agent"), make.user("agent", team=team)
    todo = make.todo(giver)
    given = reassign_todo(SYSTEM, todo.pk, to=receiver.pk)
    assert (given.owner_id, given.team_id) == (receiver.pk, team.pk)
    assert told("todo_reassigned").get().payload["before_id"] == str(giver.pk)


def test_to_somebody_unknown_or_gone_nothing_is_handed():
    todo = make.todo()
    with nothing_changes(), pytest.raises(Invalid) as refused:
        reassign_todo(SYSTEM, todo.pk, to=todo.pk)
    assert refused.value.code == "todo.unknown_owner"


def test_somebody_elses_is_not_there_for_an_own_reach_and_nothing_changes():
    spy, todo = make.actor("agent"), make.todo(make.user("agent"))
    for act in (complete_todo, lambda actor, id: snooze_todo(actor, id, until=SOON)):
        with nothing_changes(), pytest.raises(NotFound):
            act(spy, todo.pk)
    assert not open_for(spy).exists()


def test_without_the_right_nothing_is_noted():
    nobody = make.actor("analyst")
    with nothing_changes(), pytest.raises(Forbidden):
        add_todo(nobody, subject="A")


def test_due_are_the_open_ones_up_to_a_time_the_oldest_first():
    late, soon = make.todo(due_at=AT - timedelta(days=1)), make.todo(due_at=SOON)
    make.todo(due_at=SOON + timedelta(days=9)), make.todo()
    complete_todo(SYSTEM, make.todo(due_at=SOON).pk)
    assert list(due_until(SYSTEM, SOON)) == [late, soon]


def test_owner_and_time_move_by_verbs_alone():
    user = make.user("owner")
    todo, api, other = make.todo(user), Api(user), str(make.user("agent").pk)
    for field, value in (("owner", other), ("due_at", SOON.isoformat())):
        with nothing_changes():
            said = api.patch(f"todos/{todo.pk}", {field: value}, status=422)
        assert said["fields"][field]["code"] == "input.extra_forbidden"


def test_whom_it_concerns_sees_it_on_their_page_and_in_their_story():
    customer, user = customers.customer("Ann"), make.user("owner")
    todo = add_todo(SYSTEM, subject="Call", customer=customer.pk, about="customers.customer", about_id=customer.pk)
    complete_todo(SYSTEM, todo.pk, result="Glad")
    api = Api(user)
    assert [row["id"] for row in api.get(f"customers/{customer.pk}/todos")["rows"]] == [str(todo.pk)]
    sentences = [row["sentence"] for row in api.get(f"customers/{customer.pk}/timeline")["rows"]]
    assert sentences[:2] == ["Done: Call (Glad)", "To-do: Call"]


def test_about_somebody_unseen_nothing_is_noted():
    customer, seller = customers.customer("Ann"), make.actor("seller")
    for given in ({"customer": customer.pk}, {"about": "customers.customer", "about_id": customer.pk}):
        with nothing_changes(), pytest.raises((Invalid, NotFound)):
            add_todo(seller, subject="Call", **given)
