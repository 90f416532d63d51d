"""The demo firm: what it really did is what the figures say, whatever the date and the seed; one undo takes it back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from guanxi.app import starter
from guanxi.channels.conversations.models import Conversation, Message
from guanxi.commerce.orders.models import Order
from guanxi.commerce.purchases.models import Purchases
from guanxi.commerce.purchases.queries import differing
from guanxi.events.simulation import SampleGrew
from guanxi.events.workspace import CompanySetUp
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.cases import Question
from guanxi.kernel.change_sets import begin
from guanxi.kernel.drain import drain
from guanxi.kernel.events import deliver, emit, load
from guanxi.kernel.jobs import apart, run_next
from guanxi.kernel.models import ChangeSet, Deadline, EventEntry, Failure
from guanxi.kernel.records import records
from guanxi.kernel.time import frozen
from guanxi.kernel.undo import undo
from guanxi.service.tickets.models import Ticket
from guanxi.simulation.firm import founding
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.living import Life, known
from guanxi.simulation.firm.matters import Matter, answered_in_time
from guanxi.simulation.firm.operations import PART, found_firm, live_on
from guanxi.simulation.firm.queries import SoFar, so_far
from guanxi.simulation.firm.trading import because_of
from guanxi.simulation.firm.truths import Truths
from guanxi.workspace.company.operations import describe
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
END = datetime(2026, 11, 20, 9, tzinfo=UTC)
SMALL = 8
FIGURES = (
    "channels.first_human_reply", "channels.mail.acknowledged", "channels.contacts.logged", "commerce.orders",
    "commerce.revenue", "customers.customers", "service.complaint_rate", "service.complaint.first_reply",
    "service.ticket.time_to_solve", "service.complaint.confirmed_share",
)  # fmt: skip


@pytest.fixture
def house():
    starter.load()
    return make.user("owner")


def filled(*, seed: int = 5, end: datetime = END, customers: int = SMALL) -> tuple[Firm, SampleGrew]:
    """A firm that lived through its year, as the dice made it and as it said itself at the end."""
    with frozen(end):
        found_firm(SYSTEM, seed=seed, customers=customers)
        drain()
    firm = Firm(seed=seed, end=end, zone="UTC", truths=Truths(customers=customers))
    last = EventEntry.objects.filter(name=SampleGrew.name).order_by("-id").first()
    return firm, load(last)


def figures(end: datetime = END) -> dict[str, object]:
    """What the measures say of a filled firm."""
    with frozen(end):
        return {name: measures.total(SYSTEM, name, Question(end=end)) for name in FIGURES}


@pytest.mark.parametrize(
    ("seed", "end"),
    [
        (1, datetime(2026, 11, 26, 5, 20, tzinfo=UTC)),
        (4, datetime(2026, 3, 1, tzinfo=UTC)),
        (2, datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        (3, datetime(2027, 1, 1, 0, 0, 30, tzinfo=UTC)),
    ],
)
def test_whatever_the_date_and_the_seed_nothing_is_left_out(house, seed, end):
    firm, last = filled(seed=seed, end=end)
    assert (last.lived, last.left_out, last.full) == (len(firm.agenda), 0, True)
    assert not Failure.objects.exists()


def test_the_figures_say_what_was_really_done(house):
    firm, _ = filled()
    matters = [one for one in firm.agenda if isinstance(one, Matter)]
    mails = [one for one in matters if one.kind != "call"]
    back = Message.objects.filter(direction="in", subject__startswith="Re:").count()
    said = figures()
    assert said["customers.customers"].cases == SMALL
    assert said["channels.contacts.logged"].cases == len(matters) - len(mails)
    assert said["channels.first_human_reply"].kept >= answered_in_time(mails, END, hours=24)
    assert said["channels.first_human_reply"].kept <= answered_in_time(mails, END, hours=24) + back
    complaints = [one for one in mails if one.kind == "complaint"]
    assert said["service.complaint.first_reply"].kept == answered_in_time(complaints, END, hours=24)
    assert Ticket.objects.filter(kind="complaint").count() == len(complaints)


def test_what_is_bought_in_the_past_is_in_the_money_of_the_company_and_adds_up(house):
    describe(SYSTEM, currency="CNY", zone="Asia/Shanghai")
    firm, ann = Firm(seed=5, end=END, zone="Asia/Shanghai", truths=Truths(customers=SMALL)), customers.customer("Ann")
    founding.stock(SYSTEM)
    with frozen(END - timedelta(days=200)):
        because_of(SYSTEM, "spring", firm.people[0], ann.pk, firm.dice("marketing"))()
    assert Order.objects.get().currency == Purchases.objects.get(customer=ann).currency == "CNY"
    assert differing() == []


def test_the_cases_behind_a_figure_are_as_many_as_it_counts_and_its_hours_add_up_to_it(house):
    filled()
    judged = 0
    with frozen(END):
        for name in (one for one in measures.measures() if measures.adds_up(one)):
            asked = Question(end=END)
            total = measures.total(SYSTEM, name, asked)
            found = {
                missed: measures.cases(SYSTEM, name, asked, missed=missed).count() for missed in (True, False, None)
            }
            assert found == {True: total.missed, False: total.kept, None: total.cases}, name
            hours = measures.groups(SYSTEM, name, Question(end=END, by="hour_of_week"), brief=True)
            added = measures.added(name, hours)
            assert (added.cases, added.kept, added.missed) == (total.cases, total.kept, total.missed), name
            judged += total.missed
    assert judged > 0


def test_the_same_seed_makes_the_same_figures(house):
    found = []
    for _ in range(2):
        with transaction.atomic():
            filled()
            found.append(figures())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_nothing_of_it_is_live_and_leaving_it_is_one_undo(house):
    before = {name: record.model.objects.count() for name, record in records().items()}
    filled()
    assert set(EventEntry.objects.filter(origin="live").values_list("name", flat=True)) <= {
        "kernel.record_changed", "protocols.version_published", "workspace.company_set_up",
    }  # fmt: skip
    assert not Deadline.objects.filter(due_at__lt=END).exists()
    sample = ChangeSet.objects.get(origin="simulation")
    report = undo(SYSTEM, sample.pk)
    assert report.kept_by_reason() == {}
    assert {name: record.model.objects.count() for name, record in records().items()} == before
    assert not Deadline.objects.filter(origin="simulation").exists()


def test_a_part_that_was_killed_is_lived_again_and_one_that_was_delivered_twice_is_not(house):
    with frozen(END):
        begun = found_firm(SYSTEM, seed=5, customers=SMALL)
        with transaction.atomic():
            run_next()
            assert Conversation.objects.exists()
            transaction.set_rollback(True)
        assert not Conversation.objects.exists()
        drain()
        talks = Conversation.objects.count()
        first = EventEntry.objects.filter(name=SampleGrew.name).order_by("id").first()
        deliver.function(handler="simulation.firm.let_the_sample_company_live_on", events=[str(first.pk)])
        drain()
    assert Conversation.objects.count() == talks
    parts = EventEntry.objects.filter(name=SampleGrew.name).order_by("id").values_list("payload__lived", flat=True)
    assert list(parts) == sorted({0, *range(PART, begun.of, PART), begun.of})


def test_it_says_how_far_it_is_from_the_moment_somebody_asks_for_it(house):
    assert so_far() == SoFar(lived=0, of=0)
    emit(SYSTEM, CompanySetUp(owner_id=house.pk, company="Leeds Tea", sample=False))
    assert not so_far().filling
    emit(SYSTEM, CompanySetUp(owner_id=house.pk, company="Leeds Tea", sample=True))
    assert so_far().filling
    with frozen(END):
        begun = found_firm(SYSTEM, seed=5, customers=SMALL)
        assert so_far() == SoFar(lived=0, of=begun.of)
        live_on(SYSTEM.as_origin(Origin.SIMULATION), begun)
        assert so_far() == SoFar(lived=PART, of=begun.of)
    emit(SYSTEM, replace(begun, lived=begun.of))
    assert not so_far().filling


@pytest.fixture
def life(house):
    """A founded firm, before anything of its year is lived."""
    with frozen(END):
        found_firm(SYSTEM, seed=5, customers=SMALL)
        firm = Firm(seed=5, end=END, zone="UTC", truths=Truths(customers=SMALL))
        acting = begin(SYSTEM.as_origin(Origin.SIMULATION), "simulation.firm.fill")
        with apart("simulation"):
            yield Life(firm=firm, house=acting, service=(acting, acting), marketing=acting, ids=known(firm.people))


def matter(life: Life, **values) -> Matter:
    """A mail of somebody, ten days ago."""
    who = next(one for one in life.firm.people if one.email)
    at = END - timedelta(days=10)
    given = {"kind": "enquiry", "worker": 0, "subject": "茶", "text": "你好", "receipt_at": at + timedelta(minutes=2)}
    return Matter(**{"at": at, "who": who, **given, **values})


def test_a_complaint_that_nobody_answered_stays_open_and_holds_up_nothing(life):
    life.live(matter(life, text="I want a refund", given_up_at=END - timedelta(days=6)))
    assert life.left_out == 0
    assert Ticket.objects.get().status == "received"
    assert Conversation.objects.get(channel="email").status == "closed"


def test_what_the_house_refuses_is_left_out_whole_and_the_rest_is_lived(life):
    life.live(matter(life, kind="call", result="shouted", text="!"))
    life.live(matter(life, solved_at=END - timedelta(days=9)))  # refused in its last act: nobody answered
    assert (life.left_out, Conversation.objects.count(), Ticket.objects.count()) == (2, 0, 0)
    answered = END - timedelta(days=9)
    life.live(matter(life, answer="好的", solution="b", answered_at=answered, solved_at=answered + timedelta(hours=1)))
    assert (life.left_out, Ticket.objects.get().solution) == (2, "b")


def test_the_work_of_others_is_not_done_in_the_time_of_the_firm(life):
    with apart("default"):
        deliver.defer(handler="of somebody else", events=[])
    life.live(matter(life))
    assert not run_next()
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name FROM procrastinate_jobs WHERE args->>'handler' = 'of somebody else'")
        assert cursor.fetchall() == [("default",)]
