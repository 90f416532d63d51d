"""Whoever may not read what customers are called does not hear it from what they have to do."""

import pytest

from guanxi.kernel.actor import Level
from guanxi.workspace.todos.models import Todo
from tests.factories import workspace as make
from tests.outreach.test_strategies import clock, marketer, people, sent

__all__ = ["clock", "marketer"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.MASKED, Level.READ])
def test_a_to_do_names_the_customer_to_whoever_reads_the_name(marketer, clock, level):
    keeper = make.reader("customers.customer.name", level=level)
    silent = people()["silent"]
    type(silent).objects.filter(pk=silent.pk).update(owner=keeper)
    sent(marketer, clock, call_them=True, name="Spring")
    todo = Todo.objects.get()
    assert (todo.owner_id, todo.customer_id) == (keeper.pk, silent.pk)
    assert todo.subject == ("Call Silent: Spring" if level == Level.READ else "Call Customer: Spring")
