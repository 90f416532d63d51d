"""A call that was made is not to be made once more."""

from datetime import timedelta

import pytest

from guanxi.channels.conversations.operations import log_call, log_visit
from guanxi.kernel.drain import drain
from guanxi.kernel.time import now
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.todos.operations import add_todo
from tests.factories import customers as make
from tests.factories import workspace

pytestmark = pytest.mark.django_db(transaction=True)


def to_call(actor, customer, subject="Call", *, kind="call", days=1) -> Todo:
    return add_todo(actor, subject=subject, kind=kind, customer=customer.pk, due_at=now() + timedelta(days=days))


def open_ones() -> list[str]:
    return sorted(Todo.objects.filter(done_at=None).values_list("subject", flat=True))


def test_of_several_calls_the_one_that_was_due_first_is_done():
    agent, jane = workspace.actor(), make.customer()
    to_call(agent, jane, "Later", days=9)
    first = to_call(agent, jane, "First")
    to_call(agent, jane, "See her", kind="visit")
    log_call(agent, customer=jane.pk, result="agreed", text="She takes the offer.")
    drain()

    assert open_ones() == ["Later", "See her"]
    first.refresh_from_db()
    assert first.result == "She takes the offer."
    log_visit(agent, customer=jane.pk, result="reached", text="Over a cup of tea.")
    drain()
    assert open_ones() == ["Later"]


@pytest.mark.parametrize("result", ["no_answer", "left_message", "call_back", "wrong_way"])
def test_whom_nobody_spoke_to_is_still_to_be_called(result):
    agent, jane = workspace.actor(), make.customer()
    to_call(agent, jane)
    log_call(agent, customer=jane.pk, result=result, text="Rang for a minute.")
    drain()
    assert open_ones() == ["Call"]


def test_what_others_have_to_do_and_other_customers_stay():
    agent, colleague, jane, john = workspace.actor(), workspace.actor(), make.customer(), make.customer()
    to_call(colleague, jane, "Of a colleague")
    to_call(agent, john, "Somebody else")
    log_call(agent, customer=jane.pk, result="reached", text="Hello")
    drain()
    assert open_ones() == ["Of a colleague", "Somebody else"]
