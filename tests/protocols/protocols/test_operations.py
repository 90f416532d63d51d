"""Drafts, publication, standards: what changes them, what does not."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from guanxi.kernel import clocks, settings
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import EventEntry, SettingValue
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.operations import change_clause, remove_clause
from guanxi.protocols.protocols import operations
from guanxi.protocols.protocols.files import FiledClause
from guanxi.protocols.protocols.models import Protocol, Version
from guanxi.service.sla.queries import COMPLAINT_REPLY
from guanxi.workspace.todos.models import Todo
from tests.factories import protocols as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPLY = "service.complaint.first_reply"
SCOPE = {"field": "channel", "op": "is", "value": "phone"}


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held


def promise(version, hours: int = 24, **values) -> Clause:
    """A clause with the clock of complaints."""
    given = {"section": "complaints", "measure": REPLY, "standard": REPLY, "value": Decimal(hours)}
    return make.clause(version, **{**given, "target_share": Decimal("0.95"), **values})


def worded(clause: Clause, **values) -> Clause:
    """The clause again, with some of it said otherwise."""
    kept = ("section", "text", "scope", "measure", "standard", "value", "counted_in", "figure_kind", "target_share")
    given = {**{name: getattr(clause, name) for name in kept}, **values}
    return change_clause(SYSTEM, clause.pk, **given)


def next_version(version: Version, **values) -> Version:
    """The next version in force, its only promise said otherwise."""
    draft = operations.draft_version(SYSTEM, version.protocol_id)
    worded(Clause.objects.get(in_version=draft), **values)
    return operations.publish_version(SYSTEM, draft.pk)


def test_a_first_draft_is_empty_and_the_next_has_what_is_in_force():
    protocol = make.protocol()
    first = operations.draft_version(SYSTEM, protocol.pk, note=" Begin ")
    assert (first.number, first.status, first.note) == (1, "draft", "Begin")
    clause = promise(first)
    operations.publish_version(SYSTEM, first.pk)
    second = operations.draft_version(SYSTEM, protocol.pk)
    copy = Clause.objects.get(in_version=second)
    assert second.number == 2
    assert copy.pk != clause.pk
    assert (copy.key, copy.text, copy.value) == (clause.key, clause.text, clause.value)


def test_one_draft_at_a_time():
    draft = make.version()
    with nothing_changes(), pytest.raises(Conflict, match="protocol.draft_is_open"):
        operations.draft_version(SYSTEM, draft.protocol_id)


def test_a_draft_changes_no_standard_its_publication_does(clock):
    draft = make.version()
    promise(draft, 12)
    assert COMPLAINT_REPLY.get() == 24
    clock.advance(timedelta(hours=1))
    published = operations.publish_version(SYSTEM, draft.pk, note="Faster")
    assert (published.status, published.published_at, published.note) == ("published", clock.at, "Faster")
    assert (COMPLAINT_REPLY.get(), COMPLAINT_REPLY.get(NINE)) == (12, 24)
    assert SettingValue.objects.get(name=REPLY).source == f"clause:{Clause.objects.get().pk}"
    event = EventEntry.objects.get(name="protocols.version_published")
    assert event.payload["standards"] == 1


def test_a_number_that_stays_keeps_its_date(clock):
    draft = make.version()
    promise(draft, 12)
    operations.publish_version(SYSTEM, draft.pk)
    clock.advance(timedelta(days=1))
    draft = operations.draft_version(SYSTEM, draft.protocol_id)
    operations.publish_version(SYSTEM, draft.pk)
    assert SettingValue.objects.get(name=REPLY).valid_from == NINE


def test_the_way_of_counting_travels_with_the_number_and_changes_with_a_publication_alone(clock):
    first = make.version()
    promise(first, 12)
    operations.publish_version(SYSTEM, first.pk)
    clock.advance(timedelta(days=1))
    draft = operations.draft_version(SYSTEM, first.protocol_id)
    worded(Clause.objects.get(in_version=draft), counted_in="office")
    assert COMPLAINT_REPLY.held().counted_in == "clock"
    clock.advance(timedelta(hours=1))
    operations.publish_version(SYSTEM, draft.pk)
    assert COMPLAINT_REPLY.held() == settings.Held(value=12, counted_in="office")
    assert COMPLAINT_REPLY.held(at=NINE) == settings.Held(value=12, counted_in="clock")
    kept = operations.draft_version(SYSTEM, first.protocol_id)
    assert Clause.objects.get(in_version=kept).counted_in == "office"
    operations.publish_version(SYSTEM, kept.pk)
    assert SettingValue.objects.filter(name=REPLY).count() == 2


def test_the_same_number_counted_in_two_ways_is_refused():
    draft = make.version()
    promise(draft, 12)
    promise(draft, 12, counted_in="office")
    with nothing_changes(), pytest.raises(Conflict, match="protocol.standard_twice"):
        operations.publish_version(SYSTEM, draft.pk)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"standard": "", "value": None, "target_share": None}, "clause.office_hours_need_standard"),
        (
            {"standard": "customers.ways_verified_for", "measure": "", "target_share": None},
            "clause.not_in_office_hours",
        ),
        (
            {
                "measure": "channels.contacts.after_withdrawal", "standard": "service.ticket.solved_on_average",
                "figure_kind": "mean", "target_share": None,
            },
            "clause.not_told_in_office_hours",
        ),
    ],
)  # fmt: skip
def test_office_hours_where_nothing_is_counted_in_them_are_refused(values, code):
    draft = make.version()
    with nothing_changes(), pytest.raises(Invalid, match=code):
        promise(draft, counted_in="office", **values)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"standard": "customers.ways_verified_for", "measure": "", "target_share": None}, "clause.not_in_workdays"),
        ({"value": Decimal(36)}, "clause.whole_workdays"),
        ({"value": Decimal(24 * 367)}, "clause.whole_workdays"),
        ({"value": Decimal("0.5")}, "clause.whole_workdays"),
    ],
)
def test_working_days_are_whole_ones_of_what_is_counted_so(values, code):
    draft = make.version()
    with nothing_changes(), pytest.raises(Invalid, match=code):
        promise(draft, **{"value": Decimal(24), **values}, counted_in="workdays")


def test_what_is_promised_in_days_is_not_told_in_hours_of_the_office():
    follow_up = {"measure": "outreach.order.followed_up", "standard": "outreach.order.followed_up", "section": "care"}
    with pytest.raises(Invalid, match=r"clause.not_in_office_hours"):
        promise(make.version(), 7, counted_in="office", **follow_up)
    version = make.version()
    promise(version, 7, counted_in="workdays", **follow_up)
    operations.publish_version(SYSTEM, version.pk)
    assert settings.of_name("outreach.order.followed_up").held() == settings.Held(value=7, counted_in="workdays")


def test_what_no_clause_promises_any_more_falls_back_to_what_is_declared(clock):
    first = make.version()
    promise(first, 12)
    make.clause(first)
    operations.publish_version(SYSTEM, first.pk)
    clock.advance(timedelta(days=1))
    draft = operations.draft_version(SYSTEM, first.protocol_id)
    remove_clause(SYSTEM, Clause.objects.get(in_version=draft, standard=REPLY).pk)
    operations.publish_version(SYSTEM, draft.pk)
    assert (COMPLAINT_REPLY.get(), COMPLAINT_REPLY.get(NINE)) == (24, 12)


def test_a_scoped_promise_stands_beside_the_general_one_and_ends_alone(clock):
    first = make.version()
    promise(first, 24)
    promise(first, 4, scope=SCOPE)
    operations.publish_version(SYSTEM, first.pk)
    assert SettingValue.objects.filter(name=REPLY, valid_to=None).count() == 2
    clock.advance(timedelta(days=1))
    draft = operations.draft_version(SYSTEM, first.protocol_id)
    remove_clause(SYSTEM, Clause.objects.get(in_version=draft, value=4).pk)
    operations.publish_version(SYSTEM, draft.pk)
    assert SettingValue.objects.get(name=REPLY, valid_to=None).scope is None


def test_publication_supersedes_and_plans_the_review():
    first = make.version()
    promise(first)
    operations.publish_version(SYSTEM, first.pk)
    protocol = Protocol.objects.get(pk=first.protocol_id)
    assert protocol.next_review_on == date(2026, 6, 2)
    next_version(first, value=Decimal(12))
    first.refresh_from_db()
    assert (first.status, first.superseded_at) == ("superseded", NINE)


def test_the_review_falls_due_on_its_day(clock):
    protocol = make.protocol()
    operations.plan_review(SYSTEM, protocol.pk, on=date(2026, 4, 1), rhythm="half_year")
    clock.move(datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    drain()
    assert not EventEntry.objects.filter(name="protocols.review_due").exists()
    clock.move(datetime(2026, 4, 1, tzinfo=UTC))
    drain()
    assert EventEntry.objects.get(name="protocols.review_due").payload["on"] == "2026-04-01"
    operations.plan_review(SYSTEM, protocol.pk, on=date(2026, 7, 1))
    assert clocks.due_at(f"protocols.review:{protocol.pk}") == datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize("owned", [True, False])
def test_the_review_is_a_to_do_of_the_owner_or_of_the_owner_of_the_company(clock, owned):
    first, keeper = workspace.user("owner"), workspace.user("manager", language="zh-Hant")
    protocol = make.protocol(name="Ours", owner_id=keeper.pk if owned else None)
    operations.plan_review(SYSTEM, protocol.pk, on=date(2026, 4, 1))
    clock.move(datetime(2026, 4, 1, tzinfo=UTC))
    drain()
    todo = Todo.objects.get()
    assert (todo.owner_id, todo.subject) == ((keeper.pk, "檢討「Ours」") if owned else (first.pk, "Review “Ours”"))
    assert todo.about_id == protocol.pk


def test_what_is_published_cannot_be_worded():
    version = make.version()
    clause = promise(version)
    operations.publish_version(SYSTEM, version.pk)
    refused = [
        lambda: worded(clause, value=Decimal(1)),
        lambda: remove_clause(SYSTEM, clause.pk),
        lambda: make.clause(version),
        lambda: operations.discard_draft(SYSTEM, version.pk),
        lambda: operations.publish_version(SYSTEM, version.pk),
    ]
    for act in refused:
        with nothing_changes(), pytest.raises(Conflict, match="protocol.version_is_published"):
            act()


def test_an_empty_version_is_not_published():
    draft = make.version()
    with nothing_changes(), pytest.raises(Conflict, match="protocol.version_is_empty"):
        operations.publish_version(SYSTEM, draft.pk)


def test_two_numbers_for_one_standard_are_not_published():
    draft = make.version()
    promise(draft, 24)
    promise(draft, 12)
    with nothing_changes(), pytest.raises(Conflict, match="protocol.standard_twice"):
        operations.publish_version(SYSTEM, draft.pk)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"measure": "service.no_such"}, "measure.unknown"),
        ({"standard": "service.no_such"}, "setting.unknown"),
        ({"standard": "workspace.company.name"}, "clause.not_a_standard"),
        ({"standard": "service.ticket.solved"}, "clause.standard_of_another_measure"),
        ({"measure": "", "target_share": None, "scope": SCOPE}, "clause.scope_needs_measure"),
        ({"scope": {"field": "no_such", "op": "is", "value": 1}}, "record.unknown_field"),
        ({"measure": "service.ticket.solved_share", "figure_kind": "mean", "target_share": None}, "clause.mean_is"),
        ({"text": {}}, "clause.needs_text"),
        ({"value": None}, "clause.standard_needs_value"),
    ],
)
def test_a_clause_that_cannot_be_is_refused_and_nothing_changes(values, code):
    clause = promise(make.version())
    with nothing_changes(), pytest.raises(Invalid, match=code):
        worded(clause, **values)
    with nothing_changes(), pytest.raises(Invalid, match=code):
        promise(Version.objects.get(), **values)


def test_a_draft_is_thrown_away_with_its_clauses():
    version = make.version()
    make.clause(version)
    assert operations.discard_draft(SYSTEM, version.pk) == {"clauses": 1}
    assert not Version.objects.exists()
    assert operations.draft_version(SYSTEM, version.protocol_id).number == 1


def test_clauses_get_keys_and_places():
    version = make.version()
    made = [make.clause(version), make.clause(version), make.clause(version, section="care")]
    assert [(c.key, c.ordinal) for c in made] == [("mail-1", 1), ("mail-2", 2), ("care-1", 1)]
    with nothing_changes(), pytest.raises(Conflict, match="constraint.clause_key_in_version"):
        make.clause(version, key="mail-1")


@pytest.mark.parametrize("role", ["agent", "seller", "marketer"])
def test_who_only_reads_changes_nothing(role):
    version, actor = make.version(), workspace.actor(role)
    clause = make.clause(version)
    refused = [
        lambda: operations.publish_version(actor, version.pk),
        lambda: operations.draft_version(actor, version.protocol_id),
        lambda: operations.add_clause(actor, version.pk, section="mail", text={"en": "x"}),
        lambda: remove_clause(actor, clause.pk),
        lambda: operations.plan_review(actor, version.protocol_id, on=date(2026, 4, 1)),
    ]
    for act in refused:
        with nothing_changes(), pytest.raises(Forbidden):
            act()


def filed(**values) -> FiledClause:
    """A clause of a text file."""
    return FiledClause.model_validate({"key": "a", "section": "mail", "text": {"en": "We answer."}, **values})


def test_a_file_may_name_what_does_not_exist_yet():
    later = {"measure": "future.measure", "standard": "future.standard", "value": 4, "unit": "rings"}
    protocol = operations.load_protocol(SYSTEM, name="Filed", clauses=[filed(**later), filed(key="b")])
    version = Version.objects.get(protocol=protocol)
    operations.publish_version(SYSTEM, version.pk)
    assert "future.standard" not in settings.settings()
    assert Clause.objects.get(key="a").unit == "rings"


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        ([{}, {}], "protocol.key_twice"),
        ([{"standard": "future.standard", "value": 4}], "clause.needs_unit"),
        ([{"standard": REPLY, "measure": REPLY, "value": 4, "unit": "days"}], "clause.unit_differs"),
        ([{"measure": "future.measure", "target_share": 95}], "clause.target_not_a_share"),
    ],
)
def test_a_file_that_cannot_be_is_refused(clauses, code):
    with nothing_changes(), pytest.raises((Conflict, Invalid), match=code):
        operations.load_protocol(SYSTEM, name="Filed", clauses=[filed(**one) for one in clauses])


LATER = {"measure": "future.measure", "standard": "future.standard", "value": Decimal(4), "unit": "rings"}


def test_a_clause_whose_standard_does_not_exist_yet_can_be_worded_and_keeps_what_it_names():
    protocol = operations.load_protocol(SYSTEM, name="Filed", clauses=[filed(**LATER)])
    clause = Clause.objects.get(in_version__protocol=protocol)
    again = worded(clause, text={"en": "Within five rings."}, value=Decimal(5))
    assert (again.text, again.value, again.unit) == ({"en": "Within five rings."}, 5, "rings")
    assert (again.measure, again.standard) == (LATER["measure"], LATER["standard"])
    with nothing_changes(), pytest.raises(Invalid, match="setting.unknown"):
        worded(again, standard="another.future")
    with nothing_changes(), pytest.raises(Invalid, match="measure.unknown"):
        worded(again, measure="another.future")
    assert worded(again, measure="", standard="", value=None).unit == ""


@pytest.mark.parametrize(
    "values",
    [
        {"measure": "channels.contacts.allowed_share", "standard": "channels.gate.contacts_per_week"},
        {"measure": "channels.first_human_reply", "figure_kind": "mean", "target_share": None},
    ],
    ids=["nobody reads it in a scope", "it is judged over another noun"],
)
def test_a_number_that_cannot_hold_in_a_scope_is_not_promised_in_one(values):
    draft = make.version()
    with nothing_changes(), pytest.raises(Invalid, match="clause.standard_has_no_scope"):
        promise(draft, 3, scope=SCOPE, **values)
    assert promise(draft, 3, **values).scope is None
