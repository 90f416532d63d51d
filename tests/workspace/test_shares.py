"""One customer for somebody who would not see them: as far as it was given, until it ends, and nothing beside it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.contact_points.operations import find_or_create
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.sharing import share_customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.time import frozen, now
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.workspace.shares.models import Share
from guanxi.workspace.todos.models import Todo
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests.client import Api
from tests.factories import customers as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
OWN = {
    "customers.*": 1, "workspace.share.*": 1, "workspace.todo.*": 1, "commerce.order.*": 1, "workspace.user.read": 4,
    "workspace.team.read": 4,
}  # fmt: skip


@pytest.fixture
def giver() -> User:
    return workspace.holder(OWN)


@pytest.fixture
def receiver() -> User:
    return workspace.holder(OWN)


@pytest.fixture
def customer(giver) -> Customer:
    return make.customer("Anna Ito", owner=giver.pk)


def share(giver: User | Api, customer: Customer, status: int = 200, **given: object):
    api = giver if isinstance(giver, Api) else Api(giver)
    return api.post(f"customers/{customer.pk}/share", given, status=status)


def test_who_it_is_shared_with_sees_it_in_list_search_and_with_what_hangs_on_it(giver, receiver, customer):
    way = make.contact_point(customer)
    other, api = make.customer("Anna Other", owner=giver.pk), Api(receiver)
    assert api.get("customers")["rows"] == []
    share(giver, customer, user=str(receiver.pk))
    assert [row["id"] for row in api.get("customers", count=True)["rows"]] == [str(customer.pk)]
    assert [hit["label"] for hit in api.get("search", q="Anna")["groups"][0]["hits"]] == ["Anna Ito"]
    assert [row["id"] for row in api.get("contact_points")["rows"]] == [str(way.pk)]
    assert api.get(f"customers/{other.pk}", status=404)["code"] == "record.not_found"
    assert [row["called"] for row in api.get(f"customers/{customer.pk}/shares")["rows"]] == [receiver.name]


def test_to_read_is_not_to_write_and_to_write_is_not_to_hand_on_or_to_hide(giver, receiver, customer):
    third, api, path = workspace.holder(OWN), Api(receiver), f"customers/{customer.pk}"
    share(giver, customer, user=str(receiver.pk))
    assert api.get(path)["can"] == []
    with nothing_changes():
        assert api.patch(path, {"city": "Leeds"}, status=403)["code"] == "access.not_this_one"
    share(giver, customer, user=str(receiver.pk), may="write")
    assert Share.objects.count() == 1
    can = api.get(path)["can"]
    assert "customers.customer.change" in can
    assert {"customers.customer.share", "customers.customer.archive"}.isdisjoint(can)
    assert api.patch(path, {"city": "Leeds"})["city"] == "Leeds"
    with nothing_changes():
        assert api.post(f"{path}/archive", status=403)["code"] == "access.not_this_one"
        assert api.post(f"{path}/reveal", {"field": "city"}, status=403)["code"] == "access.not_this_one"
        assert share(api, customer, 403, user=str(third.pk))["code"] == "access.not_this_one"
    given = Share.objects.get()
    with nothing_changes():
        assert api.post(f"shares/{given.pk}/withdraw", status=403)["code"] == "access.not_this_one"


@pytest.mark.parametrize("whose", ["owner", "team"])
def test_what_is_shared_is_not_taken_over(giver, receiver, customer, whose):
    ours = workspace.team()
    User.objects.filter(pk=receiver.pk).update(team=ours)
    share(giver, customer, user=str(receiver.pk), may="write")
    api, taken = Api(receiver), {whose: str(receiver.pk if whose == "owner" else ours.pk)}
    with nothing_changes():
        assert api.patch(f"customers/{customer.pk}", taken, status=403)["code"] == "access.only_shared"
        many = {"ids": [str(customer.pk)], "values": taken}
        assert api.post("customers/bulk/change", many, status=403)["code"] == "access.only_shared"
    theirs = make.customer(owner=receiver.pk)
    share_customer(SYSTEM, theirs.pk, user=receiver.pk, may="write")  # what is one's own anyhow is handed over as ever
    assert api.patch(f"customers/{theirs.pk}", {"owner": str(giver.pk)})["owner"]["id"] == str(giver.pk)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("contact_points", {"kind": "email", "value": "new@evil.test", "main": True}),
        ("contact_points", {"kind": "email", "value": "unknown@customers.test"}),
        ("consents/withdraw", {"purpose": "marketing", "how": "told"}),
        ("holds", {"reason": "complaint"}),
    ],
    ids=["way", "known way", "consent", "hold"],
)
def test_nothing_is_added_to_what_is_shared_to_be_read(giver, receiver, customer, path, given):
    find_or_create(SYSTEM, kind="email", value="unknown@customers.test")
    share(giver, customer, user=str(receiver.pk))
    api, given = Api(receiver), {"customer": str(customer.pk), **given}
    with nothing_changes():
        assert api.post(path, given, status=403)["code"] == "access.only_to_read"
    share(giver, customer, user=str(receiver.pk), may="write")
    assert api.post(path, given, status=200 if "/" in path else 201)["customer"]["id"] == str(customer.pk)


def test_sharing_tells_no_names_of_colleagues_who_are_not_seen(customer):
    unseeing = workspace.holder({"customers.*": 4, "workspace.share.*": 4})
    for role in ({"workspace.todo.*": 1}, OWN):
        told = share(Api(unseeing), customer, 422, user=str(workspace.holder(role).pk))
        assert told["code"] == "share.no_such_user"
    assert share(Api(unseeing), customer, 422, team=str(workspace.team().pk))["code"] == "share.no_such_team"


def test_nobody_keeps_a_customer_by_sharing_with_themselves(giver, customer):
    api = Api(giver)
    with nothing_changes():
        assert share(api, customer, 409, user=str(giver.pk))["code"] == "share.with_yourself"


def test_what_was_deleted_by_a_share_is_not_put_back_when_that_has_ended(giver, receiver, customer):
    way = make.contact_point(customer)
    share(giver, customer, user=str(receiver.pk), may="write")
    api = Api(receiver)
    api.post(f"contact_points/{way.pk}/remove")
    deleted = HistoryEntry.objects.get(record_id=way.pk).change_set_id
    Api(giver).post(f"shares/{Share.objects.get().pk}/withdraw")
    report = api.post("undo", {"change_set": str(deleted)})
    assert report["kept"] == {"customers.contact_point:not_seen": 1}
    assert not ContactPoint.objects.filter(pk=way.pk).exists()


def test_nobody_gives_more_than_they_have_themselves(customer, receiver):
    less = Api(workspace.holder({**OWN, "customers.*": 4, "customers.customer.change": 0}))
    with nothing_changes():
        assert share(less, customer, 403, user=str(receiver.pk), may="write")["code"] == "access.not_granted"
    reader = Api(workspace.holder({**OWN, "customers.*": 4, "customers.customer.change": 1}))
    with nothing_changes():
        assert share(reader, customer, 403, user=str(receiver.pk), may="write")["code"] == "access.not_this_one"
    share(reader, customer, user=str(receiver.pk))


def test_a_closed_field_stays_closed(giver, customer):
    narrow = workspace.holder(OWN)
    role = workspace.put_role(SYSTEM, key="n", name="N", grants=OWN, fields={"customers.customer.name": 0})
    User.objects.filter(pk=narrow.pk).update(roles=[role.key])
    share(giver, customer, user=str(narrow.pk))
    assert Api(narrow).get(f"customers/{customer.pk}")["name"] is None


def test_a_team_has_it_and_who_leaves_the_team_has_not(giver, customer):
    team = workspace.team()
    member = workspace.holder(OWN)
    User.objects.filter(pk=member.pk).update(team=team)
    share(giver, customer, team=str(team.pk))
    Api(member).get(f"customers/{customer.pk}")
    User.objects.filter(pk=member.pk).update(team=None)
    Api(member).get(f"customers/{customer.pk}", status=404)


def test_it_ends_by_itself_and_what_told_of_it_goes(giver, receiver, customer):
    share(giver, customer, user=str(receiver.pk), until=(now() + timedelta(hours=1)).isoformat())
    drain()
    api = Api(receiver)
    (line,) = api.get("today")["due"]["lines"]
    assert (line["text"], line["who"]["label"]) == ("A colleague shared this customer with you", "Anna Ito")
    with frozen(now() + timedelta(hours=2)):
        assert actor_of(receiver.pk).shared == {}  # at once, whether the clock has told it or not
        drain()
        assert Share.objects.get().ended_at
        assert not Todo.objects.filter(archived_at=None).exists()


def test_it_is_withdrawn_and_undone(giver, receiver, customer):
    share(giver, customer, user=str(receiver.pk))
    given = Share.objects.get()
    drain()
    Api(giver).post(f"shares/{given.pk}/withdraw")
    drain()
    Api(receiver).get(f"customers/{customer.pk}", status=404)
    assert not Todo.objects.filter(archived_at=None).exists()
    assert Api(giver).post(f"shares/{given.pk}/withdraw", status=409)["code"] == "share.already_ended"
    told = [one["kind"] for one in Api(giver).get(f"customers/{customer.pk}/timeline")["rows"]]
    assert {"workspace.customer_shared", "workspace.share_ended"} <= set(told)
    share(giver, customer, user=str(receiver.pk))
    again = Share.objects.get(ended_at=None)
    Api(giver).post("undo", {"change_set": str(again.created_in)})
    Api(receiver).get(f"customers/{customer.pk}", status=404)


@pytest.mark.parametrize("given", [{}, {"user": "a", "team": "b"}], ids=["nobody", "both"])
def test_it_is_with_one(giver, receiver, customer, given):
    known, api = {"a": str(receiver.pk), "b": str(workspace.team().pk)}, Api(giver)
    with nothing_changes():
        refused = share(api, customer, 422, **{name: known[one] for name, one in given.items()})
    assert refused["code"] == "share.with_one"


def test_what_would_open_nothing_is_refused(giver, receiver, customer):
    with pytest.raises(Invalid, match=r"share\.already_over"):
        share_customer(SYSTEM, customer.pk, user=receiver.pk, until=now())
    blind = workspace.holder({"workspace.todo.*": 1})
    with pytest.raises(Conflict, match=r"share\.reads_none"):
        share_customer(SYSTEM, customer.pk, user=blind.pk)
    with pytest.raises(Forbidden):
        share_customer(actor_of(blind.pk), customer.pk, user=receiver.pk)
    assert not Share.objects.exists()


def test_shares_cost_no_statement(giver, receiver, customer):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            Api(receiver).get("customers")
        return len(queries)

    asked()
    before = asked()
    for n in range(3):
        share_customer(SYSTEM, make.customer(f"C {n}").pk, user=receiver.pk)
    assert asked() == before
