"""Today: what is due, who waits, what is about to break, what changed; one statement each, one's own or the team's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.time import frozen
from guanxi.workspace.todos.operations import complete_todo
from tests.client import Api
from tests.factories import channels, customers, service
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with frozen(AT) as held:
        yield held


def texts(part):
    return [line["text"] for line in part["lines"]]


def test_what_is_due_today_and_what_is_late_the_oldest_first():
    user = make.user("agent")
    for days, subject in ((0.2, "Today"), (-3, "Late"), (1, "Tomorrow")):
        make.todo(user, subject=subject, due_at=AT + timedelta(days=days))
    make.todo(user, subject="Some time")
    complete_todo(SYSTEM, make.todo(user, subject="Done", due_at=AT).pk)
    make.todo(make.user("agent"), subject="Somebody else's", due_at=AT)
    found = Api(user).get("today")["due"]
    assert texts(found) == ["Late", "Today"]
    assert [line["late"] for line in found["lines"]] == [True, False]
    assert "workspace.todo.complete" in found["lines"][0]["operations"]
    assert found["n"] == 2


def test_a_day_ends_where_the_person_is():
    user = make.user("agent", zone="Asia/Tokyo")  # 21:00 there
    make.todo(user, subject="Tonight", due_at=AT + timedelta(hours=2))
    make.todo(user, subject="Tomorrow there", due_at=AT + timedelta(hours=4))
    assert texts(Api(user).get("today")["due"]) == ["Tonight"]


def test_who_waits_longest_comes_first_with_who_it_is():
    ann = customers.customer("Ann")
    channels.conversation(subject="Second", waiting_since=AT - timedelta(hours=1), customer=ann)
    channels.conversation(subject="First", waiting_since=AT - timedelta(hours=5))
    channels.conversation(subject="Answered")
    found = Api(make.user("owner")).get("today")["waiting"]
    assert texts(found) == ["First", "Second"]
    assert found["lines"][1]["who"] == {"plural": "customers", "id": str(ann.pk), "label": "Ann"}


def test_what_somebody_else_took_shows_in_the_scope_of_the_team_only():
    user, other = make.user("owner"), make.user("agent")
    channels.conversation(subject="Taken", waiting_since=AT, owner=other)
    channels.conversation(subject="Nobody's", waiting_since=AT)
    api = Api(user)
    assert texts(api.get("today")["waiting"]) == ["Nobody's"]
    assert sorted(texts(api.get("today", scope="team")["waiting"])) == ["Nobody's", "Taken"]
    assert api.get("today", scope="all", status=422)["code"] == "input.invalid"


def test_what_breaks_within_two_hours_and_what_is_broken(clock):
    late, soon = service.ticket(subject="Late"), service.ticket(subject="Soon")
    service.ticket(subject="Later")
    for ticket, hours in ((late, -1), (soon, 1.9)):
        type(ticket).objects.filter(pk=ticket.pk).update(next_due_at=AT + timedelta(hours=hours))
    found = Api(make.user("owner")).get("today")["breaking"]
    assert [text.split(" ", 1)[1] for text in texts(found)] == ["Late", "Soon"]
    assert [line["late"] for line in found["lines"]] == [True, False]


def test_what_changed_is_said_once_for_a_segment():
    customers.segment({"field": "city", "op": "is", "value": "Leeds"}, name="Leeds")
    for _ in range(3):
        customers.customer(city="Leeds")
    drain()
    found = Api(make.user("owner")).get("today")["changed"]
    assert texts(found) == ["3 customers joined “Leeds”."]
    assert found["lines"][0]["link"]["plural"] == "segments"
    assert Api(make.holder({"workspace.todo.*": 1})).get("today")["changed"]["n"] == 0


def test_it_costs_the_same_for_many_lines_as_for_few():
    user = make.user("owner")
    api = Api(user)

    def fill():
        make.todo(user, due_at=AT)
        channels.conversation(waiting_since=AT, customer=customers.customer())
        service.ticket()

    fill()
    with CaptureQueriesContext(connection) as few:
        api.get("today", scope="team")
    for _ in range(8):
        fill()
    with CaptureQueriesContext(connection) as many:
        api.get("today", scope="team")
    assert len(many) == len(few) <= 6, [one["sql"][:90] for one in many]
