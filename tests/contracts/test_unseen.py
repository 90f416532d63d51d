"""What nobody learns of records that they may not see: no name, no event, no answer to a condition, no figure."""

from collections.abc import Iterator
from dataclasses import fields, replace
from uuid import uuid4

import pytest
import yaml

from guanxi.customers.contact_points.operations import add_contact_point, mark_dead
from guanxi.customers.customers.operations import create_customer
from guanxi.customers.holds.operations import hold_of, place_hold
from guanxi.journeys.journeys.queries import require_sound
from guanxi.kernel import access
from guanxi.kernel.actor import SYSTEM, Actor, Level, Reach
from guanxi.kernel.conditions.queries import compiled
from guanxi.kernel.events import events, noun_of
from guanxi.kernel.measures import measures
from guanxi.kernel.occurrences import OfAnyRecord
from guanxi.kernel.records import Field, RecordType, records, relations, type_of
from guanxi.kernel.time import now
from guanxi.lib.errors import Forbidden, NotFound
from guanxi.workspace.todos.operations import add_todo_of
from tests import factories
from tests.client import Api
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
NOUNS = [record for record in records().values() if not record.name.startswith("test.")]
WITHOUT_A_NOUN = {"owner_id", "before_id", "team_id", "account_id", "about_id", "matter_id", "subject_id"}
"""Values of events that stand for colleagues, or never without a record beside them that decides."""
TELLING_NO_FIELD = {
    "workspace.company_set_up": {"company", "sample"},
    "workspace.import_started": {"check", "queued"},
    "channels.delivery_sent": {"provider", "certain"},
    "channels.message_received": {"may_be_acknowledged", "opened"},
    "channels.message_sent": {"certain"},
    "channels.backfill_wanted": {"since"},
    "outreach.strategy_due": {"number"},
    "journeys.round_due": {"number"},
    "kernel.record_changed": {"record", "fields"},
    "kernel.field_revealed": {"record", "field"},
    "kernel.undone": {"undone", "records"},
    "protocols.version_published": {"standards"},
    "simulation.sample_grew": {"seed", "customers", "end", "zone", "lived", "of", "left_out"},
}
"""Values that say how something is done, and nothing that stands in a field."""
EVENTS = [pytest.param(kind, id=name) for name, kind in events().items() if not name.startswith("test.")]
BESIDE = {"outreach.strategy.segment": {"condition": None}, "workspace.share.team": {"user": None}}
"""What else changes where a reference is set."""


def seen_with(record: RecordType) -> Iterator[RecordType]:
    """The noun and those that decide whether its rows are seen."""
    yield record
    if record.seen_with:
        yield from seen_with(type_of(record.field(record.seen_with).to))


def references() -> Iterator[tuple[RecordType, Field]]:
    """References to nouns that are not read along with the noun itself."""
    for record in NOUNS:
        for field in record.fields.values():
            if field.to and type_of(field.to) not in list(seen_with(record)):
                yield record, field


def only(*nouns: RecordType) -> dict[str, int]:
    """The right to read these and nothing else."""
    return {access.read(noun): int(Reach.ALL) for noun in nouns}


REFERENCES = [pytest.param(record, field, id=f"{record.name}.{field.name}") for record, field in references()]
RELATIONS = [
    pytest.param(record, name, id=f"{record.name}.{name}")
    for record in NOUNS
    for name, one in relations(record).items()
    if one.child is not record
]


@pytest.mark.parametrize(("record", "field"), REFERENCES)
def test_a_record_that_is_not_seen_is_not_named_where_it_is_referred_to(record, field):
    other = factories.one(type_of(field.to))
    row = factories.one(record)
    beside = BESIDE.get(f"{record.name}.{field.name}", {})
    type(row)._default_manager.filter(pk=row.pk).update(**{field.column: other.pk}, **beside)
    api = Api(make.holder(only(*seen_with(record))))
    assert api.get(f"{record.plural}/{row.pk}")[field.name] == {"id": str(other.pk), "label": ""}


