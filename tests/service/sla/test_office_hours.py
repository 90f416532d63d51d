"""Promises in office hours: a complaint over a weekend, a holiday and lunch; its figure says what its clock said."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from guanxi.kernel import clocks, measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api.measures import told
from guanxi.kernel.cases import Question
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry
from guanxi.kernel.settings import choose
from guanxi.kernel.time import frozen
from guanxi.protocols.clauses.queries import live
from guanxi.protocols.protocols.operations import publish_version
from guanxi.service.tickets import operations
from guanxi.workspace.company.operations import COUNTRY, ZONE
from guanxi.workspace.holidays.operations import put_holiday
from guanxi.workspace.office_hours.operations import Stretch, choose_office_hours
from tests.client import Api
from tests.factories import protocols, workspace
from tests.factories import service as make

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
REPLY = "service.complaint.first_reply"
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    """A house open from nine to six with an hour for lunch, whose clock stands at ten on a Monday."""
    with frozen(at(2, 10)) as held:
        choose(SYSTEM, ZONE.name, "Europe/London")
        choose(SYSTEM, COUNTRY.name, "GB")
        lunch = [Stretch(opens="09:00", closes="12:00"), Stretch(opens="13:00", closes="18:00")]
        choose_office_hours(SYSTEM, week=[*[lunch] * 5, [], []])
        yield held


def promised(hours: int, counted_in: str = "office", **values):
    """A version in force that promises the first answer to a complaint."""
    version = protocols.version()
    given = {"section": "complaints", "measure": REPLY, "standard": REPLY, "value": Decimal(hours)}
    clause = protocols.clause(version, **{**given, "target_share": Decimal("0.9"), "counted_in": counted_in, **values})
    publish_version(SYSTEM, version.pk)
    return clause


def figure(counted_in: str = "clock") -> measures.Figure:
    """First answers to complaints since the beginning."""
    return measures.total(SYSTEM, REPLY, Question(start=at(2, 0), counted_in=counted_in))


@pytest.mark.parametrize(
    ("comes", "hours", "due"),
    [
        (at(3, 11), 2, at(3, 14)),  # over lunch
        (at(3, 12, 30), 1, at(3, 14)),
        (at(3, 16), 2, at(3, 18)),
        (at(3, 16), 3, at(4, 10)),
        (at(3, 22), 1, at(4, 10)),
        (at(6, 17), 2, at(9, 10)),  # over a weekend
        (at(13, 17), 2, at(17, 10)),  # and over a day off of our own
        (at(27, 17), 2, at(30, 10)),  # and over the night of the clock change
    ],
)
def test_when_a_complaint_is_to_be_answered(clock, comes, hours, due):
    promised(hours)
    put_holiday(SYSTEM, day=date(2026, 3, 16), name="Works outing")
    clock.move(comes)
    ticket = make.complaint()
    assert ticket.reply_due_at == due
    assert ticket.solve_due_at == comes + 24 * HOUR
    assert clocks.due_at(f"service.ticket:{ticket.pk}:reply") == due


def test_public_holidays_are_not_worked(clock):
    promised(2)
    clock.move(datetime(2026, 4, 2, 17, tzinfo=LONDON))  # before Good Friday; Easter Monday is the 6th
    assert make.complaint().reply_due_at == datetime(2026, 4, 7, 10, tzinfo=LONDON)


def test_the_story_of_a_complaint_over_a_weekend_and_a_holiday(clock):
    clause = promised(2)
    put_holiday(SYSTEM, day=date(2026, 3, 9), name="Works outing")
    clock.move(at(6, 17))
    in_time, late, unanswered = make.complaint(), make.complaint(), make.complaint()
    clock.move(at(10, 9, 59))
    drain()
    assert not EventEntry.objects.filter(name="service.complaint_reply_overdue").exists()
    operations.note_reply(SYSTEM, in_time.pk, at=at(10, 9, 59))
    clock.move(at(10, 10) + timedelta(seconds=1))
    drain()
    overdue = EventEntry.objects.filter(name="service.complaint_reply_overdue")
    assert {one.payload["ticket_id"] for one in overdue} == {str(late.pk), str(unanswered.pk)}
    operations.note_reply(SYSTEM, late.pk, at=clock.at)
    found = figure()
    assert (found.cases, found.kept, found.missed, found.open) == (3, 1, 2, 0)
    assert set(measures.cases(SYSTEM, REPLY, Question(), missed=True).values_list("pk", flat=True)) == {
        late.pk, unanswered.pk,
    }  # fmt: skip
    (shown,) = live(SYSTEM, [clause], start=at(2, 0), end=at(31, 0), zone="Europe/London")
    assert (shown.state, shown.figure.kept, shown.figure.missed) == ("missed", 1, 2)
    assert told(SYSTEM, REPLY, Question())["standard"] == {
        "name": REPLY, "unit": "hours", "value": 2, "counted_in": "office",
    }  # fmt: skip
    assert found.mean == (2 * 89 * 3600 - 60 + 1) / 2


@pytest.mark.parametrize(
    ("comes", "days", "due"),
    [
        (at(3, 11), 1, at(4, 18)),  # the day itself is not counted
        (at(3, 7), 1, at(4, 18)),
        (at(3, 22), 1, at(4, 18)),
        (at(6, 17), 2, at(10, 18)),  # over a weekend
        (at(7, 12), 1, at(9, 18)),
        (at(13, 17), 1, at(17, 18)),  # and over a day off of our own
        (at(27, 17), 1, at(30, 18)),  # and over the night of the clock change
    ],
)
def test_when_a_complaint_is_to_be_answered_in_working_days(clock, comes, days, due):
    promised(days * 24, counted_in="workdays")
    put_holiday(SYSTEM, day=date(2026, 3, 16), name="Works outing")
    clock.move(comes)
    ticket = make.complaint()
    assert ticket.reply_due_at == due
    assert clocks.due_at(f"service.ticket:{ticket.pk}:reply") == due


def test_the_figure_of_working_days_says_what_the_clock_said(clock):
    clause = promised(48, counted_in="workdays")
    clock.move(at(6, 17))
    same_day, in_time, late, unanswered = (make.complaint() for _ in range(4))
    operations.note_reply(SYSTEM, same_day.pk, at=clock.at)
    clock.move(at(10, 17, 59))
    drain()
    assert not EventEntry.objects.filter(name="service.complaint_reply_overdue").exists()
    assert (figure().missed, figure().open) == (0, 3)
    operations.note_reply(SYSTEM, in_time.pk, at=clock.at)
    clock.move(at(10, 18) + timedelta(seconds=1))
    drain()
    overdue = EventEntry.objects.filter(name="service.complaint_reply_overdue")
    assert {one.payload["ticket_id"] for one in overdue} == {str(late.pk), str(unanswered.pk)}
    clock.move(at(11, 9))
    operations.note_reply(SYSTEM, late.pk, at=clock.at)
    found = figure("workdays")
    assert (found.cases, found.kept, found.missed, found.open) == (4, 2, 2, 0)
    assert found.mean == (0 + 2 + 3) / 3 * 86400
    assert (found.p50, found.p90) == (2 * 86400, pytest.approx(2.8 * 86400))
    rows = list(measures.cases(SYSTEM, REPLY, Question()))
    told = dict(zip((row.pk for row in rows), measures.passed(REPLY, rows, "workdays"), strict=True))
    assert told == {same_day.pk: 0, in_time.pk: 2 * 86400, late.pk: 3 * 86400, unanswered.pk: None}
    (shown,) = live(SYSTEM, [clause], start=at(2, 0), end=at(31, 0), zone="Europe/London")
    assert (shown.state, shown.figure.kept, shown.figure.missed) == ("missed", 2, 2)
    assert (shown.figure.p50, shown.worst.missed) == (2 * 86400, 2)


def test_of_all_times_a_figure_is_told_by_the_office_since_its_first_case(clock):
    clock.move(at(3, 17))
    ticket = make.complaint()
    clock.move(at(4, 10))
    operations.note_reply(SYSTEM, ticket.pk)
    assert measures.total(SYSTEM, REPLY, Question(counted_in="office")).mean == 2 * 3600
    assert measures.total(SYSTEM, REPLY, Question(counted_in="workdays")).mean == 86400
    assert measures.total(SYSTEM, "channels.first_human_reply", Question(counted_in="workdays")).cases == 0


def test_what_cannot_be_told_by_the_office_is_refused(clock):
    api = Api(workspace.user("owner"))
    name = "channels.contacts.after_withdrawal"
    refused = api.get(f"measures/{name}", counted_in="office", status=422)
    assert refused["code"] == "measure.not_in_office_hours"
    clock.move(at(3, 17))
    make.complaint()
    assert api.get(f"measures/{REPLY}", counted_in="workdays")["counted_in"] == "workdays"
    assert api.get(f"measures/{REPLY}/cases", counted_in="workdays")["rows"][0]["value"] is None
    assert api.get(f"measures/{REPLY}", counted_in="moons", status=422)["code"] == "input.invalid"


def test_answered_after_hours_is_late_where_the_clock_rang_at_the_end_of_the_day(clock):
    promised(2)
    clock.move(at(3, 16))
    ticket = make.complaint()
    clock.move(at(3, 20))
    operations.note_reply(SYSTEM, ticket.pk)
    assert (ticket.reply_due_at, figure().missed) == (at(3, 18), 1)


def test_figures_stay_alone_when_hours_change_later_and_when_the_counting_does(clock):
    promised(4, counted_in="clock")
    clock.move(at(3, 16))
    by_clock = make.complaint()
    clock.move(at(4, 9))
    promised(4)
    clock.move(at(5, 16))
    in_office = make.complaint()
    clock.move(at(6, 10, 30))
    for ticket in (by_clock, in_office):
        operations.note_reply(SYSTEM, ticket.pk)
    assert (by_clock.reply_due_at, in_office.reply_due_at) == (at(3, 20), at(6, 11))
    before = figure()
    assert (before.kept, before.missed) == (1, 1)
    clock.move(at(6, 20))
    choose_office_hours(SYSTEM, week=[[Stretch(opens="00:00", closes="00:00")]] * 7)
    assert figure() == before
    clock.move(at(7, 11))  # a Saturday, now worked
    assert make.complaint().reply_due_at == at(7, 15)


def test_a_scoped_promise_may_be_counted_otherwise_than_the_general_one(clock):
    version = protocols.version()
    given = {"section": "complaints", "measure": REPLY, "standard": REPLY}
    letters = {"field": "channel", "op": "is", "value": "letter"}
    protocols.clause(version, **given, value=Decimal(4))
    protocols.clause(version, **given, value=Decimal(4), counted_in="office", scope=letters)
    publish_version(SYSTEM, version.pk)
    clock.move(at(3, 16))
    assert make.complaint().reply_due_at == at(3, 20)
    assert make.complaint(channel="letter").reply_due_at == at(4, 11)
    clock.move(at(4, 9))
    found = {one.key: one.missed for one in measures.groups(SYSTEM, REPLY, Question(by="channel"))}
    assert found == {"": 1, "letter": 0}


def test_a_mean_is_told_in_the_hours_it_is_promised_in(clock):
    for comes, answered in ((at(3, 17), at(4, 10)), (at(6, 17), at(9, 12))):
        clock.move(comes)
        ticket = make.complaint()
        clock.move(answered)
        operations.note_reply(SYSTEM, ticket.pk)
    assert figure().mean == (17 + 67) / 2 * 3600
    assert figure("office").mean == (2 + 4) / 2 * 3600
    assert figure("office").kept == figure().kept == 1


def test_asking_costs_as_much_for_two_complaints_as_for_twenty(clock, django_assert_max_num_queries):
    promised(2)
    clock.move(at(3, 16))
    for _ in range(2):
        make.complaint()
    with django_assert_max_num_queries(4):
        assert figure().cases == 2
    for _ in range(18):
        make.complaint()
    with django_assert_max_num_queries(4):
        assert figure().cases == 20
