"""What a journey hears, asks and says is what its owner reads, when it is written and as long as it runs."""

import pytest

from guanxi.journeys.journeys.operations import resume_journey, start_journey
from guanxi.journeys.runs import queries
from guanxi.journeys.runs.models import Run
from guanxi.kernel.drain import drain
from guanxi.lib.errors import Forbidden, Invalid
from guanxi.workspace.roles.models import Role
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.tokens.queries import actor_of
from tests.client import Api
from tests.factories import channels
from tests.factories import customers as people
from tests.factories import workspace as make
from tests.factories.journeys import journey as draft
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def add(subject):
    return {"operation": {"name": "workspace.todo.add", "input": {"subject": subject}}}


def subjects():
    return sorted(Todo.objects.values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("record", "start"),
    [
        ("workspace.user", {"event": "workspace.todo_added", "subject": "owner_id"}),
        ("customers.customer", {"event": "service.ticket_opened"}),
        ("customers.customer", {"event": "workspace.todo_done"}),
        ("workspace.token", {}),
        ("channels.mailbox", {"audience": {}}),
        ("service.ticket", {"date": "created_at"}),
    ],
)
def test_a_marketer_listens_to_nothing_that_a_marketer_does_not_read(record, start):
    api = Api(make.user("marketer"))
    given = {"name": "Spy", "record": record, "start": start, "steps": [add({"text": "{subject.id}"})]}
    with nothing_changes():
        refused = api.post("journeys", given, status=403)
    assert refused["code"] in ("journey.not_all_heard", "condition.not_all_seen")
    assert "{" not in refused["message"]


@pytest.mark.parametrize("event", ["commerce.order_placed", "channels.message_received", "customers.segment_entered"])
def test_a_marketer_listens_to_what_a_marketer_reads(event):
    given = {"name": "Care", "record": "customers.customer", "start": {"event": event}, "steps": [add("Call")]}
    api = Api(make.user("marketer"))
    api.post(f"journeys/{api.post('journeys', given, status=201)['id']}/start")


def test_a_journey_hears_nothing_more_once_its_owner_no_longer_reads_what_it_tells_of():
    make.user("owner")
    rights = {"journeys.*": 4, "workspace.*": 4, "customers.customer.read": 4}
    holder = make.holder(rights)
    start = {"event": "workspace.todo_added", "subject": "owner_id"}
    made = draft(
        actor_of(holder.pk), name="Ear", record="workspace.user", start=start, steps=[add({"text": "{event.subject}"})]
    )
    start_journey(actor_of(holder.pk), made.pk)
    Role.objects.filter(key=holder.roles[0]).update(grants={**rights, "workspace.todo.read": 1})
    make.todo(make.user(), subject="Nobody else's business")
    drain()
    made.refresh_from_db()
    assert (made.status, made.paused_because, Run.objects.count()) == ("paused", "lost_right", 0)
    said = f"Journey “Ear” is paused: {holder.name} no longer sees all of “To-dos”"
    assert subjects() == [said, "Nobody else's business"]
    with nothing_changes(), pytest.raises(Forbidden) as refused:
        resume_journey(actor_of(holder.pk), made.pk)
    assert refused.value.code == "journey.not_all_heard"


def test_blanks_say_nothing_of_rows_that_the_owner_does_not_see(django_assert_num_queries):
    holder = make.holder({
        "journeys.*": 4, "workspace.todo.*": 4, "channels.conversation.read": 4, "customers.customer.read": 1,
        "workspace.user.read": 4,
    })  # fmt: skip
    owner, other = actor_of(holder.pk), make.user(name="Keeper")
    mine, foreign = people.customer("Mine", note="known"), people.customer("Foreign", note="secret")
    type(mine).objects.filter(pk=mine.pk).update(owner=holder)
    type(mine).objects.filter(pk=foreign.pk).update(owner=other)
    talks = [channels.conversation(customer_id=one.pk, subject=one.name) for one in (mine, foreign)]
    said = "{subject.label}: {subject.customer.name} {subject.customer.note} {subject.customer.owner.name}"
    made = draft(owner, record="channels.conversation", start={"audience": {}}, steps=[add({"text": said})])
    start_journey(owner, made.pk)
    drain()
    assert subjects() == ["Foreign:", f"Mine: Mine known {holder.name}"]
    run = Run.objects.get(subject_id=talks[0].pk)
    at = queries.scene(run, actor_of(holder.pk, kind="journey"))
    with django_assert_num_queries(2):  # the customer and its owner, each once, whatever is said of them
        assert queries.value(at, {"text": said}) == f"Mine: Mine known {holder.name}"


@pytest.mark.parametrize("path", ["subject.search", "subject.customer.search", "subject.pk", "subject.name.upper"])
def test_blanks_say_nothing_but_fields(path):
    owner = make.actor("owner")
    made = draft(owner, record="customers.customer")
    run = Run(journey=made, subject_id=people.customer().pk, start_key="once")
    with pytest.raises(Invalid) as refused:
        queries.value(queries.scene(run, owner), {"from": path})
    assert refused.value.code in ("record.unknown_field", "condition.not_a_reference")