@pytest.mark.parametrize(("record", "field"), REFERENCES)
def test_no_condition_asks_what_a_reference_leads_to_unless_that_is_read(record, field):
    target = type_of(field.to)
    actor = Actor(kind="user", grants={k: Reach(v) for k, v in only(*seen_with(record)).items()})
    with pytest.raises(Forbidden, match=r"access\.not_granted"):
        compiled(actor, {"field": f"{field.name}.id", "op": "not_empty"}, record)
    own = Actor(kind="user", id=make.user().pk, grants={**actor.grants, access.read(target): Reach.OWN})
    if target.has("owner") and not target.seen_with:
        other = factories.one(target)
        target.model._default_manager.filter(pk=other.pk).update(owner=None)
        row = factories.one(record)
        beside = BESIDE.get(f"{record.name}.{field.name}", {})
        type(row)._default_manager.filter(pk=row.pk).update(**{field.column: other.pk}, **beside)
        asked = {"field": f"{field.name}.id", "op": "is", "value": str(other.pk)}
        assert not record.model._default_manager.filter(compiled(own, asked, record), pk=row.pk).exists()
        assert record.model._default_manager.filter(compiled(SYSTEM, asked, record), pk=row.pk).exists()


@pytest.mark.parametrize(("record", "relation"), RELATIONS)
def test_no_condition_counts_related_records_that_are_not_read(record, relation):
    actor = Actor(kind="user", grants={k: Reach(v) for k, v in only(record).items()})
    with pytest.raises(Forbidden, match=r"access\.not_granted"):
        compiled(actor, {"related": relation, "aggregate": "count", "op": "gte", "value": 1}, record)


@pytest.mark.parametrize(("record", "relation"), RELATIONS)
def test_no_condition_is_kept_by_whoever_sees_only_some_of_what_it_leads_to(record, relation):
    """A kept condition is asked of all rows, whoever its author is; else its answer would tell of the others."""
    child = relations(record)[relation].child
    while child.seen_with:  # somebody decides for it
        child = type_of(child.field(child.seen_with).to)
    asked = {"related": relation, "aggregate": "count", "op": "gte", "value": 1}
    every = {access.read(one): Reach.ALL for one in (*seen_with(record), *seen_with(relations(record)[relation].child))}
    compiled(Actor(kind="user", grants=every), asked, record, kept=True)
    if child.has("owner"):
        some = Actor(kind="user", grants={**every, access.read(child): Reach.OWN})
        with pytest.raises(Forbidden, match=r"condition\.not_all_seen"):
            compiled(some, asked, record, kept=True)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_no_journey_is_planned_for_records_that_are_not_all_seen(noun):
    lacking = [{}]
    if noun.has("owner") and not noun.seen_with:
        lacking.append({access.read(noun): Reach.OWN})
    for grants in lacking:
        actor = Actor(kind="user", id=uuid4(), grants=grants)
        for start in ({}, {"audience": {}}, {"event": "kernel.record_changed", "subject": "record_id"}):
            with pytest.raises(Forbidden, match=r"condition\.not_all_seen"):
                require_sound(actor, noun.name, start, [], [])
        with pytest.raises(Forbidden, match=r"condition\.not_all_seen"):
            compiled(actor, None, noun, kept=True)


@pytest.mark.parametrize("kind", EVENTS)
def test_no_event_is_heard_by_whoever_sees_only_some_of_what_it_names(kind):
    for field in fields(kind):
        noun = noun_of(field.name, {"record": "customers.customer"})
        if noun is None:
            continue
        sight = [Reach.NONE, Reach.OWN] if records()[noun].has("owner") else [Reach.NONE]
        for reach in sight:
            actor = Actor(kind="user", id=uuid4(), grants={"*": Reach.ALL, f"{noun}.read": reach})
            heard = {"event": kind.name, "subject": field.name}
            record = "customers.customer" if issubclass(kind, OfAnyRecord) else "workspace.team"
            for start, stops in ((heard, []), ({}, [heard])):
                with pytest.raises(Forbidden, match=r"journey\.not_all_heard|condition\.not_all_seen"):
                    require_sound(actor, record, start, [], stops)


def test_a_record_of_any_noun_is_named_by_what_says_so():
    """A journey hears such an event for records of its own noun alone: another would tell of them all."""
    naming = [kind for kind in events().values() if "record_id" in {f.name for f in fields(kind)}]
    assert naming == [kind for kind in events().values() if issubclass(kind, OfAnyRecord)] != []


@pytest.mark.parametrize(("record", "field"), REFERENCES)
def test_no_blank_of_a_journey_is_filled_from_what_is_not_read(record, field):
    target = type_of(field.to)
    step = {"operation": {"name": "workspace.todo.add", "input": {"subject": {"text": f"{{subject.{field.name}.id}}"}}}}
    actor = Actor(kind="user", grants={k: Reach(v) for k, v in only(*seen_with(record)).items()})
    with pytest.raises(Forbidden, match=r"access\.not_granted"):
        require_sound(actor, record.name, {}, [step], [])
    require_sound(replace(actor, grants={**actor.grants, access.read(target): Reach.OWN}), record.name, {}, [step], [])


@pytest.mark.parametrize("kind", EVENTS)
def test_every_record_that_an_event_names_has_a_noun_that_decides_who_is_told(kind):
    ids = {field.name for field in fields(kind) if field.name.endswith("_id")} - {"record_id"}
    assert {name for name in ids if noun_of(name, {}) is None} <= WITHOUT_A_NOUN
    assert not ids or ids - WITHOUT_A_NOUN or kind.name in ("workspace.company_set_up",)


@pytest.mark.parametrize("kind", EVENTS)
def test_every_value_of_an_event_tells_a_field_that_may_be_closed_or_none(kind):
    """What a value is called decides who reads it: one called otherwise than its field says which it is."""
    said = {field.name for field in fields(kind)}
    nouns = [noun for name in said if (noun := noun_of(name, {"record": "customers.customer"}))]
    same = {name for noun in nouns for name in records()[noun].fields}
    odd = {name for name in said - same if not name.endswith("_id")}
    assert odd - TELLING_NO_FIELD.get(kind.name, set()) == set(kind.tells) - same
    for told in kind.tells.values():
        noun, _, name = told.rpartition(".")
        assert name in records()[noun].fields


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.MASKED])
def test_the_story_does_not_say_what_somebody_is_called_to_whom_that_is_closed(level):
    customer = create_customer(SYSTEM, name="zq7xsecret")
    point = add_contact_point(SYSTEM, kind="email", value="a@guanxi.test", customer=customer.pk)
    mark_dead(SYSTEM, point.pk, why="zq7xsecret")
    path = f"customers/{customer.pk}/timeline"
    assert str(Api(make.user("owner")).get(path)).count("zq7xsecret") == 4
    shut = Api(make.reader("customers.customer.name", "customers.contact_point.dead_why", level=level)).get(path)
    assert "zq7xsecret" not in str(shut) and len(shut["rows"]) == 3


def test_what_happened_with_others_records_is_told_on_no_page():
    """A to-do names a colleague and a customer; on neither's page it is told to who does not see the to-do."""
    owner, customer = make.user(), factories.one(records()["customers.customer"])
    make.todo(owner=owner, subject="Nobody's business", customer=customer.pk)
    read = only(records()["workspace.user"], records()["customers.customer"])
    for path in (f"users/{owner.pk}", f"customers/{customer.pk}"):
        told = [one["kind"] for one in Api(make.holder(read)).get(f"{path}/timeline")["rows"]]
        assert "workspace.todo_added" not in told
        told = [one["kind"] for one in Api(make.user("owner")).get(f"{path}/timeline")["rows"]]
        assert "workspace.todo_added" in told


def test_a_figure_counts_what_the_right_to_it_reaches():
    """Sellers see their own and their teams' customers, so their figures are of these."""
    north, south = make.team(), make.team()
    mine, other = make.user("seller", team=north), make.user("seller", team=south)
    for one in (mine, other):
        Api(one).post("customers", {"name": "Somebody"}, status=201)
    assert Api(mine).get("measures/customers.customers")["total"]["cases"] == 1
    assert Api(make.user("owner")).get("measures/customers.customers")["total"]["cases"] == 2
    elsewhere = {"field": "owner", "op": "is", "value": str(other.pk)}
    assert Api(mine).get("measures/customers.customers", where=elsewhere)["total"]["cases"] == 0


@pytest.mark.parametrize("role", yaml.safe_load(make.ROLES.read_text("utf-8")))
def test_no_shipped_role_knows_figures_of_what_it_does_not_read(role):
    """Else a figure with a condition would tell record by record what is not seen."""
    actor = make.actor(role)
    for name, measure in measures().items():
        noun = measure.function().record
        if actor.may(name):
            assert actor.reach(name) <= actor.reach(access.read(noun)), (name, noun.name)


def test_what_is_asked_for_by_its_key_is_handed_out_only_to_who_sees_it():
    """A source or key says that it is there already; whose it is decides who gets it."""
    spy = make.actor("agent", team=make.team())
    add_todo_of(SYSTEM, subject="Theirs", source="known", owner=make.user().pk)
    with pytest.raises(NotFound, match=r"record\.not_found"):
        add_todo_of(spy, subject="Mine?", source="known", owner=spy.id)
    own = make.acting({"channels.conversation.*": 1, "customers.*": 1})
    customer = factories.one(records()["customers.customer"])
    place_hold(SYSTEM, customer=customer.pk, reason="complaint", source="known")
    with pytest.raises(NotFound, match=r"record\.not_found"):
        hold_of(own, customer=customer.pk, reason="complaint", source="known")


def test_today_names_only_customers_who_are_seen():
    """A to-do may be about somebody whom its owner does not see."""
    customer = factories.one(records()["customers.customer"])
    mine = make.user("seller", team=make.team())
    todo = make.todo(subject="Call", customer=customer.pk, due_at=now(), owner=None)
    type(todo).objects.filter(pk=todo.pk).update(owner=mine)
    for reader, called in ((mine, ""), (make.user("owner"), customer.name)):
        line = Api(reader).get("today", scope="team")["due"]["lines"][0]
        assert line["who"] == {"plural": "customers", "id": str(customer.pk), "label": called}


def test_nobody_is_found_by_a_number_that_is_not_read():
    customer = factories.one(records()["customers.customer"])
    add_contact_point(SYSTEM, kind="phone", value="+442079460123", customer=customer.pk)
    customers, ways = records()["customers.customer"], records()["customers.contact_point"]
    assert Api(make.holder(only(customers))).get("customers", q="2079460123")["rows"] == []
    found = Api(make.holder(only(customers, ways))).get("customers", q="2079460123")["rows"]
    assert [row["id"] for row in found] == [str(customer.pk)]


def test_why_nobody_may_be_contacted_does_not_say_what_is_not_read():
    """The answer is for whoever may ask; what it rests on is for whoever reads that, field by field."""
    customer, word = factories.one(records()["customers.customer"]).pk, "zq7xsecret"
    point = add_contact_point(SYSTEM, kind="email", value=f"{word}@guanxi.test", customer=customer)
    mark_dead(SYSTEM, point.pk, why="bounced")
    place_hold(SYSTEM, customer=customer, reason=word)
    path = f"customers/{customer}/may_contact"

    def reasons(reader):
        told = Api(reader).get(path)["answers"]
        return [one for answer in told for one in answer["reasons"] if one["reason"] in ("hold", "dead_way")]

    asking = {"customers.customer.read": 4, "channels.delivery.ask": 4}
    open_, shut = reasons(make.user("owner")), reasons(make.holder(asking))
    assert word in str(open_) and all(one["since"] and one["id"] for one in open_)
    assert len(shut) == len(open_) and word not in str(shut)
    assert {(one["since"], one["record"], one["id"]) for one in shut} == {(None, None, None)}
    closed = ("customers.hold.reason", "customers.contact_point.value", "customers.contact_point.dead_at")
    narrow = reasons(make.reader(*closed, level=Level.MASKED, grants={"customers.*": 4, "channels.delivery.ask": 4}))
    assert len(narrow) == len(open_) and word not in str(narrow)
    assert {(one["reason"], bool(one["since"])) for one in narrow} == {("hold", True), ("dead_way", False)}


def test_the_planted_value_that_is_no_noun_would_be_caught():
    assert noun_of("secret_id", {}) is None
    assert noun_of("ticket_id", {}) == "service.ticket"
    assert noun_of("record_id", {"record": "customers.customer"}) == "customers.customer"
